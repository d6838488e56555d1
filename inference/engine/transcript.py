"""Tokens in, text that can be shown out, and when an answer is over."""

import codecs
import re
from collections import deque
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from inference.engine.stop_text import StopText
from inference.interface import StopReason

if TYPE_CHECKING:
    from tokenizers import Tokenizer

BYTE_TOKEN = re.compile(r"<0x([0-9A-F]{2})>")
LONGEST_ROUND = 80
ROUNDS = 3
CIRCLE = 60
SHORT_ROUND = 20
SHORT_CIRCLE = 160
"""Tokens in all that make a circle; of rounds that are shorter than 20 it takes more."""


@dataclass(frozen=True)
class Vocabulary:
    """What the tokens of a model mean."""

    tokenizer: "Tokenizer"
    bytes: dict[int, int]
    """The tokens that stand for one byte each, with that byte."""
    control: frozenset[int]
    """The tokens that are never shown."""
    ends: frozenset[int]
    """The tokens that end an answer."""

    @classmethod
    def of(cls, tokenizer: "Tokenizer", ends: Iterable[int]) -> "Vocabulary":
        """Read a tokenizer's vocabulary."""
        pieces = tokenizer.get_vocab(with_added_tokens=False)
        added = tokenizer.get_added_tokens_decoder()
        return cls(
            tokenizer,
            bytes={
                token: int(match[1], 16)
                for piece, token in pieces.items()
                if (match := BYTE_TOKEN.fullmatch(piece))
            },
            control=frozenset(token for token, added in added.items() if added.special),
            ends=frozenset(ends),
        )


class Detokenizer:
    """Turn tokens into text, one at a time, so that the pieces make up what decoding all gives.

    A run of byte tokens is held back until it ends: a later byte decides whether it is text.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._tokenizer = vocabulary.tokenizer
        self._bytes = vocabulary.bytes
        self._control = vocabulary.control
        self._recent: list[int] = []
        """The last word shown, which the decoder needs to see, and what came after it."""
        self._shown = 0

    def add(self, token: int) -> str:
        """Take one more token; return the text that it settles."""
        if token in self._control or self._tokenizer.id_to_token(token) is None:
            return ""
        self._recent.append(token)
        return "" if token in self._bytes else self._settle()

    def end(self) -> str:
        """Return the text held back, without a character that is not complete."""
        run: list[int] = []
        while self._recent and self._recent[-1] in self._bytes:
            run.insert(0, self._recent.pop())
        self._recent += run[: _complete(bytes(self._bytes[token] for token in run))]
        return self._settle()

    def _settle(self) -> str:
        text = self._tokenizer.decode(self._recent)
        new = text[self._shown :]
        if new:
            self._recent = self._recent[-1:]
            self._shown = len(self._tokenizer.decode(self._recent))
        return new


class LoopGuard:
    """Tell when an answer goes round in a circle: the same up to 80 tokens, on end, to the letter.

    A few short rounds are none yet: a row of zeros or a dotted line looks the same.
    """

    def __init__(self, rounds: int = ROUNDS) -> None:
        self._rounds = rounds
        self._last: deque[Hashable] = deque(maxlen=LONGEST_ROUND)
        """The newest first."""
        self._same = [0] * (LONGEST_ROUND + 1)
        """By length of a round, how many tokens have been what stood one round before."""

    def add(self, token: Hashable) -> bool:
        """Take one more token; tell whether the answer goes round in a circle."""
        for length, before in enumerate(self._last, start=1):
            self._same[length] = self._same[length] + 1 if before == token else 0
        self._last.appendleft(token)
        return self._has_said(self._rounds, SHORT_CIRCLE)

    @property
    def is_repeating(self) -> bool:
        """Tell of an answer that may not go on whether it would have gone on in a circle."""
        return self._has_said(ROUNDS, CIRCLE)

    def _has_said(self, rounds: int, of_short_ones: int) -> bool:
        shortest: dict[int, int] = {}  # four rounds of 5 tokens are no round of 20
        for length, same in enumerate(self._same):
            if same:
                shortest.setdefault(same + length, length)
        return any(
            said >= max(rounds * length, of_short_ones if length < SHORT_ROUND else CIRCLE)
            for said, length in shortest.items()
        )


class Transcript:
    """What has been answered so far."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        max_new_tokens: int,
        stop: tuple[str, ...] = (),
        loop_rounds: int | None = None,
    ) -> None:
        self.tokens: list[int] = []
        self._detokenizer = Detokenizer(vocabulary)
        self._ends = vocabulary.ends
        self._max_new_tokens = max_new_tokens
        self._text = StopText(stop)
        self._loop_guard = LoopGuard(loop_rounds) if loop_rounds else None

    def add(self, token: int) -> StopReason | None:
        """Take one more token; return why the answer is over, if it is."""
        self.tokens.append(token)
        if token in self._ends:
            return self.end(StopReason.END)
        if self._text.add(self._detokenizer.add(token)):
            return StopReason.STOP
        if self._loop_guard and self._loop_guard.add(token):
            return self.end(StopReason.LOOP)
        if len(self.tokens) >= self._max_new_tokens:
            is_circle = self._loop_guard is not None and self._loop_guard.is_repeating
            return self.end(StopReason.LOOP if is_circle else StopReason.LENGTH)
        return None

    def end(self, reason: StopReason) -> StopReason:
        """Let go of all that was held back; a stop string in it is the reason after all."""
        if self._text.add(self._detokenizer.end()):
            return StopReason.STOP
        self._text.end()
        return reason

    def take(self) -> str:
        """Return the text that can be shown and has not been taken before."""
        return self._text.take()


def _complete(data: bytes) -> int:
    # A run that is not UTF-8 at all stays whole: the tokenizer has its own way to show it.
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        return len(decoder.decode(data).encode())
    except UnicodeDecodeError:
        return len(data)
