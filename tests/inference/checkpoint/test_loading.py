"""A checkpoint is loaded with progress; what is wrong with one is said in a sentence."""

import json
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch
from huggingface_hub import close_session
from safetensors.torch import load_file, save_file
from torch.nn.functional import scaled_dot_product_attention

from inference import EngineSettings, ModelLoadError, Picture
from inference.checkpoint.loading import load_model
from inference.checkpoint.memory import free_memory
from inference.decoder.attention import (
    IN_FLOAT32,
    PRODUCTS,
    attend_by_products,
    attend_in_float32,
)
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


@pytest.mark.parametrize(("has_matrix_units", "chosen"), [(True, PRODUCTS), (False, IN_FLOAT32)])
def test_in_bfloat16_it_attends_in_what_the_processor_is_fast_with(
    folder: Path, monkeypatch: pytest.MonkeyPatch, chosen: str, *, has_matrix_units: bool
) -> None:
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: {"amx_bf16": has_matrix_units})
    model, _ = load_model(EngineSettings(source=str(folder), device="cpu", dtype="bfloat16"))
    assert model.model.vision_tower.config._attn_implementation == chosen


@pytest.mark.parametrize("attend", [attend_by_products, attend_in_float32])
def test_each_way_to_attend_is_that_of_pytorch(attend: Callable[..., Any]) -> None:
    query, key, value = torch.randn(3, 1, 4, 50, 16, generator=torch.Generator().manual_seed(1))
    expected = scaled_dot_product_attention(query, key, value, scale=0.3).transpose(1, 2)
    attended, _ = attend(None, query, key, value, None, 0.3)
    torch.testing.assert_close(attended, expected)
    half = (each.bfloat16() for each in (query, key, value))
    attended, _ = attend(None, *half, None, 0.3)
    assert attended.dtype is torch.bfloat16
    torch.testing.assert_close(attended.float(), expected, atol=0.03, rtol=0)


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


def test_requests_longer_than_the_model_reads_are_refused(folder: Path) -> None:
    settings = EngineSettings(source=str(folder), device="cpu")
    limits = Limits(context=200_000, most_at_once=1)
    with pytest.raises(ModelLoadError, match=r"CONTEXT is 200,000 .* the model reads 131,072"):
        LocalEngine.load(settings, limits=limits)


def test_the_environment_bounds_the_engine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGINE_MOST_AT_ONCE", "3")
    assert load(folder).at_once() == 3


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
    with pytest.raises(ModelLoadError, match=r"nobody/nothing is not here, and the proxy refuses"):
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
        load(folder, weights="full")


def test_too_little_memory_for_a_single_answer_is_said(folder: Path) -> None:
    settings = EngineSettings(source=str(folder), device="cpu")
    with pytest.raises(ModelLoadError, match="of which ENGINE_MEMORY allows a part"):
        LocalEngine.load(settings, limits=Limits(memory=1000))


def test_a_gpu_that_is_not_there_is_said(folder: Path) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(ModelLoadError, match="MODEL_DEVICE is cuda"):
        load(folder, device="cuda")
    with pytest.raises(ModelLoadError, match="MODEL_ATTENTION is flash_attention_2"):
        load(folder, attention="flash_attention_2")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("config.json", "[]", r"config\.json is damaged: it holds no JSON object"),
        ("config.json", '{"model_type": NaN}', r"config\.json is damaged: it is not JSON"),
        ("model.safetensors.index.json", "[]", r"index\.json is damaged: it holds no JSON"),
        ("model.safetensors.index.json", "{}", r"index\.json is damaged: it names no files"),
        ("model.safetensors.index.json", '{"weight_map": {"a": "../x"}}', "it names no files"),
        ("generation_config.json", "[]", r"generation_config\.json is damaged"),
        ("generation_config.json", '{"eos_token_id": "a"}', r"generation_config\.json is damaged"),
        ("tokenizer.json", "{}", r"tokenizer\.json is damaged"),
        ("tokenizer_config.json", "[]", r"tokenizer_config\.json is damaged"),
        ("preprocessor_config.json", "[]", r"preprocessor_config\.json is damaged"),
        ("preprocessor_config.json", '{"num_crops": 0}', r"preprocessor_config\.json is damaged"),
    ],
)
def test_a_file_that_holds_something_else_is_named(
    folder: Path, name: str, content: str, sentence: str
) -> None:
    (folder / name).write_text(content)
    with pytest.raises(ModelLoadError, match=sentence):
        load(folder)


@pytest.mark.parametrize(
    "changes",
    [
        {"rope_scaling": None},
        {"rope_scaling": {"type": "su", "short_factor": [1.0] * 8}},
        {"rope_scaling": {"type": "su", "short_factor": [1.0], "long_factor": [1.0] * 8}},
        {"hidden_size": "64"},
        {"num_attention_heads": 0},
        {"num_attention_heads": 5},
        {"hidden_act": "no such thing"},
        {"rms_norm_eps": -1000.0},
        {"original_max_position_embeddings": 0},
    ],
)
def test_a_configuration_that_makes_no_model_is_named(folder: Path, changes: dict) -> None:
    edit(folder / "config.json", **changes)
    with pytest.raises(ModelLoadError, match=r"config\.json|model\.safetensors: .* is \("):
        load(folder)


