"""Phi-3-vision, composed of transformers' stock Phi-3 decoder and CLIP vision tower."""

import copy
import inspect
from typing import Any

import torch
from torch import nn
from transformers import (
    Cache,
    CLIPVisionModel,
    GenerationMixin,
    Phi3Model,
    PreTrainedModel,
    initialization,
)
from transformers.conversion_mapping import register_checkpoint_conversion_mapping
from transformers.core_model_loading import WeightRenaming
from transformers.modeling_outputs import (
    BaseModelOutputWithPast,
    BaseModelOutputWithPooling,
    CausalLMOutputWithPast,
)
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

from inference.phi3_vision.configuration import Phi3VConfig, as_list

# What transformers calls the cache of keys and values: since 5.24 `cache`.
CACHE = "cache" if "cache" in inspect.signature(Phi3Model.forward).parameters else "past_key_values"

register_checkpoint_conversion_mapping(
    "phi3_v",
    [
        WeightRenaming(
            r"^model\.vision_embed_tokens\.img_processor\.vision_model\.", "model.vision_tower."
        ),
        WeightRenaming(r"^model\.vision_embed_tokens\.", "model.projector."),
        WeightRenaming(r"^model\.(embed_tokens|layers|norm)\.", r"model.language_model.\1."),
    ],
    overwrite=True,
)


class Phi3VRotaryEmbedding(nn.Module):
    """LongRoPE with the factors chosen for each sequence of a batch on its own.

    The stock module chooses once for the whole batch, so that a short sequence beside a long one
    would get the long one's factors.
    """

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__()
        self.config = config
        self.switch: int = config.original_max_position_embeddings
        short, long, self.attention_scaling = self._frequencies()
        self.short_inv_freq = nn.Buffer(short, persistent=False)
        self.long_inv_freq = nn.Buffer(long, persistent=False)

    def forward(
        self, x: torch.Tensor, position_ids: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """Return cos and sin, each (batch, length, head_dim), in the dtype of `x`."""
        is_long = position_ids.amax(-1)[:, None, None] >= self.switch
        inv_freq = torch.where(is_long, self.long_inv_freq, self.short_inv_freq)
        angles = position_ids[..., None].float() * inv_freq
        angles = torch.cat((angles, angles), dim=-1)
        cos, sin = angles.cos() * self.attention_scaling, angles.sin() * self.attention_scaling
        return cos.to(x.dtype), sin.to(x.dtype)

    def reset_buffers(self) -> None:
        """Compute the buffers again, after the model was made without memory."""
        short, long, _ = self._frequencies()
        initialization.copy_(self.short_inv_freq, short)
        initialization.copy_(self.long_inv_freq, long)

    def _frequencies(self) -> tuple[torch.Tensor, torch.Tensor, float]:
        longrope = ROPE_INIT_FUNCTIONS["longrope"]
        short, scaling = longrope(self.config, seq_len=self.switch)
        long, _ = longrope(self.config, seq_len=self.switch + 1)
        return short, long, scaling


class Phi3VDecoder(Phi3Model):
    """Phi-3's decoder, each sequence with its own rope factors."""

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__(config)
        self.rotary_emb = Phi3VRotaryEmbedding(config)
        self.post_init()

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        cache: Cache | None = None,
        past_key_values: Cache | None = None,
        **kwargs: Any,
    ) -> BaseModelOutputWithPast:
        """Run the decoder; the cache may come under either of its names."""
        kwargs[CACHE] = cache if cache is not None else past_key_values
        return super().forward(input_ids=input_ids, **kwargs)

    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, Phi3VRotaryEmbedding):
            module.reset_buffers()


