"""Settings from the environment and `.env`, and the one sentence when they are wrong."""

import json
import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    BeforeValidator,
    ByteSize,
    Field,
    HttpUrl,
    SecretStr,
    ValidationError,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from inference.errors import SettingsError
from inference.interface import ModelKind

S = TypeVar("S", bound=BaseSettings)

PINNED_REVISIONS = {
    "microsoft/Phi-3.5-vision-instruct": "12b77fb40b63a2c73c68243d3f767aab688a1b2a",
    "microsoft/Phi-3-vision-128k-instruct": "ed2772fabe9dc9acd0caad54b62761d92520cc44",
}
"""The hub commits that are loaded unless another is set, so that nobody changes them under us."""

LONGEST_WAIT = 4_000_000
"""Seconds: on Windows a thread can hardly wait for more, and nowhere for `inf`."""
SIZE = re.compile(r"\s*\d*\.?\d+\s*\w*\s*")
"""As people write bytes: 512MiB, 1.5 GB."""

MISSPELT = 0.85
"""How much a name must resemble a setting's to be taken for it."""

DEMO = "demo"
"""The source that means the small trained model that comes along, which lies here."""
DEMO_CHECKPOINT = Path(__file__).parent / "demo" / "checkpoint"


def _to_its_end(value: object) -> object:
    """Refuse a size that pydantic would read no further than it can: of 1,5GiB the 1."""
    if isinstance(value, str) and not SIZE.fullmatch(value):
        raise PydanticCustomError("size", "input should be a number with a point, and a unit")
    return value


Size = Annotated[ByteSize, BeforeValidator(_to_its_end)]
Memory = Annotated[float, Field(gt=0, le=1)] | Annotated[Size, Field(ge=2)]
"""A share, or bytes."""


class EngineSettings(BaseSettings):
    """Which model runs, and where. Each field is the variable MODEL_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="MODEL_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    source: str = Field(
        default="microsoft/Phi-3.5-vision-instruct",
        examples=["microsoft/Phi-3.5-vision-instruct"],
        min_length=1,
    )
    """A hub id, a local folder, or `demo`."""
    revision: str | None = None
    """The hub commit to load; unset, the pinned one of a known model, else the newest."""
    device: Literal["auto", "cuda", "mps", "cpu"] = Field(default="auto", examples=["cuda"])
    dtype: Literal["auto", "bfloat16", "float32"] = Field(default="auto", examples=["bfloat16"])
    weights: Literal["auto", "full", "int8", "fp8", "int4"] = Field(
        default="auto", examples=["int8"]
    )
    """How small; `auto`: as large as leaves room for two questions, else for one."""
    attention: Literal["auto", "flash_attention_2", "sdpa"] = Field(
        default="auto", examples=["sdpa"]
    )
    """Of the vision tower: the decoder attends in the engine's own way."""

    @property
    def pinned_revision(self) -> str | None:
        """Tell which hub commit to load; None is the newest."""
        return self.revision or PINNED_REVISIONS.get(self.source)

    @property
    def kind(self) -> ModelKind:
        """Tell in what words the model is to be asked."""
        return ModelKind.DEMO if self.source == DEMO else ModelKind.PHI3_VISION

    @property
    def model_name(self) -> str:
        """Name the model as people know it: a folder or a hub id by its last part."""
        return "small demo model" if self.source == DEMO else Path(self.source).name


class Limits(BaseSettings):
    """What an engine may take. Each field is the variable ENGINE_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="ENGINE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    gone: ClassVar[dict[str, str]] = {
        "most_slots": "ENGINE_MOST_AT_ONCE says how many questions are answered together",
        "short_slot": "each request takes exactly the room that it needs",
        "long_slot": "ENGINE_CONTEXT says how long a request may be",
    }

    memory: Memory | None = Field(default=None, examples=["12GiB"], union_mode="left_to_right")
    """What the engine may take: a share of what is free beside the model, or bytes in all; unset,
    0.9 of a card's and half of a host's."""
    most_at_once: int = Field(default=16, ge=1, examples=[16])
    """Requests; fewer where the memory holds no more."""
    context: int = Field(default=4096, ge=256, examples=[4096])
    """Tokens: no request, its answer included, can be longer."""
    feature_bytes: Size = Field(default="512MiB", validate_default=True, examples=["512MiB"])
    """Host memory for the rows of pictures seen lately."""
    step_seconds: float = Field(default=300, gt=0, le=LONGEST_WAIT, examples=[300])
    """A step that takes longer hangs, and the engine stops for good."""
    release_after: float | None = Field(default=None, gt=0, le=LONGEST_WAIT // 60, examples=[30])
    """Minutes without a question after which the model leaves memory; unset, never."""


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


def _from_json(value: object) -> object:
    """Read JSON; pydantic's own reader would raise what is no ValidationError."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        raise PydanticCustomError("json", "input should be an object in JSON") from None


