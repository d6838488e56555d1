"""A fair order: round robin by person, so that nobody holds the others up."""

from collections import deque
from collections.abc import Iterator

from bot.jobs.job import Job


class FairQueue:
    """Jobs that wait, taken in turns by person; a person's own jobs stay in order."""

    def __init__(self) -> None:
        self._waiting: dict[int, deque[Job]] = {}
        self._served: set[int] = set()

    def __len__(self) -> int:
        return sum(len(jobs) for jobs in self._waiting.values())

    def __iter__(self) -> Iterator[Job]:
        """Go over the waiting jobs in the order in which they would be taken."""
        rounds = max(map(len, self._waiting.values()), default=0)
        for turn in range(rounds):
            yield from (jobs[turn] for jobs in self._waiting.values() if turn < len(jobs))

    def add(self, job: Job) -> None:
        """Put a job behind its person's others."""
        self._waiting.setdefault(job.asker_id, deque()).append(job)

    def take(self) -> Job | None:
        """Take the next job of a person who is not being served; `done` ends the serving."""
        for person, jobs in self._waiting.items():
            if person not in self._served:
                job = jobs.popleft()
                del self._waiting[person]
                if jobs:
                    self._waiting[person] = jobs  # to the end of the round
                self._served.add(person)
                return job
        return None

    def done(self, job: Job) -> None:
        """Let the person of a taken job be served again."""
        self._served.discard(job.asker_id)

    def is_served(self, person: int) -> bool:
        """Tell whether a job of this person is taken and not done."""
        return person in self._served

    def remove(self, job_id: int) -> Job | None:
        """Take a job out of turn, as when it is cancelled."""
        for person, jobs in self._waiting.items():
            for job in jobs:
                if job.id == job_id:
                    jobs.remove(job)
                    if not jobs:
                        del self._waiting[person]
                    return job
        return None

    def positions(self) -> dict[int, int]:
        """Number the waiting jobs from 1 in the order in which they would be taken."""
        return {job.id: position for position, job in enumerate(self, start=1)}

    def position_of_next(self, person: int) -> int:
        """Tell the number that a new job of this person would get."""
        own = len(self._waiting.get(person, ()))
        people = list(self._waiting)
        before = set(people[: people.index(person)] if person in people else people)
        ahead = sum(
            min(len(jobs), own + (other in before))
            for other, jobs in self._waiting.items()
            if other != person
        )
        return own + ahead + 1
