"""The bot without what only some systems have, as Windows and macOS run it.

No limit on memory, no fork, no signal handlers of the event loop's own, no permissions of POSIX.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

import psutil  # which takes `resource` on Linux


def refuse(*_: Any, **__: Any) -> Any:
    """Be what this system does not have."""
    raise NotImplementedError


if __name__ == "__main__":
    assert psutil
    sys.modules["resource"] = None  # type: ignore[assignment]
    asyncio.unix_events._UnixSelectorEventLoop.add_signal_handler = refuse  # type: ignore[method-assign]
    os.fork = refuse
    Path.chmod = lambda *_, **__: None  # type: ignore[method-assign]

    from bot.__main__ import main
    from bot.pictures import decode

    decode.Decoder.__init__.__defaults__ = (decode.MAX_SECONDS, None)
    sys.exit(main(["run"]))
