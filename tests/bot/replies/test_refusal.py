"""The model's own refusals are told from answers."""

import pytest

from bot.replies.refusal import is_refusal


@pytest.mark.parametrize(
    "text",
    [
        "I'm sorry, but I can't assist with that request.",
        "I\u2019m sorry, I cannot identify people.",
        "  I cannot provide information about the person in the image.",
        "Unfortunately, I am unable to help with that.",
        "As an AI language model, I do not recognise people.",
        "Lo siento, pero no puedo ayudar con eso.",
        "抱歉，我无法回答。",
    ],
)
def test_a_refusal_is_recognised(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A red square.",
        "The sign says: I'm sorry, but I can't come in.",
        "I can see three bars.",
        "I cannot make out the second line, but the first says 'Lighthouse'.",
        "Sorry! Closed on Sundays",
    ],
)
def test_an_answer_is_none(text: str) -> None:
    assert not is_refusal(text)
