"""A `.env` that somebody has written by hand, and one that is not there yet."""

import stat
import sys
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.console.settings_file import write_settings

BY_HAND = """# The token of our bot.
DISCORD_TOKEN=old  # from March

# Mine, do not touch
BOT_SIGNATURE="Ask Anna"
#MODEL_SOURCE=microsoft/Phi-3.5-vision-instruct
"""
EXAMPLE = Path(__file__).parents[3] / ".env.example"


def test_comments_and_other_settings_stay(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text(BY_HAND)
    write_settings(file, {"DISCORD_TOKEN": "MTE4.new", "MODEL_SOURCE": "demo"})
    lines = file.read_text().splitlines()
    assert "# The token of our bot." in lines
    assert "# Mine, do not touch" in lines
    assert dotenv_values(file) == {
        "DISCORD_TOKEN": "MTE4.new",
        "BOT_SIGNATURE": "Ask Anna",
        "MODEL_SOURCE": "demo",
    }


def test_a_setting_that_was_commented_out_takes_its_value_in_its_place(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("#MODEL_SOURCE=a\n# about the next\nBOT_DATA=data\n")
    write_settings(file, {"MODEL_SOURCE": "demo"})
    assert file.read_text().splitlines() == [
        "MODEL_SOURCE=demo",
        "# about the next",
        "BOT_DATA=data",
    ]


def test_a_new_file_begins_as_the_example(tmp_path: Path) -> None:
    example = tmp_path / ".env.example"
    example.write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")
    write_settings(tmp_path / ".env", {"DISCORD_TOKEN": "MTE4.new"})
    text = (tmp_path / ".env").read_text(encoding="utf-8")
    assert text.count("\n") == EXAMPLE.read_text(encoding="utf-8").count("\n")
    assert dotenv_values(tmp_path / ".env") == {"DISCORD_TOKEN": "MTE4.new"}


@pytest.mark.parametrize(
    "value", ["MTE4.a-b_c", "C:\\models\\phi 3.5", "it's", 'with "quotes" and # marks', "größer"]
)
def test_what_is_written_is_read_again(value: str, tmp_path: Path) -> None:
    write_settings(tmp_path / ".env", {"MODEL_SOURCE": value})
    assert dotenv_values(tmp_path / ".env") == {"MODEL_SOURCE": value}


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bits")
def test_nobody_else_may_read_it_also_where_everybody_could(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("DISCORD_TOKEN=old\n")
    file.chmod(0o644)
    write_settings(file, {"DISCORD_TOKEN": "MTE4.new"})
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
