"""The commands that the bot offers, without a bot that is logged in."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import discord
from discord import app_commands

from bot.client import VisionBot
from bot.jobs.store import Store
from bot.run import add_features
from bot.settings import BotSettings
from inference import ModelKind, languages_of

HOME = discord.Object(1)
AnyCommand = app_commands.Command[Any, Any, Any] | app_commands.ContextMenu


async def _tree() -> app_commands.CommandTree[Any]:
    async def nothing(_: VisionBot) -> None:
        """Give the bot nothing to answer with."""

    bot = VisionBot(nothing)
    with tempfile.TemporaryDirectory() as folder:
        store = await Store.open(Path(folder) / "jobs.sqlite3")
        settings = BotSettings(_env_file=None, home=HOME.id)
        await add_features(bot, settings, store, None, languages_of(ModelKind.ANY))
        await store.close()
    return bot.tree


TREE = asyncio.run(_tree())
OWNERS: list[AnyCommand] = TREE.get_commands(guild=HOME)
"""Offered on the owner's home server alone."""
ALL: list[AnyCommand] = [
    *TREE.get_commands(type=discord.AppCommandType.chat_input),
    *OWNERS,
    *TREE.get_commands(type=discord.AppCommandType.message),
]
SLASH = [command for command in ALL if isinstance(command, app_commands.Command)]
MENUS = [command for command in ALL if isinstance(command, app_commands.ContextMenu)]


def by_name(command: AnyCommand) -> str:
    """Name a test by its command."""
    return command.name
