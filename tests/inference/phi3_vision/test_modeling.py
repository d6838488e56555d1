"""The port computes what Microsoft's code computes from the same weights."""

import json
from functools import cache
from pathlib import Path

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from transformers import AutoConfig, AutoModelForImageTextToText

from inference.phi3_vision import Phi3VForConditionalGeneration, Phi3VImageProcessor
from tests.golden import Case, cases, models, picture
from tests.golden.weights import write_checkpoint
from tests.reference import REFERENCE, needs_reference

CASES = cases()
# Phi-3's own code keeps keys turned with the short factors when an answer outgrows them.
STALE_KEYS = "tiny_phi3_orig784-one_square_c4_crosses_784"
# Both versions hand pictures over by position, whatever their tags say.
SWAPPED = "tiny_gqa_orig4096-two_reversed_c4"


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("golden")
    return {
        name: write_checkpoint(root / name, fields["config"], fields["clip"], fields["seed"])
        for name, fields in models().items()
    }


@pytest.fixture(scope="module")
def load(folders):
    @cache
    def load(name: str) -> Phi3VForConditionalGeneration:
        return Phi3VForConditionalGeneration.from_pretrained(folders[name], dtype=torch.float32)

    return load


def inputs_of(case: Case) -> dict[str, torch.Tensor]:
    order = [-id_ for id_ in dict.fromkeys(case.input_ids) if id_ < 0]
    ids = torch.tensor([[32044 if id_ < 0 else id_ for id_ in case.input_ids]])
    inputs = {"input_ids": ids, "attention_mask": torch.ones_like(ids)}
    if order:
        if str(case) == SWAPPED:
            order.reverse()
        pictures = [picture(case.images[number - 1]) for number in order]
        features = Phi3VImageProcessor()(pictures, num_crops=case.num_crops)
        inputs |= {name: features[name] for name in ("pixel_values", "image_sizes")}
    return inputs


@torch.inference_mode()
@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_last_logits_equal_the_originals(load, case):
    logits = load(case.model)(**inputs_of(case), logits_to_keep=1).logits[0, -1, ::4]
    assert (logits - case.last_logits).abs().max() < 1e-4


@torch.inference_mode()
@pytest.mark.parametrize("case", CASES, ids=str)
def test_greedy_answers_equal_the_originals(load, case):
    inputs = inputs_of(case)
    output = load(case.model).generate(
        **inputs, max_new_tokens=32, do_sample=False, eos_token_id=32000
    )
    prompt_length = inputs["input_ids"].shape[1]
    greedy = output[0, prompt_length:].tolist()
    # Its first nine tokens come before position 784.
    length = 784 - prompt_length if str(case) == STALE_KEYS else 32
    assert greedy[:length] == case.greedy[:length]
    assert len(case.greedy) == 32


@needs_reference
@torch.inference_mode()
@pytest.mark.parametrize("case", CASES, ids=str)
def test_all_stored_logits_and_features_equal_the_originals(load, case):
    folder = REFERENCE / "models" / case.model
    positions = json.loads((folder / "cases.json").read_text())[case.name]["logit_positions"]
    expected = _outputs(folder, case.name)
    model, inputs = load(case.model), inputs_of(case)
    logits = model(**inputs).logits[0]
    assert (logits[positions, ::16] - expected["logits_vocab_every16"]).abs().max() < 1e-4
    assert (logits[-1] - expected["logits_last_full"]).abs().max() < 1e-4
    if "projected_image_features" in expected:
        _assert_features_equal(model, inputs, expected)


@needs_reference
def test_weights_by_rule_are_the_reference_weights(folders):
    for name in ("tiny_gqa_orig4096", "tiny_mha_orig784"):
        made = load_file(folders[name] / "model.safetensors")
        stored = load_file(REFERENCE / "models" / name / "model.safetensors")
        assert made.keys() == stored.keys()
        assert all(torch.equal(made[tensor], stored[tensor]) for tensor in stored)


def test_no_tensor_is_missing_and_the_unused_ones_go_unmentioned(folders):
    _, report = Phi3VForConditionalGeneration.from_pretrained(
        folders["tiny_mha_orig784"], output_loading_info=True
    )
    assert not any(report.values()), report


