"""Settings from the environment and `.env`, and the one sentence when they are wrong."""

from typing import Literal, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from inference.errors import SettingsError

S = TypeVar("S", bound=BaseSettings)


class EngineSettings(BaseSettings):
    """Which model runs, and where. Each field is the variable MODEL_<FIELD>."""

    model_config = SettingsConfigDict(env_prefix="MODEL_", env_file=".env", extra="ignore")

    source: str = "microsoft/Phi-3.5-vision-instruct"
    """A hub id or a local folder."""
    revision: str | None = None
    """The hub commit; None takes the one pinned for the two known models."""
    device: Literal["auto", "cuda", "cpu"] = "auto"
    dtype: Literal["auto", "bfloat16", "float32"] = "auto"
    attention: Literal["auto", "flash_attention_2", "sdpa"] = "auto"


_EXAMPLES = {
    "MODEL_SOURCE": "microsoft/Phi-3.5-vision-instruct",
    "MODEL_DEVICE": "auto, cuda or cpu",
    "MODEL_DTYPE": "auto, bfloat16 or float32",
    "MODEL_ATTENTION": "auto, flash_attention_2 or sdpa",
}


def read_settings(settings: type[S]) -> S:
    """Read and validate settings; raises SettingsError with one sentence for the operator."""
    try:
        return settings()
    except ValidationError as error:
        raise SettingsError(_sentence(settings, error)) from None


def _sentence(settings: type[BaseSettings], error: ValidationError) -> str:
    first = error.errors(include_input=False, include_url=False)[0]
    prefix = settings.model_config.get("env_prefix", "")
    name = f"{prefix}{first['loc'][0]}".upper() if first["loc"] else "The settings"
    fault = "is missing" if first["type"] == "missing" else f"is wrong: {first['msg'].lower()}"
    example = f"; for example {name}={_EXAMPLES[name]}" if name in _EXAMPLES else ""
    return f"{name} {fault}{example}."
