"""The reference folder `../shared`: outputs of Microsoft's own code, too large to commit."""

from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[2] / "shared" / "golden"

needs_reference = pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the reference folder ../shared is not beside this clone"
)
