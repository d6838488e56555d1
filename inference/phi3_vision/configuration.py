"""The configuration of `phi3_v`, read from the original files."""

from typing import Any

from huggingface_hub.dataclasses import strict
from transformers import CLIPVisionConfig, Phi3Config

CLIP_VIT_LARGE_PATCH14_336 = {
    "hidden_size": 1024,
    "intermediate_size": 4096,
    "num_hidden_layers": 24,
    "num_attention_heads": 16,
    "image_size": 336,
    "patch_size": 14,
    "hidden_act": "quick_gelu",
    "layer_norm_eps": 1e-5,
    "projection_dim": 768,
}

# `<|endoftext|>` and `<|end|>`: the model ends with these, and the files name only 2, which it
# never says.
ENDS = (32000, 32007)


@strict
class Phi3VConfig(Phi3Config):
    """Describe a Phi-3-vision model: Phi-3's decoder, CLIP's vision tower and the HD projector.

    The original files do not describe the tower, since it is always CLIP ViT-L/14-336; a
    `vision_config` in the file describes another one. `num_hidden_layers` counts all of its
    layers, of which the last is never computed.
    """

    model_type = "phi3_v"
    sub_configs = {"vision_config": CLIPVisionConfig}

    vision_config: Any = None
    embd_layer: dict[str, Any] | None = None
    img_processor: dict[str, Any] | None = None
    image_token_id: int = 32044
    eos_token_id: int | list[int] | None = 32000

    def __post_init__(self, **kwargs: Any) -> None:
        kwargs.pop("_attn_implementation", None)  # the file demands flash-attn 2
        if not isinstance(self.vision_config, CLIPVisionConfig):
            self.vision_config = CLIPVisionConfig(
                **(self.vision_config or CLIP_VIT_LARGE_PATCH14_336)
            )
        super().__post_init__(**kwargs)
        ends = [*as_list(self.eos_token_id), *(end for end in ENDS if end < self.vocab_size)]
        self.eos_token_id = list(dict.fromkeys(ends))
        # At least the longest context in both files: it never binds, but it selects sliding masks.
        self.sliding_window = None

    def convert_rope_params_to_dict(self, **kwargs: Any) -> dict[str, Any]:
        """Read the original's rope factors: type "su" is today's "longrope"."""
        if scaling := kwargs.pop("rope_scaling", None):
            kwargs["rope_scaling"] = {
                "rope_type": "longrope",
                "short_factor": scaling["short_factor"],
                "long_factor": scaling["long_factor"],
                "factor": self.max_position_embeddings / self.original_max_position_embeddings,
                "original_max_position_embeddings": self.original_max_position_embeddings,
            }
        return super().convert_rope_params_to_dict(**kwargs)

    def to_dict(self) -> dict[str, Any]:
        """Return the configuration with the rope factors under the original names too."""
        fields = super().to_dict()
        rope = fields.get("rope_parameters") or {}
        if rope.get("rope_type") == "longrope":
            fields["rope_theta"] = rope["rope_theta"]
            fields["rope_scaling"] = {
                "type": "su",
                "short_factor": rope["short_factor"],
                "long_factor": rope["long_factor"],
            }
        return fields


def as_list(ids: int | list[int] | None) -> list[int]:
    """List token ids that a file gives as a number, a list or not at all."""
    if ids is None:
        return []
    return [ids] if isinstance(ids, int) else list(ids)
