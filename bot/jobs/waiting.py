"""What people who wait are told: their place, and how long it takes from there."""

from bot.jobs.estimate import Estimate
from bot.jobs.outlet import Outlet
from bot.jobs.queue import FairQueue


class WaitingRoom:
    """Tells each person a place in the queue, and again when it has halved.

    However many wait, that makes few edits for each of them.
    """

    def __init__(self, queue: FairQueue, estimate: Estimate) -> None:
        self._queue = queue
        self._estimate = estimate
        self._told: dict[int, int] = {}

    async def welcome(self, outlet: Outlet) -> None:
        """Tell a newcomer the place; who is served at once sees 'thinking…' or hears of that."""
        job = outlet.case.job
        self._told[job.id] = place = self._queue.positions().get(job.id, 0)
        if place:
            await self.tell(outlet, place)
        elif job.token is None:
            await outlet.looking()

    async def tell(self, outlet: Outlet, place: int) -> None:
        """Tell a person the place."""
        await outlet.waiting(place, self._estimate.wait(place))

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
