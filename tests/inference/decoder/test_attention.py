"""Attention over pieces of a run, as a card's kernel computes it, equals that over the whole."""

from typing import Any

import pytest
import torch

from inference.decoder.attention import _over_runs, attend_one_by_one
from inference.decoder.step import in_pieces

HEADS, SIZE = 4, 8
SCALING = SIZE**-0.5


def kernel(
    query: torch.Tensor,
    keys: torch.Tensor,
    values: torch.Tensor,
    first_queries: torch.Tensor,
    starts: torch.Tensor,
    *_: int,
    lengths: torch.Tensor,
    scaling: float,
) -> Any:
    """Do what flash-attn's does for one query a run: without rows nought, and infinite weight."""
    assert len(starts) == len(first_queries) == len(lengths) + 1 == len(query) + 1
    attended, weights = torch.zeros_like(query), query.new_full(query.shape[:2], torch.inf)
    for row, (start, length) in enumerate(zip(starts.tolist(), lengths.tolist(), strict=False)):
        if length:
            scores = torch.einsum("hd,khd->hk", query[row], keys[start : start + length]) * scaling
            attended[row] = torch.einsum(
                "hk,khd->hd", scores.softmax(-1), values[start : start + length]
            )
            weights[row] = scores.logsumexp(-1)
    return attended, weights.T


@pytest.mark.parametrize("pieces", [1, 2, 4, 8])
def test_pieces_put_together_are_the_whole(pieces: int) -> None:
    torch.manual_seed(0)
    layer, query = torch.randn(100, 2, HEADS, SIZE), torch.randn(3, HEADS, SIZE)
    starts, lengths = torch.tensor([[0, 40, 70], [37, 3, 8]])  # one shorter than it has pieces
    queries = torch.arange(4)
    whole = attend_one_by_one(query, layer, starts, lengths, queries, 1, SCALING)
    begins, parts = in_pieces(starts, lengths, pieces)
    assert parts.view(3, pieces).sum(1).tolist() == lengths.tolist()
    assert parts.view(3, pieces)[0].max() - parts.view(3, pieces)[0].min() <= 1
    near = _over_runs(kernel, 100)(
        query,
        layer,
        torch.cat([begins, begins[-1:]]),
        parts,
        torch.arange(3 * pieces + 1),
        1,
        SCALING,
    )
    torch.testing.assert_close(near, whole)
