"""The rows of pictures are kept within bounds, on a card while there is room; nobody waits."""

import threading
from pathlib import Path
from typing import Any

import torch
from PIL import Image

from inference import Picture
from inference.engine.features import FeatureCache
from tests.inference.asking import question
from tests.inference.engine.test_schedules import Service
from tests.inference.small_model import write_small_checkpoint

ROWS = torch.zeros(10)
SIZE = ROWS.nbytes


class OnCard:
    """Rows on a card whose copy to the host takes as long as it is told."""

    is_cpu = False
    nbytes = SIZE

    def __init__(self) -> None:
        self.may_end = threading.Event()
        self.began = threading.Event()

    def cpu(self) -> torch.Tensor:
        self.began.set()
        self.may_end.wait()
        return ROWS


def test_the_least_recently_used_goes_first() -> None:
    cache = FeatureCache(max_bytes=2 * SIZE)
    cache.put(1, ROWS)
    cache.put(2, ROWS)
    assert cache.get(1) is ROWS
    cache.put(3, ROWS)
    assert cache.get(2) is None
    assert cache.get(1) is ROWS


def test_those_seen_last_stay_on_the_card() -> None:
    cache = FeatureCache(max_bytes=10 * SIZE, device_bytes=SIZE)
    first, second = OnCard(), OnCard()
    first.may_end.set()
    cache.put(1, first)
    assert cache.get(1) is first
    cache.put(2, second)
    assert cache.get(1) is ROWS
    assert cache.get(2) is second


def test_a_card_gets_its_memory_back_and_nothing_is_lost() -> None:
    cache = FeatureCache(max_bytes=10 * SIZE)
    rows = OnCard()
    rows.may_end.set()
    cache.put(1, rows)
    assert cache.leave_device()
    assert cache.get(1) is ROWS
    assert not cache.leave_device()


class TooLarge(OnCard):
    """Rows on a card for which the host has no room."""

    def cpu(self) -> torch.Tensor:
        raise MemoryError


def test_where_the_host_has_no_room_either_the_rows_go() -> None:
    cache = FeatureCache(max_bytes=10 * SIZE, device_bytes=0)
    cache.put(1, TooLarge())
    assert cache.get(1) is None
    cache.put(2, ROWS)
    assert cache.get(2) is ROWS


def test_to_forget_waits_for_no_copy() -> None:
    cache = FeatureCache(max_bytes=10 * SIZE, device_bytes=0)
    rows = OnCard()
    copying = threading.Thread(target=cache.put, args=(1, rows))
    copying.start()
    rows.began.wait()
    cache.clear()  # would never return if it waited
    rows.may_end.set()
    copying.join()
    assert cache.get(1) is None


def test_a_picture_that_two_ask_about_at_once_is_encoded_once(tmp_path: Path) -> None:
    service = Service(write_small_checkpoint(tmp_path / "small"))
    turns, _, preparation = service.open(rows=300, chunk=32, most=2)
    tiles: list[Any] = []
    service.model.model.vision_tower.register_forward_hook(lambda *_: tiles.append(1))
    picture = Picture(Image.linear_gradient("L").convert("RGB"))
    asked = [
        preparation.sequence(question(text, picture, crops=1), arrived=0.0)
        for text in ("What is this?", "And where is it?")
    ]
    for sequence in asked:
        turns.add(sequence)
    told = []
    while turns.has_work:
        told += turns.turn()
    assert {sequence for sequence, delta in told if delta.ending} == {*asked}
    assert len(tiles) == 2  # the picture whole, and its one crop
