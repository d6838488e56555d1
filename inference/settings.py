"""Settings from the environment and `.env`, and the one sentence when they are wrong."""

from typing import Literal, TypeVar

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from inference.errors import SettingsError

S = TypeVar("S", bound=BaseSettings)

PINNED_REVISIONS = {
    "microsoft/Phi-3.5-vision-instruct": "12b77fb40b63a2c73c68243d3f767aab688a1b2a",
    "microsoft/Phi-3-vision-128k-instruct": "ed2772fabe9dc9acd0caad54b62761d92520cc44",
}
"""The hub commits that are loaded unless another is set, so that nobody changes them under us."""


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
    """A hub id or a local folder."""
    revision: str | None = None
    """The hub commit to load; unset, the pinned one of a known model, else the newest."""
    device: Literal["auto", "cuda", "cpu"] = Field(default="auto", examples=["cuda"])
    dtype: Literal["auto", "bfloat16", "float32"] = Field(default="auto", examples=["bfloat16"])
    attention: Literal["auto", "flash_attention_2", "sdpa"] = Field(
        default="auto", examples=["sdpa"]
    )

    @property
    def pinned_revision(self) -> str | None:
        """Tell which hub commit to load; None is the newest."""
        return self.revision or PINNED_REVISIONS.get(self.source)


def read_settings(settings: type[S]) -> S:
    """Read and validate settings; raises SettingsError with one sentence for the operator.

    The sentence names the setting, its fault and the field's example; it never shows the value,
    which may be a secret.
    """
    try:
        return settings()
    except ValidationError as error:
        raise SettingsError(_sentence(settings, error)) from None


def _sentence(settings: type[BaseSettings], error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    field = str(first["loc"][0])
    name = f"{settings.model_config.get('env_prefix', '')}{field}".upper()
    fault = "is missing" if first["type"] == "missing" else f"is wrong: {_lower(first['msg'])}"
    examples = settings.model_fields[field].examples
    example = f"; for example {name}={examples[0]}" if examples else ""
    return f"{name} {fault}{example}."


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
