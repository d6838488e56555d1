"""Every command keeps the promises that all commands make."""

import re

import discord
import pytest
from babel.messages.pofile import read_po
from discord import app_commands

from bot import commands
from bot.locales import CATALOGUES

Any_command = app_commands.Command | app_commands.ContextMenu


def _all() -> list[Any_command]:
    tree = app_commands.CommandTree(discord.Client(intents=discord.Intents.none()))
    commands.add_to(tree)
    return [*tree.get_commands(), *tree.get_commands(type=discord.AppCommandType.message)]


ALL = _all()
SLASH = [command for command in ALL if isinstance(command, app_commands.Command)]
ABOUT_A_SERVER = {"moderators"}
EVERYWHERE = [command for command in ALL if command.name not in ABOUT_A_SERVER]


def by_name(command: Any_command) -> str:
    return command.name


def catalogue() -> set[str]:
    with (CATALOGUES / "bot.pot").open("rb") as file:
        return {message.id for message in read_po(file)}


def test_the_bot_has_commands() -> None:
    assert {command.name for command in ALL} >= {
        "describe", "ocr", "table", "compare", "Describe picture", "Read text",
    }  # fmt: skip


@pytest.mark.parametrize("command", EVERYWHERE, ids=by_name)
def test_a_command_works_in_servers_dms_and_groups(command: Any_command) -> None:
    assert command.allowed_contexts is not None
    assert command.allowed_contexts.guild
    assert command.allowed_contexts.dm_channel
    assert command.allowed_contexts.private_channel


@pytest.mark.parametrize("name", sorted(ABOUT_A_SERVER))
def test_a_command_about_a_server_is_for_servers_alone(name: str) -> None:
    (command,) = [command for command in ALL if command.name == name]
    assert command.allowed_contexts is not None
    assert command.allowed_contexts.guild
    assert not command.allowed_contexts.dm_channel


@pytest.mark.parametrize("command", EVERYWHERE, ids=by_name)
def test_a_command_can_be_installed_by_servers_and_by_people(command: Any_command) -> None:
    assert command.allowed_installs is not None
    assert command.allowed_installs.guild
    assert command.allowed_installs.user


@pytest.mark.parametrize("command", SLASH, ids=by_name)
def test_a_command_and_its_options_are_described_in_the_catalogue(
    command: app_commands.Command,
) -> None:
    texts = [command.description, *(option.description for option in command.parameters)]
    assert all(re.match(r"\w", text) for text in texts)
    assert set(texts) <= catalogue()
