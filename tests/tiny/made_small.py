"""Let torchao make the tiny checkpoint small: `python -m tests.tiny.made_small`, with torchao 0.18.

What it writes lies in `torchao/`, so that the tests need no torchao: 8 bits with a scale a row, as
transformers saves them, and what torchao's own model then says.
"""

from pathlib import Path
from tempfile import TemporaryDirectory

import torch
from safetensors.torch import save_file

from tests.tiny.checkpoint import write_tiny_checkpoint

FOLDER = Path(__file__).parent / "torchao"
IDS = [[1, *range(300, 330)]]


def make() -> None:
    """Write the checkpoint, and the logits after the last of IDS."""
    from torchao.quantization import Int8WeightOnlyConfig
    from transformers import AutoModelForImageTextToText, TorchAoConfig

    import inference.phi3_vision  # noqa: F401  (registers phi3_v)

    with TemporaryDirectory() as folder:
        model = AutoModelForImageTextToText.from_pretrained(
            write_tiny_checkpoint(Path(folder) / "tiny"),
            dtype=torch.float32,
            quantization_config=TorchAoConfig(Int8WeightOnlyConfig()),
        )
    with torch.inference_mode():
        logits = model(torch.tensor(IDS)).logits[0, -1]
    model.to(torch.bfloat16).save_pretrained(FOLDER)
    save_file({"logits": logits}, FOLDER / "logits.safetensors")


if __name__ == "__main__":
    make()
