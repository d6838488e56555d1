"""The free typefaces of varied pictures, which come as packages that hold nothing else."""

import importlib.util
from functools import cache
from pathlib import Path

FACES = {
    "Source Sans": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "Source Sans Bold Italic": ("font_source_sans_pro", "SourceSansPro-BoldIt.ttf"),
    "Source Serif": ("font_source_serif_pro", "SourceSerifPro-Regular.ttf"),
    "Source Serif Bold": ("font_source_serif_pro", "SourceSerifPro-Bold.ttf"),
    "Caladea": ("font_caladea", "Caladea-Regular.ttf"),
    "Caladea Italic": ("font_caladea", "Caladea-Italic.ttf"),
    "Lato": ("font_lato", "Lato-Regular.ttf"),
    "Lato Black": ("font_lato", "Lato-Black.ttf"),
    "Manrope": ("font_manrope", "Manrope-Medium.ttf"),
    "Hanken Grotesk": ("font_hanken_grotesk", "HankenGrotesk-Regular.otf"),
    "Red Hat Display": ("font_rhd", "RedHatDisplay-Medium.ttf"),
    "Fredoka One": ("font_fredoka_one", "FredokaOne-Regular.ttf"),
    "Intuitive": ("font_intuitive", "Intuitive.ttf"),
}
"""The package and the file of each."""


class MissingTypefaceError(Exception):
    """A typeface's package is not installed."""


def require_all() -> None:
    """Raise the error of the first typeface that is not installed."""
    for face in FACES:
        path_of(face)


@cache
def path_of(face: str) -> Path:
    """Find a typeface's file."""
    package, filename = FACES[face]
    found = importlib.util.find_spec(package)
    if not found or not found.origin:
        raise MissingTypefaceError(
            f"The typeface {face} is not installed: pip install 'phi3-vision-discord[demo]'."
        )
    return Path(found.origin).parent / "files" / filename
