"""The decoder as a function of tensors whose shapes are fixed."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch.nn import functional as F

from inference.decoder.arena import Arena
from inference.decoder.attention import Attend
from inference.decoder.sampling import likeliest


@dataclass(frozen=True, slots=True)
class Places:
    """Where the rows of a step lie; all tensors hold integers."""

    positions: torch.Tensor
    """(rows,): in the rope table, whose second half has the long factors."""
    rows: torch.Tensor
    """(rows,): in the arena."""
    starts: torch.Tensor
    """(runs + 1,), int32: the arena's first row of each run; the last one again, for kernels."""
    lengths: torch.Tensor
    """(runs,), int32: the rows of each, with those of this step."""
    first_queries: torch.Tensor
    """(runs + 1,), int32: where the rows of each begin within the step."""
    longest: int
    """The most rows that one sequence has in the step."""


class Decoded(NamedTuple):
    """What comes after one row of each sequence."""

    logits: torch.Tensor
    """(sequences, vocabulary)."""
    tokens: torch.Tensor
    """(sequences,): the likeliest; -1 where the logits are no finite numbers."""


Decode = Callable[[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor], Decoded]
"""`Step.decode`, or what equals it."""
Score = Callable[[torch.Tensor, Places, torch.Tensor], torch.Tensor]
"""`Step.score`, or what equals it."""


class Step:
    """A Phi-3 decoder over an arena; it computes with the model's own linear layers.

    The rows of all sequences lie end to end, so that each matrix is read once a step. Each row's
    rope comes from a table, so that no sequence's factors depend on its neighbours.
    """

    def __init__(
        self,
        model: Any,
        arena: Arena,
        rope: torch.Tensor,
        attend: Attend,
        pieces: Callable[[int], int] = lambda _: 1,
    ) -> None:
        self._decoder = model.model.language_model
        self._head = model.lm_head
        self._arena = arena
        self._rope = rope
        self._attend = attend
        self._pieces = pieces
        self._heads: int = model.config.num_attention_heads
        self._key_heads: int = model.config.num_key_value_heads
        self._head_size = model.config.hidden_size // self._heads
        self._scaling = self._head_size**-0.5

    @torch.inference_mode()
    def decode(
        self,
        tokens: torch.Tensor,
        positions: torch.Tensor,
        starts: torch.Tensor,
        lengths: torch.Tensor,
    ) -> Decoded:
        """Compute the next row of each sequence: all are (sequences,) int64, on the device.

        `lengths` count the new row. Nothing in here depends on what the tensors hold but numbers.
        """
        rows = starts + lengths - 1
        starts, lengths = in_pieces(starts, lengths, self._pieces(len(tokens)))
        places = Places(
            positions,
            rows,
            torch.cat([starts, starts[-1:]]).to(torch.int32),
            lengths.to(torch.int32),
            torch.arange(len(lengths) + 1, dtype=torch.int32, device=tokens.device),
            longest=1,
        )
        logits = self.logits(self.hidden(self.embed(tokens), places))
        return Decoded(logits, likeliest(logits))

    @torch.inference_mode()
    def score(self, hidden: torch.Tensor, places: Places, rows: torch.Tensor) -> torch.Tensor:
        """Run embedded rows through all layers; score what comes after some of them."""
        hidden = self.hidden(hidden, places)
        return self.logits(hidden[rows]) if len(rows) else hidden[:0]

    def embed(self, tokens: torch.Tensor) -> torch.Tensor:
        """Look tokens up: (rows,) → (rows, hidden size)."""
        embedded: torch.Tensor = self._decoder.embed_tokens(tokens)
        return embedded

    def hidden(self, hidden: torch.Tensor, places: Places) -> torch.Tensor:
        """Run embedded rows (rows, hidden size) through all layers."""
        cos, sin = self._rope[places.positions].unbind(1)
        for layer, kept in zip(self._decoder.layers, self._arena.layers, strict=True):
            hidden = self._through(layer, hidden, kept, places, cos, sin)
        return hidden

    def logits(self, hidden: torch.Tensor) -> torch.Tensor:
        """Score what comes after each row: (rows, vocabulary)."""
        logits: torch.Tensor = self._head(_norm(self._decoder.norm, hidden))
        return logits

    def _through(
        self,
        layer: Any,
        hidden: torch.Tensor,
        kept: torch.Tensor,
        places: Places,
        cos: torch.Tensor,
        sin: torch.Tensor,
    ) -> torch.Tensor:
        attended = self._attend(
            self._store(layer, hidden, kept, places, cos, sin),
            kept,
            places.starts,
            places.lengths,
            places.first_queries,
            places.longest,
            self._scaling,
        )
        hidden = hidden + layer.self_attn.o_proj(attended.flatten(1))
        gate_up = layer.mlp.gate_up_proj(_norm(layer.post_attention_layernorm, hidden))
        gate, up = gate_up.chunk(2, -1)
        return hidden + layer.mlp.down_proj(layer.mlp.activation_fn(gate) * up)

    def _store(
        self,
        layer: Any,
        hidden: torch.Tensor,
        kept: torch.Tensor,
        places: Places,
        cos: torch.Tensor,
        sin: torch.Tensor,
    ) -> torch.Tensor:
        """Write the rows' keys and values down; return their queries."""
        projected = layer.self_attn.qkv_proj(_norm(layer.input_layernorm, hidden))
        all_heads = projected.view(len(hidden), -1, self._head_size)
        turning = all_heads[:, : self._heads + self._key_heads]
        left, right = turning.chunk(2, -1)
        across = torch.cat([right, left], -1)
        turning.mul_(cos).addcmul_(across, sin)  # in place: on a card each operator costs 2 to 3 us
        queries, others = all_heads.tensor_split([self._heads], 1)
        kept.index_copy_(0, places.rows, others.unflatten(1, (2, self._key_heads)))
        return queries


@torch.inference_mode()
def rope_table(model: Any, rows: int) -> torch.Tensor:
    """Return cosines and sines (2 · rows, 2, 1, head size), the sines' first half turned round.

    In the first half with the factors of short sequences, in the second with those of long ones.
    """
    decoder = model.model.language_model
    like, switch = decoder.embed_tokens.weight, model.config.original_max_position_embeddings
    positions = torch.arange(max(rows, switch + 1), device=like.device)
    tables = []
    for length in (min(rows, switch), len(positions)):
        cos, sin = (part[0] for part in decoder.rotary_emb(like, positions[None, :length]))
        half = cos.shape[-1] // 2
        signed = torch.cat([-sin[:, :half], sin[:, half:]], -1)
        table = torch.stack([cos, signed], 1)[:rows, :, None]
        tables.append(F.pad(table, (0, 0, 0, 0, 0, 0, 0, rows - len(table))))
    return torch.cat(tables)


def in_pieces(
    starts: torch.Tensor, lengths: torch.Tensor, pieces: int
) -> tuple[torch.Tensor, torch.Tensor]:
    """Cut runs into so many pieces each, as equal as may be: (runs · pieces,) both."""
    if pieces == 1:
        return starts, lengths
    numbers = torch.arange(pieces + 1, device=starts.device)
    bounds = lengths[:, None] * numbers // pieces
    return (starts[:, None] + bounds[:, :-1]).flatten(), bounds.diff().flatten()


def _norm(norm: Any, hidden: torch.Tensor) -> torch.Tensor:
    return F.rms_norm(hidden, norm.weight.shape, norm.weight, norm.variance_epsilon)
