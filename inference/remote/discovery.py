"""What the servers say about their models when the engine is loaded."""

import logging
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import openai

from inference.errors import ModelLoadError
from inference.interface import ModelKind
from inference.remote.faults import (
    BusyError,
    FailedError,
    LostError,
    MisconfiguredError,
    ServerError,
    fault_of,
)
from inference.settings import RemoteSettings

logger = logging.getLogger(__name__)

RETRY_SECONDS = 2.0
KINDS = {
    ModelKind.PHI3_VISION: re.compile(r"phi-?3", re.IGNORECASE),
    ModelKind.DEMO: re.compile(r"\bdemo\b"),
}
"""By what a model's name or folder tells what it is; else it may be anything."""
PHI3_CONTEXT = 4096
"""Above it vLLM uses the long rope factors for every prompt; Phi-3's own code, only beyond it."""


@dataclass(frozen=True, slots=True)
class Served:
    """A model as a server lists it."""

    name: str
    root: str = ""
    """Where the server has it from, if it says so."""
    context: int | None = None
    """Tokens that prompt and answer may have together, if it says so."""
    by_vllm: bool = False

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the model is to be asked."""
        told = f"{self.name} {self.root}"
        return next((kind for kind, name in KINDS.items() if name.search(told)), ModelKind.ANY)

    @property
    def is_phi3(self) -> bool:
        """Tell whether it has the architecture of Phi-3-vision, as the small model has."""
        return self.kind is not ModelKind.ANY


def discover(
    settings: RemoteSettings, wait: Callable[[float], None] = time.sleep
) -> dict[str, Served]:
    """Ask all servers what they serve, and wait until at least one has said so; by address.

    Raises ModelLoadError where none does in time, and at once where one is set wrong.
    """
    give_up = time.monotonic() + settings.start_seconds
    told = ""
    while True:
        found, faults = _ask_all(settings)
        if found:
            return found
        if time.monotonic() >= give_up:
            raise ModelLoadError(f"No model server answers: {faults[0]}")
        if told != (told := str(faults[0])):
            logger.warning("Waiting for a model server: %s", told)
        wait(RETRY_SECONDS)


def _ask_all(settings: RemoteSettings) -> tuple[dict[str, Served], list[ServerError]]:
    found: dict[str, Served] = {}
    not_yet: list[ServerError] = []
    for url in settings.url:
        try:
            found[url] = _ask(url, settings)
        except (LostError, BusyError, FailedError) as fault:  # a tunnel or gateway may be up first
            not_yet.append(fault)
        except ServerError as fault:
            raise ModelLoadError(str(fault)) from fault
    return found, not_yet


def _ask(url: str, settings: RemoteSettings) -> Served:
    key = settings.key.get_secret_value() or "none"
    timeout = openai.Timeout(settings.silence_seconds, connect=settings.connect_seconds)
    with openai.OpenAI(base_url=url, api_key=key, max_retries=0, timeout=timeout) as client:
        try:
            listed = [_served(model) for model in client.models.list().data]
        except openai.OpenAIError as error:
            raise fault_of(error, url) from error
        except Exception as error:
            raise MisconfiguredError(
                f"{url} sent no list of models ({type(error).__name__}): set ENGINE_URL."
            ) from error
    named = [model for model in listed if settings.model in ("", model.name)]
    if not named:
        names = ", ".join(model.name for model in listed) or "nothing"
        raise ModelLoadError(
            f"ENGINE_MODEL is {settings.model or 'not set'}, and {url} serves {names}."
        )
    _warn_of_long_context(named[0], url)
    return named[0]


def _served(model: openai.types.Model) -> Served:
    more = model.model_extra or {}
    context = more.get("max_model_len")
    return Served(
        model.id,
        root=str(more.get("root") or ""),
        context=context if isinstance(context, int) else None,
        by_vllm=model.owned_by == "vllm",
    )


def _warn_of_long_context(served: Served, url: str) -> None:
    if served.is_phi3 and served.context not in (None, PHI3_CONTEXT):
        logger.warning(
            "%s reads up to %s tokens, and vLLM then computes every prompt as if it were long: "
            "answers go wrong. Start it so: vllm serve %s --max-model-len %d",
            url,
            served.context,
            served.root or served.name,
            PHI3_CONTEXT,
        )
