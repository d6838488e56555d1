"""Every sentence that the bot can say, and every form that it can take."""

import string
from collections.abc import Iterator

from babel.messages.catalog import Message

from bot.locales import Plural, Sentence, say
from bot.locales import sentences as s

SENTENCES: dict[str, Sentence] = {
    name: sentence
    for name, sentence in vars(s).items()
    if isinstance(sentence, str | Plural)
    if name.isupper()
}
NUMBERS = (0, 1, 2, 3, 5, 11, 19, 20, 21, 100, 101, 119, 1_000_000)
"""They ask for each form that any of our languages has: one, some, many."""
LONGEST = "https://discord.com/channels/" + "9" * 59
"""Longer than anything that is filled in."""


def forms(words: Sentence | Message) -> tuple[str, ...]:
    """List the English forms of a sentence, or those of a message of a catalogue."""
    if isinstance(words, Message):
        return (words.string,) if isinstance(words.string, str) else tuple(words.string)
    return (words,) if isinstance(words, str) else (words.one, words.many)


def fields(text: str) -> set[str]:
    """List what is filled into a text."""
    return {field for _, field, _, _ in string.Formatter().parse(text) if field is not None}


def spoken(locale: str, sentence: Sentence) -> Iterator[str]:
    """Say a sentence in all its forms, with values as long as any that it is given."""
    values: dict[str, object] = dict.fromkeys(set().union(*map(fields, forms(sentence))), LONGEST)
    if isinstance(sentence, str):
        yield say(locale, sentence, **values)
        return
    for number in NUMBERS:
        yield say(locale, sentence, **{**values, sentence.number: number})
