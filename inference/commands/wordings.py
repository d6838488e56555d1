"""Try each column of the table of wordings side by side, so that a person can tell the best."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from inference import (
    TASKS,
    Ending,
    Engine,
    EngineSettings,
    ModelKind,
    Picture,
    Reading,
    read_settings,
)
from inference.commands.ask import load_with_progress
from inference.commands.trials import Trial, wording_trials_for


@dataclass(frozen=True)
class Reply:
    """What a model answered to one wording."""

    trial: Trial
    kinds: tuple[ModelKind, ...]
    """The kinds of model that are asked so."""
    words: str
    answer: str
    reading: Reading
    ending: Ending


async def try_wordings() -> int:
    """Ask the model of the settings each trial in each wording and print the answers; returns 0."""
    trials = wording_trials_for(read_settings(EngineSettings))
    engine = load_with_progress()
    try:
        attempts = [
            await _attempt(engine, trial, words, kinds)
            for trial in trials
            for words, kinds in _wordings(trial).items()
        ]
    finally:
        await engine.close()
    print("\n".join(["```text", f"model  {engine.model_name}", *_report(attempts), "```"]))
    return 0


def _wordings(trial: Trial) -> dict[str, tuple[ModelKind, ...]]:
    """Return the ways to ask one thing, with who is asked so."""
    ways: dict[str, tuple[ModelKind, ...]] = {}
    for kind in ModelKind:
        words = TASKS[trial.task].words(kind=kind, pictures=len(trial.draw()))
        ways[words] = (*ways.get(words, ()), kind)
    return ways


async def _attempt(engine: Engine, trial: Trial, words: str, kinds: tuple[ModelKind, ...]) -> Reply:
    print(f"{trial.title}: {words}", file=sys.stderr)
    task, text, ending = TASKS[trial.task], "", None
    request = task.request(tuple(map(Picture, trial.draw())), kind=kinds[0])
    async for delta in engine.generate(request):
        text += delta.text
        ending = delta.ending
    assert ending is not None
    return Reply(trial, kinds, words, text.strip(), task.reading(text, ending), ending)


def _report(attempts: list[Reply]) -> Iterator[str]:
    title = ""
    for attempt in attempts:
        if title != attempt.trial.title:
            title = attempt.trial.title
            yield f"\n{title}"
        reading, missing = attempt.reading, attempt.trial.missing_in(attempt.reading.text)
        notes = f" ({', '.join(reading.notes)})" if reading.notes else ""
        yield f"  {' and '.join(attempt.kinds)}: {attempt.words!r}"
        found = f"missing: {', '.join(missing)}" if missing else "all words found"
        yield f"    {found}; read as {reading.form}{notes}; {attempt.ending.new_tokens} tokens"
        yield from (f"    > {line}" for line in attempt.answer.splitlines())