def test_a_file_without_tensors_is_named(folder: Path) -> None:
    save_file({}, folder / "model.safetensors")
    with pytest.raises(ModelLoadError, match=r"model\.safetensors has no tensor for"):
        load(folder)


def test_numbers_that_are_none_are_named(folder: Path) -> None:
    tensors = load_file(folder / "model.safetensors")
    tensors["model.layers.1.mlp.down_proj.weight"][3, 7] = torch.nan
    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ModelLoadError, match=r"model\.safetensors is damaged: .*down_proj\.weight"):
        load(folder)


def test_weights_that_others_made_small_are_refused(folder: Path) -> None:
    """As compressed-tensors and GPTQ write them; copied as plain numbers they answer nonsense."""
    weights = folder / "model.safetensors"
    sound = load_file(weights)
    name = "model.layers.0.mlp.down_proj.weight"
    for small, sentence in [
        (sound[name].to(torch.float8_e4m3fn), "stored as F8_E4M3; only full weights"),
        (sound[name].to(torch.int8), "stored as I8; only full weights"),
    ]:
        save_file({**sound, name: small}, weights)
        with pytest.raises(ModelLoadError, match=rf"model\.safetensors: {name} is {sentence}"):
            load(folder)
    save_file({**sound, f"{name}_scale": torch.ones(64)}, weights)
    with pytest.raises(ModelLoadError, match=f"{name}_scale belongs to small weights"):
        load(folder)


def test_a_configuration_of_small_weights_is_refused(folder: Path) -> None:
    edit(folder / "config.json", quantization_config={"quant_method": "gptq", "bits": 4})
    with pytest.raises(ModelLoadError, match=r"config\.json describes small weights \(gptq\)"):
        load(folder)


def test_tensors_without_a_place_are_told_in_the_log(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    tensors = load_file(folder / "model.safetensors")
    save_file({**tensors, "model.adapter.weight": torch.ones(2)}, folder / "model.safetensors")
    load(folder)
    assert "1 tensors have no place in the model: model.adapter.weight." in caplog.text


@pytest.mark.parametrize("token", ["<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>"])
def test_a_tokenizer_without_the_chats_tokens_is_refused(folder: Path, token: str) -> None:
    file = folder / "tokenizer.json"
    file.write_text(file.read_text().replace(token, token.replace("|", "!")))
    edit(folder / "tokenizer_config.json", eos_token="</s>", pad_token="</s>")
    with pytest.raises(ModelLoadError, match=r"tokenizer\.json is of another model: it has no <\|"):
        load(folder)


def test_a_tokenizer_with_more_tokens_than_the_model_is_refused(folder: Path) -> None:
    file = folder / "tokenizer.json"
    fields = json.loads(file.read_text())
    fields["added_tokens"].append({**fields["added_tokens"][-1], "id": 544, "content": "<|more|>"})
    file.write_text(json.dumps(fields))
    with pytest.raises(
        ModelLoadError, match=r"has a token 544, and the model's vocabulary has 544"
    ):
        load(folder)


def test_a_tokenizer_with_another_image_token_is_refused(folder: Path) -> None:
    edit(folder / "config.json", image_token_id=540)
    with pytest.raises(ModelLoadError, match=r"<\|image\|> is 543, and the model's is 540"):
        load(folder)


@pytest.mark.parametrize(("field", "value"), [("num_img_tokens", 100), ("crop_size", 224)])
def test_pictures_cut_for_another_model_are_refused(folder: Path, field: str, value: int) -> None:
    edit(folder / "preprocessor_config.json", **{field: value})
    with pytest.raises(ModelLoadError, match=rf"preprocessor_config\.json: {field} is {value}"):
        load(folder)


async def test_a_checkpoint_that_transformers_saved_answers_as_before(
    oracle: Oracle, landscape: Picture, tmp_path: Path
) -> None:
    """As after fine-tuning: transformers 5 writes processor_config.json, and no other."""
    oracle.model.save_pretrained(tmp_path)
    oracle.processor.save_pretrained(tmp_path)
    assert not (tmp_path / "preprocessor_config.json").exists()
    engine = load(tmp_path)
    request = question("What is this?", landscape)
    assert (await ask(engine, request))[0] == oracle.answer(request)
    await engine.close()


@pytest.mark.parametrize("error", [torch.OutOfMemoryError("CUDA out of memory"), MemoryError()])
@pytest.mark.parametrize(
    ("share", "sentence"),
    [(0.1, "too little memory for the model in"), (1.0, "too little memory for answers beside")],
)
def test_memory_that_runs_out_is_said(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    share: float,
    sentence: str,
) -> None:
    def run_out(*_: object, **__: object) -> None:
        raise error

    def progress(done: float) -> None:
        if done >= share:
            monkeypatch.setattr(torch, "empty", run_out)
            monkeypatch.setattr(torch.Tensor, "new_empty", run_out)

    settings = EngineSettings(source=str(folder), device="cpu", dtype="float32")
    with pytest.raises(ModelLoadError, match=sentence):
        LocalEngine.load(settings, progress)
