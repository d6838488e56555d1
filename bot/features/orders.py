"""Deleting is an order: what hangs on something that is gone is given up without a word."""

import discord
from discord.ext import commands

from bot.desk import Desk


class Orders(commands.Cog):
    """Hears of every message, thread, channel and server that goes."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @commands.Cog.listener()
    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        """Give up what a deleted message asked, or what was answered in it."""
        await self._desk.withdraw(payload.message_id)

    @commands.Cog.listener()
    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        """Do the same for many at once."""
        for message_id in payload.message_ids:
            await self._desk.withdraw(message_id)

    @commands.Cog.listener()
    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        """Give up what would be answered in a deleted thread."""
        await self._desk.withdraw_from(payload.thread_id)

    @commands.Cog.listener()
    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        """Give up what was asked in a deleted channel."""
        await self._desk.withdraw_from(channel.id)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Give up what was asked on a server that is left."""
        await self._desk.withdraw_from(guild.id)
