"""Tokens become text: whole characters, no control tokens, no stop strings, no endless circles."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from inference import StopReason
from inference.engine.transcript import Detokenizer, Transcript, Vocabulary
from tests.tiny.checkpoint import FOLDER

TOKENIZER = Tokenizer.from_file(str(FOLDER / "tokenizer.json"))
END = TOKENIZER.token_to_id("<|end|>")
VOCABULARY = Vocabulary.of(TOKENIZER, ends=[END])


def encode(text: str) -> list[int]:
    return TOKENIZER.encode(text, add_special_tokens=False).ids


def say(
    tokens: list[int],
    *,
    max_new_tokens: int = 1000,
    stop: tuple[str, ...] = (),
    loop_rounds: int | None = None,
) -> tuple[list[str], StopReason | None]:
    """Say tokens until the answer is over; return the pieces shown after each, and the reason."""
    transcript = Transcript(
        VOCABULARY, max_new_tokens=max_new_tokens, stop=stop, loop_rounds=loop_rounds
    )
    pieces = []
    for token in tokens:
        reason = transcript.add(token)
        pieces.append(transcript.take())
        if reason:
            return pieces, reason
    return pieces, None


BEYOND = TOKENIZER.get_vocab_size() + 20
"""A model's head has more rows than its tokenizer has pieces."""


@settings(max_examples=500, deadline=None)
@given(st.lists(st.integers(0, BEYOND).filter(lambda token: token != END)))
def test_the_pieces_make_up_what_decoding_everything_gives(tokens: list[int]) -> None:
    tokens = [*tokens, *encode("end")]
    pieces, _ = say([*tokens, END])
    assert "".join(pieces) == TOKENIZER.decode(tokens)


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",)), min_size=1))
def test_text_comes_back_piece_by_piece_without_a_split_character(text: str) -> None:
    pieces, reason = say([*encode(text), END])
    assert reason is StopReason.END
    assert "".join(pieces) == TOKENIZER.decode(encode(text))
    assert all("�" not in piece for piece in pieces if "�" not in text)


def test_a_character_that_the_limit_cuts_in_two_is_left_out() -> None:
    tokens = encode("Look 🎉")
    pieces, reason = say(tokens, max_new_tokens=len(tokens) - 1)
    assert reason is StopReason.LENGTH
    assert "".join(pieces) == "Look "


def test_control_tokens_are_never_shown() -> None:
    user = TOKENIZER.token_to_id("<|user|>")
    pieces, _ = say([*encode("Hi"), user, *encode("there"), END])
    assert "".join(pieces) == "Hi there"


def test_an_id_without_a_piece_takes_no_space_with_it() -> None:
    pieces, _ = say([*encode("Hi"), BEYOND, *encode(" there"), END])
    assert "".join(pieces) == TOKENIZER.decode([*encode("Hi"), *encode(" there")])


def test_an_answer_stops_before_a_stop_string() -> None:
    pieces, reason = say(encode("The answer is 42. STOP And more"), stop=("STOP", "END"))
    assert reason is StopReason.STOP
    assert "".join(pieces) == "The answer is 42. "


def test_what_may_become_a_stop_string_is_held_back_and_then_shown() -> None:
    tokens = encode("The state")
    pieces, _ = say([*tokens, END], stop=("station",))
    assert "".join(pieces) == "The state"
    before_end = "".join(pieces[:-1])
    assert not any(before_end.endswith("station"[:length]) for length in range(1, 7))


def test_the_first_of_two_stop_strings_counts() -> None:
    pieces, _ = say([*encode("one two three"), END], stop=("three", "two"))
    assert "".join(pieces) == "one "


@pytest.mark.parametrize(
    ("period", "tokens"), [(1, 160), (7, 160), (19, 160), (20, 60), (33, 99), (80, 240)]
)
def test_an_answer_that_goes_round_in_circles_is_stopped(period: int, tokens: int) -> None:
    circle = list(range(300, 300 + period))
    pieces, reason = say(circle * 300, loop_rounds=3)
    assert reason is StopReason.LOOP
    assert len(pieces) == tokens


def test_a_circle_may_begin_anywhere_and_ends_the_answer_after_three_rounds() -> None:
    said = [*encode("First of all"), *list(range(300, 325)) * 3]
    assert say(said[:-1], loop_rounds=3)[1] is None
    assert say(said, loop_rounds=3)[1] is StopReason.LOOP


def test_what_differs_in_one_token_is_no_circle() -> None:
    rounds = [[*range(300, 330), 400 + number] for number in range(30)]
    assert say([token for each in rounds for token in each], loop_rounds=3)[1] is None


def test_three_rounds_that_come_one_by_one_are_no_circle() -> None:
    circle, others = list(range(300, 325)), list(range(400, 425))
    assert say([*circle, *others] * 2 + circle, loop_rounds=3)[1] is None


def test_a_copy_may_have_many_equal_rows() -> None:
    row = list(range(300, 310))
    assert say(row * 23, loop_rounds=24)[1] is None
    assert say(row * 24, loop_rounds=24)[1] is StopReason.LOOP


def test_an_answer_that_reaches_its_longest_length_in_a_circle_went_in_a_circle() -> None:
    row = list(range(300, 325))
    assert say(row * 10, max_new_tokens=240, loop_rounds=24)[1] is StopReason.LOOP
    assert say(row * 2, max_new_tokens=50, loop_rounds=24)[1] is StopReason.LENGTH
    assert say(row * 10, max_new_tokens=240)[1] is StopReason.LENGTH
    assert say([300] * 100, max_new_tokens=96, loop_rounds=3)[1] is StopReason.LOOP


def test_without_the_guard_circles_go_on() -> None:
    _, reason = say(list(range(300, 320)) * 10)
    assert reason is None


def test_a_detokenizer_holds_bytes_until_their_run_ends() -> None:
    detokenizer = Detokenizer(VOCABULARY)
    assert "".join(detokenizer.add(token) for token in encode("go🎉")) == "go"
    assert detokenizer.end() == "🎉"
