"""Which token comes next."""

from collections.abc import Sequence

import torch

from inference.decoder.segment import Draw

COLDEST = torch.finfo(torch.float32).tiny
"""A temperature that divides still; what is colder takes the likeliest just so."""


def likeliest(logits: torch.Tensor) -> torch.Tensor:
    """Return the likeliest token of each row, -1 where the row holds what is no finite number."""
    return logits.argmax(-1).masked_fill(~logits.isfinite().all(-1), -1)


def choose(
    logits: torch.Tensor, draws: Sequence[Draw], greedy: torch.Tensor | None = None
) -> list[int | None]:
    """Choose a token for each row of `logits` (rows, vocabulary).

    `greedy` are the likeliest, where they are known already. None stands where a row holds
    something that is no finite number.
    """
    tokens = likeliest(logits) if greedy is None else greedy
    sampled = [row for row, draw in enumerate(draws) if draw.temperature > 0]
    if sampled:
        drawn = _sample(logits[sampled], [draws[row] for row in sampled])
        broken = tokens[sampled] < 0
        tokens = tokens.index_copy(
            0, torch.tensor(sampled, device=tokens.device), drawn.masked_fill(broken, -1)
        )
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
