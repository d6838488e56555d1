"""What is done for one question: its pictures are fetched and decoded, and the model is asked."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from functools import partial
from typing import Any

from bot.errors import DeclinedError
from bot.jobs.attempt import Attempt
from bot.jobs.case import Case
from bot.jobs.hearing import apology, read_out
from bot.jobs.job import SEEN_ANEW, Job, Seen
from bot.jobs.outlet import Answer, Outlet, WithdrawnError
from bot.jobs.spool import Spool
from bot.jobs.subject import Exchange
from bot.metrics import Metrics
from bot.pictures.copies import COMPARED, Copy
from bot.pictures.decode import WORKERS, Decoder
from bot.pictures.fetch import Media
from inference import (
    TASKS,
    AnswerCutError,
    Ending,
    Engine,
    EngineClosedError,
    Form,
    Message,
    Opened,
    Picture,
    PictureError,
    Request,
    Source,
    Task,
    names_pages,
)

log = logging.getLogger(__name__)

FETCHED_AT_ONCE = 16
"""Jobs whose pictures are on their way; each picture takes memory while it comes."""
QUIET = 3.0
"""Seconds after which a person whose answer has not begun is told that we are looking."""
MOST_PICTURES = 4
"""Of one file: frames of an animation, or pages."""


class Sight:
    """Knows how a question is answered, one at a time or many; in which order, others decide."""

    def __init__(self, engine: Engine, spool: Spool, media: Media, metrics: Metrics) -> None:
        self._engine = engine
        self._spool = spool
        self._media = media
        self._metrics = metrics
        self._decoder = Decoder()
        self._fetching = asyncio.Semaphore(FETCHED_AT_ONCE)

    async def warm_up(self) -> None:
        """Start the decoders before the first picture comes, which else waits for them."""

        async def decode_nothing() -> None:
            with suppress(PictureError):
                await self._decoder.decode(b"")

        await asyncio.gather(*(decode_nothing() for _ in range(WORKERS)))

    async def fetch(self, case: Case) -> None:
        """Fetch what is not kept yet of a job's pictures, and copy what its answer shows of them.

        Begins anew where the question is edited meanwhile. Notes which cannot be had. Raises
        DeclinedError or PictureError where there is none.
        """
        while True:
            edits = case.edits
            try:
                await self._fetch_all(case)
            except Exception:
                if case.edits == edits:
                    raise
            if case.edits == edits:
                return
            self.forget(case.job)  # and what was found out too late
            case.change(**SEEN_ANEW)

    async def ask(self, outlet: Outlet, attempt: Attempt, *, busy: bool) -> Answer:
        """Ask the model and show what it says; until it speaks, that we are looking.

        Raises EngineClosedError or WithdrawnError; any other failure is an answer, too.
        """
        try:
            return await self._ask(outlet, attempt, busy=busy)
        except (EngineClosedError, WithdrawnError):
            raise
        except Exception as error:
            return apology(outlet.case.job, error)

    def sizes(self, job: Job) -> list[int]:
        """List the bytes of a job's pictures."""
        return [self._spool.size(job.id, number) for number in range(len(job.links))]

    def forget(self, job: Job) -> None:
        """Delete a job's pictures."""
        self._spool.remove(job.id)

    def keep_only(self, jobs: list[Job]) -> None:
        """Delete the pictures of all other jobs, as a crash may have left some."""
        self._spool.keep_only({job.id for job in jobs})

    def close(self) -> None:
        """End the decoders."""
        self._decoder.close()

    async def _fetch_all(self, case: Case) -> None:
        job, edits = case.job, case.edits
        for number, link in enumerate(job.links):
            if number not in case.job.missing and not self._spool.has(job.id, number):
                with _others_go_on(case, number, DeclinedError):
                    data = await self._fetch(link)
                    if case.edits != edits:
                        return
                    await asyncio.to_thread(self._spool.keep, job.id, number, data)
        if job.shows_pictures and not job.copies:
            await self._copy(case)

    async def _fetch(self, link: str) -> bytes:
        async with self._fetching:
            data = await self._media.fetch(link)
        self._metrics.picture_bytes.observe(len(data))
        return data

    async def _ask(self, outlet: Outlet, attempt: Attempt, *, busy: bool) -> Answer:
        sign = _after(QUIET, outlet.looking) if self._engine.is_loaded else outlet.waking()
        async with _meanwhile(sign):
            files = await self._files(outlet.case)
            task = TASKS[outlet.case.job.task]
            request, english = self._requests(outlet.case.job, task, files, busy=busy)
            text, ending = await self._generate(outlet, attempt, request)
            is_empty = task.reading(text, ending).form is Form.EMPTY
            if in_english := is_empty and english != request:
                text, ending = await self._generate(outlet, attempt, english)
        outcome = "refused" if task.reading(text, ending).form is Form.REFUSAL else "answered"
        opened = files[0] if len(files) == 1 else None
        return Answer(outcome, text, ending, in_english, opened=opened)

    async def _generate(
        self, outlet: Outlet, attempt: Attempt, request: Request
    ) -> tuple[str, Ending]:
        def begun() -> None:
            attempt.speak()
            self._metrics.begun(outlet.case.job.task, outlet.case.began)

        await attempt.begin()
        try:
            text, ending = await read_out(self._engine.generate(request), outlet.draft, begun)
        except AnswerCutError as error:
            log.warning("Job %s is asked again from the start: %s", outlet.case.job.id, error)
            text, ending = await read_out(self._engine.generate(request), outlet.draft, begun)
        self._metrics.said(ending)
        return text, ending

    def _requests(
        self, job: Job, task: Task, files: tuple[Opened, ...], *, busy: bool
    ) -> tuple[Request, Request]:
        """Ask in the asker's language, where the model is known to speak it, and in English."""
        pictures = tuple(picture for file in files for picture in file.pictures)
        source = files[0].source if len(files) == 1 else Source.PICTURE
        said = job.earlier[_turn_of_pages(job) :] if source is Source.PAGES else job.earlier
        request = partial(
            task.request,
            () if said else pictures,
            job.question,
            kind=self._engine.kind,
            detail=job.detail,
            locale=job.locale,
            earlier=self._earlier(job, said, pictures, source),
            seed=job.seed,
            busy=busy,
            scope=job.scope,
            source=source,
        )
        return request(language=job.language), request(language="en")

    def _earlier(
        self,
        job: Job,
        exchanges: tuple[Exchange, ...],
        pictures: tuple[Picture, ...],
        source: Source,
    ) -> tuple[Message, ...]:
        """Say again what was said before, in the same words: the engine may still know them."""
        messages: list[Message] = []
        for number, said in enumerate(exchanges):
            messages += TASKS[said.task].exchange(
                said.answer,
                () if number else pictures,
                said.question,
                kind=self._engine.kind,
                locale=job.locale,
                source=source,
            )
        return tuple(messages)

    async def _copy(self, case: Case) -> None:
        """Make the copies that an answer shows; what is asked later is asked about them, too."""
        copies, opened, most = list[Copy](), list[Opened](), _most_of_a_file(case.job)
        edits = case.edits
        for number in case.job.present:
            with _others_go_on(case, number, PictureError), self._refusals_counted():
                data = await asyncio.to_thread(self._spool.read, case.job.id, number)
                file, new = await self._decoder.copy(
                    data, _choosing_question(case.job), most, case.job.upload_limit
                )
                opened.append(file)
                copies += new
        if case.edits != edits:
            return
        _describe_the_one_left(case, len(opened))
        named = {f"{number}.{kind}": data for number, (kind, data) in enumerate(copies, start=1)}
        if case.job.task == "compare":
            limit = case.job.upload_limit
            named[COMPARED] = await self._decoder.compare([*named.values()], limit)
        for name, data in named.items():
            await asyncio.to_thread(self._spool.keep, case.job.id, name, data)
        file, seen = opened[0], None
        if len(opened) == 1 and file.total > 1:
            seen = Seen(file.source, file.numbers, file.total)
        case.change(copies=tuple(named), seen=seen)

    async def _files(self, case: Case) -> tuple[Opened, ...]:
        """Open a job's files, or their copies: of one alone, also several frames or pages.

        Raises PictureError where none can be opened. What is left alone is described.
        """
        job, files = case.job, list[Opened]()
        if job.copies:
            return await self._copied(job)
        most = _most_of_a_file(job)
        for number in job.present:
            with _others_go_on(case, number, PictureError):
                files.append(await self._open(job, number, most))
        _describe_the_one_left(case, len(files))
        return tuple(files)

    async def _copied(self, job: Job) -> tuple[Opened, ...]:
        most, names = _most_of_a_file(job), [name for name in job.copies if name != COMPARED]
        files = tuple([await self._open(job, name, most) for name in names])
        if job.seen is None:
            return files
        pictures = tuple(picture for file in files for picture in file.pictures)
        return (Opened(pictures, job.seen.source, job.seen.numbers, job.seen.total),)

    async def _open(self, job: Job, name: int | str, most: int) -> Opened:
        data = await asyncio.to_thread(self._spool.read, job.id, name)
        with self._refusals_counted():
            return await self._decoder.open(data, _choosing_question(job), most)

    @contextmanager
    def _refusals_counted(self) -> Iterator[None]:
        try:
            yield
        except PictureError as error:
            self._metrics.refusals.labels(type(error).__name__).inc()
            raise


