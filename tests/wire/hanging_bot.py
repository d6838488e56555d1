"""The bot with a model that hangs as soon as it is asked, as a broken driver makes it hang."""

import sys
import threading
from typing import Any

from torch.nn.modules.module import register_module_forward_hook
from transformers.models.phi3.modeling_phi3 import Phi3DecoderLayer

from bot.__main__ import main


def hang(module: Any, *_: Any) -> None:
    """Never return from a decoder layer."""
    if isinstance(module, Phi3DecoderLayer):
        threading.Event().wait()


if __name__ == "__main__":
    register_module_forward_hook(hang)
    sys.exit(main(["run"]))
