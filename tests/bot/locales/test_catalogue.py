"""Whatever the bot says to a person stands in the catalogue."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import bot
from bot import locales
from bot.locales import CATALOGUES, say
from bot.locales import sentences as s
from tests.bot.locales.every import SENTENCES, forms

CODE = Path(bot.__file__).parent
KEYWORDS = {"N_": None, "NN_": (1, 2), "_T": None}
SAYING = {"send", "send_message", "reply", "edit", "edit_message", "DeclinedError", "Answer", "say"}


def test_the_catalogue_holds_each_sentence_of_the_code_and_no_other() -> None:
    in_code = {found[2] for found in extract_from_dir(CODE, keywords=KEYWORDS)}
    with (CATALOGUES / "bot.pot").open("rb") as file:
        in_catalogue = {message.id for message in read_po(file) if message.id}
    assert in_catalogue == in_code, (
        "run: pybabel extract -k N_ -k NN_:1,2 -k _T --no-location -o bot/locales/bot.pot bot"
    )


@pytest.mark.parametrize("file", sorted(CODE.rglob("*.py")), ids=lambda file: file.stem)
def test_no_sentence_is_said_past_the_catalogue(file: Path) -> None:
    for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and _name(call.func) in SAYING:
            spoken = [*call.args, *(word.value for word in call.keywords if word.arg == "content")]
            words = [part for part in spoken if _is_words(part)]
            assert words == [], f"{file.name}:{call.lineno}"


@pytest.mark.parametrize("name", SENTENCES)
def test_each_sentence_reads_like_one_a_person_wrote(name: str) -> None:
    for form in forms(SENTENCES[name]):
        assert re.match(r"(\*\*)?[A-Z{]", form)
        assert form == form.strip()
        assert "{}" not in form


def test_a_fresh_clone_speaks_german_without_a_build() -> None:
    assert list(CATALOGUES.rglob("*.mo")) == []
    assert say("de", s.CANCELLED) == "Abgebrochen."


def test_what_a_catalogue_lacks_is_said_in_english(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalogue = tmp_path / "it" / "LC_MESSAGES" / "bot.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text('msgid "Cancel"\nmsgstr "Annulla"\n\nmsgid "Cancelled."\nmsgstr ""\n')
    monkeypatch.setattr(locales, "CATALOGUES", tmp_path)
    locales._catalogue.cache_clear()
    assert say("it", s.CANCEL) == "Annulla"
    assert say("it", s.CANCELLED) == "Cancelled."
    locales._catalogue.cache_clear()


def test_an_unknown_language_is_answered_in_english() -> None:
    assert say("xx", s.CANCELLED) == "Cancelled."


def _name(function: ast.expr) -> str:
    return getattr(function, "attr", getattr(function, "id", ""))


def _is_words(node: ast.expr) -> bool:
    """Tell whether an expression is text with a space in it, as sentences have."""
    if isinstance(node, ast.JoinedStr):
        return any(_is_words(part) for part in node.values)
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
