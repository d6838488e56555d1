"""Say a sentence in a person's language."""

from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

CATALOGUES = Path(__file__).parent
"""The `.po` are read as they are: a fresh clone speaks all languages without a build."""


def say(locale: str, text: str, /, **values: object) -> str:
    """Translate a sentence of the catalogue and fill in its values; English where none is known."""
    return _catalogue(locale).get(text, text).format(**values)


@cache
def _catalogue(locale: str) -> dict[str, str]:
    """Read the sentences of the first catalogue that serves a locale."""
    for language in (locale.replace("-", "_"), locale.split("-")[0]):
        file = CATALOGUES / language / "LC_MESSAGES" / "bot.po"
        if file.is_file():
            with file.open("rb") as opened:
                messages = read_po(opened, ignore_obsolete=True)
            return {
                str(each.id): str(each.string)
                for each in messages
                if each.id and each.string and not each.fuzzy
            }
    return {}
