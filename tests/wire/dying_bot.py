"""The bot with a model that ends the process as soon as it is asked, as a driver may.

python -m tests.wire.dying_bot
"""

import os
import signal
import sys
from typing import Any

from torch.nn.modules.module import register_module_forward_hook
from transformers.models.phi3.modeling_phi3 import Phi3DecoderLayer

from bot.__main__ import main


def die(module: Any, *_: Any) -> None:
    """End the process in a decoder layer, without a word."""
    if isinstance(module, Phi3DecoderLayer):
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    register_module_forward_hook(die)
    sys.exit(main(["run"]))
