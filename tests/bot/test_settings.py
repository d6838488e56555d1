"""The operator's settings, and the one sentence when they are wrong."""

from pathlib import Path

import pytest

from bot.settings import BotSettings, DiscordSettings
from inference import SettingsError, read_settings


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(str(tmp_path))
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)


@pytest.mark.parametrize("content", ["", "DISCORD_TOKEN=\n"])
def test_a_missing_token_is_named(content: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(content)
    with pytest.raises(SettingsError, match="DISCORD_TOKEN is missing; for example"):
        read_settings(DiscordSettings)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_in_another_encoding_is_one_sentence(encoding: str, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# Café\nDISCORD_TOKEN=very-secret\n", encoding=encoding)
    with pytest.raises(SettingsError, match="save it again as UTF-8") as told:
        read_settings(DiscordSettings)
    assert "very-secret" not in str(told.value)


def test_the_token_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    assert "very-secret" not in repr(read_settings(DiscordSettings))


def test_ids_are_separated_by_commas_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_BLOCKED_PEOPLE", "12, 34 56")
    assert read_settings(BotSettings).blocked_people == {12, 34, 56}


def test_a_signature_leaves_room_for_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SIGNATURE", "x" * 200)
    assert read_settings(BotSettings).signature == "x" * 200
    monkeypatch.setenv("BOT_SIGNATURE", "x" * 201)
    with pytest.raises(SettingsError, match="BOT_SIGNATURE is wrong"):
        read_settings(BotSettings)


def test_a_wrong_value_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_REQUESTS_A_MINUTE", "many")
    with pytest.raises(SettingsError, match="BOT_REQUESTS_A_MINUTE is wrong"):
        read_settings(BotSettings)
