"""Long answers arrive in pieces that a person can read on."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.text import LEAST, LIMIT, chunks, closed

TEXT = st.lists(
    st.sampled_from(
        ["word ", "A sentence. ", "line\n", "end\n\n", "\n```py\n", "\n```\n", "é", "x" * 37]
    ),
    max_size=120,
).map("".join)


def test_a_short_answer_is_one_message() -> None:
    assert chunks("A red square.") == ["A red square."]


def test_a_long_answer_is_cut_between_paragraphs_first() -> None:
    first, second = "a " * 700, "b " * 700
    assert chunks(f"{first.strip()}\n\n{second.strip()}") == [first.strip(), second.strip()]


def test_a_long_paragraph_is_cut_between_sentences() -> None:
    sentence = "The cat sits on the mat and looks at the moon. "
    for piece in chunks(sentence * 100):
        assert piece.rstrip().endswith("moon.")


def test_so_is_one_in_a_language_without_blanks() -> None:
    for piece in chunks("猫はマットの上に座って月を見ている。" * 200):
        assert piece.endswith("。")


def test_a_text_without_any_gap_is_cut_where_the_message_is_full() -> None:
    assert "".join(chunks("x" * 5000)) == "x" * 5000


def test_a_code_fence_is_closed_and_reopened_with_its_language() -> None:
    rows = "\n".join(f"{number},{number * number}" for number in range(600))
    pieces = chunks(f"```csv\n{rows}\n```")
    assert len(pieces) > 2
    for piece in pieces:
        assert piece.startswith("```csv\n")
        assert piece.endswith("\n```")
    inside = [line for piece in pieces for line in piece.splitlines() if "```" not in line]
    assert inside == rows.splitlines()


@given(TEXT, st.integers(LEAST, 400))
def test_every_piece_fits_and_no_word_is_lost(text: str, limit: int) -> None:
    pieces = chunks(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    words = [re.sub(r"[\s`py]", "", part) for part in ("".join(pieces), text)]
    assert words[0] == words[1]


@given(TEXT, st.integers(LEAST, 400))
def test_every_piece_but_the_last_leaves_no_fence_open(text: str, limit: int) -> None:
    for piece in chunks(text, limit)[:-1]:
        assert closed(piece) == piece


def test_a_piece_without_room_is_refused_rather_than_cut_for_ever() -> None:
    with pytest.raises(ValueError, match="room"):
        chunks("x" * 100, LEAST - 1)


def test_the_limit_is_below_discords() -> None:
    assert LIMIT < 2000


@pytest.mark.parametrize("mark", ["**", "`"])
def test_what_is_bold_or_code_is_not_cut_in_two(mark: str) -> None:
    text = f"{'word ' * 15}{mark}these words belong together{mark}{' word' * 20}"
    first, *_ = chunks(text, 100)
    assert first.count(mark) in (0, 2)


def test_code_is_not_cut_in_two_even_where_there_is_no_gap() -> None:
    code = "`[a](https://b.c/d)`"
    for start in range(100):
        pieces = chunks("x" * start + code + "x" * 100, 100)
        assert [code in piece for piece in pieces].count(True) == 1
        assert max(map(len, pieces)) <= 100


def test_an_emoji_of_several_is_not_cut_in_two() -> None:
    family = "👩\u200d👩\u200d👧\u200d👦"
    for start in range(len(family) + 1):
        pieces = chunks("x" * start + family * 40, 100)
        assert all(piece.strip("x").count("\u200d") % 3 == 0 for piece in pieces)
