"""The first start fetches the weights: whatever is in the way, one sentence says what to do."""

import asyncio
import errno
import io
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, suppress
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import close_session, constants

from inference import EngineSettings, ModelLoadError
from inference.checkpoint.checksums import hub_checksum
from inference.checkpoint.source import find_folder, local_weight_files
from inference.engine.local import LocalEngine
from tests.inference.asking import ask, question
from tests.inference.checkpoint.loopback_hub import COMMIT, MODEL, Hub, serve

WEIGHTS = "model.safetensors"
BAD_TOKEN = "Invalid credentials in Authorization header"
"""What the hub says to a token that has run out."""
NEWER = COMMIT[::-1]
CHUNK = 10 * 2**20
"""Bytes that the hub's library writes in one go."""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub whose model has weights of two chunks and a half."""
    folder = tmp_path / "hub"
    folder.mkdir()
    for name in ("config.json", "tokenizer.json", "README.md"):
        (folder / name).write_text("{}")
    (folder / WEIGHTS).write_bytes(bytes(range(256)) * (CHUNK // 256 * 5 // 2))
    with serve(folder) as hub:
        yield hub


@pytest.fixture(autouse=True)
def cache(hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine that has no model yet, whose hub is the loopback's."""
    close_session()
    here = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, hub.address)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", here)
    monkeypatch.setattr(constants, "ENDPOINT", hub.address)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    yield tmp_path / "cache"
    close_session()


def settings(**fields: Any) -> EngineSettings:
    return EngineSettings(**{"source": MODEL, "revision": COMMIT, **fields})


def elsewhere(hub: Hub, cache: Path) -> dict[str, str]:
    """Make the environment of a process of its own."""
    ours = {"HF_ENDPOINT": hub.address, "HF_HUB_CACHE": str(cache), "MODEL_REVISION": COMMIT}
    return {**os.environ, **ours}


def test_all_that_the_bot_reads_lies_in_the_usual_cache(hub: Hub, cache: Path) -> None:
    folder = find_folder(settings())
    assert folder == cache / f"models--someone--a-model/snapshots/{COMMIT}"
    assert {file.name for file in folder.iterdir()} == {"config.json", "tokenizer.json", WEIGHTS}
    for file in folder.iterdir():
        assert file.read_bytes() == (hub.folder / file.name).read_bytes()
    assert hub_checksum(folder / WEIGHTS) is not None
    assert local_weight_files(settings()) == [folder / WEIGHTS]


def test_what_is_here_at_its_commit_needs_no_hub(hub: Hub) -> None:
    folder = find_folder(settings())
    hub.refuses_page = hub.refuses_files = (503, "")
    assert find_folder(settings()) == folder


