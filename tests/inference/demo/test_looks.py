"""The looks of varied pictures: other typefaces, tilted, light on dark, and still to be read."""

import subprocess
import sys
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.demo.architecture import CROP_SIZE, MAX_CROPS, build_processor
from inference.demo.dense import LABELS, NOTHING, dense_targets
from inference.demo.drawing import CAPITALS, Canvas, font
from inference.demo.exercises import Family, draw_exercise
from inference.demo.looks import CROP, MOST_TILT, Look, invent_look
from inference.demo.pages import draw_page
from inference.demo.typefaces import FACES
from inference.demo.words import Split

IMAGES = build_processor().image_processor
LETTERED = (Family.COVERS, Family.CHARTS, Family.SIGNS, Family.PRICES, Family.TABLES)
seeds = st.integers(0, 2**32)


@given(st.floats(-MOST_TILT, MOST_TILT), st.booleans())
def test_what_lies_at_a_point_lies_there_after_the_tilt(tilt: float, is_wide: bool) -> None:
    width, height = (224, 108) if is_wide else (108, 224)
    canvas = Canvas(width, height, 2, (255, 255, 255), Look(tilt=tilt))
    for x, y in ((20, 20), (width - 20, 30), (width / 2, height - 20)):
        canvas.box(x - 3, y - 3, x + 3, y + 3, (0, 0, 0))
        canvas.mark("a box", x, y)
    drawing = canvas.finish(Random(0))
    for mark in drawing.marks:
        place = round(mark.x * drawing.image.width), round(mark.y * drawing.image.height)
        assert max(drawing.image.getpixel(place)) < 60


@given(st.floats(-MOST_TILT, MOST_TILT), st.floats(2.0, 2.1), st.floats(1, 2), st.booleans())
def test_a_tilted_picture_fills_as_many_crops(
    tilt: float, ratio: float, scale: float, is_wide: bool
) -> None:
    size = (224, 224 / ratio) if is_wide else (224 / ratio, 224)
    straight, tilted = (
        Canvas(*size, scale, (255, 255, 255), Look(tilt=degrees)).finish(Random(0)).image
        for degrees in (0.0, tilt)
    )
    crops = [IMAGES.hd_size(*image.size, MAX_CROPS) for image in (straight, tilted)]
    assert crops[0].padded_width == crops[1].padded_width
    assert crops[0].padded_height == crops[1].padded_height


def test_a_unit_is_a_pixel_of_what_the_model_sees() -> None:
    assert CROP == CROP_SIZE


@pytest.mark.parametrize("face", FACES)
def test_capitals_are_as_tall_in_each_typeface(face: str) -> None:
    _, top, _, bottom = font(100, face).getbbox("H")
    assert bottom - top == pytest.approx(100 * CAPITALS, abs=2)


@given(seeds, st.sampled_from(LETTERED))
def test_each_letter_of_a_varied_picture_is_in_it_and_stands_out(seed: int, family: Family) -> None:
    (drawing,) = draw_exercise(family, Random(seed), Split.TRAIN, varied=True).drawings
    assert_legible(drawing)


@given(seeds, st.sampled_from(LETTERED))
def test_all_that_is_marked_in_a_varied_picture_can_be_learnt(seed: int, family: Family) -> None:
    (drawing,) = draw_exercise(family, Random(seed), Split.TRAIN, varied=True).drawings
    targets = dense_targets(drawing, IMAGES, MAX_CROPS)
    seen = sorted(LABELS[label] for label in targets[targets != NOTHING].tolist())
    labels = sorted(mark.label for mark in drawing.marks)
    assert len(seen) >= 0.9 * len(labels)
    assert set(seen) <= set(labels)


@given(seeds)
def test_each_letter_of_a_varied_page_is_in_it_and_stands_out(seed: int) -> None:
    rng = Random(seed)
    assert_legible(draw_page(rng, 1.5, invent_look(rng)))


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_who_lacks_the_typefaces_is_told_at_once_what_brings_them(command: str, tmp_path) -> None:
    folder = ["--folder", str(tmp_path)] if command == "train" else []
    said = without_typefaces(
        f"from inference.demo.__main__ import main; main({[command, *folder]!r})"
    )
    assert said == (
        "The typeface Source Sans is not installed: pip install 'phi3-vision-discord[demo]'."
    )


def test_plain_pictures_need_no_typeface() -> None:
    assert not without_typefaces("import inference.demo as demo; demo.sample_pictures(0)")


def assert_legible(drawing) -> None:
    grey = np.asarray(drawing.image.convert("L"), dtype=int)
    reach = round(min(drawing.image.size) / 14)
    for mark in drawing.marks:
        assert 0 < mark.x < 1
        assert 0 < mark.y < 1
        x, y = round(mark.x * drawing.image.width), round(mark.y * drawing.image.height)
        around = grey[max(y - reach, 0) : y + reach, max(x - reach, 0) : x + reach]
        assert np.ptp(around) > 45, mark


def without_typefaces(code: str) -> str:
    """Run code where no package of a typeface is installed; returns what it ends with."""
    packages = {package for package, _ in FACES.values()}
    hide = f"import sys; sys.modules.update(dict.fromkeys({packages!r}));"
    done = subprocess.run([sys.executable, "-c", hide + code], capture_output=True, text=True)
    return done.stderr.strip()
