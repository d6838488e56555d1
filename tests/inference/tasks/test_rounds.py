"""Of an answer that went in a circle, one round is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import TASKS, Ending, Form, Note, StopReason
from inference.tasks.rounds import one_round


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("A list:\n" + "- a cup\n" * 28 + "- a", "A list:\n- a cup"),
        ("It is red. " + "It is blue. " * 9 + "It is", "It is red. It is blue."),
        ("y,0\n" + "x,0\n" * 9, "y,0\nx,0"),
        ("Words: " + "tree, bush, " * 9, "Words: tree, bush,"),
        ("SIGN\n" + "\n" * 150, "SIGN"),
        ("\n" * 150, ""),
        ("雨が降る。" * 20 + "雨が", "雨が降る。"),
        ("0 0 0 1 0\n" * 8 + "0 0 0 1", "0 0 0 1 0"),
    ],
)
def test_one_round_is_kept_to_the_end_of_its_line_or_sentence(said, kept):
    assert one_round(said) == kept


@pytest.mark.parametrize("text", ["", "A red square.", "ha ha", "So so and so on"])
def test_what_is_no_circle_is_kept(text):
    assert one_round(text) == text


ROUND = st.text("ab \n.", min_size=1, max_size=9)


@given(st.text("cd \n.", max_size=9), ROUND, st.integers(3, 30))
def test_no_word_is_lost_that_was_said_once(before, circle, rounds):
    kept = one_round(before + circle * rounds)
    assert (before + circle * rounds).startswith(kept)
    assert set(kept.split()) >= set(before.split()[:-1])
    assert len(kept) <= len(before) + 2 * len(circle)


def test_the_longest_answer_is_shortened_too():
    assert one_round("a" * 20_000) == "a"
    assert one_round("ab" * 9_999 + "c") == "ab" * 9_999 + "c"


def test_a_stopped_circle_is_noted():
    said = "A cup. " * 40
    reading = TASKS["describe"].reading(said, Ending(StopReason.LOOP, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert (reading.form, reading.text, reading.notes) == (Form.WORDS, "A cup.", (Note.REPEATED,))
