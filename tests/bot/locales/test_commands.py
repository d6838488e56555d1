"""Commands as Discord shows them in each language keep to its limits."""

import asyncio
import re
from collections.abc import Iterator
from typing import Any

import discord
import pytest

from bot.locales.translator import CatalogueTranslator
from tests.bot.locales.test_languages import SPOKEN
from tests.bot.offered import ALL as COMMANDS
from tests.bot.offered import TREE

MENU = discord.AppCommandType.message.value
Payload = dict[str, Any]


async def _payloads() -> list[Payload]:
    """Put together what a sync sends."""
    translator = CatalogueTranslator()
    return [await each.get_translated_payload(TREE, translator) for each in COMMANDS]


ALL = asyncio.run(_payloads())
MENUS = [command for command in ALL if command["type"] == MENU]
SLASH = [command for command in ALL if command["type"] != MENU]


def by_name(command: Payload) -> str:
    return str(command["name"])


def parts(command: Payload) -> Iterator[Payload]:
    """Go through a command and its options."""
    yield command
    for part in command.get("options", ()):
        yield from parts(part)


def choices(command: Payload) -> list[Payload]:
    """List what can be chosen in the options of a command."""
    return [choice for part in parts(command) for choice in part.get("choices", ())]


def texts(part: Payload, key: str) -> list[str]:
    """List a text of a command in all languages."""
    text = part.get(key)
    return [text, *part.get(f"{key}_localizations", {}).values()] if text else []


@pytest.mark.parametrize("command", SLASH, ids=by_name)
def test_a_command_and_its_options_are_described_in_every_language(command: Payload) -> None:
    for part in parts(command):
        assert sorted(part["description_localizations"]) == SPOKEN, part["name"]


@pytest.mark.parametrize("command", SLASH, ids=by_name)
def test_a_command_is_called_the_same_in_every_language(command: Payload) -> None:
    for part in parts(command):
        assert not part.get("name_localizations")


def test_how_much_an_answer_says_can_be_chosen_in_every_language() -> None:
    named = [each for command in SLASH for each in choices(command) if each["value"] == "short"]
    assert named
    assert all(sorted(each["name_localizations"]) == SPOKEN for each in named)


@pytest.mark.parametrize("command", MENUS, ids=by_name)
def test_a_menu_has_a_name_in_every_language(command: Payload) -> None:
    assert sorted(command["name_localizations"]) == SPOKEN


@pytest.mark.parametrize("command", ALL, ids=by_name)
def test_a_command_keeps_discords_limits_in_every_language(command: Payload) -> None:
    every = list(parts(command))
    names = [name for part in every for name in texts(part, "name")]
    descriptions = [text for part in every for text in texts(part, "description")]
    assert all(1 <= len(name) <= 32 for name in names)
    assert command in MENUS or all(re.fullmatch(r"[\w-]+", name) for name in names)
    assert command in MENUS or all(name == name.lower() for name in names)
    assert all(1 <= len(text) <= 100 for text in descriptions)
    chosen = [name for choice in choices(command) for name in texts(choice, "name")]
    assert all(1 <= len(name) <= 100 for name in chosen)
    assert sum(map(len, names + descriptions + chosen)) <= 8000


@pytest.mark.parametrize("locale", ["", *SPOKEN])
def test_no_two_commands_are_called_the_same_in_any_language(locale: str) -> None:
    for kind in (MENUS, SLASH):
        names = [
            command.get("name_localizations", {}).get(locale) or command["name"] for command in kind
        ]
        assert len({name.casefold() for name in names}) == len(names)
