"""A copy is told from words about it by form alone, in whatever language; nothing is declined."""

import pytest

from inference import TASKS, Ending, Form, Note, StopReason
from tests.inference.tasks.ordinary import COPIES, WORDS

END = Ending(StopReason.END, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def read(text, task="ocr"):
    return TASKS[task].reading(text, END)


def test_there_are_enough_ordinary_answers():
    texts = [text for samples in (COPIES, WORDS) for texts in samples.values() for text in texts]
    assert len(set(texts)) >= 150
    assert COPIES.keys() == WORDS.keys()
    assert len(COPIES) == 10


@pytest.mark.parametrize("text", [text for texts in COPIES.values() for text in texts])
def test_what_stands_in_pictures_is_a_copy(text):
    reading = read(text)
    assert (reading.form, reading.text) == (Form.TRANSCRIPTION, text)
    assert reading.notes == (Note.MAY_CONTAIN_ERRORS,)


@pytest.mark.parametrize("text", [text for texts in WORDS.values() for text in texts])
def test_what_is_said_about_pictures_is_words(text):
    for task in ("describe", "ask", "compare", "alt", "objects"):
        reading = read(text, task)
        assert (reading.form, reading.text, reading.notes) == (Form.WORDS, text, ())


REFUSALS = (
    "Sorry, I cannot answer this question.",
    "I'm sorry, but I cannot answer this question.",
    "I’m sorry, but I can’t help with that.",
    "I am sorry, but I am unable to identify people in images.",
    "I apologize, but I cannot provide that information.",
    "Unfortunately, I cannot read the text in this image.",
    "I cannot provide assistance with that.",
    "As an AI language model, I do not have eyes.",
    "I'm sorry, as an AI I can't see pictures.",
    "I'm not able to help with that request.",
    "Es tut mir leid, aber ich kann diese Frage nicht beantworten.",
    "Leider kann ich dabei nicht helfen.",
    "Je suis désolé, mais je ne peux pas répondre à cette question.",
    "Désolée, je ne peux pas vous aider.",
    "Lo siento, pero no puedo responder a esta pregunta.",
    "Desculpe, mas não posso responder a essa pergunta.",
    "Sinto muito, mas não consigo ajudar com isso.",
    "Îmi pare rău, dar nu pot răspunde la această întrebare.",
    "Beklager, men jeg kan ikke svare på dette spørsmålet.",
    "申し訳ありませんが、その質問にはお答えできません。",
    "すみませんが、お手伝いできません。",
    "抱歉，我无法回答这个问题。",
    "很抱歉，我不能提供帮助。",
    "對不起，我無法回答這個問題。",
    "I am the small demo model; I only know book covers, bar charts and simple scenes.",
)


@pytest.mark.parametrize("text", REFUSALS)
@pytest.mark.parametrize("task", TASKS)
def test_a_refusal_is_an_answer_in_plain_words(task, text):
    reading = read(text, task)
    assert (reading.form, reading.text, reading.notes) == (Form.REFUSAL, text, ())


@pytest.mark.parametrize(
    "text",
    [
        "I can't identify the exact model, but it looks like a 1967 Mustang.",
        "I'm sorry, but I cannot identify the person, but she is wearing a red coat.",
        "I cannot read the smallest line, but the picture shows a bus timetable.",
    ],
)
def test_what_is_answered_after_all_is_no_refusal(text):
    assert read(text, "ask").form is Form.WORDS


@pytest.mark.parametrize(
    "text",
    [
        "There is no text in this picture.",
        "There is no text in the image.",
        "There is no visible text in the image provided.",
        "There are no words in the picture.",
        "There isn't any text in the image.",
        "There is no table or chart in this picture.",
        "The image does not contain any text.",
        "The image doesn't appear to contain any readable text, only a cat on a sofa.",
        "This picture contains no text.",
        "No text is visible in the image.",
        "No readable text can be found.",
        "I see no table.",
        "I cannot see any text in this image.",
    ],
)
def test_that_there_is_nothing_to_copy_is_said_in_plain_words(text):
    for task in ("ocr", "table"):
        reading = read(text, task)
        assert (reading.form, reading.text, reading.notes) == (Form.ABSENCE, text, ())


@pytest.mark.parametrize(
    "text",
    [
        "The image contains several pieces of text, including a label and a stamp.",
        "The image shows a herbarium sheet with a label in the lower right corner.",
        "The picture displays a menu. At the top it says MENU.\nBelow there are prices.",
        "In the image, there is a sign that reads STOP.",
        "In this photo, I see a poster of a concert.",
        'The text in the image reads "STOP".',
        "The text on the sign is in French.",
        "This image is a screenshot of a chat.",
        "The bar chart shows the revenue of four years, which rises.",
    ],
)
def test_what_retells_instead_of_copying_is_shown_as_words_and_noted(text):
    for task in ("ocr", "table"):
        reading = read(text, task)
        assert (reading.form, reading.text, reading.notes) == (Form.RETELLING, text, (Note.RETOLD,))


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("text", ["", " \n", "\n" * 300, "<|output|>", "<noinput>", "<|answer|>\n"])
def test_line_breaks_and_marks_alone_are_an_empty_answer(task, text):
    for reason in StopReason:
        ending = Ending(reason, 0, 0, 0, 0, 0, 0, 0, 0, 0, fewer_crops=True)
        reading = TASKS[task].reading(text, ending)
        assert (reading.form, reading.text.strip(), reading.notes) == (Form.EMPTY, "", ())


def test_small_print_says_what_happened():
    ending = Ending(StopReason.LENGTH, 0, 0, 0, 0, 0, 0, 0, 0, 0, fewer_crops=True)
    assert TASKS["ocr"].reading("MENU", ending).notes == (
        Note.CUT,
        Note.FEWER_CROPS,
        Note.MAY_CONTAIN_ERRORS,
    )


def test_an_unfinished_answer_is_what_it_looks_like_so_far():
    unfinished = TASKS["ocr"].reading("The image contains several pieces of")
    assert (unfinished.form, unfinished.notes) == (Form.RETELLING, ())
    assert TASKS["ocr"].reading("MENU\nSou").form is Form.TRANSCRIPTION
    assert TASKS["ocr"].reading("").form is Form.EMPTY
    table = TASKS["table"].reading("| a | b |\n|---|---|\n| 1 | 2 |\n| 3")
    assert table.rows == (("a", "b"), ("1", "2"))
