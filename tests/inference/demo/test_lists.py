"""Signposts, price lists, tables and lists of objects: what is said is what is drawn."""

import re
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference.demo.charts import invent_chart
from inference.demo.exercises import Asking, Family, draw_exercise
from inference.demo.follow_up_wordings import Next
from inference.demo.follow_ups import follow_ups_of
from inference.demo.later_kinds import later_truths
from inference.demo.list_follow_ups import about_sign
from inference.demo.pairs import invent_mixed_pair
from inference.demo.prices import PriceList, invent_prices, price
from inference.demo.questions import NO_TABLE, REFUSAL, Kind
from inference.demo.scenes import PLACES, invent_scene
from inference.demo.signs import Sign, invent_sign
from inference.demo.tables import Table, invent_table
from inference.demo.turns import Turn
from inference.demo.words import Split

seeds = st.integers(0, 2**32)
INVENTED = [invent_sign, invent_prices, invent_table]


def answers(truths) -> dict[tuple[Kind, str], str]:
    return {(truth.kind, truth.about): truth.answer for truth in truths}


def parsed(markdown: str) -> list[tuple[str, ...]]:
    header, rule, *rows = markdown.split("\n")
    assert re.fullmatch(r"\|(---\|)+", rule)
    assert rule.count("---") == header.count("|") - 1
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in (header, *rows)]


@given(seeds, st.sampled_from(INVENTED))
def test_letters_keep_inside_the_picture_and_off_the_edge_between_its_crops(seed, invent):
    rng = Random(seed)
    drawing = invent(rng, Split.TRAIN).draw(rng, 1.5)
    width, height = drawing.image.size
    assert max(width, height) >= 2 * min(width, height) or invent is invent_sign
    assert drawing.marks
    for mark in drawing.marks:
        assert 0.01 < mark.x < 0.99
        assert 0.02 < mark.y < 0.98
        if height >= 2 * width:
            assert abs(mark.y - 0.5) > 0.02
        elif width >= 2 * height:
            assert abs(mark.x - 0.5) > 0.02


@given(seeds, st.sampled_from(INVENTED))
def test_a_transcription_has_the_letters_that_are_drawn_in_their_order(seed, invent):
    rng = Random(seed)
    subject = invent(rng, Split.TRAIN)
    written = answers(subject.truths())[Kind.OCR, ""]
    marks = [mark.label for mark in subject.draw(rng, 1.5).marks if len(mark.label) == 1]
    assert "".join(marks) == "".join(written.split())


@given(seeds)
def test_a_table_in_markdown_and_with_commas_has_the_cells_that_are_drawn(seed):
    table = invent_table(Random(seed), Split.TRAIN)
    said = answers(table.truths())
    assert parsed(said[Kind.MARKDOWN, ""]) == table.grid
    assert [tuple(line.split(",")) for line in said[Kind.TABLE, ""].split("\n")] == table.grid


@given(seeds)
def test_price_lists_and_charts_are_tables_too(seed):
    prices, chart = invent_prices(Random(seed), Split.TRAIN), invent_chart(Random(seed), Split.TEST)
    header, *rows = parsed(answers(prices.truths())[Kind.MARKDOWN, ""])
    assert header == ("item", "price")
    assert rows == [(name, price(cents)) for name, cents in prices.items]
    header, *rows = parsed(answers(later_truths(chart))[Kind.MARKDOWN, ""])
    assert header == ("label", "value")
    assert rows == [(label, str(value)) for label, value in chart.bars]


@given(seeds)
def test_a_cell_is_the_one_in_its_row_and_column(seed):
    table = invent_table(Random(seed), Split.TRAIN)
    said = answers(table.truths())
    for name, *cells in table.rows:
        for column, cell in zip(table.header[1:], cells, strict=True):
            about = f"{column} of {name}"
            assert said[Kind.CELL, about].endswith(f" The {about} is {cell}.")
            assert said[Kind.CELL, about].startswith(f"{name}: ")


