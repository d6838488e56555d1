"""What people can ask, as the table of tasks promises it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inference import TASKS, Length, Picture

PICTURE = Picture(Image.new("RGB", (8, 8)))


def ask(name, pictures=1, question="Why?", **options):
    task = TASKS[name]
    return task.request((PICTURE,) * pictures, "" if task.prompt else question, **options)


def test_the_tasks_are_those_that_people_know():
    assert list(TASKS) == ["describe", "ocr", "table", "objects", "compare", "alt", "ask"]


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("describe", 256),
        ("ocr", 1024),
        ("table", 1024),
        ("objects", 384),
        ("compare", 384),
        ("alt", 96),
        ("ask", 512),
    ],
)
def test_each_answer_has_its_longest_length_and_is_greedy(name, tokens):
    request = ask(name)
    assert request.max_new_tokens == tokens
    assert request.sampling.temperature == 0


def test_a_description_can_be_short_or_long():
    short, long = ask("describe", length=Length.SHORT), ask("describe", length=Length.LONG)
    assert (short.max_new_tokens, long.max_new_tokens) == (96, 512)
    assert len({short.messages[0].text, long.messages[0].text, TASKS["describe"].prompt}) == 3


@pytest.mark.parametrize(
    ("name", "pictures", "crops"),
    [
        ("describe", 1, 16),
        ("describe", 2, 4),
        ("ocr", 1, 16),
        ("ocr", 6, 4),
        ("alt", 1, 4),
        ("compare", 2, 4),
        ("compare", 4, 4),
        ("compare", 5, 1),
        ("compare", 6, 1),
        ("ask", 1, 16),
        ("ask", 2, 4),
    ],
)
def test_more_pictures_get_fewer_crops_each(name, pictures, crops):
    assert ask(name, pictures).crops == crops


def test_a_long_queue_makes_do_with_four_crops():
    assert ask("describe", busy=True).crops == 4
    assert ask("compare", 6, busy=True).crops == 1


def test_too_many_pictures_are_refused():
    with pytest.raises(ValueError, match="table takes 1 to 1 pictures"):
        ask("table", 2)
    with pytest.raises(ValueError, match="compare takes 1 to 6 pictures"):
        ask("compare", 7)


def test_a_persons_question_takes_the_place_of_the_tasks_words():
    request = TASKS["compare"].request((PICTURE,) * 2, "Which one is older?")
    assert request.messages[0].text == "Which one is older?"
    assert request.messages[0].pictures == (PICTURE, PICTURE)


def test_only_transcriptions_are_guarded_against_loops():
    guarded = {name for name in TASKS if ask(name).loop_guard}
    assert guarded == {"ocr", "table"}


@pytest.mark.parametrize(
    "said",
    [
        "MENU\nSoup 4.50",
        "Here is the text in the image:\n\nMENU\nSoup 4.50",
        "Sure! Here's the transcription of the picture: MENU\nSoup 4.50",
        "The text in the picture reads:\nMENU\nSoup 4.50",
        "```\nMENU\nSoup 4.50\n```",
        "Here is the text:\n```text\nMENU\nSoup 4.50\n```\n",
    ],
)
def test_a_transcription_has_no_words_around_it(said):
    assert TASKS["ocr"].tidy(said) == "MENU\nSoup 4.50"


@pytest.mark.parametrize(
    "text",
    ["Sure, I said.\nNo.", "Here is where we stop", "The table: oak, 1890", "Note: text follows:"],
)
def test_a_transcription_that_only_begins_like_that_is_kept(text):
    assert TASKS["ocr"].tidy(text) == text


PIECES = ["Sure!", "Here is", " the text", ":", "\n", "\n", " ", "```", "csv", "MENU", "4.50"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), st.data())
def test_what_is_settled_of_a_transcription_is_never_taken_back(said, data):
    so_far = said[: data.draw(st.integers(0, len(said)))]
    assert TASKS["ocr"].tidy(said).startswith(TASKS["ocr"].settled(so_far))


def test_a_transcription_is_settled_line_by_line():
    settled = TASKS["ocr"].settled
    assert settled("Sure!\n") == ""
    assert settled("Sure!\nHere is the text:\nMENU") == ""
    assert settled("Sure!\nHere is the text:\nMENU\nSoup") == "MENU"
    assert TASKS["describe"].settled("Sure! A men") == "Sure! A men"


def test_other_answers_are_left_alone():
    assert TASKS["describe"].tidy("Here is the text:\nA") == "Here is the text:\nA"


@pytest.mark.parametrize(
    ("text", "parses"),
    [
        ("year,value\n2021,10.6\n2022,15", True),
        ("```csv\nyear,value\n2021,10.6\n```", True),
        ('name,"quoted, comma"\na,b', True),
        ("year,value\n2021", False),
        ("I see no table.", False),
        ('year,value\n"open,1', False),
    ],
)
def test_a_table_must_be_csv(text, parses):
    assert TASKS["table"].parses(text) is parses
    assert TASKS["ocr"].parses(text)