def test_offline_the_last_one_serves_whatever_its_commit(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = find_folder(settings(revision=None))
    asked = len(hub.asked)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert find_folder(settings(revision=None)) == folder
    assert len(hub.asked) == asked
    assert not caplog.records


def test_without_a_network_the_last_one_serves_and_nobody_is_frightened(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = find_folder(settings(revision=None))
    caplog.clear()
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    with caplog.at_level("INFO"):
        assert find_folder(settings(revision=None)) == folder
    (record,) = (each for each in caplog.records if each.name.startswith("inference"))
    assert record.levelname == "INFO"
    assert "comes from the hub's cache" in record.message


def test_a_newer_one_that_cannot_be_brought_leaves_the_last_one_in_service(
    hub: Hub, caplog: pytest.LogCaptureFixture
) -> None:
    folder = find_folder(settings(revision=None))
    (hub.folder / WEIGHTS).write_bytes(b"newer")
    hub.commit, hub.says_size = NEWER, 10**16
    assert find_folder(settings(revision=None)) == folder
    assert "the hub's cache serves, not the newest one: The model" in caplog.text


async def test_what_wakes_is_what_was_let_go_whatever_the_hub_has_by_then(
    hub: Hub, tiny_checkpoint: Path
) -> None:
    shutil.copytree(tiny_checkpoint, hub.folder, dirs_exist_ok=True)
    engine = LocalEngine.load(settings(revision=None, device="cpu", dtype="float32"))
    said = await ask(engine, question("What is this?"))
    hub.commit = NEWER
    (hub.folder / "config.json").write_text("{}")
    await asyncio.wrap_future(engine.release())
    assert (await ask(engine, question("What is this?")))[0] == said[0]
    await engine.close()


def test_one_bar_shows_all_files_to_the_end() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    with redirect_stderr(Terminal()) as terminal:
        find_folder(settings())
    shown = [line for line in terminal.getvalue().split("\r") if line.strip()]
    assert {line.split(":")[0] for line in shown} == {MODEL}
    assert "100%" in shown[-1]


def test_a_connection_that_breaks_goes_on_where_it_was(hub: Hub) -> None:
    hub.breaks_off_after = CHUNK + CHUNK // 2
    with suppress(ModelLoadError):  # the hub's older libraries leave it to the next start
        find_folder(settings())
    folder = find_folder(settings())
    assert (folder / WEIGHTS).read_bytes() == (hub.folder / WEIGHTS).read_bytes()
    assert (WEIGHTS, f"bytes={CHUNK}-") in hub.asked


def test_a_process_that_was_killed_left_what_had_come_to_its_successor(
    hub: Hub, cache: Path
) -> None:
    command = [sys.executable, "-m", "inference", "check", "--model", MODEL]
    hub.stalls_after = 2 * CHUNK
    process = subprocess.Popen(command, env=elsewhere(hub, cache))
    while sum(each.stat().st_size for each in cache.rglob("*.incomplete")) < 2 * CHUNK:
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()

    hub.stalls_after = None
    hub.asked.clear()
    folder = find_folder(settings())
    assert (folder / WEIGHTS).read_bytes() == (hub.folder / WEIGHTS).read_bytes()
    assert hub.asked == [(WEIGHTS, f"bytes={2 * CHUNK}-")]


def test_without_room_not_a_byte_is_fetched(hub: Hub) -> None:
    hub.says_size = 10**16
    with pytest.raises(ModelLoadError, match=r"10000000\.0 GB more on disk.*HF_HOME"):
        find_folder(settings())
    assert not hub.asked


def test_a_disk_that_fills_up_keeps_what_came(hub: Hub, cache: Path) -> None:
    """A limit on files' length stands for the disk's end."""
    script = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({CHUNK},) * 2);"
        "from inference.__main__ import main; sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, "check", "--model", MODEL],
        env=elsewhere(hub, cache),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("The disk is full: make room in")
    (partial,) = (cache / "models--someone--a-model/blobs").glob("*.incomplete")
    assert partial.stat().st_size == CHUNK


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        ((403, "GatedRepo"), rf"asks for consent: accept its terms on .*/{MODEL} and set HF_TOKEN"),
        ((401, "RepoNotFound"), "The hub has no model someone/a-model: .* MODEL_SOURCE"),
        ((401, BAD_TOKEN), r"refuses it \(status 401\): set HF_TOKEN to a token that is valid"),
        ((403, ""), rf"refuses it \(status 403\): set HF_TOKEN to .* may read {MODEL}"),
        ((503, ""), r"the hub is in trouble \(status 503\): try again"),
        ((429, ""), r"the hub is in trouble \(status 429\): try again"),
    ],
)
def test_what_the_hub_refuses_is_said_with_what_to_do(
    refusal: tuple[int, str], said: str, hub: Hub
) -> None:
    hub.refuses_page = refusal
    with pytest.raises(ModelLoadError, match=said):
        find_folder(settings())


def test_a_gated_model_whose_page_is_open_is_told_at_its_first_file(hub: Hub) -> None:
    hub.refuses_files = (403, "GatedRepo")
    with pytest.raises(ModelLoadError, match="asks for consent"):
        find_folder(settings())


def test_a_commit_that_the_hub_has_not_is_named() -> None:
    with pytest.raises(ModelLoadError, match=r"The hub has no v9 of someone/a-model.*REVISION"):
        find_folder(settings(revision="v9"))


def test_nobody_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(
        ModelLoadError, match=r"cannot be reached \(ConnectError\): look at the net"
    ):
        find_folder(settings())


def test_weights_that_arrive_damaged_are_not_kept(hub: Hub) -> None:
    hub.spoils = True
    with pytest.raises(ModelLoadError, match=r"model.safetensors arrived damaged"):
        find_folder(settings())
    hub.spoils = False
    assert (find_folder(settings()) / WEIGHTS).read_bytes() == (hub.folder / WEIGHTS).read_bytes()


def test_what_was_deleted_as_it_was_damaged_is_fetched_again(hub: Hub) -> None:
    file = find_folder(settings()) / WEIGHTS
    file.resolve().unlink()
    assert find_folder(settings()) == file.parent
    assert file.read_bytes() == (hub.folder / WEIGHTS).read_bytes()
    assert hub_checksum(file) is not None


def test_a_cache_that_cannot_be_written_is_named(cache: Path) -> None:
    cache.write_text("a file")
    with pytest.raises(ModelLoadError, match=r"cache.* cannot be used \(Not a directory\)"):
        find_folder(settings())


def test_where_links_cannot_be_made_files_stand_there_themselves(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "A required privilege is not held by the client")

    monkeypatch.setattr(Path, "symlink_to", refuse)  # as Windows does without its developer mode
    folder = find_folder(settings())
    assert not (folder / WEIGHTS).is_symlink()
    assert len(hub.asked) == len([*folder.iterdir()])
    find_folder(settings(revision=None))
    assert len(hub.asked) == len([*folder.iterdir()])
