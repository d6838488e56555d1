"""The bot with a model whose question ends the process at once, as a broken kernel ends it."""

import os
import signal
import sys
from typing import Any

from torch.nn.modules.module import register_module_forward_hook
from transformers.models.phi3.modeling_phi3 import Phi3DecoderLayer

from bot.__main__ import main


def die(module: Any, *_: Any) -> None:
    """End the process in a decoder layer."""
    if isinstance(module, Phi3DecoderLayer):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    register_module_forward_hook(die)
    sys.exit(main(["run"]))
