"""One step of the decoder over rows of many sequences. What a step holds is decided elsewhere."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Any

import torch

from inference.decoder.arena import Arena
from inference.decoder.attention import Attend, attend_one_by_one
from inference.decoder.sampling import choose
from inference.decoder.segment import Segment
from inference.decoder.step import Decode, Decoded, Places, Score, Step, rope_table


class Runner:
    """Computes segments with a Phi-3-vision model, over an arena of so many rows.

    `longest` is the most rows that a sequence gets.
    """

    def __init__(self, model: Any, rows: int, longest: int) -> None:
        config = model.config
        self.device: torch.device = model.device
        self._model = model
        self._longest = longest
        self.arena = Arena(
            rows,
            config.num_hidden_layers,
            config.num_key_value_heads,
            config.hidden_size // config.num_attention_heads,
            like=model.model.language_model.embed_tokens.weight,
        )
        self._rope = rope_table(model, longest)
        self._step = self.make_step()
        self.decode: Decode = self._step.decode
        self._score: Score = self._step.score

    def make_step(
        self, attend: Attend = attend_one_by_one, pieces: Callable[[int], int] = lambda _: 1
    ) -> Step:
        """Return the decoder over this arena, with another way to attend.

        `pieces` tells into how many a run is cut where a step has so many rows.
        """
        return Step(self._model, self.arena, self._rope, attend, pieces)

    def use(self, step: Step, decode: Decode, score: Score) -> None:
        """Compute prompts by `score` from now on, and single rows by `decode`: this step's."""
        self._step, self.decode, self._score = step, decode, score

    @torch.inference_mode()
    def step(
        self, segments: list[Segment], pictures: Mapping[int, torch.Tensor]
    ) -> list[int | None]:
        """Compute the segments; return the token chosen after each that has a draw.

        `pictures` are the decoder rows (rows, hidden size) of the pictures named by the segments.
        None stands for a token that cannot be chosen, since the model computed no numbers.
        """
        draws = [segment.draw for segment in segments if segment.draw]
        if all(len(segment.ids) == 1 and not segment.spans for segment in segments):
            logits, greedy = self._decode(segments)
            if len(draws) == len(segments):
                return choose(logits, draws, greedy)
            logits = logits[[row for row, segment in enumerate(segments) if segment.draw]]
        else:
            logits = self._compute(segments, pictures)
        return choose(logits, draws) if draws else []

    def _decode(self, segments: list[Segment]) -> Decoded:
        packed = [
            [segment.ids[0] for segment in segments],
            [self._first_position(segment) for segment in segments],
            [segment.base for segment in segments],
            [segment.stop for segment in segments],
        ]
        return self.decode(*self._to_device(packed))

    def _compute(
        self, segments: list[Segment], pictures: Mapping[int, torch.Tensor]
    ) -> torch.Tensor:
        counts = [len(segment.ids) for segment in segments]
        firsts = [0, *accumulate(counts)]
        ids, positions, rows = self._to_device(
            [
                [token for segment in segments for token in segment.ids],
                _runs(segments, self._first_position),
                _runs(segments, lambda segment: segment.base + segment.start),
            ]
        )
        drawing = [
            last - 1 for last, segment in zip(firsts[1:], segments, strict=True) if segment.draw
        ]
        bases = [segment.base for segment in segments]
        stops = [segment.stop for segment in segments]
        starts, lengths, first_queries, drawn = self._to_device(
            [
                [*bases, bases[-1]],
                [*stops, 0],
                firsts,
                [*drawing, *[0] * (len(firsts) - len(drawing))],
            ],
            torch.int32,
        )
        places = Places(positions, rows, starts, lengths[:-1], first_queries, max(counts))
        embedded = self._step.embed(ids)
        for first, segment in zip(firsts, segments, strict=False):
            _put_pictures(embedded, first - segment.start, segment, pictures)
        return self._score(embedded, places, drawn[: len(drawing)])

    def _first_position(self, segment: Segment) -> int:
        return segment.start + (self._longest if segment.long_rope else 0)

    def _to_device(
        self, numbers: Sequence[Sequence[int]], dtype: torch.dtype = torch.int64
    ) -> tuple[torch.Tensor, ...]:
        """Carry rows of numbers over in one copy."""
        on_gpu = self.device.type == "cuda"
        packed = torch.tensor(numbers, dtype=dtype, pin_memory=on_gpu)
        # Elsewhere a copy that nobody waits for may outlive the memory that it reads.
        return packed.to(self.device, non_blocking=on_gpu).unbind()


def bytes_per_token(model: Any) -> int:
    """Return the bytes that the keys and values of one token take."""
    config = model.config
    head_size = config.hidden_size // config.num_attention_heads
    numbers = 2 * config.num_hidden_layers * config.num_key_value_heads * head_size
    return int(numbers * model.dtype.itemsize)


def _runs(segments: list[Segment], first: Callable[[Segment], int]) -> list[int]:
    return [
        number
        for segment in segments
        for number in range(first(segment), first(segment) + len(segment.ids))
    ]


def _put_pictures(
    embedded: torch.Tensor, offset: int, segment: Segment, pictures: Mapping[int, torch.Tensor]
) -> None:
    """Put pictures' rows in the place of their placeholders, `offset` from where they are said."""
    for span in segment.spans:
        start, stop = max(span.start, segment.start), min(span.stop, segment.stop)
        rows = pictures[span.key][start - span.start : stop - span.start]
        embedded[offset + start : offset + stop] = rows
