"""What the model reads before it answers."""

from dataclasses import dataclass

from inference.decoder.segment import Span
from inference.pictures import Picture


@dataclass(frozen=True, slots=True)
class PictureSpan(Span):
    """Where a picture's rows stand, and which picture it is."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model reads before it answers."""

    ids: tuple[int, ...]
    keys: tuple[int, ...]
    """The ids, with each picture's key in place of its placeholders: equal keys, equal rows."""
    spans: tuple[PictureSpan, ...]
    crops: int
    """Most crops per picture."""
    fewer_crops: bool
    """Fewer than asked for and known to the model, since they would not fit."""
    max_new_tokens: int
    """As many as were asked for, or as there is room for."""