class Phi3VProjector(nn.Module):
    """Lay a picture's patches out in rows, close each with a separator, project to the decoder."""

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__()
        vision = config.vision_config
        merged = vision.hidden_size * 4
        self.side = vision.image_size // vision.patch_size // 2
        self.glb_GN = nn.Parameter(torch.zeros(1, 1, merged))
        self.sub_GN = nn.Parameter(torch.zeros(1, 1, 1, merged))
        self.img_projection = nn.Sequential(
            nn.Linear(merged, config.hidden_size),
            nn.GELU(),
            nn.Linear(config.hidden_size, config.hidden_size),
        )

    def forward(self, patches: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
        """Project the patches (1 + rows · columns, patches, width) of one picture.

        The global view's patches come first, as do its tile; its rows come last. Returns
        (decoder rows, hidden_size).
        """
        grid = self._grid(patches[1:], rows, columns)
        global_view = self._grid(patches[:1], 1, 1)
        return self.img_projection(torch.cat([grid, self.glb_GN[0], global_view]))

    def _grid(self, patches: torch.Tensor, rows: int, columns: int) -> torch.Tensor:
        side, width = self.side, patches.shape[-1]
        merged = (
            patches.view(rows, columns, side, 2, side, 2, width)
            .permute(0, 2, 1, 4, 3, 5, 6)
            .reshape(rows * side, columns * side, 4 * width)
        )
        separators = self.sub_GN[0].expand(rows * side, 1, -1)
        return torch.cat([merged, separators], dim=1).flatten(0, 1)


class Phi3VPreTrainedModel(PreTrainedModel):
    """What all phi3_v models share."""

    config_class = Phi3VConfig
    config: Phi3VConfig
    base_model_prefix = "model"
    input_modalities = ("image", "text")
    supports_gradient_checkpointing = True
    _no_split_modules = ["Phi3DecoderLayer", "CLIPEncoderLayer"]
    _skip_keys_device_placement = [CACHE]
    _supports_flash_attn = True
    _supports_sdpa = True
    _supports_flex_attn = True
    _supports_attention_backend = True
    _can_compile_fullgraph = True

    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, Phi3VProjector):
            initialization.normal_(module.glb_GN, std=self.config.initializer_range)
            initialization.normal_(module.sub_GN, std=self.config.initializer_range)


