"""The one yes to an interaction, for which Discord waits three seconds; or the no."""

import asyncio
import logging
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any, TypeVar

import aiohttp
import discord

from bot.errors import sentence_for
from bot.replies.codes import ACKNOWLEDGED
from bot.replies.patience import kind

T = TypeVar("T")
log = logging.getLogger(__name__)

SOON = 1.5
"""Seconds after which Discord hears that something is taken, though it is not clear yet what."""


class Acknowledgement:
    """Given when a question is on disk, so that it means something; earlier if that takes long."""

    def __init__(
        self, interaction: discord.Interaction[Any], *, private: bool, thinking: bool = True
    ) -> None:
        self.private = private
        """Only the asker may see the answer."""
        self._interaction = interaction
        self._thinking = thinking
        """'thinking…' is shown, as there is no message yet that is going to be the answer."""
        self._learnt: dict[str, Any] | None = None
        self._is_given_unheard = False

    async def before_long(self, looking: Awaitable[T]) -> T:
        """Wait for what Discord is asked, and acknowledge meanwhile where that takes long."""
        task = asyncio.ensure_future(looking)
        try:
            await asyncio.wait([task], timeout=SOON)
            if not task.done():
                await self.give()
            return await task
        finally:
            task.cancel()

    async def give(self) -> dict[str, Any] | None:
        """Acknowledge once; returns what the job learns, None where we do not hear of it.

        The job is accepted: without an acknowledgement its answer finds another way.
        """
        for _ in range(2):
            if self._is_given:
                break
            try:
                self._learnt = await self._defer()
            except (aiohttp.ClientError, OSError) as error:  # reset before or after its effect
                log.warning("Job %s is not acknowledged: %s", self._interaction.id, kind(error))
            except Exception as error:
                log.warning("Job %s cannot be acknowledged: %s", self._interaction.id, kind(error))
                self._is_given_unheard = getattr(error, "code", None) == ACKNOWLEDGED
                break
        return self._learnt

    async def decline(self, error: Exception) -> None:
        """Say why not."""
        await self.tell(content=sentence_for(error, str(self._interaction.locale)))

    async def tell(self, **message: Any) -> None:
        """Say something at once, for the asker's eyes only."""
        if not self._is_given:
            await self._interaction.response.send_message(**message, ephemeral=True)
            return
        if self._thinking:  # others may see what would come in its place
            with suppress(discord.NotFound):
                await self._interaction.delete_original_response()
        await self._interaction.followup.send(**message, ephemeral=True)

    @property
    def _is_given(self) -> bool:
        return self._is_given_unheard or self._interaction.response.is_done()

    async def _defer(self) -> dict[str, Any] | None:
        response = await self._interaction.response.defer(
            ephemeral=self.private, thinking=self._thinking
        )
        if response is None or not self._thinking:
            return None
        # Where a server allows no answers of a person's own apps, all are private.
        private = response.is_ephemeral()
        learnt = {"message_id": response.message_id, "private": private}
        return learnt | {"may_send": False} if private else learnt
