"""The small tokenizer: whole known words, letters for all else, nothing lost."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from transformers import PreTrainedTokenizerFast

from inference.demo.exercises import Family, draw_exercise
from inference.demo.tokenizer import build_tokenizer
from inference.demo.words import Split

TOKENIZER = build_tokenizer()


def encode(text: str) -> list[int]:
    return TOKENIZER.encode(text, add_special_tokens=False)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="▁<")))
def test_any_text_comes_back_whole(text):
    assert TOKENIZER.decode(encode(text)) == text


def test_known_words_are_one_token_and_invented_ones_are_spelled():
    pieces = TOKENIZER.convert_ids_to_tokens(encode('The title of the book is "ZUKO".'))
    words = ["▁The", "▁title", "▁of", "▁the", "▁book", "▁is"]
    assert pieces == [*words, "▁", '"', "Z", "U", "K", "O", '"', "."]


@given(st.integers(0, 2**32), st.sampled_from(list(Family)))
def test_every_answer_comes_back_whole(seed, family):
    answer = draw_exercise(family, Random(seed), Split.TEST).questions[0].answer
    assert TOKENIZER.decode(encode(answer)) == answer


@pytest.mark.parametrize(
    "token", ["<|user|>", "<|assistant|>", "<|end|>", "<|image|>", "<|endoftext|>", "<s>"]
)
def test_the_chat_format_has_its_control_tokens(token):
    (only,) = TOKENIZER.encode(token, add_special_tokens=False)[-1:]
    assert TOKENIZER.convert_ids_to_tokens(only) == token
    assert only in TOKENIZER.all_special_ids or token in TOKENIZER.get_added_vocab()


def test_only_the_assistants_token_eats_the_newline_behind_it():
    assert TOKENIZER.convert_ids_to_tokens(encode("<|assistant|>\n"))[-1] == "<|assistant|>"
    assert TOKENIZER.convert_ids_to_tokens(encode("<|end|>\n"))[-1] == "<0x0A>"


def test_a_saved_tokenizer_reads_the_same(tmp_path):
    TOKENIZER.save_pretrained(tmp_path)
    loaded = PreTrainedTokenizerFast.from_pretrained(tmp_path)
    text = '<|user|>\nHow many red shapes are there?<|end|>\n<|assistant|>\nThere are "ZO", 12 é.'
    assert loaded.encode(text) == TOKENIZER.encode(text)


def test_a_prompt_begins_with_its_control_token_as_the_real_ones_do():
    assert TOKENIZER.encode("What is this?") == [TOKENIZER.bos_token_id, *encode("What is this?")]
