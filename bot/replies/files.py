"""The files under an answer: copies of what it is about, and what is too long for a message."""

import asyncio
import io
from dataclasses import dataclass

import discord

from bot.jobs.job import Job
from bot.jobs.spool import Spool
from bot.locales import say
from bot.locales import sentences as s
from bot.pictures.copies import COMPARED


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that stays under an edited message."""

    id: int

    def to_dict(self) -> dict[str, int]:
        """Name it as an edit does."""
        return {"id": self.id}


async def copies(job: Job, spool: Spool) -> list[discord.File]:
    """Make the uploads of a job's copies, in order, for who sees them and who cannot."""
    pictures = [name for name in job.copies if name != COMPARED]
    told = job.alts if len(job.alts) == len(pictures) else (None,) * len(pictures)
    alts = [
        alt or say(job.locale, s.COPY_ALT, number=number)
        for number, alt in enumerate(told, start=1)
    ]
    alts += [say(job.locale, s.COMPARED_ALT)] * (len(job.copies) - len(pictures))
    return [
        discord.File(
            io.BytesIO(await asyncio.to_thread(spool.read, job.id, name)),
            name,
            spoiler=job.spoiler,
            description=alt[:1024],
        )
        for name, alt in zip(job.copies, alts, strict=True)
        if spool.has(job.id, name)
    ]


def upload(file: tuple[str, bytes]) -> discord.File:
    """Make the upload of a file that is made of words."""
    name, data = file
    return discord.File(io.BytesIO(data), name)
