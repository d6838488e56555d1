"""What stands under a picture for people who do not see it: a sentence or two, or a button."""

import logging
from functools import partial

import discord

from bot.jobs.case import Case
from bot.jobs.job import Job
from bot.jobs.outlet import Answer
from bot.locales import say
from bot.locales import sentences as s
from bot.reading import history
from bot.replies.compose import behind_spoiler, compose
from bot.replies.pace import Pace
from bot.replies.patience import DISCORD_ERRORS, kind, patiently
from inference import TASKS

log = logging.getLogger(__name__)

LOOKED_THROUGH = 50
"""Messages after a picture among which the caption is looked for."""


class Caption:
    """The voice of a job that nobody has asked for: it says one thing, at the end, to no ping."""

    def __init__(self, case: Case, *, client: discord.Client, pace: Pace) -> None:
        self.case = case
        self._client = client
        self._pace = pace

    async def begin(self) -> None:
        """Show nothing."""

    async def waiting(self, place: int, seconds: float | None) -> None:
        """Show nothing."""

    async def restarting(self) -> None:
        """Show nothing."""

    async def looking(self) -> None:
        """Show nothing."""

    async def waking(self) -> None:
        """Show nothing."""

    async def draft(self, text: str) -> None:
        """Show nothing."""

    async def finish(self, answer: Answer) -> None:
        """Say what is in the picture; where there are no words, offer a description."""
        try:
            await patiently(partial(self._say, _words(self.case.job, answer)))
        except discord.HTTPException as error:
            log.info("A picture stays without a caption: %s", kind(error))

    async def withdraw(self) -> None:
        """Take away what was said."""
        job = self.case.job
        await remove_captions(self._client, job.channel_id, {job.id})

    async def _say(self, words: str) -> None:
        """Say it, unless an earlier process has."""
        job = self.case.job
        if self.case.is_resumed and await captions_of(self._client, job.channel_id, {job.id}):
            return
        await self._pace.request()
        await caption(self._client, job.channel_id, job.id, job.locale, words)


async def caption(
    client: discord.Client, channel_id: int, picture_id: int, locale: str, words: str = ""
) -> None:
    """Put words under a message with pictures, or none; and the button that describes them."""
    channel = client.get_partial_messageable(channel_id)
    await channel.send(
        words or say(locale, s.NO_ALT_TEXT),
        reference=discord.MessageReference(message_id=picture_id, channel_id=channel_id),
        view=_view(locale, picture_id),
        nonce=picture_id,
        mention_author=False,
        silent=True,
        suppress_embeds=True,
    )


async def captions_of(
    client: discord.Client, channel_id: int, pictures: set[int]
) -> list[discord.Message]:
    """Find the captions of messages, which may be gone, as far as we may read them."""
    channel, first = client.get_partial_messageable(channel_id), discord.Object(min(pictures))
    try:
        said = await history(channel, LOOKED_THROUGH, after=first)
    except (discord.Forbidden, discord.NotFound):
        return []
    ids = {_button_id(picture) for picture in pictures}
    return [
        message
        for message in said
        if message.author == client.user and not ids.isdisjoint(_ids_under(message))
    ]


async def remove_captions(client: discord.Client, channel_id: int, pictures: set[int]) -> None:
    """Delete the captions of messages that are gone."""
    try:
        for message in await captions_of(client, channel_id, pictures):
            await message.delete()
    except DISCORD_ERRORS as error:
        log.info("A caption stays: %s", kind(error))


def _words(job: Job, answer: Answer) -> str:
    if answer.ending is None:
        return ""
    layout = compose(TASKS[job.task], answer.text, answer.ending, job.locale, messages=1)
    return (behind_spoiler(layout) if job.spoiler else layout).content


def _view(locale: str, picture_id: int) -> discord.ui.View:
    view = discord.ui.View(timeout=None)
    label = say(locale, s.DESCRIBE_FOR_ME)
    view.add_item(discord.ui.Button(label=label, custom_id=_button_id(picture_id)))
    view.stop()  # its presses are told by their ids: discord.py need not remember it
    return view


def _button_id(picture_id: int) -> str:
    return f"describe:{picture_id}"


def _ids_under(message: discord.Message) -> set[str]:
    rows = [row for row in message.components if isinstance(row, discord.ActionRow)]
    return {getattr(each, "custom_id", None) or "" for row in rows for each in row.children}
