"""The commands that the bot offers, without a bot that is logged in."""

import asyncio
from typing import Any

import discord
from discord import app_commands

from bot.client import VisionBot
from bot.run import add_features

AnyCommand = app_commands.Command[Any, Any, Any] | app_commands.ContextMenu


async def _tree() -> app_commands.CommandTree[Any]:
    async def nothing(_: VisionBot) -> None:
        """Give the bot nothing to answer with."""

    bot = VisionBot(nothing)
    await add_features(bot, None, None, None)
    return bot.tree


TREE = asyncio.run(_tree())
ALL: list[AnyCommand] = [
    *TREE.get_commands(type=discord.AppCommandType.chat_input),
    *TREE.get_commands(type=discord.AppCommandType.message),
]
SLASH = [command for command in ALL if isinstance(command, app_commands.Command)]
MENUS = [command for command in ALL if isinstance(command, app_commands.ContextMenu)]


def by_name(command: AnyCommand) -> str:
    """Name a test by its command."""
    return command.name
