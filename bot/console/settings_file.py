"""Change single settings in a `.env` and leave all else in it as it is."""

import re
from collections.abc import Mapping
from pathlib import Path

from dotenv import set_key

EXAMPLE = ".env.example"
OWNER_ONLY = 0o600


def write_settings(file: Path, values: Mapping[str, str]) -> None:
    """Set values in a settings file that only its owner may read; made where it is not there.

    A new file begins as a copy of `.env.example`, where that stands beside it; a setting that is
    commented out there takes its value in its place.
    """
    example = file.with_name(EXAMPLE)
    if file.exists():
        text = file.read_text(encoding="utf-8")
    else:
        text = example.read_text(encoding="utf-8") if example.is_file() else ""
        file.touch(OWNER_ONLY)
    file.chmod(OWNER_ONLY)  # before the token stands in it
    for name in values:
        if not re.search(rf"^{name}=", text, re.MULTILINE):
            text = re.sub(rf"^#\s?{name}=.*$", f"{name}=", text, count=1, flags=re.MULTILINE)
    file.write_text(text, encoding="utf-8")
    for name, value in values.items():
        set_key(file, name, value, quote_mode="auto")
