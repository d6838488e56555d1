"""Where a model runs, in which numbers, and how its vision tower attends."""

import torch
from transformers.utils import is_flash_attn_2_available

from inference.decoder.attention import IN_FLOAT32, PRODUCTS
from inference.errors import ModelLoadError

DTYPES = {"bfloat16": torch.bfloat16, "float32": torch.float32}


def pick_device(wanted: str) -> torch.device:
    """Return the device that a setting means; raises ModelLoadError where it is not there."""
    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not there.get(wanted, True):
        raise ModelLoadError(
            f"MODEL_DEVICE is {wanted}, but PyTorch finds no such GPU; try MODEL_DEVICE=cpu."
        )
    if wanted == "auto":
        wanted = "cuda" if there["cuda"] else "cpu"
    return torch.device(wanted)


def pick_dtype(wanted: str, device: torch.device) -> torch.dtype:
    """Return the dtype that a setting means: bfloat16 where the device is quick at it."""
    if wanted != "auto":
        return DTYPES[wanted]
    if device.type in ("cuda", "mps"):
        return torch.bfloat16
    abilities = torch.cpu.get_capabilities()
    fast = abilities.get("amx_bf16") or abilities.get("avx512_bf16")
    return torch.bfloat16 if fast else torch.float32


def pick_attention(wanted: str, device: torch.device, dtype: torch.dtype) -> str | dict[str, str]:
    """Return the attention that a setting means, as transformers takes it; raises ModelLoadError.

    In the engine it holds for the vision tower: the decoder attends to runs of the arena.
    """
    in_bfloat16 = dtype is torch.bfloat16
    able = device.type == "cuda" and in_bfloat16 and is_flash_attn_2_available()
    if wanted == "flash_attention_2" and not able:
        raise ModelLoadError(
            "MODEL_ATTENTION is flash_attention_2, but that needs flash-attn, a GPU and bfloat16; "
            "try MODEL_ATTENTION=sdpa."
        )
    if wanted != "auto":
        return wanted
    if device.type == "cpu" and in_bfloat16:
        has_matrix_units = torch.cpu.get_capabilities().get("amx_bf16")
        return {"": "sdpa", "vision_config": PRODUCTS if has_matrix_units else IN_FLOAT32}
    return "flash_attention_2" if able else "sdpa"
