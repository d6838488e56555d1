"""Attention over runs of the arena, the decoder's one seam; and for the tower on a processor.

Every way to attend takes (query, layer, starts, lengths, first_queries, longest, scaling):
`query` (rows, heads, head size), the queries of all sequences end to end; `layer` the arena's;
`starts` (runs + 1,) and `lengths` (runs,), the runs, which end with the queries' own rows;
`first_queries` (runs + 1,), where each run's queries begin; `longest`, the most of any run.
It returns (rows, heads, head size). A query sees the rows before it and its own. On a card there
may be several runs to each of the queries: pieces of one, which processors take side by side.
"""

from collections.abc import Callable
from typing import Any

import torch
from torch.nn.attention import SDPBackend, sdpa_kernel
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface

WITHOUT_PLANS = [
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]
"""cuDNN makes a plan for each new length: on an H100 some 0.1 s, a hundred times an answer."""
PRODUCTS = "products"
IN_FLOAT32 = "in float32"
HEADS_AT_ONCE = 4

Attend = Callable[
    [torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor, int, float],
    torch.Tensor,
]


@torch.library.custom_op("inference::attend_one_by_one", mutates_args=())
def attend_one_by_one(
    query: torch.Tensor,
    layer: torch.Tensor,
    starts: torch.Tensor,
    lengths: torch.Tensor,
    first_queries: torch.Tensor,
    longest: int,  # noqa: ARG001
    scaling: float,
) -> torch.Tensor:
    """Attend sequence by sequence, on any device: the plain path.

    One operator, so that the loop is closed to compilers and counters.
    """
    attended = torch.empty_like(query)
    firsts = first_queries.tolist()
    runs = zip(starts.tolist(), lengths.tolist(), firsts, firsts[1:], strict=False)
    for start, length, first, last in runs:
        if first == last:
            continue
        keys, values = layer[start : start + length].permute(1, 2, 0, 3)
        attend = _attend_one_row if last == first + 1 and query.is_cpu else _attend_rows
        attended[first:last] = attend(query[first:last], keys, values, scaling)
    return attended


@attend_one_by_one.register_fake
def _(query: torch.Tensor, *_: Any) -> torch.Tensor:
    return torch.empty_like(query)


def attend_together(most_rows: int) -> Attend:
    """Return the way to attend with one kernel for all sequences, on a card.

    `most_rows` is the longest that a run gets: graphs keep it.
    """
    from torch.nn.attention.varlen import AuxRequest, varlen_attn

    def kernel(*runs: Any, lengths: torch.Tensor, scaling: float) -> Any:
        query, keys, *_ = runs
        return varlen_attn(
            *runs,
            seqused_k=lengths,
            scale=scaling,
            window_size=(-1, 0),
            enable_gqa=query.shape[1] != keys.shape[1],
            return_aux=AuxRequest(lse=True),
        )

    return _over_runs(kernel, most_rows)


def attend_with_flash_attn(most_rows: int) -> Attend:
    """Return the same with the package flash-attn, where it is installed."""
    from flash_attn.flash_attn_interface import _flash_attn_varlen_forward

    def kernel(*runs: Any, lengths: torch.Tensor, scaling: float) -> Any:
        return _flash_attn_varlen_forward(
            *runs, seqused_k=lengths, softmax_scale=scaling, causal=True, dropout_p=0.0
        )[:2]

    return _over_runs(kernel, most_rows)


def _over_runs(kernel: Callable[..., Any], most_rows: int) -> Attend:
    """Call flash-attn 2's kernel, by whatever face, so that it needs neither mask nor table.

    It takes a run's first row from where its keys begin, and its length from `lengths`; it returns
    what is attended to, and the logarithm of all weights (heads, rows).
    """

    def attend(
        query: torch.Tensor,
        layer: torch.Tensor,
        starts: torch.Tensor,
        lengths: torch.Tensor,
        first_queries: torch.Tensor,
        longest: int,
        scaling: float,
    ) -> torch.Tensor:
        keys, values = layer.unbind(1)
        pieces = len(lengths) // len(query) if longest == 1 else 1
        if pieces > 1:
            query = query.repeat_interleave(pieces, 0)
        attended: torch.Tensor
        attended, weights = kernel(
            query,
            keys,
            values,
            first_queries,
            starts,
            longest,
            most_rows,
            lengths=lengths,
            scaling=scaling,
        )
        return merged(attended, weights, pieces) if pieces > 1 else attended

    return attend


def merged(attended: torch.Tensor, weights: torch.Tensor, pieces: int) -> torch.Tensor:
    """Put pieces together again: (rows · pieces, heads, head size) → (rows, heads, head size).

    `weights` (heads, rows · pieces) are logarithms; without rows, infinite of either sign.
    """
    shares = weights.nan_to_num(-torch.inf, -torch.inf, -torch.inf).view(len(weights), -1, pieces)
    parts = attended.view(-1, pieces, *attended.shape[1:])
    return parts.mul_(shares.softmax(-1).permute(1, 2, 0)[..., None]).sum(1)


def attend_by_products(
    _module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    _mask: None,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attend by plain products, a few heads at a time, as transformers calls it.

    `query`, `key` and `value` are (1, heads, rows, head size); returns (1, rows, heads, head size).
    For bfloat16 where a CPU has matrix units for it (AMX; nobody has measured the choice there).
    The temporaries must be small: large ones come from the system page by page.
    """
    attended = torch.empty_like(query)
    for first in range(0, query.shape[1], HEADS_AT_ONCE):
        heads = slice(first, first + HEADS_AT_ONCE)
        weights = (query[:, heads] * scaling @ key[:, heads].mT).softmax(-1)
        attended[:, heads] = weights @ value[:, heads]
    return attended.transpose(1, 2), None


def attend_in_float32(
    _module: Any,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    _mask: None,
    scaling: float,
    **_: Any,
) -> tuple[torch.Tensor, None]:
    """Attend in float32, whatever the rows are in; shapes as in `attend_by_products`.

    A tile of CLIP-L, on two threads of a core with AVX512-BF16 and no AMX: 9.5 ms a layer; in
    bfloat16 it is 11 ms, and 14 ms by plain products.
    """
    attended = scaled_dot_product_attention(
        query.float(), key.float(), value.float(), scale=scaling
    )
    return attended.to(query.dtype).transpose(1, 2), None


AttentionInterface.register(PRODUCTS, attend_by_products)
AttentionInterface.register(IN_FLOAT32, attend_in_float32)


def _attend_rows(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scaling: float
) -> torch.Tensor:
    rows, length = len(query), keys.shape[1]
    mask = None
    if rows > 1:
        mask = query.new_full((rows, length), -torch.inf).triu(length - rows + 1)
    with sdpa_kernel(WITHOUT_PLANS):
        attended = scaled_dot_product_attention(
            query.transpose(0, 1)[None],
            keys[None],
            values[None],
            attn_mask=mask,
            scale=scaling,
            enable_gqa=query.shape[1] != len(keys),
        )
    return attended[0].transpose(0, 1)


def _attend_one_row(
    query: torch.Tensor, keys: torch.Tensor, values: torch.Tensor, scaling: float
) -> torch.Tensor:
    # On a CPU several times as fast as scaled_dot_product_attention, which is made for many rows.
    grouped = query.view(len(keys), -1, query.shape[-1]) * scaling
    weights = (keys @ grouped.mT).mT.softmax(-1)
    return (weights @ values).view_as(query)