@given(seeds)
def test_a_signpost_says_how_far_and_which_way_each_place_is(seed):
    sign = invent_sign(Random(seed), Split.TRAIN)
    said = answers(sign.truths())
    for way in sign.ways:
        assert said[Kind.DISTANCE, way.place].endswith(f" It is {way.km} km to {way.place}.")
        assert said[Kind.WAY, way.place].endswith(f" {way.place} is {way.direction}.")
    assert said[Kind.MARKDOWN, ""] == NO_TABLE


@given(seeds)
def test_nothing_on_a_price_list_costs_less_than_the_cheapest_or_more_than_the_dearest(seed):
    prices = invent_prices(Random(seed), Split.TRAIN)
    said = answers(prices.truths())
    costs = dict(prices.items)
    for kind, cents in ((Kind.CHEAPEST, min(costs.values())), (Kind.DEAREST, max(costs.values()))):
        found = re.search(rf" The {kind} is (\w+) at (\d+\.\d\d)\.$", said[kind, ""])
        assert found
        assert costs[found[1]] == cents
        assert found[2] == price(cents)


@given(seeds)
def test_a_list_of_objects_counts_each_kind_and_names_the_place_of_each(seed):
    scene = invent_scene(Random(seed))
    listed = answers(later_truths(scene))[Kind.OBJECTS, ""].split("\n")
    lines = [re.fullmatch(r"(\d) (\w+ \w+?)(?:e?s)?: (.+)", line) for line in listed]
    assert sum(int(line[1]) for line in lines) == len(scene.placed)
    assert len({line[2] for line in lines}) == len(lines)
    places = [place for line in lines for place in line[3].split(", ")]
    assert sorted(places) == sorted(place for _, place in scene.placed)
    assert set(places) <= set(PLACES)
    for line in lines:
        assert int(line[1]) == len(line[3].split(", "))


@pytest.mark.parametrize("kind", [Kind.MARKDOWN, Kind.OBJECTS, Kind.CELL, Kind.PRICE])
def test_anything_else_is_refused_whatever_is_asked_of_lists(kind):
    asking = Asking(kinds=frozenset({kind}))
    exercise = draw_exercise(Family.OTHERS, Random(3), Split.TEST, asking, varied=True)
    assert exercise.questions[0].answer == REFUSAL


@given(seeds, st.sampled_from([(Next.HOW_FAR, Kind.DISTANCE), (Next.WHICH_WAY_IT_IS, Kind.WAY)]))
def test_and_another_place_asks_what_was_asked_of_the_one_before(seed, asked):
    ask, kind = asked
    sign = invent_sign(Random(seed), Split.TRAIN)
    said = answers(sign.truths())
    turns = [turn for turn in about_sign(sign, Turn(ask, "", topic=0)) if turn.ask is Next.AND]
    assert [turn.about for turn in turns] == [way.place for way in sign.ways[1:]]
    for turn in turns:
        assert said[kind, turn.about].endswith(f" {turn.answer}")


@given(seeds)
def test_the_next_one_on_a_price_list_is_the_one_below(seed):
    rng = Random(seed)
    prices = invent_prices(rng, Split.TRAIN)
    opening = rng.choice(prices.truths())
    for before, after in pairwise(follow_ups_of(prices, opening, 4, rng)):
        if after.ask is Next.NEXT_ONE:
            assert after.topic == before.topic + 1
            assert after.answer.startswith(f"{prices.items[after.topic][0]} costs ")


@given(seeds)
def test_another_row_or_column_is_asked_of_the_cell_before(seed):
    rng = Random(seed)
    table = invent_table(rng, Split.TRAIN)
    opening = rng.choice(table.truths())
    for before, after in pairwise(follow_ups_of(table, opening, 4, rng)):
        if after.ask is Next.AND:
            (row, column), (new_row, new_column) = (
                divmod(turn.topic, len(table.header)) for turn in (before, after)
            )
            assert (row == new_row) != (column == new_column)
            assert after.answer == table.cell(new_row, new_column)


def test_only_varied_pairs_have_pictures_of_the_later_families():
    plain, varied = (
        {type(each) for pair in pairs for each in (pair.first, pair.second)}
        for pairs in (
            [invent_mixed_pair(Random(n), Split.TRAIN, varied=varied) for n in range(100)]
            for varied in (False, True)
        )
    )
    assert varied - plain == {Sign, PriceList, Table}
