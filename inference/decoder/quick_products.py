"""Which quick ways to multiply a few rows with small weights serve on this very card."""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import Any, NamedTuple

import torch

from inference.decoder.captured import capture_on_gpu
from inference.decoder.card_linears import FEW_ROWS, CardLinear
from inference.decoder.moments import moments_of
from inference.decoder.rounding import FLOAT8, SMALLEST, Kind
from inference.decoder.trial import Said, TrialResult, try_path

SECONDS = 120.0
RUNS = 5
FIRST_WITH_BFLOAT16 = (8, 0)
"""The compute capability; what Triton cannot compile for older cards may end the process."""
COUNTS = (FEW_ROWS, 3, 1)
"""Rows that are tried: Triton compiles anew for a multiple of 16, for one, and for all others."""
Product = Callable[[torch.Tensor], torch.Tensor]
Clock = Callable[[Callable[[], Any]], float]


class Way(NamedTuple):
    """A way to multiply with weights of a kind."""

    name: str
    kind: Kind
    make: Callable[[Any], Product]
    """Prepare it for a layer."""


class NoQuickerError(Exception):
    """A way takes no less time than what serves without it."""


def ways_on(device: torch.device, dtype: torch.dtype) -> list[Way]:
    """List the ways that a device may have: kernels of our own, or without Triton PyTorch's.

    On an H200 PyTorch's product in fp8 took 1.3 times as long as our kernel; that in int8 took 32
    times as long, more than weights made full, and is never tried.
    """
    if device.type != "cuda" or dtype is not torch.bfloat16:
        return []
    if torch.cuda.get_device_capability(device) < FIRST_WITH_BFLOAT16:
        return []
    if not find_spec("triton"):
        return [Way("fp8 by PyTorch", "fp8", _by_torch_in_floats)]
    return [
        Way("int8 in one kernel", "int8", _by_eights_kernel),
        Way("fp8 in one kernel", "fp8", _by_eights_kernel),
        Way("int4 in one kernel", "int4", _by_fours_kernel),
    ]


def settle_products(
    model: Any,
    ways: Iterable[Way] | None = None,
    seconds: float = SECONDS,
    clock: Clock | None = None,
) -> list[TrialResult]:
    """Try the ways on the model's own layers; each kind of weights gets the quickest right one."""
    layers = [part for part in model.modules() if isinstance(part, CardLinear)]
    device: torch.device = model.device
    found = ways_on(device, model.dtype) if ways is None else list(ways)
    results = []
    for kind in dict.fromkeys(layer.kind for layer in layers):
        theirs = [way for way in found if way.kind == kind]
        if theirs:
            same = [layer for layer in layers if layer.kind == kind]
            trial = _Trial(same, model.dtype, seconds, clock or seconds_on_card(device))
            results += [trial.hold(way) for way in theirs]
            trial.end()
    return results


class _Trial:
    """Holds ways against the plain one, on one layer of each shape."""

    def __init__(self, layers: list[Any], dtype: torch.dtype, seconds: float, clock: Clock) -> None:
        self._layers = layers
        self._samples = list({layer.numbers.shape: layer for layer in layers}.values())
        self._rows = [
            torch.randn(FEW_ROWS, layer.in_features, device=layer.numbers.device).to(dtype)
            for layer in self._samples
        ]
        self._seconds = seconds
        self._clock = clock
        self._best: Way | None = None
        self._least: float | None = None
        self._plain = [layer.plain_product for layer in self._samples]
        with torch.inference_mode():
            self._largest = [each.abs().amax().float() for each in self._work(self._plain)]
            self._expected = self._ask(self._plain)

    def hold(self, way: Way) -> TrialResult:
        times = []

        def answer() -> Said:
            with torch.inference_mode():
                if self._least is None:
                    self._least = self._time(self._plain)
                products = [way.make(layer) for layer in self._samples]
                said = self._ask(products)
                times.append(self._time(products))
            if times[0] >= self._least:
                raise NoQuickerError(f"{times[0] / self._least:.1f} times as long")
            return said

        result = try_path(way.name, answer, self._expected, self._seconds)
        if result.fault is None:
            self._best, self._least = way, times[0]
        return result

    def end(self) -> None:
        if self._best:
            for layer in self._layers:
                layer.quick = self._best.make(layer)

    def _time(self, products: list[Product]) -> float:
        return self._clock(lambda: self._work(products))

    def _work(self, products: list[Product]) -> list[torch.Tensor]:
        """Multiply as many rows as a full step has, and fewer."""
        given = [(product, rows) for product, rows in zip(products, self._rows, strict=True)]
        return [product(rows[:count]) for count in COUNTS for product, rows in given]

    def _ask(self, products: list[Product]) -> Said:
        """Give each product in parts of its largest number: no layer drowns out another."""
        given = zip(self._work(products), self._largest, strict=True)
        parts = [(each / most.clamp(min=SMALLEST)).flatten() for each, most in given]
        numbers = torch.cat(parts)[None, None].cpu()
        return Said(numbers, numbers.argmax(-1))


def seconds_on_card(device: torch.device) -> Clock:
    """Return the way to time some work as a graph: what the card takes, and not the host."""

    def seconds(work: Callable[[], Any]) -> float:
        replay, _ = capture_on_gpu(device)(work)  # a pool ends with its last graph
        began, ended = (moments_of(device)() for _ in range(2))
        replay()
        began.record()
        for _ in range(RUNS):
            replay()
        ended.record()
        torch.cuda.synchronize(device)
        return began.elapsed_time(ended) / RUNS / 1000

    return seconds


def _by_eights_kernel(layer: Any) -> Product:
    from inference.decoder.kernels import times_eights

    return lambda rows: times_eights(rows, layer.numbers, layer.scales)


def _by_fours_kernel(layer: Any) -> Product:
    from inference.decoder.kernels import times_fours

    return lambda rows: times_fours(rows, layer.numbers, layer.steps, layer.middles)


def _by_torch_in_floats(layer: Any) -> Product:
    """Multiply numbers of float8 with each other: the rows are rounded, too."""
    weight, scales = layer.numbers.t(), layer.scales[None]
    most = torch.finfo(FLOAT8).max

    def product(rows: torch.Tensor) -> torch.Tensor:
        largest = torch.linalg.vector_norm(rows, torch.inf, -1, keepdim=True, dtype=torch.float32)
        steps = largest.div_(most).clamp_(min=SMALLEST)
        eights = (rows / steps).to(FLOAT8)
        return torch._scaled_mm(eights, weight, steps, scales, out_dtype=rows.dtype)

    return product
