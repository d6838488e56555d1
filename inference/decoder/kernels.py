"""A few rows in bfloat16 times weights of 8 or 4 bits, read once: kernels in Triton.

Triton comes with PyTorch for CUDA on Linux, and needs a C compiler and a cache (`TRITON_CACHE_DIR`)
to run what it compiles from; where one of them is missing, the plain way serves.
"""

import torch
import triton
import triton.language as tl

FEWEST = 16
"""Rows that a product on matrix units has at least."""


@triton.jit
def _eights(  # type: ignore[no-untyped-def]
    rows,
    numbers,
    scales,
    out,
    count,
    outs,
    ins,
    row_tile: tl.constexpr,
    out_tile: tl.constexpr,
    in_tile: tl.constexpr,
):
    m = tl.arange(0, row_tile)
    n = tl.program_id(0) * out_tile + tl.arange(0, out_tile)
    total = tl.zeros((row_tile, out_tile), tl.float32)
    for first in range(0, ins, in_tile):
        k = first + tl.arange(0, in_tile)
        inside = k[None, :] < ins
        row = tl.load(
            rows + m[:, None] * ins + k[None, :], mask=(m[:, None] < count) & inside, other=0.0
        )
        weight = tl.load(
            numbers + n[:, None] * ins + k[None, :], mask=(n[:, None] < outs) & inside, other=0.0
        )
        total = tl.dot(row, tl.trans(weight.to(row.dtype)), total)
    total = total * tl.load(scales + n, mask=n < outs, other=0.0)[None, :]
    tl.store(
        out + m[:, None] * outs + n[None, :],
        total.to(out.dtype.element_ty),
        mask=(m[:, None] < count) & (n[None, :] < outs),
    )


@triton.jit
def _fours(  # type: ignore[no-untyped-def]
    rows,
    numbers,
    steps,
    middles,
    out,
    count,
    outs,
    groups,
    half: tl.constexpr,
    row_tile: tl.constexpr,
    out_tile: tl.constexpr,
    group_tile: tl.constexpr,
):
    m = tl.arange(0, row_tile)
    n = tl.program_id(0) * out_tile + tl.arange(0, out_tile)
    h = tl.arange(0, half)
    ins = groups * 2 * half
    total = tl.zeros((row_tile, out_tile), tl.float32)
    for first in range(0, groups, group_tile):
        g = first + tl.arange(0, group_tile)
        known = (n[:, None] < outs) & (g[None, :] < groups)
        table = n[:, None] * groups + g[None, :]
        step = tl.load(steps + table, mask=known, other=0.0).to(tl.float32)
        middle = tl.load(middles + table, mask=known, other=0.0).to(tl.float32)
        both = tl.load(
            numbers + table[:, :, None] * half + h[None, None, :], mask=known[:, :, None], other=0
        )
        # One product for both halves: of two, one after the other, each warp would do all.
        four = tl.permute(tl.join(both >> 4, both & 15), (0, 1, 3, 2)).to(tl.float32)
        weight = (four - 8) * step[:, :, None, None] + middle[:, :, None, None]
        k = first * 2 * half + tl.arange(0, group_tile * 2 * half)
        row = tl.load(
            rows + m[:, None] * ins + k[None, :],
            mask=(m[:, None] < count) & (k[None, :] < ins),
            other=0.0,
        )
        weight = tl.reshape(weight, (out_tile, group_tile * 2 * half)).to(row.dtype)
        total = tl.dot(row, tl.trans(weight), total)
    tl.store(
        out + m[:, None] * outs + n[None, :],
        total.to(out.dtype.element_ty),
        mask=(m[:, None] < count) & (n[None, :] < outs),
    )


def times_eights(
    rows: torch.Tensor,
    numbers: torch.Tensor,
    scales: torch.Tensor,
    tile: tuple[int, int] = (16, 256),
    warps: int = 4,
    stages: int = 4,
) -> torch.Tensor:
    """Return rows (at most 16, in) times numbers (out, in) and scales (out,)."""
    outs, ins = numbers.shape
    out = rows.new_empty(len(rows), outs)
    _eights[(triton.cdiv(outs, tile[0]),)](
        rows.contiguous(),
        numbers,
        scales,
        out,
        len(rows),
        outs,
        ins,
        FEWEST,
        *tile,
        num_warps=warps,
        num_stages=stages,
    )
    return out


def times_fours(
    rows: torch.Tensor,
    numbers: torch.Tensor,
    steps: torch.Tensor,
    middles: torch.Tensor,
    tile: tuple[int, int] = (16, 4),
    warps: int = 4,
    stages: int = 4,
) -> torch.Tensor:
    """Return rows (at most 16, in) times the weights of a `FoursLinear`."""
    outs, groups, half = numbers.shape
    out = rows.new_empty(len(rows), outs)
    _fours[(triton.cdiv(outs, tile[0]),)](
        rows.contiguous(),
        numbers,
        steps,
        middles,
        out,
        len(rows),
        outs,
        groups,
        half,
        FEWEST,
        *tile,
        num_warps=warps,
        num_stages=stages,
    )
    return out
