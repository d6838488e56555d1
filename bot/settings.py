"""The bot's settings, from the environment and `.env`."""

from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.choices import AgeRule
from bot.locales import is_spoken, spoken


def _split(value: object) -> object:
    return value.replace(",", " ").split() if isinstance(value, str) else value


Snowflakes = Annotated[frozenset[int], NoDecode, BeforeValidator(_split)]
"""Discord ids, separated by commas or spaces."""


def _expanded(path: Path) -> Path:
    try:
        return path.expanduser()
    except RuntimeError as error:  # nobody of that name has a home here
        raise ValueError(str(error)) from error


def _spoken(locale: str) -> str:
    if not is_spoken(locale):
        raise ValueError(f"there are {', '.join(spoken())}")
    return locale


class DiscordSettings(BaseSettings):
    """What Discord gave us. Each field is the variable DISCORD_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="DISCORD_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    token: SecretStr = Field(examples=["MTE4…"])
    """The bot's token, from the application's page at Discord."""


class BotSettings(BaseSettings):
    """How the bot behaves. Each field is the variable BOT_<FIELD>."""

    model_config = SettingsConfigDict(
        env_prefix="BOT_", env_file=".env", env_ignore_empty=True, extra="ignore"
    )

    gone: ClassVar = {
        "audit_days": "the log says of each question how it ended",
    }
    """What was a setting once, and what took its place."""

    data: Annotated[Path, AfterValidator(_expanded)] = Path("data")
    """The folder of the job store and of the pictures that wait; `~` is the home folder."""
    home: int | None = Field(default=None, examples=[112233445566778899])
    """The one server in which the owner's own commands are offered; unset, they are nowhere."""
    allowed_servers: Snowflakes = frozenset()
    """Where not empty, the only servers that are served."""
    blocked_servers: Snowflakes = frozenset()
    allowed_channels: Snowflakes = frozenset()
    """Where not empty, the only channels that are served, their threads included."""
    blocked_channels: Snowflakes = frozenset()
    allowed_roles: Snowflakes = frozenset()
    """Where not empty, only people with one of these roles are served."""
    blocked_roles: Snowflakes = frozenset()
    allowed_people: Snowflakes = frozenset()
    """Where not empty, the only people who are served."""
    blocked_people: Snowflakes = frozenset()
    age_restricted: AgeRule = Field(default="spoiler", examples=["off"])
    """In age-restricted channels: no answers, plain answers, or answers behind spoiler bars."""
    locale: Annotated[str, AfterValidator(_spoken)] = Field(default="en-US", examples=["de"])
    """In which private messages are answered: of them Discord does not say the language."""
    webhooks: bool = False
    """Webhooks' messages that mention the bot are answered, as those of PluralKit's people are."""
    requests_a_minute: int = Field(default=6, ge=1)
    """By one person."""
    requests_a_minute_by_server: int = Field(default=60, ge=1)
    """By all people of one server."""
    waiting_by_person: int = Field(default=3, ge=0)
    """Besides the one that runs."""
    waiting_by_server: int = Field(default=50, ge=1)
    """With those that run, as in the total."""
    waiting_in_total: int = Field(default=200, ge=1)
    longest_wait: float = Field(default=300, gt=0)
    """Seconds; a longer estimated wait is declined."""
    grace: float = Field(default=20, ge=0)
    """Seconds that running answers have to end when the bot is stopped."""
    log: Literal["text", "json"] = Field(default="text", examples=["json"])
    """For a person at a terminal, or a JSON object a line."""
    metrics_host: str = "127.0.0.1"
    """Where the page for machines listens: health, numbers and the log's last errors."""
    metrics_port: int = Field(default=9464, ge=0, le=65535, examples=[9464])
    """0 closes it, which `python -m bot status`, `pause` and `resume` need."""
    signature: str = Field(default="", max_length=200)
    """A line in small print under each answer, where not empty; it takes room from the answer."""
