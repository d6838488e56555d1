"""The small model's shape: Phi-3-vision's architecture with other numbers."""

from transformers import PreTrainedTokenizerFast

from inference.demo.tokenizer import build_tokenizer
from inference.phi3_vision import (
    Phi3VConfig,
    Phi3VForConditionalGeneration,
    Phi3VImageProcessor,
    Phi3VProcessor,
)

CROP_SIZE = 112
PATCH_SIZE = 14
ROWS_PER_CROP = 16
MAX_CROPS = 2
"""A picture at least twice as long as wide fills two crops, any other one."""

HEAD_SIZE = 32
VISION_WIDTH, VISION_LAYERS = 160, 9
WIDTH, LAYERS, INTERMEDIATE = 192, 6, 512
CONTEXT = 4096


def build_model(tokenizer: PreTrainedTokenizerFast) -> Phi3VForConditionalGeneration:
    """Build the model with random weights, from torch's current seed."""
    return Phi3VForConditionalGeneration(_config(tokenizer))


def build_processor() -> Phi3VProcessor:
    """Build the processor that suits the model."""
    images = Phi3VImageProcessor(
        num_crops=MAX_CROPS,
        max_crops=MAX_CROPS,
        crop_size=CROP_SIZE,
        num_img_tokens=ROWS_PER_CROP,
    )
    return Phi3VProcessor(image_processor=images, tokenizer=build_tokenizer())


def _config(tokenizer: PreTrainedTokenizerFast) -> Phi3VConfig:
    ends = tokenizer.convert_tokens_to_ids(["<|end|>", "<|endoftext|>", "</s>"])
    return Phi3VConfig(
        architectures=["Phi3VForConditionalGeneration"],
        vocab_size=len(tokenizer),
        hidden_size=WIDTH,
        intermediate_size=INTERMEDIATE,
        num_hidden_layers=LAYERS,
        num_attention_heads=WIDTH // HEAD_SIZE,
        num_key_value_heads=WIDTH // HEAD_SIZE,
        max_position_embeddings=2 * CONTEXT,
        original_max_position_embeddings=CONTEXT,
        rope_scaling={
            "type": "su",
            "short_factor": [1.0] * (HEAD_SIZE // 2),
            "long_factor": [2.0] * (HEAD_SIZE // 2),
        },
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=ends,
        pad_token_id=tokenizer.pad_token_id,
        image_token_id=tokenizer.convert_tokens_to_ids("<|image|>"),
        tie_word_embeddings=False,
        # What the original files say of the projector, for those who read it there, as vLLM does.
        embd_layer={
            "use_hd_transform": True,
            "with_learnable_separator": True,
            "hd_transform_order": "sub_glb",
        },
        img_processor={
            "image_dim_out": VISION_WIDTH,
            "num_img_tokens": ROWS_PER_CROP,
            "layer_idx": -2,
        },
        vision_config={
            "hidden_size": VISION_WIDTH,
            "intermediate_size": 4 * VISION_WIDTH,
            "num_hidden_layers": VISION_LAYERS,
            "num_attention_heads": VISION_WIDTH // HEAD_SIZE,
            "image_size": CROP_SIZE,
            "patch_size": PATCH_SIZE,
            "hidden_act": "quick_gelu",
        },
    )
