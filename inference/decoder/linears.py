"""Linear layers that can only be run, their weights laid out for the processor that runs them.

Plain weights are laid out anew for each product: decoding was 2 to 3 times as slow with them, and
products of many rows a third slower (2 cores with AVX512-BF16; in float32 2 to 6 times).
"""

import torch
from torch import nn

from inference.decoder.small_linear import SmallLinear

ROWS = 1
"""Of a typical product: a hint. With 8, a row of float32 takes 1.7 times as long, and eight a
seventh less; bfloat16 does not mind (AVX512-BF16)."""


class PackedLinear(nn.Module):
    """A linear layer that can only be run."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        weight = linear.weight.detach()
        self.nbytes = weight.nbytes
        self._packed = torch.ops.mkldnn._reorder_linear_weight(weight, ROWS)
        self._bias = None if linear.bias is None else linear.bias.detach()

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        """Return rows (…, in) times the weights, plus the bias: (…, out)."""
        product: torch.Tensor = torch.ops.mkldnn._linear_pointwise(
            rows, self._packed, self._bias, "none", [], ""
        )
        return product


def can_pack(device: torch.device, dtype: torch.dtype) -> bool:
    """Tell whether this PyTorch and this processor have packed layers."""
    if device.type != "cpu" or not torch.backends.mkldnn.is_available():  # type: ignore[no-untyped-call]
        return False
    return dtype is torch.float32 or bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())


def pack_linears(model: nn.Module) -> None:
    """Replace all linear layers, if they can be packed; one at a time, to save memory."""
    weight = next(model.parameters())
    if not can_pack(weight.device, weight.dtype):
        return
    for module in [each for each in model.modules() if type(each) is not nn.Linear]:
        for name, child in module.named_children():
            if type(child) is nn.Linear:
                setattr(module, name, PackedLinear(child))


def held_bytes(model: nn.Module) -> int:
    """Count the bytes that a model's weights take, small and packed ones included."""
    tensors = sum(tensor.nbytes for tensor in (*model.parameters(), *model.buffers()))
    made = (part for part in model.modules() if isinstance(part, (PackedLinear, SmallLinear)))
    return tensors + sum(part.nbytes for part in made)
