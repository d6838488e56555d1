"""Answer questions about pictures with a local vision-language model.

This is the whole public face. Importing it imports neither torch nor transformers nor numpy;
`load_engine` does, and the sample pictures take numpy.

    task = TASKS["ocr"]
    request = task.request(pictures, kind=engine.kind, locale="de", earlier=turns_before)
    async for delta in engine.generate(request): …  # what there is so far: `task.reading(text)`
    reading = task.reading(text, ending)            # a form, a text, a table's rows, notes

A `Reading` says by its `Form` how an answer is shown: words, refusals, retellings and absences as
plain words, a transcription to be copied, a table by its rows (`text` is their CSV), and EMPTY with
nothing: then the same with `language="en"` may be asked once more, if that is another request. Its
`Note`s are what small print says. `fence_tables` is for places where Markdown has no tables.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from inference.cards import Card, find_cards
from inference.errors import (
    AnswerCutError,
    DeadlinePassedError,
    EngineBusyError,
    EngineClosedError,
    EngineUnavailableError,
    GenerationError,
    InferenceError,
    ModelLoadError,
    NotAPictureError,
    PageMissingError,
    PictureDamagedError,
    PictureError,
    PictureLockedError,
    PictureTooLargeError,
    PictureTooThinError,
    RequestError,
    RequestTooLongError,
    SettingsError,
)
from inference.findings import Finding, Verdict
from inference.interface import (
    GREEDY,
    Delta,
    Ending,
    Engine,
    Message,
    ModelKind,
    Request,
    Sampling,
    StopReason,
)
from inference.pictures import (
    PICTURE_FORMATS,
    Opened,
    Picture,
    PictureFormat,
    Source,
    claims_picture,
    decode_picture,
    decode_pictures,
    names_pages,
    picture_format,
    size_looked_at,
)
from inference.settings import (
    DEMO,
    EngineSettings,
    Limits,
    RemoteSettings,
    read_settings,
    refuse_small_weights,
)
from inference.tasks import (
    TASKS,
    Detail,
    Form,
    Note,
    Reading,
    Task,
    fence_tables,
    language_for,
    languages_of,
)

if TYPE_CHECKING:
    from inference.demo import SamplePicture, sample_pictures

__all__ = [
    "DEMO",
    "GREEDY",
    "PICTURE_FORMATS",
    "TASKS",
    "AnswerCutError",
    "Card",
    "DeadlinePassedError",
    "Delta",
    "Detail",
    "Ending",
    "Engine",
    "EngineBusyError",
    "EngineClosedError",
    "EngineSettings",
    "EngineUnavailableError",
    "Finding",
    "Form",
    "GenerationError",
    "InferenceError",
    "Limits",
    "Message",
    "ModelKind",
    "ModelLoadError",
    "NotAPictureError",
    "Note",
    "Opened",
    "PageMissingError",
    "Picture",
    "PictureDamagedError",
    "PictureError",
    "PictureFormat",
    "PictureLockedError",
    "PictureTooLargeError",
    "PictureTooThinError",
    "Reading",
    "RemoteSettings",
    "Request",
    "RequestError",
    "RequestTooLongError",
    "SamplePicture",
    "Sampling",
    "SettingsError",
    "Source",
    "StopReason",
    "Task",
    "Verdict",
    "claims_picture",
    "decode_picture",
    "decode_pictures",
    "examine_model",
    "fence_tables",
    "find_cards",
    "language_for",
    "languages_of",
    "load_engine",
    "names_pages",
    "picture_format",
    "read_settings",
    "sample_pictures",
    "size_looked_at",
]


def load_engine(
    settings: EngineSettings | None = None,
    limits: Limits | None = None,
    *,
    servers: RemoteSettings | None = None,
    progress: Callable[[float], None] | None = None,
) -> Engine:
    """Load the model that the settings name, or reach the servers that take its place.

    Settings and limits that are not given are read from the environment.

    Blocks while loading; `progress` is called with the share of bytes read, from 0 to 1.
    Raises SettingsError, or ModelLoadError, which names the file or the server at fault.
    """
    servers = servers or read_settings(RemoteSettings)
    if servers.url:
        refuse_small_weights(settings or read_settings(EngineSettings), servers)
        with _installed("ENGINE_URL needs more: pip install -r requirements-remote.txt."):
            from inference.remote.engine import RemoteEngine
        return RemoteEngine.load(servers, progress)
    with _installed("Install the package with all that it depends on, or set ENGINE_URL."):
        from inference.engine.local import LocalEngine

    return LocalEngine.load(settings or read_settings(EngineSettings), progress, limits)


@contextmanager
def _installed(advice: str) -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise ModelLoadError(f"{error.name} is not installed. {advice}") from error


def examine_model(*, reads_weights: bool = True) -> Iterator[Finding]:
    """Look whether this machine is ready for the model that the settings name."""
    from inference.commands import doctor

    yield from doctor.examine_model(reads_weights=reads_weights)


if not TYPE_CHECKING:  # which would take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name not in ("SamplePicture", "sample_pictures"):
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from inference import demo

        return getattr(demo, name)
