"""A bot in whose model something happens once it is loaded, and asked."""

from collections.abc import Callable
from typing import Any

from torch.nn.modules.module import register_module_forward_hook
from transformers.activations import ACT2FN

import bot.run
from bot.__main__ import main
from inference import load_engine

IN_A_LAYER = type(ACT2FN["silu"])
"""A module of each layer of the decoder, and of nothing else."""


def run_with_hook(hook: Callable[..., None]) -> int:
    """Run the bot; the hook is called in each layer of the decoder, but not while it loads."""

    def in_layers(module: Any, *more: Any) -> None:
        if isinstance(module, IN_A_LAYER):
            hook(module, *more)

    def load(*settings: Any) -> Any:
        engine = load_engine(*settings)
        register_module_forward_hook(in_layers)
        return engine

    bot.run.load_engine = load
    return main(["run"])
