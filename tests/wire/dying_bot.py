"""The bot with a model that ends the process as soon as somebody asks it, as a driver may.

python -m tests.wire.dying_bot
"""

import os
import signal
import sys
from typing import Any

from tests.wire.hooked import run_with_hook


def die(*_: Any) -> None:
    """End the process in a decoder layer, without a word."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(run_with_hook(die))
