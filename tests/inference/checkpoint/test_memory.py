"""How many slots fit the cards that people own: bf16, 393,216 bytes a token."""

import pytest

from inference.checkpoint.memory import GIB, fit_slots

BYTES_PER_TOKEN = 393_216


@pytest.mark.parametrize(
    ("gib", "short", "long"),
    [(0.5, 0, 0), (1, 1, 0), (1.7, 0, 1), (2.3, 1, 1), (5.5, 5, 1), (13.5, 12, 3), (100, 12, 4)],
)
def test_one_slot_in_five_is_long_as_far_as_the_memory_goes(
    gib: float, short: int, long: int
) -> None:
    room = int(gib * GIB) // BYTES_PER_TOKEN
    slots = fit_slots(room, short=2048, long=4096, most=16)
    assert slots == (2048,) * short + (4096,) * long
    assert sum(slots) <= room
