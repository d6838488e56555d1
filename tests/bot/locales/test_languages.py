"""Each language says everything that English does, and fits where it is shown."""

import re
from pathlib import Path

import babel
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
from tests.bot.locales.every import SENTENCES, fields, forms, spoken

LANGUAGES = sorted(file.parent.parent.name for file in CATALOGUES.rglob("bot.po"))
SPOKEN = ["de", "es-419", "es-ES", "fr", "ja", "no", "pt-BR", "ro", "zh-CN", "zh-TW"]
BUTTONS = ("CANCEL", "DESCRIBE_FOR_ME", "LEAVE_MY_PICTURES", "DESCRIBE_MY_PICTURES")
BUTTON_LABEL = 80
THREAD_NAME = 100


def read(file: Path) -> Catalog:
    with file.open("rb") as opened:
        return read_po(opened)


def catalogue(language: str) -> Path:
    return CATALOGUES / language / "LC_MESSAGES" / "bot.po"


def marks(text: str) -> list[str]:
    """Find what people type or Discord formats: commands, bold, line breaks."""
    return sorted(re.findall(r"(?<!\w)/[a-z-]+|\*\*|\n", text))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_every_sentence_and_no_other(language: str) -> None:
    template, catalog = read(CATALOGUES / "bot.pot"), read(catalogue(language))
    to_run = "run: pybabel update -N -i bot/locales/bot.pot -d bot/locales -D bot"
    assert {each.id for each in catalog} == {each.id for each in template}, to_run
    assert not catalog.obsolete, f"{to_run} --ignore-obsolete"
    assert [each.id for each in catalog if not all(forms(each))] == []
    assert [each.id for each in catalog if each.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_what_is_filled_in_and_what_people_type(language: str) -> None:
    for each in read(catalogue(language)):
        if each.id:
            *_, english = (each.id,) if isinstance(each.id, str) else each.id
            for form in forms(each):
                assert fields(form) <= fields(english), form
                assert marks(form) == marks(english), form
                assert form == form.strip()
            assert fields(forms(each)[-1]) == fields(english)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_all_its_forms_of_number(language: str) -> None:
    catalog = read(catalogue(language))
    rules = babel.Locale.parse(language).plural_form
    assert len(rules.tags | {"other"} - {"zero", "two"}) >= catalog.num_plurals
    assert {len(forms(each)) for each in catalog if each.pluralizable} == {catalog.num_plurals}


def test_romanian_says_de_from_twenty_on() -> None:
    said = [say("ro", s.YOUR_QUEUE_FULL, most=number) for number in (1, 3, 20)]
    assert "o întrebare" in said[0]
    assert "3 întrebări" in said[1]
    assert "20 de întrebări" in said[2]


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


@pytest.mark.parametrize("locale", ["en-US", *SPOKEN])
@pytest.mark.parametrize("name", SENTENCES)
def test_what_is_said_fits_into_discord_in_every_form(locale: str, name: str) -> None:
    for said in spoken(locale, SENTENCES[name]):
        assert not re.search(r"[{}]", said)
        assert 0 < len(said) <= (BUTTON_LABEL if name in BUTTONS else LIMIT)


@pytest.mark.parametrize("locale", ["en-US", *SPOKEN])
def test_what_is_said_together_fits_into_one_message(locale: str) -> None:
    assert len(say(locale, s.THREAD_NAME)) <= THREAD_NAME
    assert len(ways_to_ask(locale)) <= LIMIT
    privacy = (s.PRIVACY, *KEPT, s.IN_DISCORD)
    assert sum(len(next(spoken(locale, each))) + 3 for each in privacy) <= LIMIT


@pytest.mark.parametrize("locale", SPOKEN)
def test_whoever_is_sent_to_the_menu_finds_it_under_that_name(locale: str) -> None:
    menu = next(verb.menu for verb in VERBS if verb.menu)
    assert say(locale, menu.message) in say(locale, s.HIDDEN_PICTURE)
