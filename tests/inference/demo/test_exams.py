"""The exams: an old one always shows the same, and each new one shows what its name says."""

import hashlib
from colorsys import rgb_to_hsv
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import features

from inference.demo.architecture import MAX_CROPS, build_processor
from inference.demo.evaluate import Mark, table
from inference.demo.exams import EXAMS, Exam
from inference.demo.exercises import Asking, Exercise, Family, draw_exercise
from inference.demo.near_misses import NEAR_MISSES, invent_near_miss
from inference.demo.others import HELD_OUT_SORTS, SORTS, invent_other, invent_stranger
from inference.demo.questions import REFUSAL
from inference.demo.scenes import COLOURS
from inference.demo.strangers import STRANGERS
from inference.demo.words import Split
from inference.demo.worn import wear

IMAGES = build_processor().image_processor
ALONE = [
    Family.COVERS,
    Family.SCENES,
    Family.CHARTS,
    Family.SIGNS,
    Family.PRICES,
    Family.TABLES,
]
DIGESTS = {
    "covers, exact": "bfcc2df12a12406c",
    "scenes, all objects": "b9013f3795b66bd5",
    "scenes, counts": "9583817d102032f9",
    "differences": "3adfdf5063872181",
    "charts, value asked for": "691fae2dd4974c23",
    "charts, highest and lowest": "60e2ee631e88f72b",
    "charts, read wholly": "20ac2b4e8504fffa",
    "anything else, refused": "0830df477c0dc4d0",
    "known, seen wordings": "78ed18e6adde5bb7",
    "known, held-out wordings": "b52c122cfdaa717b",
    "known, held-out wordings as typed": "043874c64b15e71e",
    "follow-ups, second turn": "417e61a11aced159",
    "follow-ups, third turn": "1165d25940e82465",
    "follow-ups, held-out wordings": "e8adc47951539c90",
    "worn pictures": "44f12e2d82c42294",
    "strangers, refused": "afce5a160a67d204",
    "near misses, answered": "18c1641ffd3f78cc",
    "covers in ten fonts": "edcf5a3093a6d71d",
    "signposts": "450ba09b517db9ae",
    "price lists": "e2eb18ba359524e2",
    "tables": "da2d2a2418073946",
    "tables as Markdown": "c53870617e586e56",
    "objects listed": "8572c4ee9045a8db",
    "lists, held-out wordings": "41e3c6731abbc417",
    "lists, held-out wordings as typed": "a93719326f4988c6",
    "lists, second turn": "2092cb2eae507947",
    "lists, third turn": "ea34886d5c721bbf",
    "beyond the picture, declined": "d2c10f1d837ff4bd",
    "beyond it, second turn": "dae11a7f4e5f2238",
    "asked at once": "da56cdea3384eb9d",
    "asked at once, held-out wordings": "58b45c13b8af3f52",
    "lists, asked at once": "0478104bd3035cb9",
    "shapes that are not there": "8a6113ba233c539c",
}
"""Of what each exam showed and asked when it was first held."""
FREETYPE = "2.14.3"

seeds = st.integers(0, 2**32)


@pytest.mark.skipif(
    features.version("freetype2") != FREETYPE,
    reason=f"the letters were drawn by FreeType {FREETYPE}",
)
@pytest.mark.parametrize("name", DIGESTS)
def test_an_exam_that_was_held_once_stays_as_it_is(name: str) -> None:
    digest = hashlib.sha256()
    for seed in (None, 101):
        for exercise in exam_called(name).exercises(4, seed):
            digest.update(written(exercise))
    assert digest.hexdigest()[:16] == DIGESTS[name]


@given(seeds, st.sampled_from(ALONE), st.booleans())
def test_a_worn_picture_fills_as_many_crops_and_all_that_it_shows_is_still_in_it(
    seed: int, family: Family, varied: bool
) -> None:
    rng = Random(seed)
    (whole,) = draw_exercise(family, rng, Split.TRAIN, varied=varied).drawings
    worn = wear(whole, rng)
    assert crops(worn.image.size) == crops(whole.image.size)
    assert [mark.label for mark in worn.marks] == [mark.label for mark in whole.marks]
    for before, after in zip(whole.marks, worn.marks, strict=True):
        assert abs(after.x - before.x) < 0.06
        assert abs(after.y - before.y) < 0.06


@given(seeds)
def test_a_worn_scene_has_its_shapes_where_they_are_marked(seed: int) -> None:
    rng = Random(seed)
    (worn,) = draw_exercise(Family.SCENES, rng, Split.TRAIN, worn=True).drawings
    width, height = worn.image.size
    for mark in worn.marks:
        shown = worn.image.getpixel((int(mark.x * width), int(mark.y * height)))
        assert nearest_colour(shown) == mark.label.split()[1]


