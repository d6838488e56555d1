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


def test_a_folder_may_be_named_from_home_also_where_no_shell_reads_it(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_DATA=~/bot\n")
    assert read_settings(BotSettings).data == Path.home() / "bot"
    (tmp_path / ".env").write_text("BOT_DATA=~nobody-of-that-name/bot\n")
    with pytest.raises(SettingsError, match="BOT_DATA is wrong"):
        read_settings(BotSettings)


@pytest.mark.parametrize("locale", ["en-GB", "de", "de-AT", "es-419", "pt-BR", "no", "zh-TW"])
def test_private_messages_are_answered_in_any_language_of_ours(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LOCALE", locale)
    assert read_settings(BotSettings).locale == locale


@pytest.mark.parametrize("locale", ["pt", "nb", "zh", "sv-SE", "german"])
def test_a_language_that_would_silently_be_english_is_named(
    locale: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_LOCALE", locale)
    with pytest.raises(SettingsError, match=r"BOT_LOCALE .* no, pt-BR, ro, zh-CN"):
        read_settings(BotSettings)


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


@pytest.mark.parametrize("in_file", [True, False])
@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("BOT_AUDIT_DAYS", "BOT_AUDIT_DAYS is gone: the log says of each question how it ended."),
        (
            "BOT_REQUEST_A_MINUTE",
            "BOT_REQUEST_A_MINUTE is no setting: did you mean BOT_REQUESTS_A_MINUTE?",
        ),
    ],
)
def test_a_setting_that_is_gone_or_misspelt_is_named(
    name: str, sentence: str, in_file: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if in_file:
        (tmp_path / ".env").write_text(f"{name}=7\n")
    else:
        monkeypatch.setenv(name, "7")
    with pytest.raises(SettingsError) as told:
        read_settings(BotSettings)
    assert str(told.value) == sentence


def test_a_misspelt_token_is_named_before_one_is_missed(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("DISCORD_TOKN=very-secret\n")
    with pytest.raises(SettingsError) as told:
        read_settings(DiscordSettings)
    assert str(told.value) == "DISCORD_TOKN is no setting: did you mean DISCORD_TOKEN?"


def test_nothing_in_the_file_passes_in_silence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("BOT_COLOUR=blue\n")
    with pytest.raises(SettingsError, match=r"BOT_COLOUR in \.env is no setting"):
        read_settings(BotSettings)


def test_what_other_programs_keep_in_the_environment_is_no_matter(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCORD_WEBHOOK_FOR_MY_CRON_JOBS", "https://example.com")
    monkeypatch.setenv("DISCORD_TOKEN", "very-secret")
    read_settings(DiscordSettings)
