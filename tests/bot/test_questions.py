"""Which questions the bot declines by their words, and which only look like it."""

import pytest

from bot.locales import sentences as s
from bot.questions import check_question
from tests.bot.declining import declines


@pytest.mark.parametrize(
    "question",
    [
        "Who is this?",
        "who's that man in the photo",
        "hey, who are these people??",
        "Who is she",
        "Please identify this person.",
        "What is her name?",
        "Name the people in this photo",
        "Can you recognise him?",
        "identify the celebrity",
        "请问这个人是谁",
        "¿Quién es esta persona?",
        "Quem é essa mulher na foto?",
        "Cine este această persoană?",
        "Hvem er dette?",
        "Hvem er denne mannen på bildet",
        "这个人是谁？",
        "這是誰",
    ],
)
def test_who_somebody_is_stays_unsaid(question: str) -> None:
    with declines(s.NO_NAMES):
        check_question(question)


@pytest.mark.parametrize(
    "question",
    [
        "Read this passport",
        "what's the number on the driver's licence?",
        "Is this ID card real or fake?",
        "Lee este pasaporte",
        "Les førerkortet",
        "Les passet",
        "Hva er nummeret på dette pass",
        "Les passnummeret",
        "Read the passport's number",
        "这个护照号码是什么",
    ],
)
def test_identity_documents_are_not_read(question: str) -> None:
    with declines(s.NO_DOCUMENTS):
        check_question(question)


def test_no_question_keeps_the_bot_busy() -> None:
    for start in ("这", "who is", "name his", "qui"):
        check_question(f"{start}{' ' * 900}x")


@pytest.mark.parametrize(
    "question",
    [
        "",
        "Who wrote it?",
        "Who is the author of this book?",
        "who is this book by?",
        "Who is winning in this chart?",
        "What is the name of this flower?",
        "Name the colours",
        "Identify this plant",
        "Can you identify this?",
        "Do you recognise that?",
        "List the fruits and name them",
        "what's their name?",
        "Rename this person",
        "What does the compass read?",
        "Is this a real mountain pass?",
        "Read the boarding pass",
        "Which number is on the bypass sign?",
        "Read the sign over passport control",
        "Is this a passport?",
        "What colour is the passport?",
        "How many people are in the picture?",
        "What is the number of bars?",
        "Is this dog real?",
        "¿Quién escribió este libro?",
        "Hvem er forfatteren av boken?",
        "这本书是谁写的？",
    ],
)
def test_other_questions_are_in_order(question: str) -> None:
    check_question(question)
