"""vLLM's Phi-3-vision with a vision tower of any size."""

import math
from collections.abc import Sequence
from typing import Any

import torch
from vllm.config import VllmConfig
from vllm.model_executor.models import phi3v
from vllm.multimodal import MULTIMODAL_REGISTRY

from inference.phi3_vision.configuration import Phi3VConfig

USUAL_SIDE = 336
"""Pixels of a crop's side, which vLLM takes for granted."""


class ServedPrompts(phi3v.Phi3VMultiModalProcessor):
    """Puts the configured token where vLLM puts the hub's."""

    def _get_prompt_updates(self, *arguments: Any, **more: Any) -> Sequence[Any]:
        adopt(self.info.get_hf_config())
        return super()._get_prompt_updates(*arguments, **more)


@MULTIMODAL_REGISTRY.register_processor(
    ServedPrompts, info=phi3v.Phi3VProcessingInfo, dummy_inputs=phi3v.Phi3VDummyInputsBuilder
)
class ServedPhi3V(phi3v.Phi3VForCausalLM):
    """vLLM's model, its arithmetic untouched, with the tower that the configuration describes."""

    def __init__(self, *, vllm_config: VllmConfig, prefix: str = "") -> None:
        config = vllm_config.model_config.hf_config
        adopt(config)
        super().__init__(vllm_config=vllm_config, prefix=prefix)
        self.vision_embed_tokens.reshape_hd_patches_2x2merge = merged

    def _parse_and_validate_image_input(self, **inputs: Any) -> Any:
        if "image_sizes" in inputs:
            side = self.config.vision_config.image_size
            inputs["image_sizes"] = inputs["image_sizes"] // side * USUAL_SIDE
        return super()._parse_and_validate_image_input(**inputs)


def adopt(config: Phi3VConfig) -> None:
    """Put the configuration's numbers in the place of those that vLLM's module takes for granted.

    A process of vLLM serves one model.
    """
    phi3v._IMAGE_TOKEN_ID = config.image_token_id
    phi3v.CLIP_VIT_LARGE_PATCH14_336_CONFIG = config.vision_config


def merged(features: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
    """Lay crops out as one grid, each two by two patches merged.

    (pictures · rows · columns, patches, width) → (pictures, height, width, 4 · width).
    """
    _, patches, width = features.shape
    half = math.isqrt(patches) // 2
    return (
        features.reshape(-1, rows, columns, half, 2, half, 2, width)
        .permute(0, 1, 3, 2, 5, 4, 6, 7)
        .reshape(-1, rows * half, columns * half, 4 * width)
    )
