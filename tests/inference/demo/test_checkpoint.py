"""The checkpoint that is shipped: small, and it answers about the picture that it is shown.

The shares asked for here are below the intervals in its card, so that another processor's
rounding does not fail them.
"""

from random import Random

import pytest

from inference import EngineSettings, load_engine
from inference.demo import CHECKPOINT
from inference.demo.evaluate import answer, wilson_interval
from inference.demo.exams import EXAMS
from inference.demo.exercises import Asking, Family, draw_exercise
from inference.demo.questions import Kind
from inference.demo.words import Split

PICTURES = 20


@pytest.fixture
async def engine():
    engine = load_engine(EngineSettings(source=str(CHECKPOINT), device="cpu", dtype="float32"))
    yield engine
    await engine.close()


async def test_it_lists_the_shapes_of_scenes_that_it_has_never_seen(engine):
    assert await share_right(engine, Family.SCENES, Kind.DESCRIBE) >= 0.85


async def test_it_reads_titles_that_it_has_never_seen(engine):
    assert await share_right(engine, Family.COVERS, Kind.TITLE) >= 0.8


async def test_it_tells_what_differs_between_two_pictures(engine):
    assert await share_right(engine, Family.DIFFERENCES, Kind.COMPARE) >= 0.8


async def test_it_finds_a_bar_by_its_label(engine):
    assert await share_right(engine, Family.CHARTS, Kind.VALUE) >= 0.8


async def test_it_says_at_once_where_a_shape_is_or_of_which_colour(engine):
    assert await share_right(engine, Family.SCENES, Kind.AT_ONCE) >= 0.6


async def test_it_says_so_when_it_does_not_know_the_picture(engine):
    assert await share_right(engine, Family.OTHERS, Kind.DESCRIBE) >= 0.9


def test_it_takes_no_more_than_twelve_megabytes():
    assert sum(file.stat().st_size for file in CHECKPOINT.iterdir()) <= 12_000_000


def test_its_card_has_a_figure_for_every_exam():
    card = (CHECKPOINT / "README.md").read_text()
    assert [exam.name for exam in EXAMS if f"| {exam.name} |" not in card] == []


@pytest.mark.parametrize(
    ("right", "asked", "interval"), [(0, 10, (0, 0.2775)), (285, 300, (0.9192, 0.9695))]
)
def test_the_interval_of_a_share_is_wilsons(right, asked, interval):
    assert wilson_interval(right, asked) == pytest.approx(interval, abs=1e-4)


async def share_right(engine, family: Family, kind: Kind) -> float:
    right = 0
    for number in range(PICTURES):
        asking = Asking(kinds=frozenset({kind}))
        exercise = draw_exercise(family, Random(f"test {number}"), Split.TEST, asking)
        (question,) = exercise.questions
        right += question.is_right(await answer(engine, exercise))
    return right / PICTURES
