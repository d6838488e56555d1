"""The model's own thread, and the way from it to the event loops that wait for answers."""

import asyncio
import logging
from collections import defaultdict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from threading import Lock, Timer

from inference.checkpoint.memory import give_back
from inference.engine.sequence import Sequence
from inference.engine.step_watch import StepWatch
from inference.engine.turns import Delivery, Turns
from inference.errors import EngineClosedError, GenerationError, InferenceError
from inference.interface import Delta

logger = logging.getLogger(__name__)

Load = Callable[[Callable[[], None]], Turns]
"""Load the model again; calls what it is given now and then, which raises to end the loading."""


class Stream:
    """What one request is given, taken in its own event loop."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._items: asyncio.Queue[Delta | InferenceError] = asyncio.Queue()

    def put(self, item: Delta | InferenceError) -> None:
        """Give the request something; only in its own event loop."""
        self._items.put_nowait(item)

    async def take(self) -> Delta:
        """Return the next delta; raises the error that ended the request."""
        item = await self._items.get()
        if isinstance(item, InferenceError):
            raise item
        return item


class ModelThread:
    """Take turns on one thread for as long as there is work; then it rests.

    A turn longer than `step_seconds` hangs: everybody is told, and nothing is accepted any more.
    After a rest of `release_after` seconds the model is let go; who asks then has it loaded again.
    """

    def __init__(
        self,
        turns: Turns,
        step_seconds: float,
        load: Load | None = None,
        release_after: float | None = None,
    ) -> None:
        self.stopped: Future[None] = Future()
        self.stopped.set_running_or_notify_cancel()  # whoever waits for it cannot cancel it
        self._turns: Turns | None = turns
        self._step_seconds = step_seconds
        self._load = load
        self._release_after = release_after
        self._executor = ThreadPoolExecutor(1, "model")
        self._lock = Lock()
        self._is_open = True
        self._posts: deque[Callable[[Turns], None]] = deque()
        self._at_work = False
        self._streams: dict[Sequence, Stream] = {}
        self._nap: Timer | None = None
        self._rest()

    @property
    def is_loaded(self) -> bool:
        """Tell whether the model is in memory."""
        return self._turns is not None

    def usage(self) -> dict[str, int]:
        """Tell what of the memory for answers and pictures is in use; nothing after a release."""
        turns = self._turns  # its own thread lets go of it
        return turns.usage() if turns else {}

    def check_open(self) -> None:
        """Raise EngineClosedError where nothing is accepted any more."""
        if not self._is_open:
            raise EngineClosedError("The engine is closed.")

    def start(self, sequence: Sequence) -> Stream:
        """Hand over a sequence; its answer comes to the running event loop."""
        stream = Stream()
        with self._lock:
            self.check_open()
            self._streams[sequence] = stream
            self._post(lambda turns: turns.add(sequence))
        return stream

    def cancel(self, sequence: Sequence) -> None:
        """Let a sequence go, unless it is over."""
        with self._lock:
            if self._streams.pop(sequence, None):
                self._post(lambda turns: turns.cancel(sequence))

    def forget(self, scope_prefix: str) -> None:
        """Forget these scopes before the next turn takes on anything that comes later."""
        with self._lock:
            if self._is_open and (self.is_loaded or self._at_work):
                self._post(lambda turns: turns.forget(scope_prefix))

    def release(self) -> Future[None]:
        """Let go of the model as soon as nobody waits for an answer, if it can be loaded again."""
        return self._executor.submit(self._let_go)

    async def close(self) -> None:
        """Tell everybody, wait for the turn in hand unless it hangs, let go of the model."""
        if self._shut(EngineClosedError("The engine was closed.")):
            self._executor.submit(self._end)
            self._executor.shutdown(wait=False)
        end = asyncio.wrap_future(self.stopped)
        await asyncio.wait({end})
        end.exception()  # a hang is told to who waits for `stopped`

    def _post(self, action: Callable[[Turns], None]) -> None:
        self._posts.append(action)
        if self._nap:
            self._nap.cancel()
        if not self._at_work:
            self._at_work = True
            self._executor.submit(self._work)

    def _work(self) -> None:
        try:
            with StepWatch(self._step_seconds, self._hang) as watch:
                if turns := self._turns or self._wake(watch):
                    while self._has_work(turns):
                        watch.step()
                        self._hand_out(turns.turn())
                    self._rest()
        except BaseException as error:  # pyo3's panics are no Exception
            logger.exception("The model's thread failed")
            self._fail(GenerationError(f"The engine failed: {error}"))

    def _wake(self, watch: StepWatch) -> Turns | None:
        """Load the model again; where that fails, tell all who wait and give back what it took."""

        def go_on() -> None:
            watch.step()
            self.check_open()

        assert self._load
        try:
            self._turns = self._load(go_on)
        except InferenceError as error:
            fault = f"The model cannot be loaded again: {error}"
            with self._lock:
                self._posts.clear()
                self._at_work = False
                waiting = list(self._streams)
            if waiting:
                logger.error(fault)  # noqa: TRY400
            self._hand_out([(sequence, GenerationError(fault)) for sequence in waiting])
        if not self._turns:  # now that no error holds what was loaded
            give_back()
        return self._turns

    def _rest(self) -> None:
        if self._release_after is not None and self._load:
            with self._lock:
                if self._is_open and not self._at_work:
                    self._nap = Timer(self._release_after, self._doze)
                    self._nap.daemon = True
                    self._nap.start()

    def _doze(self) -> None:
        with suppress(RuntimeError):  # the engine was closed just now
            self.release()

    def _let_go(self) -> None:
        with self._lock:
            if not (self._load and self._turns) or self._at_work:
                return
            turns, self._turns = self._turns, None
        turns.release()
        del turns
        give_back()
        logger.info("The model is let go; the next question loads it again.")

    def _end(self) -> None:
        turns, self._turns = self._turns, None
        try:
            if turns:
                turns.release()
            del turns
            give_back()
        except Exception:  # of a card that is broken
            logger.exception("The model's memory could not be given back")
        with self._lock:
            if not self.stopped.done():
                self.stopped.set_result(None)

    def _has_work(self, turns: Turns) -> bool:
        with self._lock:
            while self._posts:
                self._posts.popleft()(turns)
            self._at_work = turns.has_work and self._is_open
            return self._at_work

    def _hang(self) -> None:
        self._fail(GenerationError(f"A step took more than {self._step_seconds:g} seconds."))

    def _fail(self, fault: GenerationError) -> None:
        self._shut(fault)
        with self._lock:
            if not self.stopped.done():
                self.stopped.set_exception(fault)

    def _shut(self, reason: InferenceError) -> bool:
        """Accept nothing any more and tell everybody why; False where that was done before."""
        with self._lock:
            if not self._is_open:
                return False
            self._is_open = False
            self._posts.clear()
            if self._nap:
                self._nap.cancel()
            sequences = list(self._streams)
        self._hand_out([(sequence, type(reason)(*reason.args)) for sequence in sequences])
        return True

    def _hand_out(self, deliveries: list[Delivery]) -> None:
        by_loop = defaultdict(list)
        with self._lock:
            for sequence, item in deliveries:
                if stream := self._streams.get(sequence):
                    by_loop[stream.loop].append((stream, item))
                    if isinstance(item, InferenceError) or item.ending:
                        del self._streams[sequence]
        for loop, items in by_loop.items():
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_put, items)


def _put(items: list[tuple[Stream, Delta | InferenceError]]) -> None:
    for stream, item in items:
        stream.put(item)
