"""What a transformers user knows from other models works with this one, too."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import LoraConfig, get_peft_model
from PIL import Image
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    LogitsProcessor,
    LogitsProcessorList,
    pipeline,
)

from tests.golden import picture
from tests.oracle import Oracle
from tests.tiny.checkpoint import write_tiny_checkpoint

PROMPT = "<|user|>\n<|image_1|>\nWhat is this?<|end|>\n<|assistant|>\n"


@pytest.fixture(scope="module")
def photo() -> Image.Image:
    return picture("tiny_20x300")


@pytest.fixture(scope="module")
def photo_file(photo: Image.Image, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("pictures") / "photo.png"
    photo.save(file)
    return file


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def photo_address(photo_file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(Quiet, directory=photo_file.parent)
    ) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/{photo_file.name}"
        server.shutdown()


def conversation(**image: object) -> list[dict[str, Any]]:
    content = [{"type": "image", **image}, {"type": "text", "text": "What is this?"}]
    return [{"role": "user", "content": content}]


def prepared(oracle: Oracle, photo: Image.Image, **more: Any) -> Any:
    return oracle.processor([photo], PROMPT, return_tensors="pt", **more)


def test_a_conversation_takes_a_picture_by_address_by_path_and_as_an_object(
    oracle: Oracle, photo: Image.Image, photo_file: Path, photo_address: str
) -> None:
    expected = prepared(oracle, photo)
    for image in ({"url": photo_address}, {"path": str(photo_file)}, {"image": photo}):
        inputs = oracle.processor.apply_chat_template(
            conversation(**image),
            add_generation_prompt=True,
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
        assert inputs.keys() == expected.keys()
        assert all(torch.equal(inputs[name], expected[name]) for name in expected), image


def test_conversations_with_and_without_pictures_are_prepared_together(
    oracle: Oracle, photo: Image.Image
) -> None:
    together = oracle.processor.apply_chat_template(
        [[{"role": "user", "content": "Hello there"}], conversation(image=photo)],
        add_generation_prompt=True,
        tokenize=True,
        return_dict=True,
        return_tensors="pt",
        processor_kwargs={"padding": True, "padding_side": "left"},
    )
    alone = prepared(oracle, photo)
    hello, asked = together["input_ids"]
    assert torch.equal(asked[-alone["input_ids"].shape[1] :], alone["input_ids"][0])
    assert hello[0] == oracle.processor.tokenizer.pad_token_id
    assert torch.equal(together["pixel_values"], alone["pixel_values"])


def test_videos_and_sound_are_refused(oracle: Oracle) -> None:
    with pytest.raises(ValueError, match="pictures only"):
        oracle.processor(text="What?", videos=["film.mp4"])


def test_a_pipeline_answers_about_a_picture(
    tiny_checkpoint: Path, oracle: Oracle, photo: Image.Image, photo_address: str
) -> None:
    inputs = prepared(oracle, photo)
    output = oracle.model.generate(**inputs, max_new_tokens=8, do_sample=False)
    said = oracle.processor.decode(
        output[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True
    )
    answers = pipeline("image-text-to-text", model=str(tiny_checkpoint))
    [answer] = answers(
        text=conversation(url=photo_address),
        return_full_text=False,
        generate_kwargs={"max_new_tokens": 8, "do_sample": False},
    )
    # A pipeline cuts the answer out of the whole text, and so keeps a space before its first word.
    assert answer["generated_text"].removeprefix(" ") == said


def test_labels_give_the_mean_loss_of_what_they_name(oracle: Oracle, photo: Image.Image) -> None:
    inputs = prepared(oracle, photo)
    labels = torch.full_like(inputs["input_ids"], -100)
    labels[0, -5:] = inputs["input_ids"][0, -5:]
    with torch.no_grad():
        output = oracle.model(**inputs, labels=labels)
        summed = oracle.model(**inputs, labels=labels, num_items_in_batch=10).loss
    expected = torch.nn.functional.cross_entropy(output.logits[0, -6:-1], labels[0, -5:])
    torch.testing.assert_close(output.loss, expected)
    torch.testing.assert_close(summed, expected * 5 / 10)  # as the Trainer counts over a batch


@pytest.mark.filterwarnings("ignore::FutureWarning")  # peft asks under names that go
@pytest.mark.parametrize("checkpointing", [False, True])
def test_a_step_of_lora_learns_and_leaves_the_model_as_it_was(
    tiny_checkpoint: Path, oracle: Oracle, photo: Image.Image, checkpointing: bool
) -> None:
    torch.manual_seed(0)
    model = AutoModelForImageTextToText.from_pretrained(tiny_checkpoint, dtype=torch.float32)
    if checkpointing:
        model.gradient_checkpointing_enable()
    tuned = get_peft_model(model, LoraConfig(target_modules=["qkv_proj", "down_proj"])).train()
    before = {name: tensor.clone() for name, tensor in tuned.named_parameters()}
    inputs = prepared(oracle, photo)
    optimizer = torch.optim.AdamW([each for each in tuned.parameters() if each.requires_grad], 0.01)
    loss = tuned(**inputs, labels=inputs["input_ids"]).loss
    loss.backward()
    optimizer.step()
    assert tuned(**inputs, labels=inputs["input_ids"]).loss < loss
    changed = {name for name, now in tuned.named_parameters() if not torch.equal(before[name], now)}
    assert changed
    assert all("lora_" in name for name in changed)


def test_a_model_spread_by_device_map_answers_the_same(
    tiny_checkpoint: Path, oracle: Oracle, photo: Image.Image, tmp_path: Path
) -> None:
    """Too little memory is pretended, so that "auto" lays most of the model out on the disk."""
    model = AutoModelForImageTextToText.from_pretrained(
        tiny_checkpoint,
        dtype=torch.float32,
        device_map="auto",
        max_memory={"cpu": "450KB"},
        offload_folder=str(tmp_path),
    )
    assert set(model.hf_device_map.values()) == {"cpu", "disk"}
    inputs = prepared(oracle, photo)
    answers = [
        each.generate(**inputs, max_new_tokens=6, do_sample=False) for each in (model, oracle.model)
    ]
    assert torch.equal(*answers)


class SaysOnly(LogitsProcessor):
    def __init__(self, token: int) -> None:
        self.token = token

    def __call__(self, ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:  # noqa: ARG002
        scores = torch.full_like(scores, -1e9)
        scores[:, self.token] = 0
        return scores


@pytest.mark.parametrize("end", ["<|end|>", "<|endoftext|>"])
@pytest.mark.parametrize("file", ['{"eos_token_id": 2}', None])
def test_generate_stops_at_both_ends_whatever_the_hubs_file_names(
    tmp_path: Path, end: str, file: str | None
) -> None:
    folder = write_tiny_checkpoint(tmp_path)
    if file:
        (folder / "generation_config.json").write_text(file)
    else:
        (folder / "generation_config.json").unlink()
    model = AutoModelForImageTextToText.from_pretrained(folder)
    processor = AutoProcessor.from_pretrained(folder)
    ends = SaysOnly(processor.tokenizer.convert_tokens_to_ids(end))
    said = model.generate(
        torch.tensor([[1, 5, 6]]), max_new_tokens=8, logits_processor=LogitsProcessorList([ends])
    )
    assert said.shape[1] == 4


def test_a_saved_generation_config_names_the_ends(oracle: Oracle, tmp_path: Path) -> None:
    oracle.model.save_pretrained(tmp_path)
    saved = json.loads((tmp_path / "generation_config.json").read_text())
    assert {541, 538} <= set(saved["eos_token_id"])


@torch.inference_mode()
def test_mixed_pictures_in_a_left_padded_batch_are_answered_as_alone(oracle: Oracle) -> None:
    names = ("tiny_20x300", "wide_1280x400", "square_500x500")
    prompts = [PROMPT, "<|user|>\nHello there<|end|>\n<|assistant|>\n", PROMPT + "Well,", PROMPT]
    pictures = [[picture(names[0])], [], [picture(names[1])], [picture(names[2])]]
    options = {"num_crops": 4, "return_tensors": "pt"}
    ask = partial(oracle.model.generate, max_new_tokens=6, min_new_tokens=6, do_sample=False)
    together = oracle.processor(pictures, prompts, padding=True, padding_side="left", **options)
    answers = ask(**together)[:, together["input_ids"].shape[1] :]
    for mine, prompt, answer in zip(pictures, prompts, answers, strict=True):
        alone = oracle.processor(mine or None, prompt, **options)
        assert ask(**alone)[0, alone["input_ids"].shape[1] :].tolist() == answer.tolist()
