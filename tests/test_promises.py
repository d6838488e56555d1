"""What README and `.env.example` promise is what the project does."""

from pathlib import Path

from pydantic_core import PydanticUndefined

from bot.settings import BotSettings, DiscordSettings
from inference import EngineSettings, Limits, RemoteSettings

ROOT = Path(__file__).parents[1]


def test_ci_runs_the_readmes_test_command():
    commands = (ROOT / ".ci/run").read_text().splitlines()
    tests = (ROOT / "README.md").read_text().split("## Tests")[1]
    assert commands[-1] in tests


def test_the_example_lists_every_setting_with_its_default():
    example = dict(
        line.removeprefix("#").split("=", 1)
        for line in (ROOT / ".env.example").read_text().splitlines()
        if "=" in line
    )
    assert example == {
        f"{settings.model_config['env_prefix']}{name}".upper(): _written(field.default)
        for settings in (DiscordSettings, BotSettings, EngineSettings, Limits, RemoteSettings)
        for name, field in settings.model_fields.items()
    }


def _written(default: object) -> str:
    return "" if default in (None, (), frozenset(), PydanticUndefined) else str(default)


def test_inference_imports_neither_the_bot_nor_discord():
    for path in (ROOT / "inference").rglob("*.py"):
        lines = path.read_text().splitlines()
        imports = [
            line.split()[1] for line in lines if line.lstrip().startswith(("from ", "import "))
        ]
        assert not [name for name in imports if name.split(".")[0] in ("bot", "discord")], path


def test_the_bot_uses_only_the_face_of_inference():
    for path in (ROOT / "bot").rglob("*.py"):
        lines = path.read_text().splitlines()
        imports = [
            line.split()[1] for line in lines if line.lstrip().startswith(("from ", "import "))
        ]
        assert not [name for name in imports if name.startswith("inference.")], path