@contextmanager
def _others_go_on(case: Case, number: int, fault: type[Exception]) -> Iterator[None]:
    """Note that a picture is missing where there is such a fault with it and not with all."""
    try:
        yield
    except fault:
        missing = (*case.job.missing, number)
        if len(missing) == len(case.job.links):
            raise
        case.change(missing=missing)


def _describe_the_one_left(case: Case, files: int) -> None:
    """Describe a picture that cannot be compared, since the others are missing."""
    if case.job.task == "compare" and files == 1 and not case.job.earlier:
        case.change(task="describe", question="", one_left=True)


def _turn_of_pages(job: Job) -> int:
    """Tell which question, from 0, chose a document's pages: the last that names any, or the first.

    What was said before it is about others.
    """
    return max((at for at, each in enumerate(_questions(job)) if names_pages(each)), default=0)


def _choosing_question(job: Job) -> str:
    return _questions(job)[_turn_of_pages(job)]


def _questions(job: Job) -> list[str]:
    return [*(said.question for said in job.earlier), job.question]


def _most_of_a_file(job: Job) -> int:
    """Tell how many frames or pages of each file are looked at."""
    return min(TASKS[job.task].max_pictures, MOST_PICTURES) if len(job.present) == 1 else 1


async def _after(seconds: float, say: Callable[[], Awaitable[None]]) -> None:
    await asyncio.sleep(seconds)
    await say()


@asynccontextmanager
async def _meanwhile(note: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Say something beside other work, which ends, too, where that cannot be said any more."""
    try:
        async with asyncio.TaskGroup() as group:
            noted = group.create_task(note)
            yield
            noted.cancel()
    except BaseExceptionGroup as failures:  # of the note, or of the work
        raise failures.exceptions[0] from None
