"""A spoilt folder is a right load or one sentence that names the file: never another error."""

import json
import os
import struct
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
import torch
from transformers import AutoModelForImageTextToText

from inference import EngineSettings, ModelLoadError
from inference.checkpoint.loading import load_model
from inference.checkpoint.source import INDEX, SINGLE
from tests.golden.weights import write_checkpoint
from tests.tiny.checkpoint import CLIP, CONFIG, FILES, FOLDER, SEED

MUTATIONS = 520
STRANGE: tuple[Any, ...] = (None, [], {}, "", "seven", 0, -1, 3.5, True, 10**12, 1e400, [None], [2])
JSON = (
    "config.json",
    INDEX,
    "tokenizer.json",
    "tokenizer_config.json",
    "generation_config.json",
    "preprocessor_config.json",
)
SHARDS = ("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model in two shards, with a tower of four patches: it loads in no time."""
    folder = tmp_path_factory.mktemp("sound")
    write_checkpoint(folder, CONFIG, CLIP | {"image_size": 28}, SEED)
    pictures = {"crop_size": 28, "num_img_tokens": 1}
    for name, fields in FILES.items():
        more = pictures if name == "preprocessor_config.json" else {}
        (folder / name).write_text(json.dumps(fields | more))
    (folder / "tokenizer.json").write_bytes((FOLDER / "tokenizer.json").read_bytes())
    AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.bfloat16).save_pretrained(
        folder, max_shard_size="300KB"
    )
    (folder / SINGLE).unlink()
    assert {file.name for file in folder.glob("*.safetensors")} == set(SHARDS)
    return folder


def load(folder: Path) -> Any:
    return load_model(EngineSettings(source=str(folder), device="cpu", dtype="float32"))


@pytest.mark.parametrize("part", range(8))
def test_whatever_is_spoilt_it_loads_right_or_names_the_file(
    sound: Path, tmp_path: Path, part: int
) -> None:
    told = 0
    for seed in range(part * MUTATIONS // 8, (part + 1) * MUTATIONS // 8):
        folder = tmp_path / str(seed)
        name = spoil(sound, folder, Random(seed))
        try:
            model, processor = load(folder)
        except ModelLoadError as error:
            told += 1
            sentence = str(error)
            assert str(folder) in sentence, (seed, name, sentence)
            assert sentence.endswith("."), (seed, name, sentence)
            assert "\n" not in sentence, (seed, name, sentence)
        except BaseException as error:
            raise AssertionError(f"seed {seed}, {name}: {error!r}") from error
        else:
            # An index says which files there are, and nothing else that matters.
            judge = sound if name == INDEX else folder
            assert_right(model, processor, judge, f"seed {seed}, {name}")
    assert told > MUTATIONS // 8 // 3


@torch.inference_mode()
def assert_right(model: Any, processor: Any, judge: Path, what: str) -> None:
    """The model that was loaded answers as the one does that transformers makes of a folder."""
    inputs = processor(text="<|user|>\nHi<|end|>\n<|assistant|>\n", return_tensors="pt")
    logits = model(**inputs).logits
    assert logits.isfinite().all(), what
    plain = AutoModelForImageTextToText.from_pretrained(judge, dtype=torch.float32)
    assert torch.allclose(logits, plain(**inputs).logits, atol=1e-4), what


def spoil(sound: Path, folder: Path, random: Random) -> str:
    """Copy the folder with one fault, and tell of which file."""
    folder.mkdir()
    for file in sound.iterdir():
        os.link(file, folder / file.name)
    name = random.choice((*JSON, "config.json", INDEX, *SHARDS, *SHARDS))
    file = folder / name
    data = file.read_bytes()
    file.unlink()
    faults = (cut_off, fill_with_noise) + ((spoil_header,) * 6 if name in SHARDS else (edit,) * 8)
    file.write_bytes(random.choice(faults)(data, random))
    return name


def cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def fill_with_noise(data: bytes, random: Random) -> bytes:
    at = random.randrange(min(len(data), 2000))
    return data[:at] + random.randbytes(random.randint(1, 40)) + data[at + 40 :]


def edit(data: bytes, random: Random) -> bytes:
    """Change one value of a JSON file, or take it away."""
    fields = json.loads(data)
    if random.random() < 0.05:
        return json.dumps(random.choice(STRANGE)).encode()
    places = list(_places(fields))
    holder, key = random.choice(places)
    if random.random() < 0.25:
        del holder[key]
    else:
        holder[key] = _changed(holder[key], random)
    return json.dumps(fields).encode()


def spoil_header(data: bytes, random: Random) -> bytes:
    """Change what a safetensors file says of one of its tensors, its numbers left as they are."""
    (length,) = struct.unpack("<Q", data[:8])
    header, body = json.loads(data[8 : 8 + length]), data[8 + length :]
    name = random.choice([name for name in header if name != "__metadata__"])
    changes: list[Callable[[], object]] = [
        lambda: header.pop(name),
        lambda: header.update({name + random.choice(["_scale", ".2", "x"]): header.pop(name)}),
        lambda: header[name].update(dtype=random.choice(["F8_E4M3", "I8", "I16", "F16", "BF17"])),
        lambda: header[name].update(shape=[*header[name]["shape"], 1]),
        lambda: header[name].update(shape=header[name]["shape"][::-1]),
        lambda: header[name].update(data_offsets=[0, random.randrange(10**6)]),
        lambda: header[name].update({random.choice([*header[name]]): random.choice(STRANGE)}),
    ]
    random.choice(changes)()
    if random.random() < 0.1:
        body = b"\xff" * len(body)  # not a number, in every dtype
    said = json.dumps(header).encode()
    return struct.pack("<Q", len(said)) + said + body


def _places(fields: Any) -> Any:
    """List every place of nested objects and lists, no more than ten of each."""
    keys = list(fields) if isinstance(fields, dict) else range(len(fields))
    for key in list(keys)[:40] if isinstance(fields, dict) else list(keys)[:10]:
        yield fields, key
        if isinstance(fields[key], (dict, list)):
            yield from _places(fields[key])


def _changed(value: Any, random: Random) -> Any:
    if isinstance(value, (int, float)) and random.random() < 0.4:
        return random.choice([value * 2, value + 1, -value, value / 3, str(value)])
    if isinstance(value, list) and value and random.random() < 0.5:
        return random.choice([value[:-1], value + value, [str(each) for each in value]])
    return random.choice(STRANGE)
