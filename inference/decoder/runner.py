"""One step of the decoder over rows of many sequences. What a step holds is decided elsewhere."""

from collections.abc import Mapping
from typing import Any

import torch

from inference.decoder.attention import SLOTS, Packed
from inference.decoder.cache import KeyValues
from inference.decoder.sampling import choose
from inference.decoder.step import Segment


class Runner:
    """The decoder of a Phi-3-vision model over slots.

    The rows of all sequences lie end to end, so that each matrix of the model is read once a step;
    only attention goes through the sequences one by one. Each row's rope comes from a table, so
    that no sequence's factors depend on its neighbours.
    """

    def __init__(self, model: Any, slot_lengths: tuple[int, ...]) -> None:
        config = model.config
        self._decoder = model.model.language_model
        self._decoder.config._attn_implementation = SLOTS
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

    @torch.inference_mode()
    def _rope(self, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        positions = torch.arange(length, device=self._device)[None]
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
