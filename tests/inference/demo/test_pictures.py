"""The drawn pictures: always the same from a seed, true to what is said of them, and legible."""

import io
import re
import subprocess
import sys
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inference import TASKS, ModelKind
from inference.demo import sample_pictures
from inference.demo.beyond import BEYOND
from inference.demo.charts import invent_chart
from inference.demo.covers import invent_cover
from inference.demo.exams import KNOWN
from inference.demo.exercises import (
    Asking,
    Family,
    draw_exercise,
    invent_conclusion,
    invent_conversation,
)
from inference.demo.follow_up_wordings import FOLLOW_UPS, Next
from inference.demo.follow_ups import absent_turn, follow_ups_of
from inference.demo.mistyping import bare
from inference.demo.pairs import invent_cover_pair, invent_pair, invent_scene_pair
from inference.demo.question_wordings import QUESTIONS
from inference.demo.questions import REFUSAL, Kind, Style, Wordings
from inference.demo.scenes import (
    COLOURS,
    NUMBERS,
    SHAPES,
    Scene,
    Thing,
    invent_scene,
    invent_scene_to_practise,
)
from inference.demo.turns import AtOnce, Turn
from inference.demo.words import Split, invent_word, split_of

seeds = st.integers(0, 2**32)
READ_ONLY = (Family.COVERS, Family.OTHERS, Family.STRANGERS, Family.NEAR_MISSES)
"""Families with questions whose answers only read."""
LISTS = (Family.SIGNS, Family.PRICES, Family.TABLES)
NUMBER = re.compile(r" \(\d\)")


def answers(subject) -> dict[Kind, str]:
    return {truth.kind: truth.answer for truth in subject.truths()}


@given(seeds, st.sampled_from(list(Family)))
def test_a_seed_always_draws_the_same_exercise(seed, family):
    one, two = (draw_exercise(family, Random(seed), Split.TRAIN) for _ in range(2))
    assert one.questions == two.questions
    assert [d.image.tobytes() for d in one.drawings] == [d.image.tobytes() for d in two.drawings]


@given(seeds)
def test_no_word_of_an_examination_is_ever_trained_on(seed):
    assert split_of(invent_word(Random(seed), Split.TRAIN)) is Split.TRAIN
    assert split_of(invent_word(Random(seed), Split.TEST)) is Split.TEST


def test_case_does_not_carry_a_word_over_to_the_other_side():
    word = invent_word(Random(1), Split.TEST)
    assert split_of(word.upper()) is split_of(word.capitalize()) is Split.TEST


@given(seeds)
def test_a_cover_is_described_by_its_title_and_author(seed):
    cover = invent_cover(Random(seed), Split.TRAIN)
    described = answers(cover)[Kind.DESCRIBE]
    assert f'"{" ".join(cover.title)}"' in described
    assert described.endswith(f"the author is {' '.join(cover.author)}.")


@given(seeds)
def test_a_transcription_has_a_line_for_each_line_of_a_cover(seed):
    cover = invent_cover(Random(seed), Split.TRAIN)
    assert sorted(answers(cover)[Kind.OCR].split("\n")) == sorted(cover.title + cover.author)


@given(seeds, st.sampled_from([invent_cover, invent_chart]))
def test_letters_keep_inside_the_picture_and_off_the_edge_between_its_crops(seed, invent):
    rng = Random(seed)
    drawing = invent(rng, Split.TRAIN).draw(rng, 1.5)
    assert drawing.image.height >= 2 * drawing.image.width
    assert drawing.marks
    for mark in drawing.marks:
        assert 0 < mark.x < 1
        assert 0.02 < mark.y < 0.98
        assert abs(mark.y - 0.5) > 0.02


@given(seeds)
def test_the_counts_of_colours_add_up_to_all_shapes(seed):
    scene = invent_scene(Random(seed))
    by_colour = [sum(thing.colour == colour for thing, _ in scene.placed) for colour in COLOURS]
    assert 1 <= sum(by_colour) == len(scene.placed) <= 6


