"""Which token comes next."""

from collections.abc import Sequence

import torch

from inference.decoder.step import Draw

COLDEST = torch.finfo(torch.float32).tiny
"""A temperature that divides still; what is colder takes the likeliest just so."""


def choose(logits: torch.Tensor, draws: Sequence[Draw]) -> list[int | None]:
    """Choose a token for each row of `logits` (rows, vocabulary).

    None where a row holds something that is no finite number.
    """
    broken = ~logits.isfinite().all(-1)
    logits = logits.masked_fill(broken[:, None], 0.0)
    tokens = logits.argmax(-1)
    sampled = [row for row, draw in enumerate(draws) if draw.temperature > 0]
    if sampled:
        tokens[sampled] = _sample(logits[sampled], [draws[row] for row in sampled])
    tokens[broken] = -1
    return [token if token >= 0 else None for token in tokens.tolist()]


def _sample(logits: torch.Tensor, draws: Sequence[Draw]) -> torch.Tensor:
    temperature, top_p, point = torch.tensor(
        [(draw.temperature, draw.top_p, draw.point) for draw in draws], device=logits.device
    )[..., None].unbind(1)
    below_best = logits.float() - logits.amax(-1, keepdim=True)  # so that none overflows
    scaled = below_best / temperature.clamp(min=COLDEST)
    probabilities, ids = scaled.softmax(-1).sort(descending=True)
    before = probabilities.cumsum(-1) - probabilities
    kept = (before < top_p).sum(-1, keepdim=True).clamp(min=1)
    mass = probabilities.cumsum(-1)
    total = mass.gather(-1, kept - 1)
    ranks = torch.searchsorted(mass, point * total, right=True)
    return ids.gather(-1, ranks.minimum(kept - 1)).squeeze(-1)
