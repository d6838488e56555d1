"""Every command keeps the promises that all commands make."""

import re

import pytest
from babel.messages.pofile import read_po
from discord import app_commands

from bot.locales import CATALOGUES
from tests.bot.offered import ALL, OWNERS, SLASH, AnyCommand, by_name

OF_A_SERVER = {"settings"}
"""What has no sense but where the bot is a member."""
PERSONAL = [each for each in ALL if each.name not in OF_A_SERVER and each not in OWNERS]


def catalogue() -> set[str]:
    with (CATALOGUES / "bot.pot").open("rb") as file:
        return {message.id for message in read_po(file)}


def test_the_bot_has_commands() -> None:
    assert {command.name for command in ALL} >= {
        "describe", "ocr", "table", "compare", "Describe picture", "Read text",
    }  # fmt: skip


@pytest.mark.parametrize("command", PERSONAL, ids=by_name)
def test_a_command_works_in_servers_dms_and_groups(command: AnyCommand) -> None:
    assert command.allowed_contexts is not None
    assert command.allowed_contexts.guild
    assert command.allowed_contexts.dm_channel
    assert command.allowed_contexts.private_channel


@pytest.mark.parametrize("command", PERSONAL, ids=by_name)
def test_a_command_can_be_installed_by_servers_and_by_people(command: AnyCommand) -> None:
    assert command.allowed_installs is not None
    assert command.allowed_installs.guild
    assert command.allowed_installs.user


def test_what_belongs_to_a_server_is_offered_there_alone() -> None:
    for command in ALL:
        if command.name in OF_A_SERVER:
            assert command.allowed_contexts is not None
            assert command.allowed_contexts.to_array() == [0]
            assert command.default_permissions is not None


@pytest.mark.parametrize("command", SLASH, ids=by_name)
def test_a_command_and_its_options_are_described_in_the_catalogue(
    command: app_commands.Command,
) -> None:
    texts = [command.description, *(str(option.description) for option in command.parameters)]
    assert all(re.match(r"\w", text) for text in texts)
    assert set(texts) <= catalogue()
