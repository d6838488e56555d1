"""What stands beside the weights in a model's folder: read, and held against each other."""

from pathlib import Path

from PIL import Image
from tokenizers import Tokenizer
from transformers import GenerationConfig

from inference.checkpoint.files import blaming, read_object
from inference.errors import ModelLoadError
from inference.phi3_vision import Phi3VConfig, Phi3VImageProcessor, Phi3VProcessor
from inference.phi3_vision.configuration import as_list

CONFIG = "config.json"
GENERATION = "generation_config.json"
TOKENIZER = "tokenizer.json"
TOKEN_NAMES = "tokenizer_config.json"
CONTROL = ("<|user|>", "<|assistant|>", "<|end|>", "<|endoftext|>", "<|image|>")
"""What a prompt is made of, and ends an answer."""


def read_config(folder: Path) -> Phi3VConfig:
    """Read config.json; raises ModelLoadError where it is damaged or of another kind of model."""
    file = folder / CONFIG
    fields = read_object(file)
    if fields.get("model_type") != "phi3_v":
        raise ModelLoadError(
            f"{file} describes a {fields.get('model_type')} model, not a phi3_v one."
        )
    method = fields.get("quantization_config")
    name = method.get("quant_method") if isinstance(method, dict) else method
    if name not in (None, "torchao"):
        raise ModelLoadError(
            f"{file} describes small weights ({name}); only full ones and torchao's are loaded."
        )
    with blaming(file):
        config = Phi3VConfig.from_pretrained(folder)
        if name:
            del config.quantization_config  # the weights are read in our own way
        return config


def read_generation_config(folder: Path) -> GenerationConfig | None:
    """Read generation_config.json, if there is one; raises ModelLoadError where it is damaged."""
    file = folder / GENERATION
    if not file.is_file():
        return None
    read_object(file)
    with blaming(file):
        generation = GenerationConfig.from_pretrained(folder)
        if not all(type(end) is int for end in as_list(generation.eos_token_id)):
            raise ValueError("eos_token_id is no token")
        return generation


def read_processor(folder: Path, config: Phi3VConfig) -> Phi3VProcessor:
    """Read the tokenizer and how pictures are cut; raises ModelLoadError where they do not fit."""
    pictures, tokens, names = _picture_file(folder), folder / TOKENIZER, folder / TOKEN_NAMES
    for file in (pictures, names, tokens):
        read_object(file)
    with blaming(pictures):
        _check_pictures(pictures, Phi3VImageProcessor.from_pretrained(folder), config)
    with blaming(tokens):
        Tokenizer.from_file(str(tokens))
    with blaming(names):
        processor: Phi3VProcessor = Phi3VProcessor.from_pretrained(folder)
        if (start := processor.tokenizer.bos_token) not in processor.tokenizer.get_vocab():
            raise ValueError(f"bos_token is {start}, which the tokenizer does not have")
    with blaming(tokens):
        _check_tokenizer(tokens, processor, config)
    return processor


def _picture_file(folder: Path) -> Path:
    """Name the file of the image processor: transformers 5 saves it in the processor's."""
    own, shared = folder / "preprocessor_config.json", folder / "processor_config.json"
    return own if own.is_file() or not shared.is_file() else shared


def _check_tokenizer(file: Path, processor: Phi3VProcessor, config: Phi3VConfig) -> None:
    tokens: dict[str, int] = processor.tokenizer.get_vocab()
    for token in CONTROL:
        if token not in tokens:
            raise ModelLoadError(f"{file} is of another model: it has no {token}.")
    if (last := max(tokens.values())) >= config.vocab_size:
        raise ModelLoadError(
            f"{file} is of another model: it has a token {last}, "
            f"and the model's vocabulary has {config.vocab_size}."
        )
    if (image := tokens["<|image|>"]) != config.image_token_id:
        raise ModelLoadError(
            f"{file} is of another model: its <|image|> is {image}, "
            f"and the model's is {config.image_token_id}."
        )
    processor(text="<|user|>\nWhat is this?<|end|>\n<|assistant|>\n")


def _check_pictures(file: Path, pictures: Phi3VImageProcessor, config: Phi3VConfig) -> None:
    vision = config.vision_config
    rows = (vision.image_size // vision.patch_size // 2) ** 2
    for name, its, models in (
        ("crop_size", pictures.crop_size, vision.image_size),
        ("num_img_tokens", pictures.num_img_tokens, rows),
    ):
        if its != models:
            raise ModelLoadError(f"{file}: {name} is {its}, and the model's is {models}.")
    tiles, _ = pictures.tiles(Image.new("RGB", (vision.image_size, vision.image_size)), 1)
    if not tiles.isfinite().all():
        raise ValueError("the tiles of a picture hold no numbers")
