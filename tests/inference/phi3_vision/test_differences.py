"""Where the original code is wrong or wasteful, and this port is not."""

import pytest
import torch
from transformers import AutoModelForImageTextToText, AutoProcessor

from tests.golden import picture
from tests.tiny.checkpoint import write_tiny_checkpoint

SWITCH = 800


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The tiny checkpoint with a low rope switch, so that it is crossed cheaply."""
    return write_tiny_checkpoint(
        tmp_path_factory.mktemp("low-switch"), original_max_position_embeddings=SWITCH
    )


@pytest.fixture(scope="module")
def model(folder):
    return AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32)


@pytest.fixture(scope="module")
def processor(folder):
    return AutoProcessor.from_pretrained(folder)


@torch.inference_mode()
def answer(model, processor, pictures, prompts, new_tokens=12):
    """Ask all prompts in one batch; return each one's new ids."""
    inputs = processor(
        pictures, prompts, num_crops=1, padding=True, padding_side="left", return_tensors="pt"
    )
    output = model.generate(
        **inputs, max_new_tokens=new_tokens, min_new_tokens=new_tokens, do_sample=False
    )
    return output[:, inputs["input_ids"].shape[1] :].tolist()


def test_swapped_tags_show_the_model_each_picture_where_its_tag_is(model, processor):
    square, wide = picture("square_500x500"), picture("wide_1280x400")
    by_tag = answer(model, processor, [square, wide], ["<|image_2|><|image_1|>Compare."])
    by_hand = answer(model, processor, [wide, square], ["<|image_1|><|image_2|>Compare."])
    assert by_tag == by_hand


def test_prompts_with_pictures_can_be_asked_together(model, processor):
    prompts = ["<|image_1|>What?", "No picture at all.", "<|image_2|><|image_1|>Which?"]
    pictures = [[picture("odd_641x479")], [], [picture("rgba_320x240"), picture("grey_400x300")]]
    together = answer(model, processor, pictures, prompts)
    alone = [
        answer(model, processor, mine or None, [prompt])[0]
        for mine, prompt in zip(pictures, prompts, strict=True)
    ]
    assert together == alone


def test_a_short_prompt_beside_a_long_one_keeps_its_own_rope_factors(model, processor):
    prompts = ["Short.", "long " * SWITCH]
    together = answer(model, processor, None, prompts)
    assert together == [answer(model, processor, None, [prompt])[0] for prompt in prompts]


def test_an_answer_that_outgrows_the_short_factors_is_computed_anew_for_its_prompt_alone(
    model, processor
):
    crossing = " a" * (SWITCH - 8)
    assert SWITCH - 16 < len(processor(text=crossing)["input_ids"][0]) < SWITCH
    together = answer(model, processor, None, [crossing, "Short."], new_tokens=16)
    assert together[0] == step_by_step(model, processor, crossing, 16)
    assert together[1] == answer(model, processor, None, ["Short."], new_tokens=16)[0]


@torch.inference_mode()
def step_by_step(model, processor, prompt, new_tokens):
    """Greedy without any cache: each token from a fresh pass over all before it."""
    ids = torch.tensor(processor(text=prompt)["input_ids"])
    length = ids.shape[1]
    for _ in range(new_tokens):
        logits = model(input_ids=ids, use_cache=False, logits_to_keep=1).logits[0, -1]
        logits[model.generation_config.eos_token_id] = -torch.inf
        ids = torch.cat([ids, logits.argmax().view(1, 1)], dim=1)
    return ids[0, length:].tolist()


@torch.inference_mode()
def test_only_real_tiles_and_needed_positions_are_computed(model, processor):
    inputs = processor(
        [picture("wide_1280x400")], "<|image_1|>What?", num_crops=16, return_tensors="pt"
    )
    seen = []
    hooks = [
        model.model.vision_tower.register_forward_pre_hook(
            lambda _, arguments: seen.append(len(arguments[0]))
        ),
        model.lm_head.register_forward_pre_hook(
            lambda _, arguments: seen.append(arguments[0].shape[1])
        ),
    ]
    model(**inputs, logits_to_keep=1)
    for hook in hooks:
        hook.remove()
    assert seen == [13, 1]  # a global view and 6 × 2 crops, not 17 tiles; one position's logits
    assert len(model.model.vision_tower.encoder.layers) == 2  # of three


def test_an_answer_can_be_decoded_with_its_prompt(model, processor):
    inputs = processor([picture("tiny_20x300")], "<|image_1|>Hi", num_crops=1, return_tensors="pt")
    output = model.generate(**inputs, max_new_tokens=2, do_sample=False)
    assert processor.decode(output[0]).startswith("<s><|image|>")


def test_features_that_do_not_fit_their_places_are_one_clear_error(model, processor):
    inputs = processor([picture("tiny_20x300")], "<|image_1|>Hi", num_crops=1, return_tensors="pt")
    inputs["input_ids"] = inputs["input_ids"][:, 10:]
    with pytest.raises(ValueError, match="313 rows, but the prompt has 304 places"):
        model(**{**inputs, "attention_mask": None})