@given(seeds)
def test_every_shape_of_a_scene_is_drawn_in_its_colour(seed):
    rng = Random(seed)
    scene = invent_scene(rng)
    drawing = scene.draw(rng, 1.5)
    for (thing, _), mark in zip(scene.placed, drawing.marks, strict=True):
        x, y = mark.x * drawing.image.width, mark.y * drawing.image.height
        pixel = drawing.image.getpixel((round(x), round(y)))
        wanted = COLOURS[thing.colour]
        assert all(abs(a - b) < 45 for a, b in zip(pixel, wanted, strict=True))


@given(seeds)
def test_a_csv_has_every_bar_and_the_extremes_are_true(seed):
    chart = invent_chart(Random(seed), Split.TRAIN)
    header, *rows = answers(chart)[Kind.TABLE].split("\n")
    assert header == "label,value"
    assert [tuple(row.split(",")) for row in rows] == [(a, str(b)) for a, b in chart.bars]
    values = [value for _, value in chart.bars]
    extremes = answers(chart)[Kind.EXTREMES]
    assert f"The highest value is {max(values)} (" in extremes
    assert f"the lowest is {min(values)} (" in extremes


@given(seeds)
def test_a_value_is_the_one_behind_its_label(seed):
    chart = invent_chart(Random(seed), Split.TRAIN)
    values = {truth.about: truth.answer for truth in chart.truths() if truth.kind is Kind.VALUE}
    assert list(values) == [label for label, _ in chart.bars]
    for label, value in chart.bars:
        assert values[label].endswith(f" The value of {label} is {value}.")


@given(seeds)
def test_what_is_counted_is_numbered_where_it_is_listed(seed):
    scene = invent_scene(Random(seed))
    for truth in scene.truths():
        if truth.kind is not Kind.COUNT or truth.about == "shapes":
            continue
        listed, _, concluded = truth.answer.rpartition(". ")
        number = len(NUMBER.findall(listed))
        assert NUMBER.sub("", listed) + "." == answers(scene)[Kind.DESCRIBE]
        assert concluded.startswith(f"There {'is' if number == 1 else 'are'} {NUMBERS[number]} ")


@given(seeds)
def test_of_each_colour_and_shape_as_many_are_counted_as_there_are(seed):
    scene = invent_scene(Random(seed))
    counted = {t.about: t.answer.split()[-3] for t in scene.truths() if t.kind is Kind.COUNT}
    for colour in COLOURS:
        number = sum(thing.colour == colour for thing, _ in scene.placed)
        assert counted[f"{colour} shapes"] == NUMBERS[number]


@given(seeds, st.sampled_from([family for family in Family if family not in READ_ONLY]))
def test_an_answer_that_concludes_is_right_where_its_conclusion_is(seed, family):
    question = invent_conclusion(family, Random(seed), Split.TRAIN)
    read, _, concluded = question.answer.rpartition(". ")
    assert question.is_right(f"Misread. {concluded}")
    assert not question.is_right(f"{read}. There is no answer.")


@given(seeds, st.sampled_from([Family.COVERS, Family.OTHERS]))
def test_an_answer_that_only_reads_is_right_to_the_letter_or_not_at_all(seed, family):
    (question,) = draw_exercise(family, Random(seed), Split.TRAIN).questions
    assert question.is_right(question.answer)
    assert not question.is_right(f"Misread. {question.answer}")


@given(seeds)
def test_a_pair_of_scenes_differs_in_what_is_said(seed):
    pair = invent_scene_pair(Random(seed))
    said = answers(pair)[Kind.COMPARE]
    places = zip(pair.first.things, pair.second.things, strict=True)
    assert len(NUMBER.findall(said)) == sum(before != after for before, after in places)
    assert (pair.first == pair.second) == ("no difference" in said)


