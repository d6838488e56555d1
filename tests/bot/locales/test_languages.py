"""Each language says everything that English does, and fits where it is shown."""

import re
import string
from pathlib import Path

import discord
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from bot.features.help import ways_to_ask
from bot.features.look import VERBS
from bot.features.privacy import KEPT
from bot.locales import CATALOGUES, say
from bot.locales import sentences as s
from bot.replies.text import LIMIT

LANGUAGES = sorted(file.parent.parent.name for file in CATALOGUES.rglob("bot.po"))
SPOKEN = ["de", "es-419", "es-ES", "fr", "ja", "no", "pt-BR", "ro", "zh-CN", "zh-TW"]
BUTTONS, BUTTON_LABEL = (s.CANCEL,), 80
THREAD_NAME = 100


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)


def catalogue(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "bot.po"


def translations(language: str) -> dict[str, str]:
    return {each.id: each.string for each in read(catalogue(language)) if each.id}


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def marks(text: str) -> list[str]:
    """Find what people type or Discord formats: commands, bold, line breaks."""
    return sorted(re.findall(r"(?<!\w)/[a-z-]+|\*\*|\n", text))


def spoken(locale: str, sentence: str) -> str:
    """Say a sentence with values as long as any that it is given."""
    values = dict.fromkeys(fields(sentence), "https://discord.com/channels/" + "9" * 59)
    return say(locale, sentence, **values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_sentence_and_no_other(language: str) -> None:
    template, catalog = read(CATALOGUES / "bot.pot"), read(catalogue(language))
    to_run = "run: pybabel update -N -i bot/locales/bot.pot -d bot/locales -D bot"
    assert {each.id for each in catalog} == {each.id for each in template}, to_run
    assert not catalog.obsolete, f"{to_run} --ignore-obsolete"
    assert [each.id for each in catalog if not each.string] == []
    assert [each.id for each in catalog if each.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_what_is_filled_in_and_what_people_type(language: str) -> None:
    for english, translation in translations(language).items():
        assert fields(translation) == fields(english)
        assert marks(translation) == marks(english)
        assert translation == translation.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_one_that_discord_has(language: str) -> None:
    offered = {locale.value.replace("-", "_") for locale in discord.Locale}
    assert any(name == language or name.startswith(f"{language}_") for name in offered)


@pytest.mark.parametrize("locale", SPOKEN)
def test_people_with_a_catalogue_read_their_language(locale: str) -> None:
    assert say(locale, s.CANCELLED) != s.CANCELLED


@pytest.mark.parametrize("locale", ["en-US", "en-GB", "pl", "ko", "sv-SE"])
def test_people_without_one_read_english(locale: str) -> None:
    assert say(locale, s.CANCELLED) == "Cancelled."


def test_spain_and_latin_america_read_the_same() -> None:
    assert say("es-ES", s.NO_PICTURE) == say("es-419", s.NO_PICTURE)


def test_taiwan_and_china_each_read_their_own_characters() -> None:
    assert say("zh-TW", s.PAUSED).startswith("我的擁有者讓我暫停了")
    assert say("zh-CN", s.PAUSED).startswith("我的所有者让我暂停了")


@pytest.mark.parametrize("locale", SPOKEN)
def test_what_is_said_fits_into_discord(locale: str) -> None:
    sentences = [getattr(s, name) for name in vars(s) if name.isupper() and name != "N_"]
    assert all(len(spoken(locale, sentence)) <= LIMIT for sentence in sentences)
    assert all(len(say(locale, label)) <= BUTTON_LABEL for label in BUTTONS)
    assert len(say(locale, s.THREAD_NAME)) <= THREAD_NAME
    assert len(ways_to_ask(locale)) <= LIMIT
    privacy = [spoken(locale, sentence) for sentence in KEPT]
    assert len("\n- ".join([say(locale, s.PRIVACY), *privacy])) <= LIMIT


@pytest.mark.parametrize("locale", SPOKEN)
def test_whoever_is_sent_to_the_menu_finds_it_under_that_name(locale: str) -> None:
    menu = next(verb.menu for verb in VERBS if verb.menu)
    assert say(locale, menu.message) in say(locale, s.HIDDEN_PICTURE)
