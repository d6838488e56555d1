"""A checkpoint is loaded with progress; what is wrong with one is said in a sentence."""

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import torch
from huggingface_hub import close_session
from safetensors.torch import load_file, save_file

from inference import EngineSettings, ModelLoadError, Picture
from inference.checkpoint.loading import load_model
from inference.checkpoint.memory import free_memory
from inference.decoder.attention import PRODUCTS
from inference.engine.local import Limits, LocalEngine
from tests.inference.asking import ask, question
from tests.oracle import Oracle


@pytest.fixture
def folder(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    """A copy of the tiny checkpoint, to be spoilt."""
    return Path(shutil.copytree(tiny_checkpoint, tmp_path / "model"))


def load(source: Path | str, **settings: str) -> LocalEngine:
    chosen = {"device": "cpu", "dtype": "float32"} | settings
    return LocalEngine.load(EngineSettings(source=str(source), **chosen))


def edit(file: Path, **changes: object) -> None:
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def test_progress_goes_from_the_first_tensor_to_the_last(folder: Path) -> None:
    shares: list[float] = []
    load_model(EngineSettings(source=str(folder), device="cpu"), shares.append)
    assert shares == sorted(shares)
    assert 0 < shares[0] < 0.5
    assert shares[-1] == 1.0


async def test_a_checkpoint_in_parts_answers_like_one_in_a_piece(
    folder: Path, oracle: Oracle
) -> None:
    (folder / "model.safetensors").unlink()
    oracle.model.save_pretrained(folder, max_shard_size="100KB")
    engine = load(folder)
    request = question("Hello there")
    assert (await ask(engine, request))[0] == oracle.answer(request)
    await engine.close()


@pytest.mark.parametrize(
    ("name", "dtype"), [("bfloat16", torch.bfloat16), ("float32", torch.float32)]
)
def test_the_model_has_the_dtype_that_was_asked_for(
    folder: Path, name: str, dtype: torch.dtype
) -> None:
    model, _ = load_model(EngineSettings(source=str(folder), device="cpu", dtype=name))
    assert {tensor.dtype for tensor in model.parameters()} == {dtype}


@pytest.mark.parametrize(
    ("dtype", "asked", "chosen"),
    [
        ("float32", "auto", "sdpa"),
        ("bfloat16", "auto", PRODUCTS),
        ("bfloat16", "sdpa", "sdpa"),
    ],
)
def test_the_vision_tower_attends_as_was_asked_for(
    folder: Path, dtype: str, asked: str, chosen: str
) -> None:
    settings = EngineSettings(source=str(folder), device="cpu", dtype=dtype, attention=asked)
    model, processor = load_model(settings)
    LocalEngine(model, processor, "tiny")
    assert model.model.vision_tower.config._attn_implementation == chosen


def test_the_model_is_named_after_its_folder(folder: Path) -> None:
    assert load(folder).model_name == "model"
    assert load(f"{folder}/").model_name == "model"


async def test_the_model_that_comes_along_is_called_what_it_is() -> None:
    engine = load("demo")
    assert engine.model_name == "small demo model"
    await engine.close()


async def test_a_model_is_given_no_more_crops_than_it_was_trained_with(landscape: Picture) -> None:
    engine = load("demo")
    _, ending = await ask(engine, question("What is this?", landscape, crops=16))
    assert ending.crops == 2
    assert not ending.fewer_crops
    await engine.close()


def test_slots_longer_than_the_model_reads_are_refused(folder: Path) -> None:
    settings = EngineSettings(source=str(folder), device="cpu")
    limits = Limits(long_slot=200_000, most_slots=1)
    with pytest.raises(ModelLoadError, match=r"LONG_SLOT is 200,000 .* the model reads 131,072"):
        LocalEngine.load(settings, limits=limits)


def test_the_environment_bounds_the_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_MOST_SLOTS", "3")
    assert load(folder).slots == 3


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match=r"There is no folder .*nowhere"):
        load(tmp_path / "nowhere")


def test_a_folder_that_is_not_there_and_looks_like_a_hub_id() -> None:
    with pytest.raises(ModelLoadError, match="There is no folder my models/phi, and no model"):
        load("my models/phi")


