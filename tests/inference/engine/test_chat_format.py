"""The prompt is the one that the processor writes, and people's words cannot change its form."""

from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from transformers import AutoProcessor

import inference.phi3_vision  # noqa: F401  (registers phi3_v)
from inference import Message, Picture, Request, RequestTooLongError
from inference.engine.chat_format import ChatFormat
from inference.engine.prompt import Prompt
from tests.inference.asking import question
from tests.oracle import Oracle
from tests.reference import REFERENCE, needs_reference

CONTROL = ("<|end|>", "<|user|>", "<|assistant|>", "<|image|>", "<|image_1|>", "<s>", "</s>")
TEXT = st.text(st.characters(exclude_categories=("Cs",)).filter(lambda sign: sign not in "<>"))


@cache
def real(hub: str) -> tuple[Any, ChatFormat]:
    processor = AutoProcessor.from_pretrained(REFERENCE / "hub" / hub)
    return processor, ChatFormat(processor)


def ids_of_processor(oracle: Oracle, request: Request) -> list[int]:
    pictures = [picture.image for message in request.messages for picture in message.pictures]
    return list(
        oracle.processor(pictures or None, oracle.prompt(request), num_crops=request.crops)[
            "input_ids"
        ][0]
    )


@settings(max_examples=100, deadline=None)
@given(text=TEXT)
def test_any_words_are_tokenised_as_the_processor_does(text: str, oracle: Oracle) -> None:
    request = question(text)
    prompt = ChatFormat(oracle.processor).prompt(request, longest=4096)
    assert list(prompt.ids) == ids_of_processor(oracle, request)


def test_pictures_and_turns_stand_where_the_processor_puts_them(
    oracle: Oracle, landscape: Picture, portrait: Picture
) -> None:
    request = Request(
        (
            Message("user", "What differs?", (landscape, portrait)),
            Message("assistant", "The colours."),
            Message("user", "And here?", (landscape,)),
        ),
        crops=4,
    )
    prompt = ChatFormat(oracle.processor).prompt(request, longest=8192)
    assert list(prompt.ids) == ids_of_processor(oracle, request)
    first, second, third = prompt.spans
    assert first.key == third.key != second.key
    assert set(prompt.ids[first.start : first.stop]) == {oracle.processor.image_token_id}


def spoken(oracle: Oracle, request: Request, longest: int) -> tuple[Prompt, str]:
    """Lay a request out; return the prompt and the words in it."""
    prompt = ChatFormat(oracle.processor).prompt(request, longest)
    return prompt, oracle.processor.decode(prompt.ids, skip_special_tokens=True)


def test_a_long_answer_gets_less_room_before_its_picture_gets_fewer_crops(
    oracle: Oracle, landscape: Picture
) -> None:
    request = question("Read it", landscape, max_new_tokens=2048, crops=16)
    request = replace(request, least_new_tokens=1024)
    whole, _ = spoken(oracle, request, longest=8192)
    assert (whole.crops, whole.max_new_tokens) == (16, 2048)
    rows = len(whole.ids)
    tight, _ = spoken(oracle, request, longest=rows + 1500)
    assert (tight.crops, tight.max_new_tokens, tight.fewer_crops) == (16, 1500, False)
    tighter, _ = spoken(oracle, request, longest=rows + 1000)
    assert tighter.fewer_crops
    assert 1024 <= tighter.max_new_tokens == min(2048, rows + 1000 - len(tighter.ids))


def conversation(turns: int, *pictures: Picture) -> tuple[Message, ...]:
    said = [
        (Message("user", f"Question {n}?"), Message("assistant", f"Answer {n}. " + "word " * 100))
        for n in range(turns)
    ]
    (first, answer), *rest = said
    return (replace(first, pictures=pictures), answer, *(m for turn in rest for m in turn))


def test_the_oldest_words_give_way_and_their_picture_stays(
    oracle: Oracle, landscape: Picture
) -> None:
    messages = (*conversation(3, landscape), Message("user", "And now?"))
    request = Request(messages, max_new_tokens=16, crops=4)
    whole, words = spoken(oracle, request, longest=8192)
    assert "Question 0?" in words
    prompt, words = spoken(oracle, request, longest=len(whole.ids) + 15)
    assert "Question 0?" not in words
    assert "Answer 0." not in words
    assert "Question 1?" in words
    assert "And now?" in words
    assert prompt.crops == 4
    assert prompt.spans == whole.spans  # so that its rows are found computed


def test_pictures_are_looked_at_less_closely_before_the_last_answer_is_forgotten(
    oracle: Oracle, landscape: Picture
) -> None:
    messages = (*conversation(3, landscape), Message("user", "And now?"))
    request = Request(messages, max_new_tokens=16, crops=16)
    alone, _ = spoken(oracle, replace(request, messages=(messages[0], messages[-1])), 8192)
    prompt, words = spoken(oracle, request, longest=len(alone.ids) + 100)
    assert prompt.fewer_crops
    assert "Question 2?" in words
    assert "Question 1?" not in words


def test_what_does_not_fit_at_all_is_said(oracle: Oracle, landscape: Picture) -> None:
    messages = (*conversation(3, landscape), Message("user", "And " * 200))
    with pytest.raises(RequestTooLongError):
        spoken(oracle, Request(messages), longest=400)


@pytest.mark.parametrize("control", CONTROL)
def test_control_tokens_that_people_write_are_plain_characters(
    oracle: Oracle, control: str
) -> None:
    chat = ChatFormat(oracle.processor)
    plain = chat.prompt(question("a b"), longest=4096)
    tricky = chat.prompt(question(f"a {control} b"), longest=4096)
    special = set(oracle.processor.tokenizer.all_special_ids) | {
        oracle.processor.tokenizer.convert_tokens_to_ids("<|end|>")
    }
    assert [token for token in tricky.ids if token in special] == [
        token for token in plain.ids if token in special
    ]
    words = oracle.processor.decode(tricky.ids, skip_special_tokens=True)
    assert f"a {control} b" in words


@needs_reference
@pytest.mark.parametrize("hub", ["phi3", "phi35"])
def test_the_real_tokenizers_cannot_be_tricked_either(hub: str, landscape: Picture) -> None:
    _, chat = real(hub)
    text = f"What {' '.join(CONTROL)} now?"
    ids = chat.prompt(question(text, landscape), longest=4096).ids
    assert sum(token == 32007 for token in ids) == 1
    assert sum(token in (32001, 32010) for token in ids) == 2
    assert sum(token == 1 for token in ids) == 2
    assert 2 not in ids


@needs_reference
@pytest.mark.parametrize("hub", ["phi3", "phi35"])
@settings(max_examples=50, deadline=None)
@given(text=TEXT)
def test_the_real_tokenizers_agree_with_the_processor(hub: str, text: str) -> None:
    processor, chat = real(hub)
    ids = chat.prompt(question(text), longest=4096).ids
    prompt = f"<|user|>\n{text}<|end|>\n<|assistant|>\n"
    assert list(ids) == list(processor(text=prompt)["input_ids"][0])
