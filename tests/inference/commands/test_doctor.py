"""What the owner of a machine is told before the model is loaded for the first time."""

import json
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import torch
from huggingface_hub import constants

from inference import Finding, Verdict, examine_model
from inference.checkpoint.memory import free_memory
from inference.decoder.small_linears import can_shrink

CPU = torch.device("cpu")
CARD = "NVIDIA GeForce RTX 4060 Ti, 16380, 560.94, 8.9"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def said_of(label: str) -> Finding:
    (finding,) = [finding for finding in examine_model() if finding.label == label]
    return finding


def put_in_a_card(folder: Path, monkeypatch: pytest.MonkeyPatch, says: str = CARD) -> None:
    """Let NVIDIA's tool be found, and say what it says on a machine with that card."""
    tool = folder / "nvidia-smi"
    tool.write_text(f"#!/bin/sh\necho '{says}'\n")
    tool.chmod(tool.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_small_model_on_a_machine_without_a_card(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_SOURCE", "demo")
    monkeypatch.setenv("PATH", "")
    found = {finding.label: finding for finding in examine_model()}
    assert found["card"].verdict is Verdict.WARNING
    assert found["PyTorch"].verdict is Verdict.OK
    assert found["weights"].verdict is Verdict.OK
    assert "on disk" in found["weights"].detail


def test_a_pytorch_without_cuda_beside_a_card_is_named_with_the_command_that_mends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_a_card(tmp_path, monkeypatch)
    monkeypatch.setenv("MODEL_SOURCE", "demo")
    card, pytorch = said_of("card"), said_of("PyTorch")
    assert card.detail == "NVIDIA GeForce RTX 4060 Ti, 16 GiB, driver 560.94"
    assert pytorch.verdict is Verdict.WRONG
    assert pytorch.advice.splitlines() == [
        f"{sys.executable} -m pip install uv",
        f'{sys.executable} -m uv pip install --reinstall "torch==2.13.*" --torch-backend=auto',
    ]


@pytest.mark.parametrize("says", ["", "No devices were found", "NVIDIA-SMI has failed, because"])
def test_a_driver_that_has_no_card_to_tell_of_is_no_card(
    says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_in_a_card(tmp_path, monkeypatch, says)
    monkeypatch.setenv("MODEL_SOURCE", "demo")
    assert said_of("card").verdict is Verdict.WARNING


def test_a_wrong_setting_is_one_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_DEVICE", "abacus")
    (finding,) = examine_model()
    assert finding.verdict is Verdict.WRONG
    assert "MODEL_DEVICE" in finding.detail


def test_a_file_that_is_missing_in_a_local_folder_is_named(
    tiny_checkpoint: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_bytes((tiny_checkpoint / "config.json").read_bytes())
    monkeypatch.setenv("MODEL_SOURCE", str(folder))
    assert "model.safetensors is missing" in said_of("model").detail


@pytest.mark.parametrize(
    ("weights", "size", "verdict"),
    [
        ("auto", 0.5, Verdict.OK),
        ("auto", 1.5, Verdict.WARNING),
        ("int8", 1.5, Verdict.OK),
        ("full", 1.5, Verdict.WRONG),
        ("auto", 5.0, Verdict.WRONG),
    ],
)
def test_the_memory_is_held_against_the_weights_as_they_will_be(
    weights: str, size: float, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size is that of full weights, as a share of what is free."""
    if weights == "auto" and verdict is Verdict.WARNING and not can_shrink(CPU):
        verdict = Verdict.WRONG
    (tmp_path / "config.json").write_text("{}")
    with (tmp_path / "model.safetensors").open("wb") as file:
        file.truncate(int(size * free_memory(CPU)))  # takes no room
    monkeypatch.setenv("MODEL_SOURCE", str(tmp_path))
    monkeypatch.setenv("MODEL_DEVICE", "cpu")
    monkeypatch.setenv("MODEL_DTYPE", "bfloat16")
    monkeypatch.setenv("MODEL_WEIGHTS", weights)
    assert said_of("memory").verdict is verdict


@contextmanager
def an_address(answer: object) -> Iterator[str]:
    """Serve one answer, whatever is asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize(
    ("size", "verdict"), [(8_300_000, Verdict.WARNING), (10**18, Verdict.WRONG)]
)
def test_before_the_download_the_room_on_disk_is_looked_at(
    size: int, verdict: Verdict, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MODEL_SOURCE", "someone/a-model")
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "cache"))
    siblings = [{"rfilename": "model.safetensors", "size": size}]
    with an_address({"id": "someone/a-model", "siblings": siblings}) as address:
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", address)
        finding = said_of("weights")
    assert finding.verdict is verdict
    assert "to download" in finding.detail


def test_offline_and_without_weights_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_SOURCE", "someone/a-model-that-nobody-has")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    finding = said_of("weights")
    assert finding.verdict is Verdict.WRONG
    assert "HF_HUB_OFFLINE" in finding.detail


@pytest.mark.parametrize(
    ("context", "verdict"), [(4096, Verdict.OK), (131072, Verdict.WRONG), (None, Verdict.OK)]
)
def test_a_model_server_takes_the_place_of_card_and_weights(
    context: int | None, verdict: Verdict, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = {"id": "Phi-3.5-vision-instruct", "object": "model", "owned_by": "vllm", "created": 1}
    with an_address({"object": "list", "data": [{**listed, "max_model_len": context}]}) as address:
        monkeypatch.setenv("ENGINE_URL", address)
        (finding,) = examine_model()
    assert finding.verdict is verdict
    assert "Phi-3.5-vision-instruct" in finding.detail


def test_a_damaged_file_of_the_hubs_cache_is_named_where_it_really_lies(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob, model = tmp_path / f"{'0' * 64}", tmp_path / "model"
    blob.write_bytes(b"other bytes")
    model.mkdir()
    (model / "model.safetensors").symlink_to(blob)
    monkeypatch.setenv("MODEL_SOURCE", str(model))
    finding = said_of("checksums")
    assert finding.verdict is Verdict.WRONG
    assert str(blob) in finding.detail


def test_small_weights_beside_a_model_server_are_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MODEL_WEIGHTS", "int8")
    (finding,) = examine_model()
    assert finding.verdict is Verdict.WRONG
    assert "MODEL_WEIGHTS is int8, but the servers in ENGINE_URL" in finding.detail


def test_a_model_server_that_does_not_answer_is_wrong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_URL", "http://127.0.0.1:1")
    (finding,) = examine_model()
    assert finding.verdict is Verdict.WRONG
