"""A bot whose model runs elsewhere: the wheel alone, and requirements-remote.txt."""

import asyncio
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.remote.model_server import SENTENCE, ModelServer
from tests.wire.pictures import RED

PROJECT = Path(__file__).parents[1]
HEAVY = ("torch", "transformers", "tokenizers", "safetensors", "numpy", "triton")


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel without its dependencies, and those that a remote model leaves."""
    folder = tmp_path_factory.mktemp("install")
    uv = shutil.which("uv") or (find_spec("uv") and f"{sys.executable} -m uv")
    if not uv:
        pytest.skip('uv, which makes a clean environment, is missing: pip install -e ".[dev]".')
    python = folder / "clean/bin/python"
    wheels = folder / "wheels"
    for arguments in (
        ["build", "-q", "--wheel", "--out-dir", str(wheels), str(_source(folder))],
        ["venv", "-q", "--python", sys.executable, str(folder / "clean")],
    ):
        _run(*uv.split(), *arguments)
    install = [*uv.split(), "pip", "install", "-q", "--python", str(python)]
    (wheel,) = wheels.glob("*.whl")
    _run(*install, "--no-deps", str(wheel))
    _run(*install, "-r", str(PROJECT / "requirements-remote.txt"))
    return python


def _source(folder: Path) -> Path:
    """Copy what the wheel is made of, so that building leaves nothing behind."""
    source = folder / "source"
    for name in ("bot", "inference"):
        ignored = shutil.ignore_patterns("__pycache__", "data")
        shutil.copytree(PROJECT / name, source / name, ignore=ignored)
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(PROJECT / name, source)
    for more in PROJECT.glob("setup.*"):
        shutil.copy(more, source)
    return source


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


async def test_a_bot_without_torch_answers_by_a_server(python: Path, tmp_path: Path) -> None:
    (tmp_path / "red.png").write_bytes(RED.content)
    code, said, log = await asked_of_a_server(python, tmp_path, "describe", "red.png")
    assert code == 0, log
    assert "".join(SENTENCE).strip() in said


async def test_and_its_server_can_be_checked(python: Path, tmp_path: Path) -> None:
    code, said, log = await asked_of_a_server(python, tmp_path, "check")
    assert code == 1, "the server says another sentence"
    assert said.startswith("```text\nmodel      demo\nservers    1\n"), log


async def asked_of_a_server(python: Path, folder: Path, *words: str) -> tuple[int, str, str]:
    """Run a command beside a server; returns its exit code and what it writes."""
    async with ModelServer() as server:
        told = await asyncio.create_subprocess_exec(
            *(str(python), "-m", "inference", *words),
            cwd=folder,
            env={"ENGINE_URL": server.url, "PATH": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        said, log = await told.communicate()
    assert told.returncode is not None
    return told.returncode, said.decode(), log.decode()


def test_nothing_of_the_model_is_installed(python: Path) -> None:
    code = (
        "import importlib.util, bot.__main__, bot.run, inference.remote.engine\n"
        f"print([name for name in {HEAVY} if importlib.util.find_spec(name)])"
    )
    found = subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=False, cwd=python.parent
    )
    assert found.stdout.strip() == "[]", found.stderr


def test_without_torch_and_servers_the_operator_is_told_what_to_install(
    python: Path, tmp_path: Path
) -> None:
    (tmp_path / "red.png").write_bytes(RED.content)
    told = subprocess.run(
        [str(python), "-m", "inference", "describe", "red.png"],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PATH": ""},
    )
    assert told.returncode == 1
    assert "ENGINE_URL" in told.stderr
    assert "Traceback" not in told.stderr
