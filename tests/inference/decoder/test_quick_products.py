"""A quick way to multiply serves where it is right and quicker, on the model's own weights."""

import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest
import torch
from torch import nn

from inference.decoder.card_linears import FEW_ROWS, CardLinear, EightsLinear, FoursLinear
from inference.decoder.quick_products import Way, settle_products, ways_on
from inference.decoder.rounding import in_bytes

CPU, CARD = torch.device("cpu"), torch.device("cuda")


class Layers(nn.Module):
    """As much of a model as is asked for."""

    device, dtype = CPU, torch.float32

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first = EightsLinear(in_bytes(torch.randn(64, 192)))
        self.second = EightsLinear(in_bytes(torch.randn(64, 192)))
        self.third = EightsLinear(in_bytes(torch.randn(96, 64)))
        self.inner = FoursLinear(torch.randn(64, 192))


@pytest.fixture
def model() -> Layers:
    return Layers()


def right(layer: CardLinear) -> Any:
    return lambda rows: layer.plain_product(rows)


def wrong(layer: CardLinear) -> Any:
    return lambda rows: layer.plain_product(rows) * 1.2


def missing(_: CardLinear) -> Any:
    raise ImportError("no C compiler")


def settled(model: Layers, seconds: list[float], *makes: Any, limit: float = 60.0) -> list[Any]:
    """Try ways for 8 bits; the clock tells these seconds, the first of them for the plain one."""
    times = iter(seconds)

    def clock(work: Callable[[], Any]) -> float:
        work()
        return next(times)

    ways = [Way(str(number), "int8", make) for number, make in enumerate(makes)]
    return [each.fault for each in settle_products(model, ways, limit, clock)]


def test_the_quickest_that_is_right_serves_all_layers_of_its_kind(model: Layers) -> None:
    rows = torch.randn(FEW_ROWS, 192)
    expected = model.second(rows)
    slow, quick, late = settled(model, [9.0, 5.0, 3.0, 4.0], right, right, right)
    assert (slow, quick) == (None, None)
    assert "NoQuicker" in late
    assert all(each.quick for each in (model.first, model.second, model.third))
    assert model.inner.quick is None
    assert torch.equal(model.second(rows), expected)


def test_who_lies_or_raises_or_is_no_quicker_does_not(model: Layers) -> None:
    lie, error, slow = settled(model, [9.0, 1.0, 10.0], wrong, missing, right)
    assert "differ" in lie
    assert "no C compiler" in error
    assert "1.1 times as long" in slow
    assert model.first.quick is None


def test_no_layer_drowns_out_another_nor_one_count_of_rows_the_others(model: Layers) -> None:
    model.third = EightsLinear(in_bytes(torch.randn(96, 64) / 1000))

    def wrong_where_little(layer: CardLinear) -> Any:
        return (wrong if layer is model.third else right)(layer)

    def wrong_for_some(layer: CardLinear) -> Any:
        return lambda rows: (right if len(rows) in (1, FEW_ROWS) else wrong)(layer)(rows)

    faults = settled(model, [9.0, 1.0, 2.0], wrong_where_little, wrong_for_some)
    assert all("differ" in fault for fault in faults)


def test_where_nothing_can_be_timed_the_plain_way_serves(model: Layers) -> None:
    def clock(_: Callable[[], Any]) -> float:
        raise RuntimeError("operation not permitted when stream is capturing")

    ways = [Way("one", "int8", right)]
    (result,) = settle_products(model, ways, clock=clock)
    assert "capturing" in str(result.fault)
    assert model.first.quick is None


def test_who_hangs_does_not(model: Layers) -> None:
    released = threading.Event()

    def endless(_: CardLinear) -> Any:
        released.wait()

    (fault,) = settled(model, [9.0, 1.0], endless, limit=0.1)
    assert "did not answer" in fault
    released.set()


def test_many_rows_are_multiplied_plainly(model: Layers) -> None:
    seen: list[int] = []

    def noting(layer: CardLinear) -> Any:
        def product(rows: torch.Tensor) -> torch.Tensor:
            seen.append(len(rows))
            return layer.plain_product(rows)

        return product

    settled(model, [9.0, 1.0], noting)
    seen.clear()
    model.first(torch.randn(FEW_ROWS, 192))
    model.first(torch.randn(FEW_ROWS + 1, 192))
    assert seen == [FEW_ROWS]


def test_ways_are_for_cards_in_bfloat16(monkeypatch: pytest.MonkeyPatch) -> None:
    assert ways_on(CPU, torch.bfloat16) == ways_on(CARD, torch.float32) == []
    found = {}
    for capability in ((7, 5), (8, 0)):
        monkeypatch.setattr(torch.cuda, "get_device_capability", lambda _, c=capability: c)
        found[capability] = {way.kind for way in ways_on(CARD, torch.bfloat16)}
    kinds = {"int8", "fp8", "int4"} if find_spec("triton") else {"fp8"}
    assert found == {(7, 5): set(), (8, 0): kinds}
