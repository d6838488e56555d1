"""The bot with a model that never finishes loading: `python -m tests.wire.slow_bot`."""

import sys
import threading
from typing import Any

import bot.run
from bot.__main__ import main


def never(*_: Any) -> Any:
    """Load for ever."""
    print("It loads.", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    bot.run.load_engine = never
    sys.exit(main(["run"]))
