"""Prompts become the same ids as in Microsoft's code, and wrong prompts one clear error."""

import json

import pytest
import torch
from transformers import AutoProcessor, AutoTokenizer

from inference.phi3_vision import Phi3VProcessor
from tests.golden import picture, run_lengths
from tests.reference import REFERENCE, needs_reference

HUBS = ("phi3", "phi35")


@pytest.fixture(scope="module")
def processor(tiny_checkpoint):
    return AutoProcessor.from_pretrained(tiny_checkpoint)


@needs_reference
@pytest.mark.parametrize("hub", HUBS)
def test_every_prompt_has_the_originals_ids(hub):
    processor = AutoProcessor.from_pretrained(REFERENCE / "hub" / hub)
    for name, prompt in _prompts()["prompts"].items():
        pictures = [picture(image) for image in prompt["images"]]
        for crops in (4, 16):
            output = processor(pictures, prompt["text"], num_crops=crops)
            expected = run_lengths(prompt[f"c{crops}"]["input_ids_rle"])
            marked = [processor.image_token_id if id_ < 0 else id_ for id_ in expected]
            assert output["input_ids"] == [marked], (name, crops)


@needs_reference
@pytest.mark.parametrize("hub", HUBS)
def test_text_without_pictures_has_the_originals_ids_and_words(hub):
    processor = AutoProcessor.from_pretrained(REFERENCE / "hub" / hub)
    for name, row in _prompts()["text_only"].items():
        assert processor(text=row["text"])["input_ids"] == [row["input_ids"]], name
        assert processor.decode(row["input_ids"]) == row["decode_raw"]
        assert (
            processor.decode(row["input_ids"], skip_special_tokens=True)
            == (row["decode_skip_special"])
        )
    batch = _prompts()["text_batch_default_padding"]
    padded = processor(text=batch["texts"], padding=True)
    assert padded["input_ids"] == batch["input_ids"]
    assert padded["attention_mask"] == batch["attention_mask"]


@needs_reference
@pytest.mark.parametrize("hub", HUBS)
def test_the_auto_tokenizer_keeps_the_space_after_control_tokens(hub):
    tokenizer = AutoTokenizer.from_pretrained(REFERENCE / "hub" / hub)
    assert tokenizer.encode("<|user|>\nHi") == [1, 32010, 29871, 13, 18567]


@needs_reference
@pytest.mark.parametrize("hub", HUBS)
def test_the_chat_template_writes_the_originals_prompts(hub):
    processor = AutoProcessor.from_pretrained(REFERENCE / "hub" / hub)
    for name, row in _prompts()["chat_template"].items():
        prompt = processor.apply_chat_template(row["messages"], add_generation_prompt=True)
        assert prompt == row["prompt"], name


@needs_reference
def test_each_version_keeps_its_own_number_of_crops():
    crops = [
        AutoProcessor.from_pretrained(REFERENCE / "hub" / hub).image_processor.num_crops
        for hub in HUBS
    ]
    assert crops == [16, 4]


def test_the_chat_template_numbers_pictures_through_the_conversation(processor):
    image, ask = {"type": "image"}, {"type": "text", "text": "Which is larger?"}
    conversation = [
        {"role": "user", "content": [image, {"type": "text", "text": "What is this?"}]},
        {"role": "assistant", "content": "A square."},
        {"role": "user", "content": [image, ask]},
    ]
    assert processor.apply_chat_template(conversation, add_generation_prompt=True) == (
        "<|user|>\n<|image_1|>\nWhat is this?<|end|>\n"
        "<|assistant|>\nA square.<|end|>\n"
        "<|user|>\n<|image_2|>\nWhich is larger?<|end|>\n"
        "<|assistant|>\n"
    )


def test_pictures_follow_their_tags(processor):
    pictures = [picture("square_500x500"), picture("wide_1280x400")]
    straight = processor(pictures, "<|image_1|> <|image_2|>", num_crops=4)
    swapped = processor(pictures, "<|image_2|> <|image_1|>", num_crops=4)
    assert straight["image_sizes"].tolist() == [[672, 672], [336, 1008]]
    assert swapped["image_sizes"].tolist() == [[336, 1008], [672, 672]]
    assert torch.equal(straight["pixel_values"].flip(0), swapped["pixel_values"])


@pytest.mark.parametrize("prompt", ["<|image_1|><|image_1|>", "<|image_2|>", "<|image_0|>"])
def test_a_tag_used_twice_or_missing_is_one_clear_error(processor, prompt):
    with pytest.raises(ValueError, match=r"<\|image_1\|> to <\|image_N\|>, each once"):
        processor([picture("square_500x500")], prompt)


def test_surplus_pictures_are_one_clear_error(processor):
    pictures = [picture("square_500x500")] * 2
    with pytest.raises(ValueError, match="name 1 pictures, but 2 were given"):
        processor(pictures, "<|image_1|>")
    with pytest.raises(ValueError, match="name 1 pictures, but 0 were given"):
        processor(text="<|image_1|>")


def test_several_prompts_share_out_their_pictures(processor):
    square, wide = picture("square_500x500"), picture("wide_1280x400")
    prompts = ["<|image_1|> one", "two <|image_2|> <|image_1|>", "none"]
    flat = processor([wide, square, wide], prompts, num_crops=4)
    nested = processor([[wide], [square, wide], []], prompts, num_crops=4)
    assert flat["image_sizes"].tolist() == [[336, 1008], [336, 1008], [672, 672]]
    assert flat["input_ids"] == nested["input_ids"]
    assert torch.equal(flat["pixel_values"], nested["pixel_values"])


def test_placeholders_are_a_real_token(processor):
    output = processor([picture("wide_1280x400")], "<|image_1|>Hi", num_crops=4)
    ids = output["input_ids"][0]
    assert ids.count(processor.image_token_id) == 601
    assert processor.decode(ids).startswith("<s><|image|><|image|>")
    assert processor.decode(ids, skip_special_tokens=True) == "Hi"


def test_a_saved_processor_loads_again(processor, tmp_path):
    processor.save_pretrained(tmp_path)
    again = Phi3VProcessor.from_pretrained(tmp_path)
    prompt, pictures = "<|user|>\n<|image_1|>\nHi<|end|>\n", [picture("tall_300x900")]
    assert again(pictures, prompt)["input_ids"] == processor(pictures, prompt)["input_ids"]


def _prompts():
    return json.loads((REFERENCE / "prompts.json").read_text())
