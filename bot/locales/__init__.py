"""Say a sentence in a person's language."""

import gettext
from functools import cache
from pathlib import Path

CATALOGUES = Path(__file__).parent
"""The compiled `.mo` stand beside their `.po`, so that installing needs no further step."""


def say(locale: str, text: str, /, **values: object) -> str:
    """Translate a sentence of the catalogue and fill in its values; English where none is known."""
    return _catalogue(locale).gettext(text).format(**values)


@cache
def _catalogue(locale: str) -> gettext.NullTranslations:
    languages = [locale.replace("-", "_"), locale.split("-")[0]]
    return gettext.translation("bot", CATALOGUES, languages, fallback=True)
