"""Try a model in several kinds of weights, so that a person can tell what small ones cost."""

import sys
from collections.abc import Iterator, Sequence

from inference import EngineSettings, RemoteSettings, read_settings
from inference.commands.ask import load_with_progress
from inference.commands.check import Outcome, try_on
from inference.commands.trials import Trial, trials_for
from inference.settings import refuse_small_weights


async def try_weights(kinds: Sequence[str]) -> int:
    """Ask the model of the settings each trial in each kind of weights, and print the answers.

    Returns 0 where every kind finds all words that the first one finds.
    """
    settings, servers = read_settings(EngineSettings), read_settings(RemoteSettings)
    chosen = {kind: settings.model_copy(update={"weights": kind}) for kind in kinds}
    for each in chosen.values():
        refuse_small_weights(each, servers)
    trials = trials_for(settings)
    found = {kind: await _outcomes(each, trials) for kind, each in chosen.items()}
    print("\n".join(["```text", f"model  {settings.model_name}", *_report(found), "```"]))
    first, *others = found.values()
    return int(
        any(
            set(outcome.missing) - set(exact.missing)
            for outcomes in others
            for exact, outcome in zip(first, outcomes, strict=True)
        )
    )


async def _outcomes(settings: EngineSettings, trials: Sequence[Trial]) -> list[Outcome]:
    print(f"{settings.weights} weights …", file=sys.stderr)
    engine = load_with_progress(settings)
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
