"""What the operator sees on the command line."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m bot` in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        [sys.executable, "-m", "bot"],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_without_a_token_one_sentence_says_what_is_missing(tmp_path: Path) -> None:
    ended = run(tmp_path)
    assert ended.returncode == 1
    assert ended.stderr.startswith("DISCORD_TOKEN is missing")
    assert ended.stderr.count("\n") == 1


def test_a_store_that_cannot_be_opened_is_told_before_anything_else_happens(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    ended = run(tmp_path, DISCORD_TOKEN="secret", MODEL_SOURCE="demo")
    assert ended.returncode == 1
    assert "data" in ended.stderr.splitlines()[-1]
    assert "Traceback" not in ended.stderr
    assert "Loading" not in ended.stderr
