"""What vLLM asks of a checkpoint's folder and of the processor, seen without vLLM."""

import json
import tomllib
from importlib import import_module
from pathlib import Path

from PIL import Image

from inference.demo import CHECKPOINT
from inference.demo.architecture import build_processor
from inference.phi3_vision.chat import CHAT_TEMPLATE

PROJECT = Path(__file__).parents[2]


def test_the_small_models_folder_says_all_that_vllm_reads() -> None:
    config = json.loads((CHECKPOINT / "config.json").read_text())
    tokenizer = json.loads((CHECKPOINT / "tokenizer_config.json").read_text())

    # Without them vLLM puts a space too many after each control token.
    assert {"<|system|>", "<|end|>", "<|user|>"} <= set(tokenizer["extra_special_tokens"])
    assert (CHECKPOINT / "chat_template.jinja").read_text() == CHAT_TEMPLATE
    assert config["img_processor"] == {
        "image_dim_out": config["vision_config"]["hidden_size"],
        "num_img_tokens": 16,
        "layer_idx": -2,
    }
    assert config["embd_layer"]["hd_transform_order"] == "sub_glb"


def test_the_processor_counts_a_pictures_rows_as_it_lays_them_out() -> None:
    processor = build_processor()
    for width, height in ((400, 300), (900, 300), (30, 500)):
        laid_out = processor.image_processor(Image.new("RGB", (width, height)))
        counted = processor.calc_num_image_tokens_from_image_size(width=width, height=height)
        assert [counted] == laid_out["num_img_tokens"]
    assert processor.img_tokens[:2] == ["<|image_1|>", "<|image_2|>"]


def test_the_package_brings_vllms_plugin() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    module, _, function = project["entry-points"]["vllm.general_plugins"]["phi3_vision"].partition(
        ":"
    )
    assert callable(getattr(import_module(module), function))
