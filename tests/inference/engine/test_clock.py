"""What each phase of an answer took is the device's time, though the host runs ahead of it."""

import time
from pathlib import Path

import pytest
import torch
from PIL import Image

from inference import Ending, Picture
from inference.decoder.moments import moments_of
from tests.inference.asking import question
from tests.inference.engine.test_schedules import Service
from tests.inference.small_model import write_small_checkpoint

TILE, LAYER = 250.0, 10.0
"""Milliseconds that the device takes for them; the host sees none of them."""


class Device:
    """A clock that goes on when the device is given work."""

    def __init__(self) -> None:
        self.now = 0.0
        self.asked = 0

    def work(self, milliseconds: float) -> None:
        self.now += milliseconds

    def moment(self) -> "DeviceMoment":
        return DeviceMoment(self)


class DeviceMoment:
    """Notes the device's time, as an event of CUDA does, and counts who asks for it."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._at: float | None = None

    def record(self) -> None:
        assert self._at is None
        self._at = self._device.now

    def elapsed_time(self, end: "DeviceMoment") -> float:
        assert self._at is not None
        assert end._at is not None
        self._device.asked += 1  # on a card this waits for the device
        return end._at - self._at


def test_encoding_is_the_towers_own_time_and_asked_for_at_the_end(tmp_path: Path) -> None:
    service, device = Service(write_small_checkpoint(tmp_path / "small")), Device()
    model = service.model.model
    model.vision_tower.register_forward_hook(lambda *_: device.work(TILE))
    model.language_model.layers[0].mlp.activation_fn.register_forward_hook(
        lambda *_: device.work(LAYER)
    )
    turns, _, preparation = service.open(150, chunk=16, most=1, moment=device.moment)
    picture = Picture(Image.linear_gradient("L").convert("RGB"))
    sequence = preparation.sequence(question("What is this?", picture, crops=4), arrived=0.0)
    turns.add(sequence)
    (tiled,) = sequence.tiled.values()
    tiles = 1 + tiled.rows * tiled.columns
    endings: list[Ending] = []
    while turns.has_work:
        assert device.asked == 0
        endings += [delta.ending for _, delta in turns.turn() if delta.ending]
    (ending,) = endings
    assert tiles > 1
    assert ending.encoding == tiles * TILE / 1000
    assert device.asked == tiles  # one at a time
    assert device.now > tiles * TILE  # the decoder worked, too, and is not counted


def test_a_macs_gpu_is_waited_for_at_each_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    monkeypatch.setattr(torch.accelerator, "synchronize", lambda: waits.append(time.monotonic()))
    moment = moments_of(torch.device("mps"))
    began, ended = moment(), moment()
    began.record()
    ended.record()
    assert len(waits) == 2
    assert began.elapsed_time(ended) >= 0
