"""How often people may ask, and how much may wait."""

import time
from collections import Counter
from collections.abc import Callable, Hashable
from datetime import timedelta

import discord
from discord.app_commands import Cooldown

from bot.choices import NOTHING_CHOSEN, Choices
from bot.errors import DeclinedError
from bot.jobs.estimate import duration
from bot.jobs.job import Job
from bot.locales import sentences as s
from bot.settings import BotSettings

MINUTE = 60.0
SWEEP = 1.0
"""Seconds between two looks for times that nobody need know any more."""
MOST_STRIKES = 5
STRIKES_LAST = 300.0
"""Seconds for which a run into the limit counts, and for which nobody listens in the end."""


class Limits:
    """Decides, without waiting for anything, whether a question is taken."""

    def __init__(
        self,
        settings: BotSettings,
        clock: Callable[[], float] = time.monotonic,
        choices: Callable[[int | None], Choices] = lambda _: NOTHING_CHOSEN,
    ) -> None:
        self._settings = settings
        self._choices = choices
        self._by_member = _Rate(settings.requests_a_minute, MINUTE, clock)
        self._by_person = _Rate(settings.requests_a_minute, MINUTE, clock)
        self._by_server = _Rate(settings.requests_a_minute_by_server, MINUTE, clock)
        self._declined = _Rate(settings.requests_a_minute, MINUTE, clock)
        self._strikes = _Rate(MOST_STRIKES, STRIKES_LAST, clock)
        self._open: dict[int, Job] = {}
        self._open_by_person: Counter[int] = Counter()
        self._open_by_server: Counter[int] = Counter()

    def enter(self, job: Job) -> None:
        """Count a question as open."""
        self._open[job.id] = job
        self._open_by_person[job.counts_for] += 1
        if job.guild_id is not None:
            self._open_by_server[job.guild_id] += 1

    def leave(self, job_id: int) -> None:
        """Count a question as open no more."""
        job = self._open.pop(job_id)
        _take_one(self._open_by_person, job.counts_for)
        if job.guild_id is not None:
            _take_one(self._open_by_server, job.guild_id)

    def check(self, job: Job, wait: float | None) -> None:
        """Raise DeclinedError unless the question may be taken; counts how often people ask.

        `wait` is the estimated time to its answer in seconds, None while nothing was measured.
        """
        self._check_person(job)
        if job.guild_id is not None:
            self._check_server(job.guild_id)
        if len(self._open) >= self._settings.waiting_in_total:
            raise DeclinedError(s.QUEUE_FULL)
        if wait is not None and wait > self._settings.longest_wait:
            raise DeclinedError(s.BUSY, duration=duration(wait, job.locale))
        self._by_person.count(job.counts_for)
        self._strikes.clear(job.counts_for)
        if job.guild_id is not None:
            self._by_server.count(job.guild_id)
        if most := self._choices(job.guild_id).a_minute:
            self._by_member.count(_member(job, most), most)

    def ignores(self, person: int) -> bool:
        """Tell whether a person has worn our patience out with messages that others read."""
        return self._strikes.wait(person) > 0

    def may_decline(self, person: int) -> bool:
        """Tell whether a person is told once more, in front of others, why not; counts it."""
        if self._declined.wait(person):
            return False
        self._declined.count(person)
        return True

    def _check_person(self, job: Job) -> None:
        person, most = job.counts_for, self._settings.waiting_by_person + 1
        if self._open_by_person[person] >= most:
            raise DeclinedError(s.YOUR_QUEUE_FULL, most=most)
        here = self._by_member.wait(_member(job, self._choices(job.guild_id).a_minute))
        if wait := max(self._by_person.wait(person), here):
            if job.token is None:  # a command is declined for its asker's eyes only
                self._strikes.count(person)
            if pause := self._strikes.wait(person):
                self._declined.clear(person)  # this is said, whatever was said before
                raise DeclinedError(s.IGNORED, when=_moment(pause))
            raise DeclinedError(s.TOO_FAST, when=_moment(wait))

    def _check_server(self, server: int) -> None:
        most = self._settings.waiting_by_server
        if self._open_by_server[server] >= most:
            raise DeclinedError(s.SERVER_QUEUE_FULL, most=most)
        if wait := self._by_server.wait(server):
            raise DeclinedError(s.SERVER_TOO_FAST, when=_moment(wait))


def _take_one(counts: Counter[int], who: int) -> None:
    counts[who] -= 1
    if not counts[who]:
        del counts[who]


def _member(job: Job, most: int | None) -> Hashable:
    """Name a member for counting; whatever a server chooses anew, it is counted anew."""
    return job.guild_id, job.counts_for, most


class _Rate:
    """At most so many in so many seconds, by person, member or server."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._cooldowns: dict[Hashable, Cooldown] = {}
        self._looked_through = -SWEEP

    def wait(self, who: Hashable) -> float:
        """Tell the seconds until the next one is in order; 0 where it is."""
        self._forget()
        cooldown = self._cooldowns.get(who)
        return cooldown.get_retry_after(self._now()) if cooldown else 0

    def count(self, who: Hashable, most: int | None = None) -> None:
        """Count one, of at most so many."""
        new = Cooldown(most or self._most, self._seconds)
        self._cooldowns.setdefault(who, new).update_rate_limit(self._now())

    def clear(self, who: Hashable) -> None:
        """Start counting anew."""
        self._cooldowns.pop(who, None)

    def _now(self) -> float:
        return max(self._clock(), 1e-9)  # a cooldown takes 0 for no time at all

    def _forget(self) -> None:
        """Keep nobody's times for longer than people are told."""
        now = self._now()
        if now < self._looked_through + SWEEP:  # in a crowd it would take most of the time
            return
        self._looked_through = now
        self._cooldowns = {
            who: cooldown
            for who, cooldown in self._cooldowns.items()
            if cooldown.get_tokens(now) < cooldown.rate
        }


def _moment(wait: float) -> str:
    """Write a moment so many seconds from now as Discord shows it: in 20 seconds."""
    return discord.utils.format_dt(discord.utils.utcnow() + timedelta(seconds=wait), "R")
