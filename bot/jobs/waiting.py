"""What people who wait are told: their place, and how long it takes from there."""

from bot.jobs.estimate import Estimate, duration
from bot.jobs.queue import FairQueue
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.deliver import Reply
from bot.replies.views import cancel_view


class WaitingRoom:
    """Tells each person a place in the queue, and again when it has halved.

    However many wait, that makes few edits for each of them.
    """

    def __init__(self, queue: FairQueue, estimate: Estimate) -> None:
        self._queue = queue
        self._estimate = estimate
        self._told: dict[int, int] = {}

    async def welcome(self, reply: Reply, place: int) -> None:
        """Tell a newcomer the place, 0 for one who is served at once."""
        self._told[reply.job.id] = place
        is_shown_by_discord = reply.job.token is not None  # as 'thinking…'
        if place or not is_shown_by_discord:
            await self.tell(reply, place)

    async def tell(self, reply: Reply, place: int) -> None:
        """Tell a person the place, with the button that leaves the queue."""
        job = reply.job
        await reply.show(self._sentence(place, job.locale), cancel_view(job.id, job.locale))

    def moved_up(self) -> dict[int, int]:
        """Return the new places of those who should be told, by job."""
        moved = {
            job_id: place
            for job_id, place in self._queue.positions().items()
            if place <= self._told.get(job_id, 0) // 2
        }
        self._told |= moved
        return moved

    def leave(self, job_id: int) -> None:
        """Forget somebody who waits no more."""
        self._told.pop(job_id, None)

    def _sentence(self, place: int, locale: str) -> str:
        wait = self._estimate.wait(place)
        if place == 0:
            return say(locale, s.LOOKING)
        if wait is None:
            return say(locale, s.WAITING, position=place)
        return say(locale, s.WAITING_ABOUT, position=place, duration=duration(wait, locale))
