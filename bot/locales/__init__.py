"""Say a sentence in a person's language."""

import io
from dataclasses import dataclass
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent
"""The `.po` are read as they are: a fresh clone speaks all languages without a build."""


@dataclass(frozen=True, slots=True)
class Plural:
    """A sentence with a number in it, in English's two forms; other languages have theirs."""

    one: str
    many: str
    number: str
    """The name under which the number is filled in."""


Sentence = str | Plural


def say(locale: str, sentence: Sentence, /, **values: object) -> str:
    """Translate a sentence of the catalogue and fill in its values; English where none is known."""
    known = _catalogue(locale)
    if isinstance(sentence, str):
        return known.gettext(sentence).format(**values)
    number = values[sentence.number]
    assert isinstance(number, int), "it decides the form"
    return known.ngettext(sentence.one, sentence.many, number).format(**values)


def is_spoken(locale: str) -> bool:
    """Tell whether people read their own language in a locale; in all others it is English."""
    return locale.split("-")[0] == "en" or isinstance(_catalogue(locale), GNUTranslations)


def spoken() -> list[str]:
    """List the languages that there are sentences in."""
    catalogues = CATALOGUES.glob("*/LC_MESSAGES/bot.po")
    return ["en", *sorted(file.parts[-3].replace("_", "-") for file in catalogues)]


@cache
def _catalogue(locale: str) -> NullTranslations:
    """Read the sentences of the first catalogue that serves a locale."""
    for language in (locale.replace("-", "_"), locale.split("-")[0]):
        file = CATALOGUES / language / "LC_MESSAGES" / "bot.po"
        if file.is_file():
            compiled = io.BytesIO()
            with file.open("rb") as opened:
                write_mo(compiled, read_po(opened, ignore_obsolete=True))
            compiled.seek(0)
            return GNUTranslations(compiled)
    return NullTranslations()
