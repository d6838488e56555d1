"""One step of the decoder over rows of many sequences. What a step holds is decided elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

from inference.cache import KeyValues
from inference.sampling import choose
from inference.scheduler import Segment

ATTENTION = "slots"


class Runner:
    """The decoder of a Phi-3-vision model over slots.

    The rows of all sequences lie end to end, so that each matrix of the model is read once a step;
    only attention goes through the sequences one by one. Each row's rope comes from a table, so
    that no sequence's factors depend on its neighbours.
    """

    def __init__(self, model: Any, slot_lengths: tuple[int, ...]) -> None:
        config = model.config
        self._decoder = model.model.language_model
        self._decoder.config._attn_implementation = ATTENTION
        self._head = model.lm_head
        self._device = self._decoder.device
        self.key_values = KeyValues(
            slot_lengths,
            config.num_hidden_layers,
            config.num_key_value_heads,
            config.hidden_size // config.num_attention_heads,
            like=self._decoder.embed_tokens.weight,
        )
        for slot in range(len(slot_lengths)):
            self.key_values.reserve(slot)
        self._short_rope = self._rope(
            min(config.original_max_position_embeddings, max(slot_lengths))
        )
        self._long_rope = self._rope(max(slot_lengths))

    @torch.inference_mode()
    def step(
        self, segments: list[Segment], pictures: Mapping[int, torch.Tensor]
    ) -> list[int | None]:
        """Compute the segments; return the token chosen after each that has a draw.

        `pictures` are the decoder rows (rows, hidden size) of the pictures named by the segments.
        None stands for a token that cannot be chosen, since the model computed no numbers.
        """
        hidden = self._embed(segments, pictures)
        packed = Packed.of(segments, self.key_values, like=hidden)
        rope = self._rope_of(segments)
        for layer in self._decoder.layers:
            hidden = layer(hidden, position_embeddings=rope, packed=packed)
        drawing = [run.stop - 1 for run in packed.runs if run.segment.draw]
        if not drawing:
            return []
        logits = self._head(self._decoder.norm(hidden[0, drawing]))
        return choose(logits, [segment.draw for segment in segments if segment.draw])

    def _rope(self, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        positions = torch.arange(length, device=self._device)[None]
        with torch.inference_mode():
            cos, sin = self._decoder.rotary_emb(self._decoder.embed_tokens.weight, positions)
        return cos[0], sin[0]

    def _embed(self, segments: list[Segment], pictures: Mapping[int, torch.Tensor]) -> torch.Tensor:
        ids = torch.tensor([token for segment in segments for token in segment.ids])
        embedded = self._decoder.embed_tokens(ids.to(self._device))
        first = 0
        for segment in segments:
            for span in segment.spans:
                start, stop = max(span.start, segment.start), min(span.stop, segment.stop)
                at = first - segment.start
                embedded[at + start : at + stop] = pictures[span.key][
                    start - span.start : stop - span.start
                ]
            first += len(segment.ids)
        return embedded[None]

    def _rope_of(self, segments: list[Segment]) -> tuple[torch.Tensor, torch.Tensor]:
        tables = [
            (self._long_rope if segment.long_rope else self._short_rope, segment)
            for segment in segments
        ]
        cos, sin = (
            torch.cat([table[part][segment.start : segment.stop] for table, segment in tables])
            for part in (0, 1)
        )
        return cos[None], sin[None]


def bytes_per_token(model: Any) -> int:
    """Return the bytes that the keys and values of one token take."""
    config = model.config
    head_size = config.hidden_size // config.num_attention_heads
    numbers = 2 * config.num_hidden_layers * config.num_key_value_heads * head_size
    return int(numbers * model.dtype.itemsize)


@dataclass(frozen=True, slots=True)
class Run:
    """Where a segment's rows lie in the step."""

    segment: Segment
    start: int
    stop: int
    mask: torch.Tensor | None
    """(rows, rows of the slot): 0 where a row may look, else -inf; None for a single row: all."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The segments of a step, end to end."""

    runs: list[Run]
    key_values: KeyValues

    @classmethod
    def of(cls, segments: list[Segment], key_values: KeyValues, like: torch.Tensor) -> "Packed":
        """Lay segments end to end."""
        runs = []
        start = 0
        for segment in segments:
            stop = start + len(segment.ids)
            runs.append(Run(segment, start, stop, _causal_mask(segment, like)))
            start = stop
        return cls(runs, key_values)


def attend(
    module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: None,  # noqa: ARG001
    scaling: float,
    packed: Packed,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attend each run to its own slot.

    `query`, `key` and `value` are (1, heads, rows, head size); returns (1, rows, heads, head size).
    """
    attended = []
    for run in packed.runs:
        rows = slice(run.start, run.stop)
        keys, values = packed.key_values.write(
            module.layer_idx,
            run.segment.slot,
            run.segment.start,
            key[0, :, rows],
            value[0, :, rows],
        )
        if query.is_cpu and run.mask is None:
            attended.append(_attend_one_row(query[:, :, rows], keys, values, scaling))
        else:
            attended.append(_attend_rows(query[:, :, rows], keys, values, run.mask, scaling))
    return torch.cat(attended, dim=2).transpose(1, 2), None


AttentionInterface.register(ATTENTION, attend)


def _attend_rows(
    query: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    mask: torch.Tensor | None,
    scaling: float,
) -> torch.Tensor:
    return scaled_dot_product_attention(
        query,
        keys[None],
        values[None],
        attn_mask=mask,
        scale=scaling,
        enable_gqa=query.shape[1] != len(keys),
    )


def _attend_one_row(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scaling: float
) -> torch.Tensor:
    # On a CPU several times as fast as scaled_dot_product_attention, which is made for many rows.
    grouped = query.float().view(len(keys), -1, query.shape[-1]) * scaling
    weights = (keys.float() @ grouped.mT).softmax(dim=1)
    return (weights.mT @ values.float()).view_as(query).to(query.dtype)


def _causal_mask(segment: Segment, like: torch.Tensor) -> torch.Tensor | None:
    rows = len(segment.ids)
    if rows == 1:
        return None
    return like.new_full((rows, segment.stop), -torch.inf).triu(segment.start + 1)
