"""A server's stream → pieces of text, and why they ended."""

import re

from openai.types import CompletionUsage
from openai.types.chat import ChatCompletionChunk

from inference.engine.stop_text import StopText
from inference.engine.transcript import LoopGuard
from inference.interface import Request, StopReason

_PIECE = re.compile(r"\w+|\W")
"""What the loop guard takes for a token: servers do not tell where theirs end."""


class Answer:
    """What one server has said to one request so far."""

    def __init__(self, request: Request) -> None:
        self.reason: StopReason | None = None
        """Why the answer is over, once it is."""
        self.usage: CompletionUsage | None = None
        """What the server has counted, if it tells."""
        self._text = StopText(request.stop)
        self._guard = LoopGuard(request.loop_rounds) if request.loop_rounds else None
        self._begun_piece = ""
        self._is_first = True

    @property
    def has_begun(self) -> bool:
        """Tell whether it has a first word, or is over without one."""
        return not self._is_first or self.reason is not None

    def add(self, chunk: ChatCompletionChunk) -> str:
        """Take what came next; return the text that can be shown."""
        self.usage = chunk.usage or self.usage
        for choice in chunk.choices:
            if self.reason is None and choice.delta and choice.delta.content:
                self._say(choice.delta.content)
            if self.reason is None and choice.finish_reason:
                self._end(self._reason(choice.finish_reason))
        return self._text.take()

    def end(self, reason: StopReason) -> str:
        """End the answer on our side; return the text that was held back."""
        self._end(reason)
        return self._text.take()

    def _reason(self, told: str) -> StopReason:
        if told != "length":
            return StopReason.END
        is_circle = self._guard is not None and self._guard.is_repeating
        return StopReason.LOOP if is_circle else StopReason.LENGTH

    def _say(self, content: str) -> None:
        if self._is_first:
            content = content.removeprefix(" ")  # vLLM shows the one that the first token has
            self._is_first = False
        if self._text.add(content):
            self.reason = StopReason.STOP
        elif self._guard and self._goes_round(self._guard, content):
            self._end(StopReason.LOOP)

    def _goes_round(self, guard: LoopGuard, content: str) -> bool:
        pieces = _PIECE.findall(self._begun_piece + content)
        self._begun_piece = pieces.pop() if pieces else ""
        return any(guard.add(piece) for piece in pieces)

    def _end(self, reason: StopReason) -> None:
        self.reason = reason
        self._text.end()
