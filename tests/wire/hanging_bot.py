"""The bot with a model that hangs as soon as it is asked, as a broken driver makes it hang."""

import sys
import threading
from typing import Any

from tests.wire.hooked import run_with_hook


def hang(*_: Any) -> None:
    """Never return from a decoder layer."""
    threading.Event().wait()


if __name__ == "__main__":
    sys.exit(run_with_hook(hang))
