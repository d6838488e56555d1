"""What stands in Discord when the model has spoken."""

import csv
import io
import json
from dataclasses import replace

import pytest

from bot.locales import sentences as s
from bot.replies.compose import compose, draft
from inference import TASKS, Ending, StopReason

DESCRIBE, OCR, TABLE = TASKS["describe"], TASKS["ocr"], TASKS["table"]


def ending(reason: StopReason = StopReason.END) -> Ending:
    return Ending(reason, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def content(task: str, text: str, reason: StopReason = StopReason.END) -> str:
    return compose(TASKS[task], text, ending(reason), "en-US", signature="", messages=3).content


def test_a_description_stands_as_it_is() -> None:
    assert content("describe", "A red square.") == "A red square."


def test_read_text_stands_in_a_block_that_can_be_copied() -> None:
    assert content("ocr", "EXIT\n# 5") == "```\nEXIT\n# 5\n```\n-# May contain errors."


def test_a_tables_columns_stand_in_line_and_a_file_has_its_rows() -> None:
    text = "fruit,pieces\nплоды,2\n梨,10\n"
    answer = compose(TABLE, text, ending(), "en-US")
    assert answer.content.split("\n") == [
        "```",
        "fruit  pieces",
        "─────  ──────",
        "плоды       2",
        "梨         10",
        "```",
        "-# May contain errors.",
    ]
    assert answer.file == ("table.csv", text.encode("utf-8-sig"))


def test_rows_that_make_no_table_are_said_to_make_none() -> None:
    assert content("table", "a,b\n1,2,3").endswith(f"-# {s.NOT_A_TABLE} {s.MAY_CONTAIN_ERRORS}")


def test_a_long_table_goes_into_a_file_for_spreadsheets() -> None:
    text = "a,b\n" + "12345,67890\n" * 200
    answer = compose(TABLE, text, ending(), "en-US", signature="", messages=3, quoted=100)
    assert answer.file == ("table.csv", text.encode("utf-8-sig"))
    assert answer.more == ()
    assert len(answer.content) <= 1900
    assert answer.content.endswith(f"\n…\n```\n-# {s.FULL_ANSWER} {s.MAY_CONTAIN_ERRORS}")


@pytest.mark.parametrize(
    ("reason", "note"),
    [(StopReason.LENGTH, s.ANSWER_CUT), (StopReason.LOOP, s.TEXT_REPEATED)],
)
def test_an_answer_that_was_cut_says_so(reason: StopReason, note: str) -> None:
    assert content("describe", "A red", reason) == f"A red\n-# {note}"


def test_pictures_that_fitted_only_with_fewer_crops_are_said_to_be_seen_less_closely() -> None:
    cut = replace(ending(), fewer_crops=True)
    answer = compose(DESCRIBE, "Six cats.", cut, "en-US", signature="", messages=3)
    assert answer.content == f"Six cats.\n-# {s.LOOKED_LESS_CLOSELY}"


def test_a_model_without_words_is_said_kindly() -> None:
    assert content("describe", " \n") == s.NO_WORDS
    assert content("ocr", "```\n```") == s.NOTHING_READ
    assert draft(DESCRIBE, " \n") == ""


def test_a_long_answer_goes_on_in_two_more_messages() -> None:
    text = "The sea is blue. " * 200
    answer = compose(DESCRIBE, text, ending(), "en-US", signature="", messages=3)
    assert answer.file is None
    assert len(answer.more) == 1
    assert f"{answer.content} {answer.more[0]}" == text


@pytest.mark.parametrize(("messages", "words"), [(1, 200), (3, 500)])
def test_a_longer_answer_goes_into_a_file(messages: int, words: int) -> None:
    text = "The sea is blue. " * words
    answer = compose(DESCRIBE, text, ending(), "en-US", signature="", messages=messages)
    said = [answer.content, *answer.more]
    assert len(said) == messages
    assert answer.file == ("answer.txt", text.encode())
    assert answer.content.startswith("The sea is blue.")
    assert said[-1].endswith(f"\n-# {s.FULL_ANSWER}")
    assert all(len(message) <= 2000 for message in said)


def test_a_draft_is_one_message_that_goes_on() -> None:
    assert draft(DESCRIBE, "A red") == "A red …"
    assert draft(OCR, "EX") == "```\nEX\n``` …"
    assert draft(TABLE, "a,b\n1,2") == "```\na  b\n─  ─\n1  2\n```"
    assert len(draft(DESCRIBE, "blue " * 1000)) <= 2000


def test_a_spreadsheet_neither_garbles_nor_runs_what_a_picture_says() -> None:
    cells = ["Müller", "=1+1", "+49 30 1234", "-5", "+2.5", "-3,5%", "@SUM(A1)", "-x"]
    text = (
        "name,value\n"
        + "\n".join(f"row,{json.dumps(cell, ensure_ascii=False)}" for cell in cells)
        + "\n"
    )
    answer = compose(TABLE, text * 1 + "row,filler\n" * 300, ending(), "en-US", messages=1)
    assert answer.file is not None
    name, data = answer.file
    assert name == "table.csv"
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [value for _, value in rows[1:9]] == [
        "Müller", "'=1+1", "'+49 30 1234", "-5", "+2.5", "-3,5%", "'@SUM(A1)", "'-x",
    ]  # fmt: skip


def test_where_files_are_not_allowed_the_rest_is_left_out_and_said_to_be() -> None:
    text = "The sea is blue. " * 500
    answer = compose(DESCRIBE, text, ending(), "en-US", messages=3, may_attach=False)
    assert answer.file is None
    assert len(answer.more) == 2
    assert answer.more[-1].endswith(f"-# {s.NO_FILES_HERE}")


def test_a_retelling_is_shown_as_words_and_said_to_be_one() -> None:
    told = content("ocr", "The image shows a menu of a small café with prices beside each dish.")
    assert "```" not in told
    assert told.endswith(f"-# {s.RETOLD}")