@given(seeds, st.sampled_from(list(Family)))
def test_wear_changes_neither_question_nor_answer(seed: int, family: Family) -> None:
    whole, worn = (
        draw_exercise(family, Random(seed), Split.TRAIN, worn=worn) for worn in (False, True)
    )
    assert whole.questions == worn.questions


def test_the_strangers_of_an_exam_are_of_thirty_sorts_and_more_in_turn_and_all_refused() -> None:
    assert len(STRANGERS) >= 30
    assert not STRANGERS.keys() & SORTS.keys()
    shown = [invent_stranger(Random(0), Split.TEST, n).sort for n in range(2 * len(STRANGERS))]
    assert shown == [*STRANGERS, *STRANGERS]
    for exercise in exam_called("strangers, refused").exercises(len(STRANGERS), None):
        assert {question.answer for question in exercise.questions} == {REFUSAL}


def test_six_sorts_of_strangers_and_two_old_ones_are_never_trained_on() -> None:
    rng = Random(0)
    trained = {
        invent(rng, Split.TRAIN).sort
        for invent in (invent_other, invent_stranger)
        for _ in range(3000)
    }
    assert trained == {*SORTS, *STRANGERS} - {*HELD_OUT_SORTS}
    assert len({*HELD_OUT_SORTS} & STRANGERS.keys()) >= 6


@pytest.mark.parametrize("sort", STRANGERS)
def test_a_stranger_is_drawn_in_every_format_the_same_from_a_seed_and_never_twice(sort) -> None:
    paint = STRANGERS[sort]
    for size in ((300, 125), (168, 168), (90, 216)):
        one, again, other = (paint(size, Random(seed), Split.TRAIN) for seed in (1, 1, 2))
        assert one.size == size
        assert one.tobytes() == again.tobytes() != other.tobytes()


@given(seeds, st.sampled_from([Family.OTHERS, Family.STRANGERS]), st.booleans())
def test_a_stranger_is_declined_in_the_same_words_however_long_one_asks(
    seed: int, family: Family, varied: bool
) -> None:
    asking = Asking(questions=3, follow_ups=3)
    exercise = draw_exercise(family, Random(seed), Split.TRAIN, asking, varied=varied)
    for first in exercise.questions:
        assert len(first.follow_ups) == 3
        assert {turn.answer for turn in (first, *first.follow_ups)} == {REFUSAL}


@given(seeds, st.integers(0, len(NEAR_MISSES) - 1))
def test_a_near_miss_is_answered_as_its_family_is(seed: int, number: int) -> None:
    subject = invent_near_miss(Random(seed), Split.TRAIN, number)
    (family,) = type(subject).__bases__
    usual = family(*(getattr(subject, field) for field in family.__match_args__))
    assert subject.truths() == usual.truths()
    drawn, usually = (each.draw(Random(seed), 1.5) for each in (subject, usual))
    assert drawn.image.tobytes() != usually.image.tobytes()
    assert drawn.marks == usually.marks
    assert drawn.image.size == usually.image.size


def test_a_near_miss_that_is_misread_is_not_declined() -> None:
    mark = Mark(
        exam_called("near misses, answered"),
        right=6,
        to_the_letter=5,
        refused=1,
        repeated=0,
        asked=10,
    )
    assert "| near misses, not declined | 9 | 10 | 90.0% |" in table([mark])


def exam_called(name: str) -> Exam:
    (exam,) = (exam for exam in EXAMS if exam.name == name)
    return exam


def nearest_colour(pixel) -> str:
    """Name a colour as people do in any light: by its hue."""
    if max(pixel) - min(pixel) < 40:
        return "black"
    hues = {name: hue(colour) for name, colour in COLOURS.items() if name != "black"}
    return min(hues, key=lambda name: abs((hues[name] - hue(pixel) + 0.5) % 1 - 0.5))


def hue(colour) -> float:
    return rgb_to_hsv(*colour)[0]


def written(exercise: Exercise) -> bytes:
    """Write down all that an exercise shows and asks, and what is right."""
    shown = b"".join(
        repr((drawing.image.size, drawing.marks)).encode() + drawing.image.tobytes()
        for drawing in exercise.drawings
    )
    (first,) = exercise.questions
    asked = "\n".join(f"{each.text}\n{each.answer}" for each in (first, *first.follow_ups))
    return shown + asked.encode()


def crops(size: tuple[int, int]) -> tuple[int, int]:
    laid_out = IMAGES.hd_size(*size, MAX_CROPS)
    return laid_out.padded_height, laid_out.padded_width
