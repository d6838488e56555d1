"""Try a model in several kinds of weights, so that a person can tell what small ones cost."""

import sys
from collections.abc import Iterator, Sequence

from inference import EngineSettings, read_settings
from inference.commands.ask import load_with_progress
from inference.commands.check import Outcome, try_on
from inference.commands.trials import Trial, trials_for


async def try_weights(kinds: Sequence[str]) -> int:
    """Ask the model of the settings each trial in each kind of weights, and print the answers.

    Returns 0 where every kind finds all words that the first one finds.
    """
    settings = read_settings(EngineSettings)
    trials = trials_for(settings)
    found = {kind: await _outcomes(settings, kind, trials) for kind in kinds}
    print("\n".join(["```text", f"model  {settings.model_name}", *_report(found), "```"]))
    first, *others = found.values()
    return int(
        any(
            len(outcome.missing) > len(model.missing)
            for outcomes in others
            for model, outcome in zip(first, outcomes, strict=True)
        )
    )


async def _outcomes(settings: EngineSettings, kind: str, trials: Sequence[Trial]) -> list[Outcome]:
    print(f"{kind} weights …", file=sys.stderr)
    engine = load_with_progress(settings.model_copy(update={"weights": kind}))
    try:
        return [await try_on(engine, trial) for trial in trials]
    finally:
        await engine.close()


def _report(found: dict[str, list[Outcome]]) -> Iterator[str]:
    first, *_ = found.values()
    for place, exact in enumerate(first):
        yield f"\n{exact.trial.title}"
        for kind, outcomes in found.items():
            outcome = outcomes[place]
            same = outcome is not exact and outcome.answer == exact.answer
            yield f"  {kind}: {outcome.verdict}{', the same answer' if same else ''}"
            if not same:
                yield from (f"    > {line}" for line in outcome.answer.splitlines())