def test_a_hub_model_without_a_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ModelLoadError, match="nobody/nothing is not here"):
        load("nobody/nothing")


@pytest.fixture
def refusing_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The only way out: a proxy that lets nobody through."""
    close_session()  # the hub's client knows the proxies of its first call

    def refuse(door: socket.socket) -> None:
        with suppress(OSError):  # closed: the test is over
            while True:
                visitor, _ = door.accept()
                with visitor:
                    visitor.recv(4096)
                    visitor.sendall(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n")

    with socket.create_server(("127.0.0.1", 0)) as door:
        threading.Thread(target=refuse, args=(door,), daemon=True).start()
        for name in ("HTTPS_PROXY", "https_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{door.getsockname()[1]}")
        for name in ("NO_PROXY", "no_proxy"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
        yield
        door.shutdown(socket.SHUT_RDWR)
    close_session()


@pytest.mark.usefixtures("refusing_proxy")
def test_a_hub_model_behind_a_proxy_that_refuses() -> None:
    with pytest.raises(ModelLoadError, match=r"nobody/nothing is not here .*: ProxyError"):
        load("nobody/nothing")


@pytest.mark.parametrize(
    "name",
    [
        "config.json",
        "model.safetensors",
        "tokenizer.json",
        "tokenizer_config.json",
        "preprocessor_config.json",
    ],
)
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ModelLoadError, match=f"{name} is missing"):
        load(folder)


def test_a_missing_part_is_named(folder: Path, oracle: Oracle) -> None:
    (folder / "model.safetensors").unlink()
    oracle.model.save_pretrained(folder, max_shard_size="100KB")
    part = sorted(folder.glob("*.safetensors"))[1]
    part.unlink()
    with pytest.raises(ModelLoadError, match=f"{part.name} is missing"):
        load(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json"])
def test_a_damaged_json_file_is_named(folder: Path, name: str) -> None:
    (folder / name).write_text((folder / name).read_text()[:-10])
    with pytest.raises(ModelLoadError, match=f"{name} is damaged"):
        load(folder)


def test_a_download_that_broke_off_is_named(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-1000])
    with pytest.raises(ModelLoadError, match=r"model\.safetensors is damaged"):
        load(folder)


def test_another_architecture_is_named(folder: Path) -> None:
    edit(folder / "config.json", model_type="llama")
    with pytest.raises(ModelLoadError, match=r"config\.json describes a llama model"):
        load(folder)


def test_pickled_weights_are_not_touched(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    with pytest.raises(ModelLoadError, match="only safetensors files are loaded"):
        load(folder)


def test_a_tensor_that_is_missing_is_named(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    del tensors["model.norm.weight"]
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelLoadError, match=r"no tensor for model\.language_model\.norm\.weight"):
        load(folder)


def test_a_tensor_of_another_shape_is_named(folder: Path) -> None:
    edit(folder / "config.json", vocab_size=545)
    with pytest.raises(ModelLoadError, match=r"lm_head\.weight is \(544, 64\), not \(545, 64\)"):
        load(folder)


def test_a_model_larger_than_the_memory_is_refused(folder: Path) -> None:
    rows = free_memory(torch.device("cpu")) * 3 // 4 // 2**13
    size = rows * 2**13
    header = json.dumps(
        {"lm_head.weight": {"dtype": "BF16", "shape": [rows, 2**12], "data_offsets": [0, size]}}
    ).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + size)
    with pytest.raises(ModelLoadError, match=r"takes \d+\.\d GB of memory"):
        load(folder)


def test_too_little_memory_for_a_single_answer_is_said(folder: Path) -> None:
    settings = EngineSettings(source=str(folder), device="cpu")
    with pytest.raises(ModelLoadError, match="too little memory beside the model"):
        LocalEngine.load(settings, limits=Limits(short_slot=10**12, long_slot=10**12))


def test_a_gpu_that_is_not_there_is_said(folder: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(ModelLoadError, match="MODEL_DEVICE is cuda"):
        load(folder, device="cuda")
    with pytest.raises(ModelLoadError, match="MODEL_ATTENTION is flash_attention_2"):
        load(folder, attention="flash_attention_2")
