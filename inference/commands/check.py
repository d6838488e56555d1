"""Try a model on three drawn tasks and print a report to paste: does it see what is there?"""

import sys
import time
from dataclasses import dataclass

from inference import (
    TASKS,
    Ending,
    Engine,
    EngineSettings,
    Picture,
    RemoteSettings,
    Request,
    read_settings,
)
from inference.commands.ask import load_with_progress
from inference.commands.ground import Ground, of_machine, of_servers
from inference.commands.trials import Trial, trials_for


@dataclass(frozen=True)
class Outcome:
    """What the model answered in one trial."""

    trial: Trial
    answer: str
    ending: Ending

    @property
    def missing(self) -> list[str]:
        """List the expected words that the answer lacks."""
        return self.trial.missing_in(self.answer)

    @property
    def verdict(self) -> str:
        """Say whether all expected words are there."""
        return f"missing: {', '.join(self.missing)}" if self.missing else "all words found"

    @property
    def first_token(self) -> float:
        """Tell the seconds from the question to the first token."""
        ending = self.ending
        return ending.queued + ending.preparation + ending.encoding + ending.prefill


async def check() -> int:
    """Run the trials on the model of the settings, here or on servers, and print the report.

    Returns 0 where every word was found and no file of weights is another than the hub's.
    """
    settings, servers = read_settings(EngineSettings), read_settings(RemoteSettings)
    started = time.perf_counter()
    engine = load_with_progress()
    loading = time.perf_counter() - started
    try:
        outcomes = [await try_on(engine, trial) for trial in trials_for(settings)]
        ground = of_servers(servers) if servers.url else of_machine(engine, settings)
    finally:
        await engine.close()
    print(report(engine.model_name, ground, loading, outcomes))
    return int(any(outcome.missing for outcome in outcomes) or ground.is_altered)


def report(model: str, ground: Ground, loading: float, outcomes: list[Outcome]) -> str:
    """Write the block that people paste into an issue."""
    lines = ["```text", f"model      {model}", *ground.lines, f"loading    {loading:.1f} s"]
    for outcome in outcomes:
        ending = outcome.ending
        later = max(0, ending.new_tokens - 1)  # a server may not count them
        rate = later / ending.decode if ending.decode else 0.0
        lines += [
            "",
            f"{outcome.trial.title}: {outcome.verdict}",
            f"  {ending.prompt_tokens} prompt tokens, first after {outcome.first_token:.2f} s",
            f"  {ending.new_tokens} new tokens at {rate:.1f} a second ({ending.reason})",
            *(f"  > {line}" for line in outcome.answer.splitlines()),
        ]
    return "\n".join([*lines, "```"])


async def try_on(engine: Engine, trial: Trial) -> Outcome:
    """Ask an engine one trial."""
    print(f"{trial.title} …", file=sys.stderr)
    pictures = tuple(Picture(image) for image in trial.draw())
    request: Request = TASKS[trial.task].request(pictures, trial.question, kind=engine.kind)
    text, ending = "", None
    async for delta in engine.generate(request):
        text += delta.text
        ending = delta.ending
    assert ending is not None
    return Outcome(trial, text.strip(), ending)
