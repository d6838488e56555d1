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


async def standing(
    job: Job, spool: Spool, file: tuple[str, bytes] | None, *, last: bool
) -> list[Kept | discord.File] | None:
    """List what stands under an answer from now on; None where an edit changes nothing of that."""
    is_new = bool(job.copies) and not job.file_ids and job.may_attach
    is_bare = job.shows_pictures and not job.file_ids
    if not is_new and file is None and not (last and (job.before or is_bare)):
        return None
    shown: list[Kept | discord.File] = [Kept(number) for number in job.file_ids]
    shown += await copies(job, spool) if is_new else []
    return [*shown, upload(file)] if file else shown


def upload(file: tuple[str, bytes]) -> discord.File:
    """Make the upload of a file that is made of words."""
    name, data = file
    return discord.File(io.BytesIO(data), name)
