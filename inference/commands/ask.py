"""The terminal's side of an answer: files in, text out as it is said."""

import argparse
import json
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from functools import cache, partial
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any

from tqdm import tqdm

from inference import (
    Ending,
    Engine,
    EngineSettings,
    Form,
    InferenceError,
    Note,
    Picture,
    PictureError,
    Reading,
    Request,
    Task,
    decode_picture,
    load_engine,
)

_NOTES = {
    Note.REPEATED: "The answer began to repeat itself and was stopped.",
    Note.CUT: "The answer was cut at its longest length.",
    Note.FEWER_CROPS: "To fit, each picture was cut into fewer crops.",
    Note.RETOLD: "The model tells about the picture instead of copying it.",
    Note.NOT_A_TABLE: "The answer is not a table.",
    Note.MAY_CONTAIN_ERRORS: "The copy may contain errors.",
}


async def ask(options: argparse.Namespace) -> int:
    """Ask one task of the pictures that the options name; returns the exit code."""
    task: Task = options.task
    pictures = tuple(open_picture(Path(name)) for name in options.pictures)
    if len(pictures) > task.max_pictures:
        most = "one picture" if task.max_pictures == 1 else f"at most {task.max_pictures} pictures"
        raise InferenceError(f"{task.name} takes {most}.")
    engine = load_with_progress()
    question = partial(
        task.request, pictures, options.question, kind=engine.kind, detail=options.detail
    )
    request, in_english = question(language=options.language), question(language="en")
    try:
        reading, ending = await stream(engine, request, task, quiet=options.json)
        if reading.form is Form.EMPTY and in_english != request:
            print("The model said nothing; it is asked once more in English.", file=sys.stderr)
            reading, ending = await stream(engine, in_english, task, quiet=options.json)
    finally:
        await engine.close()
    if options.json:
        answer = {"task": task.name, "model": engine.model_name, "form": reading.form}
        told = {**answer, "answer": reading.text, "ending": asdict(ending)}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    if reading.form is Form.EMPTY:
        print("The model said nothing.", file=sys.stderr)
    for note in reading.notes:
        print(_NOTES[note], file=sys.stderr)
    return 0


def open_picture(path: Path) -> Picture:
    """Read a picture file; raises InferenceError with a sentence that names the file."""
    try:
        return decode_picture(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or "unreadable").lower()
        raise InferenceError(f"{path} cannot be read: {reason}.") from None
    except PictureError as error:
        raise InferenceError(f"{path}: {error}") from None


def load_with_progress(settings: EngineSettings | None = None) -> Engine:
    """Load the engine that the settings name, with a progress bar on standard error."""
    form = "{desc} {percentage:3.0f}% {bar} {elapsed}"
    with ExitStack() as stack:
        stack.enter_context(_ended_by_ctrl_c())

        @cache
        def bar() -> Any:  # not before the download, which has its own
            shown = tqdm(total=1.0, desc="Loading the model", bar_format=form, leave=False)
            return stack.enter_context(shown)

        return load_engine(settings, progress=lambda share: bar().update(share - bar().n))


@contextmanager
def _ended_by_ctrl_c() -> Iterator[None]:
    """Let Ctrl-C end what runs now: asyncio's own way waits for the next `await`."""
    if current_thread() is not main_thread():  # no other one hears of it
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


async def stream(
    engine: Engine, request: Request, task: Task, *, quiet: bool = False
) -> tuple[Reading, Ending]:
    """Print an answer as it is said, unless quiet; returns what it turned out to be."""
    text, printed, ending = "", 0, None
    async for delta in engine.generate(request):
        text += delta.text
        ending = delta.ending
        shown = task.tidy(text) if ending else task.settled(text)
        if not quiet:
            print(shown[printed:], end="\n" if ending else "", flush=True)
        printed = max(printed, len(shown))
    assert ending is not None
    return task.reading(text, ending), ending
