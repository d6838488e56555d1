"""Pictures become the same tiles as in Microsoft's code, to the bit."""

import hashlib
import json

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from inference import PictureTooThinError
from inference.phi3_vision import Phi3VImageProcessor
from tests.golden import FOLDER, picture
from tests.reference import REFERENCE, needs_reference

PIXELS = json.loads((FOLDER / "pixels.json").read_text())


@pytest.fixture(scope="module")
def processor() -> Phi3VImageProcessor:
    return Phi3VImageProcessor()


def test_all_sizes_are_laid_out_as_the_original_does(processor):
    sizes = np.load(FOLDER / "sizes.npz")
    too_thin = {tuple(size) for size in sizes["too_thin"].tolist()}
    checked = 0
    for width, height, crops, *expected in sizes["rows"].tolist():
        if (width, height, crops) in too_thin or min(expected[3:]) < 1:
            continue
        size = processor.hd_size(width, height, crops)
        tokens = processor.num_image_tokens(size.padded_height, size.padded_width)
        found = [size.padded_width, size.padded_height, tokens]
        assert [*found, size.resized_width, size.resized_height] == expected, (width, height, crops)
        checked += 1
    assert checked == 4343


def test_a_picture_whose_side_would_vanish_is_one_clear_error(processor):
    sizes = np.load(FOLDER / "sizes.npz")
    vanishing = [row for row in sizes["rows"].tolist() if min(row[6:]) < 1]
    assert len(vanishing) == 25
    for width, height, crops, *_ in vanishing:
        with pytest.raises(PictureTooThinError, match=f"{width} × {height} pixels is too thin"):
            processor.hd_size(width, height, crops)


@pytest.mark.parametrize("case", PIXELS)
def test_every_crop_equals_the_originals_bytes(processor, case):
    name, crops = case.rsplit(".c", 1)
    tiles, size = processor.tiles(picture(name), int(crops))
    expected = PIXELS[case]
    assert list(size) == expected["image_size_hw"]
    assert processor.num_image_tokens(*size) == expected["num_img_tokens"]
    assert _sha256(tiles[1:]) == expected["sha256_local_crops"]


@pytest.mark.parametrize("case", PIXELS)
def test_pixel_values_are_padded_with_zero_tiles(processor, case):
    name, crops = case.rsplit(".c", 1)
    features = processor(picture(name), num_crops=int(crops), return_tensors="pt")
    assert features["pixel_values"].shape == (1, int(crops) + 1, 3, 336, 336)
    real = features["image_sizes"].prod().item() // 336**2
    assert not features["pixel_values"][0, 1 + real :].any()


@needs_reference
def test_global_views_are_within_a_hundred_thousandth(processor):
    strided = load_file(REFERENCE / "pixels/pixels_strided.safetensors")
    for case in PIXELS:
        name, crops = case.rsplit(".c", 1)
        tiles, _ = processor.tiles(picture(name), int(crops))
        expected = strided[f"{case}.global_s8"]
        assert (tiles[0, :, ::8, ::8] - expected).abs().max() < 1e-5, case
    for name, view in load_file(REFERENCE / "pixels/pixels_full_global_view.safetensors").items():
        picture_name, crops, _ = name.split(".")
        tiles, _ = processor.tiles(picture(picture_name), int(crops[1:]))
        assert (tiles[0] - view).abs().max() < 1e-5, name


@needs_reference
@pytest.mark.parametrize("path", sorted(REFERENCE.glob("hd_png/*.png")), ids=lambda path: path.stem)
def test_the_resized_and_padded_picture_equals_the_originals(processor, path):
    padded = processor.resize_and_pad(picture(path.name.split(".")[0]).convert("RGB"), 4)
    assert np.array_equal(np.array(padded), np.array(Image.open(path)))


def test_arrays_and_tensors_are_pictures_too(processor):
    image = picture("square_500x500").convert("RGB")
    from_image = processor(image, num_crops=4)["pixel_values"]
    from_array = processor(np.array(image), num_crops=4)["pixel_values"]
    from_tensor = processor(torch.from_numpy(np.array(image)), num_crops=4)["pixel_values"]
    assert torch.equal(from_image, from_array)
    assert torch.equal(from_image, from_tensor)


def _sha256(tiles: torch.Tensor) -> str:
    return hashlib.sha256(tiles.numpy().astype("<f4").tobytes()).hexdigest()


@pytest.mark.parametrize("num_crops", [0, -1])
def test_less_than_one_crop_is_a_mistake_that_is_named(num_crops):
    with pytest.raises(ValueError, match=f"num_crops is {num_crops}"):
        Phi3VImageProcessor()([picture("tiny_20x300")], num_crops=num_crops)
    with pytest.raises(ValueError, match=f"num_crops is {num_crops}"):
        Phi3VImageProcessor(num_crops=num_crops)