def _face_of(address: str) -> str:
    """Write where a server's OpenAI-compatible face is: under /v1 unless a path is given."""
    url = HttpUrl(address)
    if url.username or url.password:
        raise ValueError("a name or password in it would stand in the log; ENGINE_KEY is for that")
    plain = str(url).rstrip("/")
    return plain if (url.path or "").strip("/") else f"{plain}/v1"


Address = Annotated[str, AfterValidator(_face_of)]


class RemoteSettings(BaseSettings):
    """Which servers answer in the place of a model in this process: ENGINE_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="ENGINE_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    url: Annotated[tuple[Address, ...], NoDecode, BeforeValidator(_split)] = Field(
        default=(), examples=["http://127.0.0.1:8000/v1"]
    )
    """OpenAI-compatible servers that serve the same model; empty, the model runs here."""
    key: SecretStr = SecretStr("")
    """What the servers ask for as their key, if they do."""
    model: str = ""
    """The name under which they serve it; empty, the first that they list."""
    extra: Annotated[dict[str, Any], NoDecode, BeforeValidator(_from_json)] = Field(
        default={}, examples=['{"chat_template_kwargs": {"enable_thinking": false}}']
    )
    """Further fields of each question, in JSON, for what only some models or servers know."""
    at_once: int = Field(default=32, ge=1, examples=[32])
    """Most questions that one server is given at a time; fewer while it lets some wait."""
    start_seconds: float = Field(default=600, ge=0, examples=[600])
    """How long a start waits for the first server to come up."""
    connect_seconds: float = Field(default=5, gt=0, examples=[5])
    first_token_seconds: float = Field(default=300, gt=0, examples=[300])
    """Until an answer begins: pictures and prompt are computed first."""
    silence_seconds: float = Field(default=60, gt=0, examples=[60])
    """Between two pieces of an answer; then it counts as broken off."""
    patience_seconds: float = Field(default=300, ge=0, examples=[300])
    """How long a question waits while it reaches no server, or all refuse it."""


def refuse_small_weights(model: EngineSettings, servers: RemoteSettings) -> None:
    """Raise SettingsError where small weights are asked of servers, which have their own."""
    if servers.url and model.weights not in ("auto", "full"):
        raise SettingsError(
            f"MODEL_WEIGHTS is {model.weights}, but the servers in ENGINE_URL have weights of "
            "their own: unset one of the two."
        )


def read_settings(settings: type[S], **given: Any) -> S:
    """Read and validate settings; raises SettingsError with one sentence for the operator.

    What is given, field by field, goes before the environment and `.env`. The sentence names the
    setting, its fault and the field's example; it never shows the value, which may be a secret.
    A variable with the prefix of the settings that no setting reads is named, too: any in `.env`,
    and those of the environment that are gone or look misspelt, for others may use the prefix.
    """
    try:
        _raise_if_unread(settings)
        return settings(**given)
    except ValidationError as error:
        raise SettingsError(_sentence(settings, error)) from None
    except UnicodeDecodeError:
        raise SettingsError("The file .env is not UTF-8 text: save it again as UTF-8.") from None


def _raise_if_unread(settings: type[BaseSettings]) -> None:
    prefix = _prefix(settings)
    owners = [each for each in _subclasses(BaseSettings) if _prefix(each) == prefix]
    known = [f"{prefix}{field}".upper() for each in owners for field in each.model_fields]
    gone = {
        f"{prefix}{field}".upper(): instead
        for each in owners
        for field, instead in getattr(each, "gone", {}).items()
    }
    written = {name.upper() for name in dotenv_values(".env")}
    for name in sorted(written | {name.upper() for name in os.environ}):
        if not name.startswith(prefix) or name in known:
            continue
        if name in gone:
            raise SettingsError(f"{name} is gone: {gone[name]}.")
        if likely := get_close_matches(name, known, n=1, cutoff=MISSPELT):
            raise SettingsError(f"{name} is no setting: did you mean {likely[0]}?")
        if name in written:
            raise SettingsError(f"{name} in .env is no setting: .env.example lists them all.")


def _prefix(settings: type[BaseSettings]) -> str:
    return settings.model_config.get("env_prefix", "")


def _subclasses(kind: type[BaseSettings]) -> list[type[BaseSettings]]:
    return [each for child in kind.__subclasses__() for each in (child, *_subclasses(child))]


def _sentence(settings: type[BaseSettings], error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    field = str(first["loc"][0])
    name = f"{settings.model_config.get('env_prefix', '')}{field}".upper()
    why = _lower(first["msg"].removeprefix("Value error, "))  # as pydantic begins what ours say
    fault = "is missing" if first["type"] == "missing" else f"is wrong: {why}"
    examples = settings.model_fields[field].examples
    example = f"; for example {name}={examples[0]}" if examples else ""
    return f"{name} {fault}{example}."


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
