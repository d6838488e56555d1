"""An identity document is known by its answer, and little else is taken for one."""

import pytest

from bot.errors import DeclinedError
from bot.locales import sentences as s
from bot.replies.documents import check_answer
from tests.bot.declining import declines

PASSPORT = """UTOPIA
PASSPORT / PASSEPORT
Type P  Code UTO  Passport No. L898902C3
Surname ERIKSSON
Given names ANNA MARIA
Date of birth 12 AUG 1974"""
LICENCE = """DRIVING LICENCE
1. ERIKSSON
2. ANNA MARIA
3. 12.08.1974
4a. 01.02.2020  4c. DVLA
4b. 31.01.2030"""


@pytest.mark.parametrize(
    "answer",
    [
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
        "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6",
        "IDD<<T220001293<<<<<<<<<<<<<<<",
        "At the bottom it says `V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<`.",
        "The image shows a passport of the country Utopia.",
        "This is a scanned copy of a German identity card.",
        "  The picture shows the front of a California driver's license.",
        "It's an open Norwegian passport.",
        PASSPORT,
        LICENCE,
        "DRIVER LICENSE\nDL I1234568\nEXP 08/31/2014\nDOB 08/31/1977\nISS 08/31/2009",
        "身份证\n姓名 张三\n性别 男\n公民身份号码 11010519491231002X",
    ],
)
def test_what_is_read_out_of_an_identity_document_stays_unsaid(answer: str) -> None:
    with declines(s.NO_DOCUMENTS):
        check_answer(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "The image shows a woman holding a passport at an airport.",
        "The image shows a passport cover made of leather.",
        "The picture shows a sign that says passport control.",
        "This is a bus pass for the city of Oslo.",
        "The image shows a book titled 'Passport to Paris'.",
        "The passport is blue.",
        "Yes, it has a chip.",
        "PASSPORT PHOTOS\nwhile you wait\n9 euros",
        "Visa application form\nSurname:\nGiven names:\nDate of birth:\nPassport number:",
        "Surname ERIKSSON\nGiven names ANNA MARIA\nDate of birth 12 AUG 1974\nGYM MEMBER",
        "COUT << NAME << ENDL << ENDL << ENDL;",
        "The image shows an Alpine pass in the snow.",
        "a < b << c, x << 10 and CONST<<1",
        "4a. Fold the paper. 4b. Turn it over. 4c. Glue it.",
    ],
)
def test_other_answers_are_told(answer: str) -> None:
    check_answer(answer)


@pytest.mark.parametrize(
    "answer",
    ["This is" + " A" * 500, "This is" + " The Front" * 500, "P" * 4000, "P<" * 2000, "<" * 4000],
    ids=range(5),
)
def test_no_answer_keeps_the_bot_busy(answer: str) -> None:
    check_answer(answer)


def test_the_answer_is_stopped_as_soon_as_it_is_known() -> None:
    told = [length for length in range(len(PASSPORT)) if not _declines(PASSPORT[:length])]
    assert "12 AUG 1974" not in PASSPORT[: max(told)]


def _declines(answer: str) -> bool:
    try:
        check_answer(answer)
    except DeclinedError:
        return True
    return False