def test_saved_weights_have_the_original_names(folders, load, tmp_path):
    load("tiny_mha_orig784").save_pretrained(tmp_path)
    with (
        safe_open(folders["tiny_mha_orig784"] / "model.safetensors", "pt") as original,
        safe_open(tmp_path / "model.safetensors", "pt") as saved,
    ):
        unused = set(original.keys()) - set(saved.keys())
        assert set(saved.keys()) <= set(original.keys())
        assert all("encoder.layers.2." in name or "post_layernorm" in name for name in unused)
        for name in saved.keys():  # noqa: SIM118 (safe_open is no mapping)
            assert torch.equal(saved.get_tensor(name).bfloat16(), original.get_tensor(name))


def test_a_saved_configuration_can_be_read_by_the_original(load, tmp_path):
    load("tiny_mha_orig784").config.save_pretrained(tmp_path)
    saved = json.loads((tmp_path / "config.json").read_text())
    original = models()["tiny_mha_orig784"]["config"]
    assert saved["rope_scaling"] == original["rope_scaling"]
    for name in ("model_type", "rope_theta", "img_processor", "embd_layer", "hidden_size"):
        assert saved[name] == original[name]


def test_a_saved_model_loads_again(oracle, tmp_path):
    oracle.model.save_pretrained(tmp_path)
    again = AutoModelForImageTextToText.from_pretrained(tmp_path)
    for name, tensor in oracle.model.state_dict().items():
        assert torch.equal(again.state_dict()[name], tensor), name
    assert again.config.vision_config.num_hidden_layers == 3


@needs_reference
@pytest.mark.parametrize("hub", ["phi3", "phi35"])
def test_the_hubs_own_files_describe_the_real_model(hub):
    config = AutoConfig.from_pretrained(REFERENCE / "hub" / hub)
    with torch.device("meta"):
        model = Phi3VForConditionalGeneration(config)
    index = json.loads((REFERENCE / "hub/phi3/model.safetensors.index.json").read_text())
    last_clip_layer = sum(
        tensor.numel() for tensor in model.model.vision_tower.encoder.layers[0].parameters()
    )
    post_layernorm = 2 * config.vision_config.hidden_size
    parameters = sum(tensor.numel() for tensor in model.parameters())
    assert 2 * (parameters + last_clip_layer + post_layernorm) == index["metadata"]["total_size"]


@torch.inference_mode()
def test_bfloat16_is_close_to_float32(load, folders):
    case = next(case for case in CASES if str(case) == "tiny_gqa_orig4096-one_wide_c4")
    inputs = inputs_of(case)
    exact = load(case.model)(**inputs, logits_to_keep=1).logits
    model = AutoModelForImageTextToText.from_pretrained(folders[case.model], dtype=torch.bfloat16)
    rounded = model(**inputs, logits_to_keep=1).logits.float()
    assert (rounded - exact).norm() < 4e-2 * exact.norm()


def test_the_vision_tower_attends_as_was_asked_for_like_the_decoder(folders):
    model = AutoModelForImageTextToText.from_pretrained(
        folders["tiny_gqa_orig4096"], attn_implementation="eager"
    )
    parts = (model, model.model.language_model, model.model.vision_tower)
    assert {part.config._attn_implementation for part in parts} == {"eager"}
    model.set_attn_implementation("sdpa")
    assert {part.config._attn_implementation for part in parts} == {"sdpa"}


def _outputs(folder: Path, case: str) -> dict[str, torch.Tensor]:
    with safe_open(folder / "outputs.safetensors", "pt") as outputs:
        return {
            name.removeprefix(f"{case}/"): outputs.get_tensor(name)
            for name in outputs.keys()  # noqa: SIM118 (safe_open is no mapping)
            if name.startswith(f"{case}/")
        }


def _assert_features_equal(model, inputs, expected) -> None:
    features = model.get_image_features(inputs["pixel_values"], inputs["image_sizes"])
    rows = torch.cat(features.pooler_output)
    stored = expected["projected_image_features"]
    every = 1 if len(stored) == len(rows) else 29
    assert (rows[::every] - stored).abs().max() < 1e-4
    counts = [1 + height * width // 336**2 for height, width in inputs["image_sizes"].tolist()]
    patches = features.last_hidden_state[:, 1::13].split(counts)
    for picture_patches, count, stored in zip(
        patches, counts, expected["clip_features_s"], strict=True
    ):
        assert (picture_patches - stored[:count]).abs().max() < 1e-4
