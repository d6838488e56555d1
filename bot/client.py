"""The connection to Discord, which knows nothing of what people can do with it."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.ext import commands

from bot.errors import OLD_COMMAND, sentence_for
from bot.locales.translator import CatalogueTranslator
from bot.reading import read_events_apart
from bot.registering import register

log = logging.getLogger(__name__)

ACTIVITY = "/help · mention me with a picture"
"""What stands under our name, for all alike."""
Furnish = Callable[["VisionBot"], Awaitable[None]]
"""Gives the bot, between log-in and connection, all that it can do."""


class Tree(app_commands.CommandTree["VisionBot"]):
    """The commands, and what is said when one of them fails unexpectedly."""

    async def on_error(
        self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError
    ) -> None:
        """Log the error and tell the person one sentence."""
        if not (is_old := isinstance(error, OLD_COMMAND)):
            log.error("A command failed.", exc_info=error)
        response: Any = interaction.response
        answer = interaction.followup.send if response.is_done() else response.send_message
        with suppress(discord.HTTPException, aiohttp.ClientError, OSError):
            await answer(sentence_for(error, str(interaction.locale)), ephemeral=True)
        if is_old:
            data: Any = interaction.data
            server = data.get("guild_id") if data else None
            await register(self, discord.Object(server) if server else None)


class VisionBot(commands.AutoShardedBot):
    """A bot whose cogs are its whole ability; what they live on ends with it."""

    def __init__(self, furnish: Furnish, **connection: Any) -> None:
        super().__init__(
            command_prefix=commands.when_mentioned,
            help_command=None,
            tree_cls=Tree,
            intents=discord.Intents(guilds=True, messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            activity=discord.CustomActivity(ACTIVITY),
            chunk_guilds_at_startup=False,
            max_messages=None,
            **connection,
        )
        self.ends = AsyncExitStack()
        """What is closed, the last first, when the bot has ceased to listen."""
        self._furnish = furnish
        read_events_apart(self._connection.parsers)

    async def setup_hook(self) -> None:
        """Take up what the bot can do, and tell Discord where it knows otherwise."""
        await self.tree.set_translator(CatalogueTranslator())
        await self._furnish(self)
        await register(self.tree)

    async def on_message(self, message: discord.Message) -> None:
        """Look for no commands of the old kind in a message; cogs listen for themselves."""

    async def close(self) -> None:
        """Listen no more, let go of everything, and leave."""
        for name in tuple(self.cogs):
            await self.remove_cog(name)
        await self.ends.aclose()
        await super().close()
