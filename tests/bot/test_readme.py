"""What the README says that people can ask is what they can ask."""

import re
from pathlib import Path

import bot
from bot.features.look import VERBS, Verb

README = (Path(bot.__file__).parents[1] / "README.md").read_text(encoding="utf-8")


def usage(verb: Verb) -> str:
    """Write a verb's command as the README does, optional parts in brackets."""
    fewest, most = verb.pictures
    options = list(verb.options())
    pictures = options[:most]
    words = [f"/{verb.name}", *pictures[:fewest]]
    if most > fewest:
        words.append(f"[{pictures[fewest]} … {pictures[-1]}]")
    if verb.question:
        words.append("question" if verb.needs_question else "[question]")
    return " ".join(words)


def row(about: str) -> str:
    """Return the row of the table of what people say that begins with these words."""
    (found,) = [line for line in README.splitlines() if line.startswith(f"| {about}")]
    return found


def test_the_commands_are_those_of_the_table() -> None:
    told = re.findall(r"`([^`]+)`", row("`/describe").split(" | ")[0])
    assert told == [usage(verb) for verb in VERBS]


def test_the_options_are_those_that_the_table_gives_each_command() -> None:
    told = row("`/describe").split(" | ")[1]
    detailed, without_language = re.findall(r"`(?:detail|language)` \(([^)]+)\)", told)
    assert detailed.split(", ") == [verb.name for verb in VERBS if "detail" in verb.options()]
    silent = [verb.name for verb in VERBS if "language" not in verb.options(("en", "de"))]
    assert without_language == f"all but {' and '.join(silent)}"


def test_the_menus_are_those_of_the_table() -> None:
    told = re.findall(r"\*([^*]+)\*", row("right click").split(" | ")[0])
    assert told == [verb.menu.message for verb in VERBS if verb.menu]
