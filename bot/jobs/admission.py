"""How often people may ask, and how much may wait."""

import time
from collections import Counter
from collections.abc import Callable

import discord

from bot.errors import DeclinedError
from bot.jobs.estimate import duration
from bot.jobs.job import Job
from bot.jobs.limits import RateLimit, Strikes
from bot.locales import sentences as s
from bot.settings import BotSettings


class Admission:
    """Decides, without waiting for anything, whether a question is taken."""

    def __init__(self, settings: BotSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.closed: str | None = None
        """The sentence for everyone while nothing new is taken."""
        self._settings = settings
        self._strikes = Strikes(clock)
        self._by_person = RateLimit(settings.requests_a_minute, clock)
        self._by_server = RateLimit(settings.requests_a_minute_by_server, clock)
        self._declined = RateLimit(settings.requests_a_minute, clock)
        self._open: dict[int, Job] = {}
        self._open_by_person: Counter[int] = Counter()
        self._open_by_server: Counter[int] = Counter()

    def enter(self, job: Job) -> None:
        """Count a question as open."""
        self._open[job.id] = job
        self._open_by_person[job.asker_id] += 1
        if job.guild_id is not None:
            self._open_by_server[job.guild_id] += 1

    def leave(self, job_id: int) -> None:
        """Count a question as open no more."""
        job = self._open.pop(job_id)
        self._open_by_person -= Counter([job.asker_id])
        if job.guild_id is not None:
            self._open_by_server -= Counter([job.guild_id])

    def check(self, job: Job, wait: float | None) -> None:
        """Raise DeclinedError unless the question may be taken; counts how often people ask.

        `wait` is the estimated time to its answer in seconds, None while nothing was measured.
        """
        for limit in (self._by_person, self._by_server, self._declined):
            limit.forget()  # nobody's times stay for longer than people are told
        if pause := self._strikes.wait(job.asker_id):
            raise DeclinedError(s.IGNORED, when=_moment(pause))
        if self.closed is not None:
            raise DeclinedError(self.closed)
        try:
            self._check_person(job.asker_id)
        except DeclinedError:
            self._strikes.add(job.asker_id)
            if pause := self._strikes.wait(job.asker_id):
                self._declined.clear(job.asker_id)  # this is said, whatever was said before
                raise DeclinedError(s.IGNORED, when=_moment(pause)) from None
            raise
        self._strikes.clear(job.asker_id)
        if job.guild_id is not None:
            self._check_server(job.guild_id)
        if len(self._open) >= self._settings.waiting_in_total:
            raise DeclinedError(s.QUEUE_FULL)
        if wait is not None and wait > self._settings.longest_wait:
            raise DeclinedError(s.BUSY, duration=duration(wait, job.locale))
        self._by_person.count(job.asker_id)
        if job.guild_id is not None:
            self._by_server.count(job.guild_id)

    def ignores(self, person: int) -> bool:
        """Tell whether a person has worn our patience out."""
        return self._strikes.wait(person) > 0

    def may_decline(self, person: int) -> bool:
        """Tell whether a person is told once more, in front of others, why not; counts it."""
        if self._declined.wait(person):
            return False
        self._declined.count(person)
        return True

    def _check_person(self, person: int) -> None:
        most = self._settings.waiting_by_person + 1
        if self._open_by_person[person] >= most:
            raise DeclinedError(s.YOUR_QUEUE_FULL, most=most)
        if wait := self._by_person.wait(person):
            raise DeclinedError(s.TOO_FAST, when=_moment(wait))

    def _check_server(self, server: int) -> None:
        most = self._settings.waiting_by_server
        if self._open_by_server[server] >= most:
            raise DeclinedError(s.SERVER_QUEUE_FULL, most=most)
        if wait := self._by_server.wait(server):
            raise DeclinedError(s.SERVER_TOO_FAST, when=_moment(wait))


def _moment(wait: float) -> str:
    """Write a moment so many seconds from now as Discord shows it: in 20 seconds, in an hour."""
    return f"<t:{discord.utils.utcnow().timestamp() + wait:.0f}:R>"
