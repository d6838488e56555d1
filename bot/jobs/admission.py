"""Who may ask, how often, and how much may wait."""

import time
from collections import Counter, deque
from collections.abc import Callable, Collection

import discord

from bot.errors import DeclinedError
from bot.jobs.estimate import duration
from bot.jobs.job import Job
from bot.locales import sentences as s
from bot.settings import BotSettings

MINUTE = 60.0


class Admission:
    """Decides, without waiting for anything, whether a question is taken."""

    def __init__(self, settings: BotSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.closed: str | None = None
        """The sentence for everyone while nothing new is taken."""
        self._settings = settings
        self._clock = clock
        self._asked: dict[int, deque[float]] = {}

    def check(self, job: Job, open_jobs: Collection[Job], wait: float | None) -> None:
        """Raise DeclinedError unless the question may be taken; counts it if it may.

        `wait` is the estimated time to its answer in seconds, None while nothing was measured.
        """
        self._check_lists(job)
        if self.closed is not None:
            raise DeclinedError(self.closed)
        self._check_room(job, open_jobs)
        if wait is not None and wait > self._settings.longest_wait:
            raise DeclinedError(s.BUSY, duration=duration(wait, job.locale))
        self._check_pace(job.asker_id)

    def _check_lists(self, job: Job) -> None:
        lists = self._settings
        for ids, allowed, blocked in (
            (job.guild_id, lists.allowed_servers, lists.blocked_servers),
            (job.channel_id, lists.allowed_channels, lists.blocked_channels),
            (job.asker_id, lists.allowed_people, lists.blocked_people),
        ):
            if ids in blocked or (allowed and ids not in allowed):
                raise DeclinedError(s.NOT_HERE)

    def _check_room(self, job: Job, open_jobs: Collection[Job]) -> None:
        people = Counter(other.asker_id for other in open_jobs)
        servers = Counter(other.guild_id for other in open_jobs)
        most_by_person = self._settings.waiting_by_person + 1
        if people[job.asker_id] >= most_by_person:
            raise DeclinedError(s.YOUR_QUEUE_FULL, most=most_by_person)
        if job.guild_id is not None and servers[job.guild_id] >= self._settings.waiting_by_server:
            raise DeclinedError(s.SERVER_QUEUE_FULL, most=self._settings.waiting_by_server)
        if len(open_jobs) >= self._settings.waiting_in_total:
            raise DeclinedError(s.QUEUE_FULL)

    def _check_pace(self, person: int) -> None:
        now = self._clock()
        self._asked = {who: times for who, times in self._asked.items() if times[-1] > now - MINUTE}
        times = self._asked.setdefault(person, deque(maxlen=self._settings.requests_a_minute))
        if len(times) == times.maxlen and (wait := times[0] + MINUTE - now) > 0:
            when = discord.utils.utcnow().timestamp() + wait
            raise DeclinedError(s.TOO_FAST, when=f"<t:{when:.0f}:R>")
        times.append(now)