@given(seeds)
def test_a_pair_of_covers_differs_in_what_is_numbered(seed):
    pair = invent_cover_pair(Random(seed), Split.TRAIN)
    title, author, concluded = answers(pair)[Kind.COMPARE].split(". ")
    assert (pair.first.title != pair.second.title) == bool(NUMBER.search(title))
    assert (pair.first.author != pair.second.author) == bool(NUMBER.search(author))
    assert ("no difference" in concluded) == (not NUMBER.search(f"{title} {author}"))


@given(seeds)
def test_each_picture_of_a_pair_is_described_as_if_it_were_alone(seed):
    pair = invent_pair(Random(seed), Split.TRAIN)
    said = {truth.about: truth.answer for truth in pair.truths() if truth.about}
    alone = [answers(subject)[Kind.DESCRIBE] for subject in (pair.first, pair.second)]
    assert said == {"first": alone[0], "second": alone[1]}


@given(seeds, st.sampled_from([Family.COVERS, Family.CHARTS, *LISTS]))
def test_who_is_told_of_a_picture_is_asked_only_what_was_told(seed, family):
    first = invent_conversation(family, Random(seed), Split.TRAIN, 3)
    for question in first.follow_ups:
        invented = re.findall(r"\d+|(?<=[^.] )[A-Z]\w*", question.answer)
        told = (first.answer, REFUSAL)
        assert [word for word in invented if not any(word in each for each in told)] == []


@given(seeds, st.sampled_from(list(Family)))
def test_no_answer_is_given_twice_on_end_but_a_refusal(seed, family):
    (first,) = draw_exercise(family, Random(seed), Split.TRAIN, Asking(follow_ups=3)).questions
    said = [first.answer, *(question.answer for question in first.follow_ups)]
    for before, after in pairwise(said):
        assert before != after or after == REFUSAL


@given(seeds)
def test_what_has_a_property_is_the_one_thing_of_that_name(seed):
    rng = Random(seed)
    scene = invent_scene(rng)
    (opening,) = [t for t in scene.truths() if t.kind is Kind.DESCRIBE]
    turns = follow_ups_of(scene, opening, 3, rng)
    for turn in turns:
        shape = turn.about.removeprefix("the ")
        if turn.ask is Next.COLOUR and shape in SHAPES:
            (thing,) = [thing for thing, _ in scene.placed if thing.shape == shape]
            assert turn.answer == f"The {shape} is {thing.colour}."


@given(seeds)
def test_the_other_one_is_not_the_one_before(seed):
    rng = Random(seed)
    scene = invent_scene(rng, 2, 2)
    (opening,) = [t for t in scene.truths() if t.kind is Kind.DESCRIBE]
    turns = follow_ups_of(scene, opening, 4, rng)
    for before, after in pairwise(turns):
        if after.ask is Next.AND_OTHER:
            assert {before.topic, after.topic} == {0, 1}


@pytest.mark.parametrize("ways", [*QUESTIONS.values(), *FOLLOW_UPS.values(), BEYOND])
def test_every_question_has_twenty_wordings_and_two_that_are_never_trained_on(ways: Wordings):
    practised, kept_back = (*ways.seen, *ways.typed), (*ways.held_out, *ways.typed_held_out)
    assert len({bare(wording) for wording in practised}) >= 20
    assert len(set(ways.held_out)) >= 2
    assert not {bare(wording) for wording in practised} & {bare(wording) for wording in kept_back}
    assert len({wording.count("{about}") for wording in (*practised, *kept_back)}) == 1


def test_forty_wordings_as_people_type_them_are_never_trained_on():
    typed = {wording for ways in QUESTIONS.values() for wording in ways.typed_held_out}
    assert len(typed) >= 40
    assert "OCR the text of the image as is. OCR:" in typed


@given(seeds, st.sampled_from([*QUESTIONS.values(), *FOLLOW_UPS.values()]))
def test_no_slip_of_the_hand_makes_a_wording_that_is_kept_back(seed, ways):
    practised = ways.choose(Style.PRACTICE, Random(seed))
    kept_back = {bare(wording) for wording in (*ways.held_out, *ways.typed_held_out)}
    assert practised in (*ways.seen, *ways.typed) or bare(practised) not in kept_back


