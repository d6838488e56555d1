"""The bot: what lives as long as the process, and the last line of defence against errors."""

import hashlib
import json
import logging
from collections import deque

import aiohttp
import discord
from discord import app_commands

from bot import commands
from bot.commands.catch_up import catch_up
from bot.commands.mentions import answer_mention
from bot.errors import sentence_for
from bot.jobs.admission import Admission
from bot.jobs.audit import Audit
from bot.jobs.job import Job
from bot.jobs.spool import Spool
from bot.jobs.store import Store
from bot.jobs.worker import Worker
from bot.locales.translator import CatalogueTranslator
from bot.pictures.fetch import Media
from bot.replies.deliver import Reply
from bot.replies.report import ReportButton
from bot.replies.stream import Pace
from bot.replies.views import CancelButton
from bot.settings import BotSettings
from inference import Engine

log = logging.getLogger(__name__)


class VisionBot(discord.AutoShardedClient):
    """Answers questions about pictures. It owns the media and the store; the engine is lent."""

    def __init__(
        self,
        settings: BotSettings,
        engine: Engine,
        media: Media,
        connector: aiohttp.BaseConnector | None = None,
    ) -> None:
        super().__init__(
            connector=connector,
            intents=discord.Intents(guilds=True, messages=True),
            allowed_mentions=discord.AllowedMentions.none(),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )
        self.settings = settings
        self.tree = Tree(self)
        self.store = Store(settings.data / "jobs.sqlite3")
        self.admission = Admission(settings)
        self.reported: deque[int] = deque(maxlen=1000)
        """The answers that moderators have heard about."""
        self._media = media
        self._pace = Pace()
        self.worker = Worker(
            engine,
            self.store,
            Spool(settings.data / "spool"),
            media,
            self.admission,
            self._reply_to,
            signature=settings.signature,
            audit=Audit(self.store, settings.audit_days),
        )
        commands.add_to(self.tree)

    async def setup_hook(self) -> None:
        """Put the commands in place and go on with what the last run left."""
        self.add_dynamic_items(CancelButton, ReportButton)
        await self.tree.set_translator(CatalogueTranslator())
        await self._sync_changed_commands()
        self.worker.resume()

    async def on_ready(self) -> None:
        """Say in the log that people can be answered; comes again after long gaps."""
        log.info("Ready as %s on %d servers.", self.user, len(self.guilds))
        flags = self.application_flags
        if not (flags.gateway_message_content or flags.gateway_message_content_limited):
            log.info(
                "Without the message content intent, pictures of a replied-to message may stay "
                "hidden from me; the message menu reaches them."
            )
        await catch_up(self)

    async def on_message(self, message: discord.Message) -> None:
        """Answer the messages that are meant for us."""
        await answer_mention(self, message)

    async def close(self) -> None:
        """Let go of everything; what is not answered stays accepted."""
        await self.worker.close()
        await self._media.close()
        await super().close()
        self.store.close()

    def is_owned_by(self, user: discord.abc.User) -> bool:
        """Tell whether a person owns this application at Discord, alone or in its team."""
        if self.application is None:
            return False
        if (team := self.application.team) is None:
            return user.id == self.application.owner.id
        return user.id == team.owner_id or any(
            member.id == user.id and _may_develop(member) for member in team.members
        )

    def _reply_to(self, job: Job, resumed: bool) -> Reply:
        return Reply(job, self, self.store, self._pace, resumed=resumed)

    async def _sync_changed_commands(self) -> None:
        translator = self.tree.translator
        assert translator is not None, "the set-up comes first"
        payload = [
            await command.get_translated_payload(self.tree, translator)
            for command in self.tree.get_commands()
        ]
        text = json.dumps([self.application_id, payload], sort_keys=True)
        fingerprint = hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
        if self.store.recall("commands") != fingerprint:
            await self.tree.sync()
            self.store.remember("commands", fingerprint)
            log.info("The commands have changed and are registered with Discord.")


def _may_develop(member: discord.TeamMember) -> bool:
    """Tell whether a member has joined the team for more than to read."""
    roles = discord.TeamMemberRole.admin, discord.TeamMemberRole.developer
    return member.membership_state is discord.TeamMembershipState.accepted and member.role in roles


class Tree(app_commands.CommandTree[VisionBot]):
    """The commands, and what is said when one of them fails unexpectedly."""

    async def on_error(
        self, interaction: discord.Interaction[VisionBot], error: app_commands.AppCommandError
    ) -> None:
        """Log the error and tell the person one sentence."""
        log.error("A command failed.", exc_info=error)
        sentence = sentence_for(error, str(interaction.locale))
        try:
            if interaction.response.is_done():
                await interaction.followup.send(sentence, ephemeral=True)
            else:
                await interaction.response.send_message(sentence, ephemeral=True)
        except (discord.HTTPException, aiohttp.ClientError, OSError):
            log.warning("The person could not be told.")