class Phi3VModel(Phi3VPreTrainedModel):
    """The model without its head."""

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__(config)
        self.language_model = Phi3VDecoder(config)
        self.vision_tower = CLIPVisionModel(_without_last_layer(config.vision_config))
        self.vision_tower.post_layernorm = nn.Identity()  # it serves the CLS token, which we drop
        self.projector = Phi3VProjector(config)
        last = config.vision_config.num_hidden_layers - 1
        self._keys_to_ignore_on_load_unexpected = {
            rf"vision_tower\.encoder\.layers\.{last}\.",
            r"vision_tower\.post_layernorm\.",
            r"vision_tower\.embeddings\.position_ids",
        }
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        """Return the token embedding."""
        return self.language_model.embed_tokens

    def set_input_embeddings(self, value: nn.Module) -> None:
        """Replace the token embedding."""
        self.language_model.embed_tokens = value

    def get_image_features(
        self, pixel_values: torch.Tensor, image_sizes: torch.Tensor, **kwargs: Any
    ) -> BaseModelOutputWithPooling:
        """Encode pictures; only tiles that hold something are computed.

        `pixel_values` is (pictures, 1 + crops, 3, side, side), `image_sizes` (pictures, 2) the
        padded height and width. In the output, `pooler_output` has one (decoder rows, hidden_size)
        tensor for each picture.
        """
        side = self.config.vision_config.image_size
        grids = [(height // side, width // side) for height, width in image_sizes.tolist()]
        counts = [1 + rows * columns for rows, columns in grids]
        tiles = torch.cat(
            [picture[:count] for picture, count in zip(pixel_values, counts, strict=True)]
        )
        outputs = self.vision_tower(tiles.to(self.dtype), **kwargs)
        patches = outputs.last_hidden_state[:, 1:].split(counts)
        outputs.pooler_output = tuple(
            self.projector(picture, rows, columns)
            for picture, (rows, columns) in zip(patches, grids, strict=True)
        )
        return outputs

    def get_placeholder_mask(
        self,
        input_ids: torch.Tensor | None,
        inputs_embeds: torch.Tensor,
        image_features: torch.Tensor,
    ) -> torch.Tensor:
        """Mark where pictures go: (batch, length, 1) booleans.

        Raises ValueError where the prompt has not as many places as the pictures have rows.
        """
        if input_ids is None:
            placeholder = self.language_model.embed_tokens.weight[self.config.image_token_id]
            mask = (inputs_embeds == placeholder).all(-1)
        else:
            mask = input_ids == self.config.image_token_id
        if mask.sum() != len(image_features):
            raise ValueError(
                f"The pictures have {len(image_features)} rows, "
                f"but the prompt has {int(mask.sum())} places for them."
            )
        return mask[..., None]

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        pixel_values: torch.Tensor | None = None,
        image_sizes: torch.Tensor | None = None,
        inputs_embeds: torch.Tensor | None = None,
        **kwargs: Any,
    ) -> BaseModelOutputWithPast:
        """Run the decoder over text and pictures."""
        if (input_ids is None) == (inputs_embeds is None):
            raise ValueError("Give either input_ids or inputs_embeds.")
        if inputs_embeds is None:
            inputs_embeds = self.get_input_embeddings()(input_ids)
        if pixel_values is not None:
            if image_sizes is None:
                raise ValueError("pixel_values need their image_sizes.")
            features = self.get_image_features(pixel_values, image_sizes).pooler_output
            features = torch.cat(features).to(inputs_embeds)
            mask = self.get_placeholder_mask(input_ids, inputs_embeds, features)
            inputs_embeds = inputs_embeds.masked_scatter(mask, features)
        return self.language_model(inputs_embeds=inputs_embeds, **kwargs)


class Phi3VForConditionalGeneration(Phi3VPreTrainedModel, GenerationMixin):
    """The model with its language head: `generate` answers about pictures."""

    def __init__(self, config: Phi3VConfig) -> None:
        super().__init__(config)
        self.model = Phi3VModel(config)
        self.lm_head = nn.Linear(config.hidden_size, config.vocab_size, bias=False)
        self.post_init()

    @classmethod
    def from_pretrained(cls, *args: Any, **kwargs: Any) -> Any:
        """Load a model; `generate` stops at all ends, where generation_config.json names fewer."""
        loaded = super().from_pretrained(*args, **kwargs)
        model = loaded[0] if isinstance(loaded, tuple) else loaded
        named = as_list(model.generation_config.eos_token_id)
        model.generation_config.eos_token_id = list(
            dict.fromkeys([*named, *model.config.eos_token_id])
        )
        return loaded

    def get_image_features(
        self, pixel_values: torch.Tensor, image_sizes: torch.Tensor, **kwargs: Any
    ) -> BaseModelOutputWithPooling:
        """Encode pictures; see Phi3VModel.get_image_features."""
        return self.model.get_image_features(pixel_values, image_sizes, **kwargs)

    def forward(
        self,
        input_ids: torch.Tensor | None = None,
        pixel_values: torch.Tensor | None = None,
        image_sizes: torch.Tensor | None = None,
        attention_mask: torch.Tensor | None = None,
        position_ids: torch.Tensor | None = None,
        cache: Cache | None = None,
        past_key_values: Cache | None = None,
        inputs_embeds: torch.Tensor | None = None,
        labels: torch.Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int | torch.Tensor = 0,
        **kwargs: Any,
    ) -> CausalLMOutputWithPast:
        """Return the logits of the last `logits_to_keep` positions (0: all), and labels' loss."""
        outputs = self.model(
            input_ids=input_ids,
            pixel_values=pixel_values,
            image_sizes=image_sizes,
            attention_mask=attention_mask,
            position_ids=position_ids,
            cache=cache,
            past_key_values=past_key_values,
            inputs_embeds=inputs_embeds,
            use_cache=use_cache,
            **kwargs,
        )
        kept = slice(-logits_to_keep, None) if isinstance(logits_to_keep, int) else logits_to_keep
        logits = self.lm_head(outputs.last_hidden_state[:, kept])
        loss = None
        if labels is not None:
            loss = self.loss_function(logits, labels, vocab_size=self.config.vocab_size, **kwargs)
        return CausalLMOutputWithPast(
            loss=loss,
            logits=logits,
            hidden_states=outputs.hidden_states,
            attentions=outputs.attentions,
            **{CACHE: getattr(outputs, CACHE)},
        )

    def prepare_inputs_for_generation(
        self,
        input_ids: torch.Tensor,
        cache: Cache | None = None,
        past_key_values: Cache | None = None,
        attention_mask: torch.Tensor | None = None,
        is_first_iteration: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Prefill anew when a sequence outgrows the short factors, as Phi-3.5's code does.

        Phi-3's code keeps the keys that were turned with the short factors: a defect.
        """
        cache = cache if cache is not None else past_key_values
        if cache is not None and self._crosses_switch(input_ids, cache, attention_mask):
            cache, is_first_iteration = None, True
            kwargs["next_sequence_length"] = None
        return super().prepare_inputs_for_generation(
            input_ids,
            attention_mask=attention_mask,
            is_first_iteration=is_first_iteration,
            **{CACHE: cache},
            **kwargs,
        )

    def _crosses_switch(
        self, input_ids: torch.Tensor, cache: Cache, attention_mask: torch.Tensor | None
    ) -> bool:
        new = input_ids.shape[1] - cache.get_seq_length()
        lengths = (
            attention_mask.sum(-1)
            if attention_mask is not None
            else torch.full((len(input_ids),), input_ids.shape[1])
        )
        switch = self.config.original_max_position_embeddings
        return bool(((lengths > switch) & (lengths - new <= switch)).any())


def _without_last_layer(vision_config: Any) -> Any:
    tower = copy.deepcopy(vision_config)  # to_dict leaves out which attention was asked for
    tower.num_hidden_layers -= 1
    return tower