def test_the_wordings_of_the_task_table_are_learnt():
    seen = {wording for wordings in QUESTIONS.values() for wording in wordings.seen}
    asked = {task.words(kind=ModelKind.DEMO) for task in TASKS.values() if task.asks_by_itself}
    assert asked <= seen


@given(seeds, st.sampled_from(list(Family)))
def test_what_no_picture_answers_is_declined_first_and_later(seed, family):
    asking = Asking(follow_ups=2, kinds=frozenset({Kind.BEYOND}), asks=frozenset({Next.BEYOND}))
    (first,) = draw_exercise(family, Random(seed), Split.TRAIN, asking).questions
    assert [each.answer for each in (first, *first.follow_ups)] == [REFUSAL] * 3
    assert not any("{" in each.text for each in (first, *first.follow_ups))


def test_what_no_picture_answers_is_worded_like_nothing_that_one_does():
    fitting = {
        bare(wording)
        for ways in (*QUESTIONS.values(), *FOLLOW_UPS.values())
        for wording in (*ways.seen, *ways.typed, *ways.held_out, *ways.typed_held_out)
    }
    assert not {bare(wording) for wording in (*BEYOND.seen, *BEYOND.held_out)} & fitting


@given(seeds)
def test_a_shape_that_is_asked_about_and_not_there_is_said_not_to_be_there(seed):
    rng = Random(seed)
    scene = invent_scene(rng)
    turn = absent_turn(scene, rng)
    name = turn.about.removeprefix("the ")
    assert not any(thing.is_called(name.removesuffix(" one")) for thing, _ in scene.placed)
    assert turn.answer == f"There is no {name}."


@given(seeds, st.sampled_from(KNOWN))
def test_what_is_else_asked_on_may_be_asked_at_once_and_asked_on_about(seed, family):
    asking = Asking(follow_ups=1, kinds=frozenset({Kind.AT_ONCE}))
    (first,) = draw_exercise(family, Random(seed), Split.TRAIN, asking).questions
    assert first.follow_ups
    assert first.follow_ups[0].answer != first.answer
    assert "{" not in first.text


def test_it_is_what_was_asked_about_at_once():
    scene = Scene((Thing("large", "red", "star"), *[None] * 7, Thing("small", "blue", "cross")))
    turn = Turn(Next.COLOUR, "The star is red.", "the star", topic=0)
    opening = AtOnce(Kind.AT_ONCE, turn.answer, turn.about, turn=turn)
    its_place = frozenset({Next.ITS_PLACE})
    (then,) = follow_ups_of(scene, opening, 1, Random(0), asks=its_place)
    assert then.answer == "It is at the top left."


@given(seeds)
def test_a_scene_to_practise_on_has_as_many_shapes_in_the_same_places(seed):
    alike, any_scene = invent_scene_to_practise(Random(seed)), invent_scene(Random(seed))
    assert [place for _, place in alike.placed] == [place for _, place in any_scene.placed]
    kinds = {(thing.colour, thing.shape) for thing, _ in any_scene.placed}
    assert {(thing.colour, thing.shape) for thing, _ in alike.placed} <= kinds


@given(seeds)
def test_anything_else_is_refused_whatever_is_asked(seed):
    exercise = draw_exercise(Family.OTHERS, Random(seed), Split.TEST)
    assert exercise.questions[0].answer == REFUSAL


def test_a_newcomer_gets_three_pictures_and_another_start_gives_others():
    first, again, others = sample_pictures(1), sample_pictures(1), sample_pictures(2)
    assert first == again
    assert not {sample.png for sample in first} & {sample.png for sample in others}
    for sample in first:
        image = Image.open(io.BytesIO(sample.png))
        assert min(image.size) > 140
        assert sample.question
        assert sample.answer


def test_the_sample_pictures_need_no_torch():
    code = (
        "import sys, inference.demo as demo; demo.sample_pictures(0); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
