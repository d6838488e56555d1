"""The peer: plain `generate` over the very weights that the engine has."""

import copy
import time
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from inference.interface import Request

NEVER = -1e4
"""A score that no token is chosen with."""


class Peer:
    """Answers one request at a time, as transformers does by itself.

    It shares the weights of `model`, which may be changed afterwards: on a card there may be no
    room for them twice, and the engine would find less of it.
    """

    def __init__(self, model: Any, processor: Any) -> None:
        shared = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
        self.model = copy.deepcopy(model, shared)
        self.model.model.vision_tower.set_attn_implementation(
            self.model.config._attn_implementation
        )
        self._processor = processor

    def in_other_numbers(self) -> "Peer":
        """Return one with weights of its own, in float32 instead of bfloat16 or the other way."""
        other = torch.float32 if self.model.dtype is torch.bfloat16 else torch.bfloat16
        twin = copy.copy(self)
        twin.model = copy.deepcopy(self.model).to(other)
        return twin

    def seconds(self, request: Request) -> float:
        """Answer a request of one question; return how long it took."""
        (message,) = request.messages
        pictures = [picture.image for picture in message.pictures]
        content = [*({"type": "image"} for _ in pictures), {"type": "text", "text": message.text}]
        began = time.perf_counter()
        prompt = self._processor.apply_chat_template(
            [{"role": message.role, "content": content}], add_generation_prompt=True
        )
        inputs = self._processor(pictures, prompt, num_crops=request.crops, return_tensors="pt").to(
            self.model.device
        )
        with torch.inference_mode():
            self.model.generate(**inputs, do_sample=False, max_new_tokens=request.max_new_tokens)
        return time.perf_counter() - began


def never_end(model: Any, ends: Iterable[int]) -> None:
    """Make a model go on for ever, so that all answers are equally long."""
    bias = model.lm_head.weight.new_zeros(model.lm_head.out_features)
    bias[list(ends)] = NEVER
    model.lm_head.bias = nn.Parameter(bias, requires_grad=False)
