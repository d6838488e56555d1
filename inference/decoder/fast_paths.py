"""Which of the fast paths serve on this device: those that say what the plain one says."""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import NamedTuple

import torch

from inference.decoder.attention import Attend, attend_together, attend_with_flash_attn
from inference.decoder.captured import CapturedDecode, CapturedScore, capture_on_gpu
from inference.decoder.runner import Runner
from inference.decoder.step import Decode, Places, Score, Step
from inference.decoder.trial import Said, TrialResult, try_path

SECONDS = 120.0
"""For a trial; a kernel may have to be compiled."""
FIRST_CAPABILITY = (8, 0)
"""Of a card whose kernels for attention are those of flash-attn 2."""
PROMPTS = ((11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22), (31, 32, 33, 34, 35))
GAP = 3
"""Rows between the two, so that a wrong start shows."""
STEPS = 6


class Candidate(NamedTuple):
    """A way to attend that may be faster than the plain one."""

    name: str
    make: Callable[[], Attend]
    pieces: Callable[[int], int] = lambda _: 1
    """Into how many a run is cut where a step has so many rows."""


def candidates(device: torch.device, most_rows: int, heads: int) -> list[Candidate]:
    """List the ways to attend that a device may have, the likeliest first.

    With few rows a run is cut in pieces, or most of a card's processors would have nothing to do.
    """
    if device.type != "cuda" or torch.cuda.get_device_capability(device) < FIRST_CAPABILITY:
        return []
    processors: int = torch.cuda.get_device_properties(device).multi_processor_count

    def pieces(rows: int) -> int:
        return max(1, 2 * processors // (rows * heads))

    whole = Candidate("attention in one kernel", lambda: attend_together(most_rows))
    ways = [whole._replace(name=f"{whole.name}, over pieces", pieces=pieces), whole]
    if find_spec("flash_attn"):
        ways.append(Candidate("flash-attn", lambda: attend_with_flash_attn(most_rows)))
    return ways


Capture = Callable[[Runner, Step], tuple[Decode, Score]]


def capture(runner: Runner, step: Step) -> tuple[Decode, Score]:
    """Capture a step as graphs, on a card."""
    spare = runner.arena.spare_row
    like = step.embed(torch.zeros(1, dtype=torch.int64, device=runner.device))
    # The larger ones first: the others fit the memory that they leave.
    record = capture_on_gpu(runner.device)
    score = CapturedScore(step.score, spare, like, capture=record)
    return CapturedDecode(step.decode, spare, runner.device, capture=record), score


def settle(
    runner: Runner,
    ways: Iterable[Candidate],
    capture: Capture = capture,
    seconds: float = SECONDS,
) -> list[TrialResult]:
    """Try the ways to attend and, with the first that passes, graphs; let the runner use them.

    Overwrites the arena's first rows: nobody may be served yet.
    """
    ways = list(ways)
    if not ways:
        return []
    plain = runner.make_step()
    expected = ask(plain, plain.decode, plain.score, runner.device)
    results = []
    for way in ways:
        steps: list[Step] = []

        def answer(way: Candidate = way, steps: list[Step] = steps) -> Said:
            steps.append(step := runner.make_step(way.make(), way.pieces))
            return ask(step, step.decode, step.score, runner.device)

        results.append(try_path(way.name, answer, expected, seconds))
        if results[-1].fault is None:
            runner.use(steps[0], steps[0].decode, steps[0].score)
            results.append(_try_graphs(runner, steps[0], capture, expected, seconds))
            break
    return results


def _try_graphs(
    runner: Runner,
    step: Step,
    capture: Capture,
    expected: Said,
    seconds: float,
) -> TrialResult:
    captured: list[tuple[Decode, Score]] = []

    def answer() -> Said:
        captured.append(capture(runner, step))
        return ask(step, *captured[0], runner.device)

    result = try_path("steps as graphs", answer, expected, seconds)
    if result.fault is None:
        runner.use(step, *captured[0])
    return result


@torch.inference_mode()
def ask(step: Step, decode: Decode, score: Score, device: torch.device) -> Said:
    """Answer the fixed question: two prompts at one go, then their next rows.

    These in a step for both or one for each, by turns: most people are answered alone.
    """
    lengths = [len(prompt) for prompt in PROMPTS]
    starts = torch.tensor([0, lengths[0] + GAP], device=device)
    first_queries = torch.tensor([0, lengths[0], sum(lengths)], device=device)
    positions = torch.cat([torch.arange(length, device=device) for length in lengths])
    places = Places(
        positions,
        torch.cat([starts[row] + torch.arange(lengths[row], device=device) for row in (0, 1)]),
        torch.cat([starts, starts[-1:]]).to(torch.int32),
        torch.tensor(lengths, dtype=torch.int32, device=device),
        first_queries.to(torch.int32),
        max(lengths),
    )
    tokens = torch.tensor([token for prompt in PROMPTS for token in prompt], device=device)
    logits = [score(step.embed(tokens), places, first_queries[1:] - 1).clone()]
    chosen = [logits[0].argmax(-1)]
    for number in range(STEPS):
        done = torch.tensor(lengths, device=device) + number
        said = torch.tensor([41 + number, 61 + number], device=device)
        given = torch.stack([said, done, starts, done + 1])
        for part in torch.split(given, 1 if number % 2 else len(PROMPTS), 1):
            decoded = decode(*part.unbind())
            logits.append(decoded.logits.clone())
            chosen.append(decoded.tokens.clone())
    return Said(torch.cat(logits)[:, None].cpu(), torch.cat(chosen)[:, None].cpu())
