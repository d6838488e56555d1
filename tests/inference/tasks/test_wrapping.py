"""What the model says around a transcription is taken away, and nothing that belongs to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import TASKS

BODY = "MENU\nSoup 4.50"


@pytest.mark.parametrize(
    "said",
    [
        BODY,
        f"\n\n{BODY}",
        f"Here is the text in the image:\n\n{BODY}",
        f"Here's the text that I found in the photo:\n{BODY}",
        f"Sure! Here's the transcription of the picture: {BODY}",
        f"Certainly! Below is the text from the image:\n\n{BODY}",
        f"The image contains the following text:\n\n{BODY}",
        f"This picture shows a menu with the words: {BODY}",
        f"The text in the picture reads:\n{BODY}",
        f"The text on the sign says:\n{BODY}",
        f"The sign says:\n{BODY}",
        f"OCR: {BODY}",
        f"Text in the image:\n{BODY}",
        f"The following text is visible in the image:\n\n{BODY}",
        f"The following is a transcription of the text in this image:\n{BODY}",
        f"I can see the following text:\n{BODY}",
        f"Transcription:\n{BODY}",
        f"```\n{BODY}\n```",
        f"\n\n```text\n{BODY}\n```",
        f"```{'plain-text'}\n{BODY}",
        f"Here is the text:\n```text\n{BODY}\n```\n",
        f"Sure!\n```\n{BODY}\n```",
        f"Here is the text: ```\n{BODY}\n```",
        f"Below is what stands on the card:\n\n```\n{BODY}\n```",
        f"To show it in a document, you can use the following code:\n```markdown\n{BODY}\n```",
        f"```\n{BODY}\n```\nAdditionally, the image contains a drawing of a spoon.",
        f"Here is the text:\n```\n{BODY}\n```\n\nThis code will print a menu.\n```\nprint()\n```",
        f"{BODY}\n\nAdditionally, the image shows a bowl of soup.",
        f"{BODY}\n\n\n \nFurthermore, the text has a signature.",
        f"{BODY}\n\nIn addition, the picture has a red frame.\n\nIt looks old.",
        f"{BODY}<|end|>",
        f"{BODY}\n</s>\n",
        f"<|output|>{BODY}",
        f"<|answer|>\n<|output|> {BODY}",
        f"<|output|>Here is the text:\n{BODY}",
    ],
)
def test_a_transcription_has_no_words_around_it(said):
    assert TASKS["ocr"].tidy(said) == BODY


@pytest.mark.parametrize(
    "text",
    [
        "Sure, I said.\nNo.",
        "Here is where we stop",
        "The table: oak, 1890",
        "The sign says nothing",
        "Note: text follows:",
        "Opening hours:\nMonday 9:00",
        "The text: a primer",
        "Text: a primer",
        "Words on the page: a primer",
        "Transcription: Ada Lamp",
        "The following words were banned:\nSoup",
        "Transcription fees: 4.50",
        "I read the text again.\nIt was late.",
        "README\nRun this:\n```\nmake\n```\nThen wait.",
        "Additionally, the image is protected.",
        "A poem\n\nAdditionally, bring bread.",
        "<html>\n<body>",
        "Certainly",
        "<|user|>\nHi<|end|>\n<|assistant|>\nHello",
    ],
)
def test_a_transcription_that_only_looks_like_that_is_kept(text):
    assert TASKS["ocr"].tidy(text) == text


def test_other_answers_keep_all_but_what_is_no_word():
    assert TASKS["describe"].tidy("Here is the text:\nA") == "Here is the text:\nA"
    assert TASKS["describe"].tidy("<|output|> A red square.") == "A red square."
    assert TASKS["ask"].tidy("<noinput>") == ""


PIECES = [
    *("Sure!", "Here is", " the text", ":", "\n", "\n", " ", "```", "csv", "MENU", "4.50"),
    *("The image", " contains", "\n\nAdditionally, the image", "<|output|>", "<", "|", ">"),
    *("<|end|>", "OCR:", "`", "<noinput>"),
]
UNFINISHED = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)


@pytest.mark.parametrize("task", ["ocr", "describe", "table"])
@given(said=UNFINISHED, data=st.data())
def test_what_is_settled_of_an_answer_is_never_taken_back(task, said, data):
    so_far = said[: data.draw(st.integers(0, len(said)))]
    assert TASKS[task].tidy(said).startswith(TASKS[task].settled(so_far))


def test_a_transcription_is_settled_line_by_line():
    settled = TASKS["ocr"].settled
    assert settled("Sure!\n") == ""
    assert settled("Sure!\nHere is the text:\nMENU") == ""
    assert settled("Sure!\nHere is the text:\nMENU\nSoup") == "MENU"
    assert settled("MENU\nSoup\n\nAddi") == "MENU\nSoup"
    assert TASKS["describe"].settled("Sure! A men") == "Sure! A men"
    assert TASKS["describe"].settled("<|out") == ""


def test_a_table_is_settled_when_it_is_whole():
    assert TASKS["table"].settled("| a | b |\n|---|---|\n| 1 | 2 |\n") == ""
