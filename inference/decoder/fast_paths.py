"""Which of the fast paths serve on this device: those that say what the plain one says."""

from collections.abc import Callable, Iterable
from importlib.util import find_spec
from typing import NamedTuple

import torch

from inference.decoder.attention import Attend, attend_together, attend_with_flash_attn
from inference.decoder.captured import Captured
from inference.decoder.runner import Runner
from inference.decoder.step import Decode, Places, Step
from inference.decoder.trial import Said, TrialResult, try_path

SECONDS = 120.0
"""For a trial; a kernel may have to be compiled."""
FIRST_CAPABILITY = 8.0
"""Of a card whose kernels for attention are those of flash-attn 2."""
PROMPTS = ((11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22), (31, 32, 33, 34, 35))
GAP = 3
"""Rows between the two, so that a wrong start shows."""
STEPS = 6


class Candidate(NamedTuple):
    """A way to attend that may be faster than the plain one."""

    name: str
    make: Callable[[], Attend]


def candidates(device: torch.device, most_rows: int) -> list[Candidate]:
    """List the ways to attend that a device may have, the likeliest first."""
    if device.type != "cuda" or _capability(device) < FIRST_CAPABILITY:
        return []
    ways = [Candidate("attention in one kernel", lambda: attend_together(most_rows))]
    if find_spec("flash_attn"):
        ways.append(Candidate("flash-attn", lambda: attend_with_flash_attn(most_rows)))
    return ways


def capture(runner: Runner, decode: Decode) -> Decode:
    """Capture a decode step as graphs, on a card."""
    return Captured(decode, runner.arena.spare_row, runner.device)


def settle(
    runner: Runner,
    ways: Iterable[Candidate],
    capture: Callable[[Runner, Decode], Decode] = capture,
    seconds: float = SECONDS,
) -> list[TrialResult]:
    """Try the ways to attend and, with the first that passes, graphs; let the runner use them.

    Overwrites the arena's first rows: nobody may be served yet.
    """
    ways = list(ways)
    if not ways:
        return []
    plain = runner.make_step()
    expected = ask(plain, plain.decode, runner.device)
    results = []
    for way in ways:
        steps: list[Step] = []

        def answer(way: Candidate = way, steps: list[Step] = steps) -> Said:
            steps.append(runner.make_step(way.make()))
            return ask(steps[0], steps[0].decode, runner.device)

        results.append(try_path(way.name, answer, expected, seconds))
        if results[-1].fault is None:
            runner.use(steps[0], steps[0].decode)
            results.append(_try_graphs(runner, steps[0], capture, expected, seconds))
            break
    return results


def _try_graphs(
    runner: Runner,
    step: Step,
    capture: Callable[[Runner, Decode], Decode],
    expected: Said,
    seconds: float,
) -> TrialResult:
    decodes: list[Decode] = []

    def answer() -> Said:
        decodes.append(capture(runner, step.decode))
        return ask(step, decodes[0], runner.device)

    result = try_path("steps as graphs", answer, expected, seconds)
    if result.fault is None:
        runner.use(step, decodes[0])
    return result


@torch.inference_mode()
def ask(step: Step, decode: Decode, device: torch.device) -> Said:
    """Answer the fixed question: two prompts at one go, then their next rows one by one."""
    lengths = [len(prompt) for prompt in PROMPTS]
    starts = torch.tensor([0, lengths[0] + GAP], device=device)
    first_queries = torch.tensor([0, lengths[0], sum(lengths)], device=device)
    positions = torch.cat([torch.arange(length, device=device) for length in lengths])
    places = Places(
        positions,
        torch.cat([starts[row] + torch.arange(lengths[row], device=device) for row in (0, 1)]),
        starts.to(torch.int32),
        torch.tensor(lengths, dtype=torch.int32, device=device),
        first_queries.to(torch.int32),
        max(lengths),
    )
    tokens = torch.tensor([token for prompt in PROMPTS for token in prompt], device=device)
    hidden = step.hidden(step.embed(tokens), places)
    logits = [step.logits(hidden[first_queries[1:] - 1])]
    chosen = [logits[0].argmax(-1)]
    for number in range(STEPS):
        done = torch.tensor(lengths, device=device) + number
        said = torch.tensor([41 + number, 61 + number], device=device)
        decoded = decode(said, done, starts, done + 1)
        logits.append(decoded.logits.clone())
        chosen.append(decoded.tokens.clone())
    return Said(torch.stack(logits).cpu(), torch.stack(chosen).cpu())


def _capability(device: torch.device) -> float:
    major, minor = torch.cuda.get_device_capability(device)
    return major + minor / 10
