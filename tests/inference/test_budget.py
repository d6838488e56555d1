"""How many requests fit, by the arithmetic that the engine uses and deploy/README.md tells."""

import re
from pathlib import Path

import pytest
import torch
from PIL import Image

from inference import TASKS, Picture
from inference.budget import GIB, arena_bytes, at_once, card_rows
from inference.decoder.rounding import Kind, bytes_of
from inference.decoder.small_linears import kind_of
from inference.phi3_vision import Phi3VImageProcessor

BF16 = torch.bfloat16
README = Path(__file__).parents[2] / "deploy/README.md"
FULL = 8_290_000_000
"""Bytes of Phi-3.5-vision in bfloat16."""
LAYERS = 32
LAYER = ((9216, 3072), (3072, 3072), (16384, 3072), (3072, 8192))
"""What is small on a card of a decoder layer."""
TOKEN = 2 * 32 * 32 * 96 * 2
WORDS = 32
"""Tokens of the longest wording of a description, and of the chat format."""


def description() -> int:
    """Count the tokens of a description of a large square picture, its answer included."""
    request = TASKS["describe"].request((Picture(Image.new("RGB", (1344, 1344))),))
    processor = Phi3VImageProcessor()
    size = processor.hd_size(1344, 1344, request.crops)
    rows = processor.num_image_tokens(size.padded_height, size.padded_width)
    return rows + WORDS + request.max_new_tokens


def in_kind(kind: Kind) -> int:
    """Count the bytes of Phi-3.5-vision on a card."""
    places = [f"model.language_model.layers.{n}.mlp.weight" for n in range(LAYERS)]
    kinds = [kind_of(place, LAYER[0], kind, torch.device("cuda"), LAYERS) for place in places]
    return FULL - sum(
        bytes_of(each, "full", BF16) - bytes_of(each, layers_kind, BF16)
        for layers_kind in kinds
        for each in LAYER
    )


WEIGHTS = {"full (bfloat16)": FULL, "int8, fp8": in_kind("int8"), "int4": in_kind("int4")}


def test_weights_in_float8_take_what_whole_numbers_take() -> None:
    assert in_kind("fp8") == in_kind("int8")


def test_the_readme_tells_how_many_descriptions_a_card_answers_at_once() -> None:
    head: list[str] = []
    rows: dict[str, list[int]] = {}
    for line in README.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] == "weights" and not head:
            head = cells[1:]
        elif cells[0] in WEIGHTS and cells[0] not in rows:
            rows[cells[0]] = [int(cell) for cell in cells[1:]]
    cards = [int(re.sub(r"\D", "", card)) * GIB for card in head]
    assert [card // GIB for card in cards] == [8, 12, 16, 24, 48, 80]
    for kind, weights in WEIGHTS.items():
        room = [card_rows(card, weights, TOKEN) for card in cards]
        assert rows[kind] == [
            at_once(description(), each, most=16) if each >= description() else 0 for each in room
        ]


@pytest.mark.parametrize(
    ("memory", "expected"),
    [(None, int(0.9 * 10 * GIB) - GIB), (0.5, 4 * GIB), (12 * GIB, 5 * GIB), (40 * GIB, 9 * GIB)],
)
def test_memory_is_a_share_of_what_is_free_or_bytes_in_all(
    memory: float | int | None, expected: int
) -> None:
    assert arena_bytes(10 * GIB, 6 * GIB, memory, on_gpu=True) == expected


def test_who_allows_less_than_the_weights_leaves_nothing() -> None:
    assert arena_bytes(10 * GIB, 6 * GIB, 5 * GIB, on_gpu=True) == 0


def test_what_fits_once_is_answered_once_and_the_last_token_takes_no_room() -> None:
    assert at_once(101, rows=200, most=16) == 2
    assert at_once(102, rows=200, most=16) == 1
    assert at_once(500, rows=200, most=16) == 1
    assert at_once(1, rows=200, most=16) == 16
