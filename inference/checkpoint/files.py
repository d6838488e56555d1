"""The files of a model: read, or blamed in one sentence."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inference.errors import ModelLoadError

LONGEST_REASON = 200


def read_object(file: Path) -> dict[str, Any]:
    """Read a JSON file that holds an object; raises ModelLoadError."""
    try:
        fields = json.loads(file.read_text(encoding="utf-8"), parse_constant=_refuse)
    except FileNotFoundError:
        raise ModelLoadError(f"{file} is missing.") from None
    except OSError as error:
        raise ModelLoadError(f"{file} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise ModelLoadError(f"{file} is damaged: it is not JSON.") from None
    if not isinstance(fields, dict):
        raise ModelLoadError(f"{file} is damaged: it holds no JSON object.")
    return fields


@contextmanager
def blaming(file: Path) -> Iterator[None]:
    """Raise whatever a library says of a file as a ModelLoadError that names it."""
    try:
        yield
    except ModelLoadError:
        raise
    except BaseException as error:
        # Libraries in Rust panic with what is no Exception.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ModelLoadError(
            f"{file} is damaged or of another model ({_reason(error)})."
        ) from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)  # NaN and Infinity are Python's, not JSON's


def _reason(error: BaseException) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = f"{type(error).__name__}: {' '.join(lines)}" if lines else type(error).__name__
    return said[:LONGEST_REASON].rstrip(".")
