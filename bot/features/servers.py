"""/settings, a first word on joining, and the end of a server's choices when we leave it."""

import contextlib
import logging
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.desk import Desk
from bot.features.panel import Panel, Scene, changed_by
from bot.features.pressed import Pressed
from bot.jobs.store import Store
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.patience import DISCORD_ERRORS
from bot.settings import BotSettings

log = logging.getLogger(__name__)


class Servers(commands.Cog):
    """What those who run a server decide, and what we say to them."""

    def __init__(
        self, bot: commands.AutoShardedBot, desk: Desk, store: Store, settings: BotSettings
    ) -> None:
        self._bot = bot
        self._desk = desk
        self._store = store
        self._settings = settings

    async def cog_load(self) -> None:
        """Let picks be heard."""
        self._bot.add_dynamic_items(Pick)

    @app_commands.command(description=_T("How I work on this server, for those who run it"))
    @app_commands.default_permissions(manage_guild=True)
    @app_commands.allowed_installs(guilds=True, users=False)
    @app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
    async def settings(self, interaction: discord.Interaction[Any]) -> None:
        """Show the panel to who may manage the server."""
        if scene := await self._scene(interaction):
            await interaction.response.send_message(view=Panel(scene), ephemeral=True)

    async def choose(
        self, interaction: discord.Interaction[Any], field: str, picked: list[str]
    ) -> None:
        """Change what a select names, if its picker may, and show the panel as it is now."""
        if (scene := await self._scene(interaction)) is None:
            return
        choices = replace(scene.choices, **changed_by(field, picked))
        if await self._store.choose(scene.guild.id, choices):  # the disk does not take it
            self._store.choose(scene.guild.id, scene.choices)
            sentence = say(scene.locale, s.UNEXPECTED)
            await interaction.response.send_message(sentence, ephemeral=True)
            return
        await interaction.response.edit_message(view=Panel(replace(scene, choices=choices)))

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        """Say once, where the server wants such words, how to ask and where the settings are."""
        channel, settings = guild.system_channel, self._settings
        is_served = not settings.allowed_servers or guild.id in settings.allowed_servers
        if channel is None or not is_served or guild.id in settings.blocked_servers:
            return
        may = channel.permissions_for(guild.me)
        if may.read_messages and may.send_messages:
            with contextlib.suppress(*DISCORD_ERRORS):
                await channel.send(say(str(guild.preferred_locale), s.JOINED), silent=True)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        """Forget what a server has chosen that we are no member of any more."""
        self._store.choose(guild.id, None)

    @commands.Cog.listener()
    async def on_ready(self) -> None:
        """Do the same for servers that were left while we were away."""
        self._store.forget_servers({guild.id for guild in self._bot.guilds})

    async def _scene(self, interaction: discord.Interaction[Any]) -> Scene | None:
        """Look at the server for a panel; tell who may not manage it, and return None."""
        guild, locale = interaction.guild, str(interaction.locale)
        if guild is None or not interaction.permissions.manage_guild:
            sentence = say(locale, s.MANAGERS_ONLY)
            await interaction.response.send_message(sentence, ephemeral=True)
            return None
        return Scene(
            guild,
            self._store.choices(guild.id),
            self._settings,
            self._desk.languages,
            self._bot.intents.message_content,
            locale,
        )


class Pick(Pressed, template=r"settings:(?P<field>\w{1,40})"):
    """A select of the panel, in which something is picked."""

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand on what was picked."""
        data: Any = interaction.data
        await self.cog(Servers).choose(interaction, self._match["field"], data.get("values", []))
