"""Text out of a picture cannot do anything in a channel."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.replies.text import (
    LONGEST_CODE,
    MOST_QUOTED,
    _seen,
    chunks,
    cover,
    escape,
    fence,
    joined,
    quote,
    uncover,
    unescape,
    unfence,
    unquote,
)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("A red square, 3 cm.", "A red square, 3 cm."),
        ("**bold** and _italic_ stay", "**bold** and _italic_ stay"),
        ("[click me](https://evil.example)", "\\[click me](<https://evil.example>)"),
        ("see https://example.com/a", "see <https://example.com/a>"),
        ("<@123> <@&4> <#5> </ban:6>", "\\<@123> \\<@&4> \\<#5> \\</ban:6>"),
        ("@everyone and @here", "@\u200beveryone and @\u200bhere"),
        ("# Heading\n-# small\n> quote", "\\# Heading\n\\-# small\n\\> quote"),
        ("||secret||", "\\||secret\\||"),
        ("discord.gg/abc", "discord\u200b.gg/abc"),
        ("\\[a](b)", "\\\\\\[a](b)"),
        ("abc\u202egpj.exe", "abcgpj.exe"),
        ("(see https://example.com/a).", "(see <https://example.com/a>)."),
        ("**https://example.com/a**, or", "**<https://example.com/a>**, or"),
        ("https://en.wikipedia.org/wiki/A_(b)!", "<https://en.wikipedia.org/wiki/A_(b)>!"),
        ("at https://a.example/@alice/1.", "at <https://a.example/@alice/1>."),
        ("https://a.b/@everyone", "<https://a.b/>@\u200beveryone"),
        ("https://discord.com@evil.example/a", "<https://discord.com>@evil.example/a"),
        ("見よhttps://example.com/a。次", "見よ<https://example.com/a>。次"),
        ("「https://example.com/海」と", "「<https://example.com/海>」と"),
        ("- > x\n1. # y\n- 2) -# z", "- \\> x\n1. \\# y\n- 2) \\-# z"),
        ("a\u200bb\u2060c\ufeffd\U000e0041e\u200df", "abcdef"),
        ("a\u180eb\u2062c\u206ad\ufff9e", "abcde"),
        ("`a[0]` in `<div>` of `https://a.b/c`", "`a[0]` in `<div>` of `https://a.b/c`"),
        ("`` `<@1>` `` or `<@2>", "`` `<@1>` `` or `\\<@2>"),
        (f"`[a](b){' ' * LONGEST_CODE}`", f"\\`\\[a](b){' ' * LONGEST_CODE}\\`"),
        ("👩\u200d👩\u200d👧 نمی\u200cخواهم", "👩\u200d👩\u200d👧 نمی\u200cخواهم"),
    ],
)
def test_markup_from_a_picture_is_shown_and_not_obeyed(written: str, shown: str) -> None:
    assert escape(written) == shown


def test_a_code_block_stays_as_it_is() -> None:
    block = "```py\nprint('<@1> # [x](y)')\n```"
    assert escape(f"# before\n{block}\n# after") == f"\\# before\n{block}\n\\# after"


def test_a_transcription_cannot_leave_its_code_block() -> None:
    shown = fence("```\n@everyone\n```")
    assert shown.count("```") == 2
    assert shown.startswith("```\n")
    assert shown.endswith("\n```")


MARKUP = ["@everyone", "@here", "<@12>", "[a](b)", "](", "[", "<", "||", "`", "```", "> ", "# "]
OTHERS = ["https://a.b/c", "discord.gg/x", "\u202e", "\\", "-# ", "\n", " ", "word"]
ACTIVE = st.lists(st.sampled_from([*MARKUP, *OTHERS]), max_size=30).map("".join)


@given(ACTIVE)
def test_no_mixture_of_markup_can_ping_everyone(text: str) -> None:
    assert not re.search(r"@(everyone|here)", _outside_blocks(escape(text)))


@given(ACTIVE)
def test_no_mixture_of_markup_reverses_the_text(text: str) -> None:
    assert "\u202e" not in escape(text)
    assert "\u202e" not in fence(text)


@given(ACTIVE)
def test_what_was_said_is_read_back_from_what_is_shown(text: str) -> None:
    shown = escape(text)
    if "```" in text:
        assert escape(unescape(shown)) == shown
    else:
        assert unescape(shown) == _seen(text)


@given(ACTIVE)
def test_what_was_copied_is_read_back_from_its_code_block(text: str) -> None:
    assert unfence(fence(text)) == _seen(text)
    assert unfence(f"{text}.") == f"{text}."


@given(ACTIVE)
def test_what_is_covered_is_read_back(text: str) -> None:
    assert uncover(cover(text)) == text
    assert uncover("||a|| or ||b|| ?") == "||a|| or ||b|| ?"


def test_a_long_answer_is_read_back_from_its_messages() -> None:
    lines = [f"{number}. line of the text" for number in range(200)]
    text = fence("\n".join(lines))
    assert unfence(joined(chunks(text))) == "\n".join(lines)
    words = "A sentence about a lighthouse. " * 150
    assert joined(chunks(words)).split() == words.split()


@given(ACTIVE, ACTIVE)
def test_a_quoted_question_is_read_back(question: str, answer: str) -> None:
    plain = " ".join(re.sub("`{3,}", "``", _seen(question)).split())[: MOST_QUOTED - 1]
    if plain:
        assert unquote(quote(plain) + answer) == (plain, answer)


def test_of_a_long_question_the_beginning_is_quoted_in_one_line() -> None:
    assert quote("why?\n" * 100).count("\n") == 1
    assert len(quote("why? " * 100)) <= MOST_QUOTED + len("> \n")
    assert quote(" \n") == ""


def _outside_blocks(text: str) -> str:
    return re.sub(r"(?s)```.*?```", "", text)
