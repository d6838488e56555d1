"""Whatever form a model writes a table in, people get one CSV."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inference import TASKS, Ending, Form, Note, StopReason, fence_tables

YEARS = (("Year", "Value"), ("2021", "10.60"), ("2022", "15"))


def read(said, reason=StopReason.END):
    return TASKS["table"].reading(said, Ending(reason, 0, 0, 0, 0, 0, 0, 0, 0, 0))


@pytest.mark.parametrize(
    "said",
    [
        "Year,Value\n2021,10.60\n2022,15",
        "Year,Value\n\n2021,10.60\n,\n2022,15\n\n",
        'Year, Value\n"2021", "10.60"\n2022, 15',
        "Year;Value\n2021;10.60\n2022;15",
        "Year\tValue\n2021\t10.60\n2022\t15\n",
        "| Year | Value |\n|------|------:|\n| 2021 | 10.60 |\n| 2022 | 15 |",
        "Year | Value\n--- | ---\n2021 | 10.60\n | \n2022 | 15",
        "| **Year** | Value |\n|:--|:-:|\n| 2021 | 10.60 | more |\n||\n| 2022 | 15",
        "Here is the table:\n\n```markdown\n|Year|Value|\n|--|--|\n|2021|10.60|\n|2022|15|\n```",
        "The chart shows revenue.\n\n|Year|Value|\n|-|-|\n|2021|10.60|\n|2022|15|\n\nIt rises.",
        '[{"Year": 2021, "Value": 10.60}, {"Year": "", "Value": null}, {"Year": 2022, "Value":15}]',
        '```json\n[{"Year": "2021", "Value": "10.60"}, {"Year": "2022", "Value": "15"}]\n```',
        '{"title": "", "data": [{"Year": 2021, "Value": 10.60}, {"Year": 2022, "Value": 15}]}',
        '{"columns": ["Year", "Value"], "rows": [[2021, 10.60], [2022, 15]]}',
        '{"Year": [2021, 2022], "Value": [10.60, 15]}',
        '[["Year", "Value"], [2021, 10.60], ["", ""], [2022, 15]]',
        '{"Year": 2021, "Value": 10.60}\n{"Year": 2022, "Value": 15}',
        '[{"Year": 2021, "Value": 10.60}, {"Year": 2022, "Value": 15}, {"Year": 20',
        '{"data": [{"Year": 2021, "Value": 10.60}, {"Year": 2022, "Value": 15}, {"Ye',
        "Year,Value\n2021,10.60\n2022,15\n\nThe chart shows a rise, then more.",
    ],
)
def test_every_form_of_a_table_becomes_the_same_csv(said):
    reading = read(said)
    assert reading.form is Form.TABLE
    assert reading.rows == YEARS
    assert reading.text == "Year,Value\n2021,10.60\n2022,15\n"
    assert reading.notes == (Note.MAY_CONTAIN_ERRORS,)
    assert TASKS["table"].tidy(said) == reading.text


def test_one_object_is_read_by_its_names():
    assert read('{"2021": 10.6, "2022": 15}').rows == (("2021", "10.6"), ("2022", "15"))


@pytest.mark.parametrize(
    "said", ["| Name |\n|---|\n| Ada |\n| Tom |", '[{"Name": "Ada"}, {"Name": "Tom"}]']
)
def test_a_table_may_have_one_column(said):
    assert read(said).rows == (("Name",), ("Ada",), ("Tom",))


def test_decimal_commas_and_names_with_commas_stay_whole():
    assert read("Jahr;Wert\n2021;10,6\n2022;15,0").rows[1] == ("2021", "10,6")
    assert read("City\tPeople\nParis\t2,1\nRome\t2,8").rows[1] == ("Paris", "2,1")
    assert read('name,"quoted, comma"\na,b').rows == (("name", "quoted, comma"), ("a", "b"))
    assert read("| a | b |\n|--|--|\n| x \\| y | 1<br>2 |").rows[1] == ("x | y", "1 2")


def test_several_tables_with_one_header_are_one():
    table = "| a | b |\n|--|--|\n| {} | 2 |\n"
    said = f"{table.format(1)}\nAnd then:\n\n{table.format(3)}"
    assert read(said).rows == (("a", "b"), ("1", "2"), ("3", "2"))


def test_equal_rows_are_kept_and_one_round_of_a_circle():
    rows = "a,b\n" + "Kites,0\n" * 12
    assert len(read(rows).rows) == 13
    circle = read(rows + "Kites,", StopReason.LOOP)
    assert circle.rows == (("a", "b"), ("Kites", "0"))
    assert Note.REPEATED in circle.notes


@pytest.mark.parametrize(
    "said",
    [
        "Year,Value\n2021,10.60\n2022,15\n2023,4",
        "| Year | Value |\n|--|--|\n| 2021 | 10.60 |\n| 2022 | 15 |\n| 2023 | 4",
        '[{"Year": 2021, "Value": 10.60}, {"Year": 2022, "Value": 15}, {"Year": 2023, "Value": 4',
    ],
)
def test_a_row_that_breaks_off_is_left_out_for_half_a_number_is_wrong(said):
    reading = read(said, StopReason.LENGTH)
    assert reading.rows == YEARS
    assert reading.notes == (Note.CUT, Note.MAY_CONTAIN_ERRORS)


@pytest.mark.parametrize(
    "said",
    [
        "year,value\n2021",
        'year,value\n"open,1',
        "only one column\nand another row",
        "a,b\n1,2,3",
        "[1, 2, 3]",
        "[" * 5000,
        '{"a": {"b": [',
        "| a | b |\n|--|",
    ],
)
def test_what_has_no_rows_and_columns_is_shown_as_it_is_with_a_note(said):
    reading = read(said)
    assert reading.form is Form.TRANSCRIPTION
    assert reading.notes == (Note.NOT_A_TABLE, Note.MAY_CONTAIN_ERRORS)
    assert reading.rows == ()


def test_sentences_with_commas_are_no_table():
    said = "The image shows a chart, with bars.\nThe first, which is red, is high."
    assert read(said).form is Form.RETELLING


CELL = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)
TABLE = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.tuples(*[CELL] * width), min_size=2, max_size=5)
)


@given(TABLE)
def test_a_csv_with_any_words_in_it_comes_back_as_it_was(rows):
    reading = read(json.dumps(rows))
    assert reading.rows == tuple(rows)
    assert list(csv.reader(io.StringIO(reading.text))) == [list(row) for row in rows]


@given(TABLE)
def test_any_words_in_markdown_come_back_as_they_were(rows):
    rows = [
        [cell.replace("*", "x").replace("_", "x").replace("\\", "x") for cell in row]
        for row in rows
    ]
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    lines.insert(1, "|---" * len(rows[0]) + "|")
    assert [list(row) for row in read("\n".join(lines)).rows] == rows


def test_tables_in_free_answers_are_put_into_fences():
    table = "| a | b |\n|---|---|\n| 1 | 2 |"
    said = f"Two columns:\n\n{table}\n\nThat is all | nearly.\n```\n{table}\n```\n{table}"
    assert fence_tables(said) == (
        f"Two columns:\n\n```\n{table}\n```\n\nThat is all | nearly.\n"
        f"```\n{table}\n```\n```\n{table}\n```"
    )
    assert fence_tables("a | b\nc") == "a | b\nc"


SIGNS = ["|", "\n", ",", ";", "\t", '"', "[", "{", "]", "}", ":", "-", "```", "a", "1", " ", "\\"]


@pytest.mark.parametrize("task", TASKS)
@given(
    said=st.one_of(st.text(), st.lists(st.sampled_from(SIGNS)).map("".join)),
    reason=st.sampled_from(StopReason),
)
def test_whatever_a_model_says_is_read_and_no_table_is_ragged(task, said, reason):
    reading = TASKS[task].reading(said, Ending(reason, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    assert len({len(row) for row in reading.rows}) <= 1
    assert all(any(row) for row in reading.rows)
    assert (reading.form is Form.TABLE) == bool(reading.rows)
    assert (reading.form is Form.EMPTY) == (not reading.text.strip())
