"""Looks of pictures: the typeface, the tilt, dark on light or light on dark, a fading ground."""

import math
from dataclasses import dataclass
from random import Random

from inference.demo.colours import (
    CHALK,
    INK,
    Colour,
    chalk_on,
    dark_colour,
    ink_on,
    night_colour,
    pale_colour,
    paper_colour,
)
from inference.demo.typefaces import FACES

CROP = 112.0
"""The side of a crop in units: a picture that is tall or wide has two of them."""
MOST_TILT = 5.0


@dataclass(frozen=True, slots=True)
class Look:
    """In what a picture is set and on which ground; the plain one is dark, straight and even."""

    face: str = ""
    """One of FACES; none is Pillow's own, which every machine has."""
    tilt: float = 0.0
    """Degrees to the left."""
    is_dark: bool = False
    """Light letters stand on a dark ground."""
    fade: Colour = (0, 0, 0)
    """How much the ground changes from one end to the other."""
    fades_across: bool = False
    growth: float = 1.0
    """How much larger the letters are where there is room for it."""

    def ground(self, rng: Random) -> Colour:
        """Choose a colour to write on."""
        return dark_colour(rng) if self.is_dark else paper_colour(rng)

    def quiet_ground(self, rng: Random) -> Colour:
        """Choose a colour near white, or near black."""
        return night_colour(rng) if self.is_dark else pale_colour(rng)

    def ink_on(self, ground: Colour, rng: Random) -> Colour:
        """Choose a colour that stands out clearly from the ground."""
        return chalk_on(ground, rng) if self.is_dark else ink_on(ground, rng)

    @property
    def ink(self) -> Colour:
        """The colour that stands out from every quiet ground."""
        return CHALK if self.is_dark else INK

    @property
    def sway(self) -> float:
        """How far up or down the tilt moves what lies at a tall picture's left or right."""
        return CROP / 2 * abs(math.sin(math.radians(self.tilt)))

    def off_the_edge(self, y: float, sways: int = 1) -> float:
        """Move a line that could touch the crops' common edge below it, and all later ones too."""
        return y + (18 + sways * self.sway) if y > CROP - 10 - self.sway else y


PLAIN = Look()


def invent_look(rng: Random) -> Look:
    """Choose a look: half of them are straight, a third are dark, some have a fading ground."""
    fade = [rng.randint(-28, 28) for _ in range(3)] if rng.random() < 0.35 else [0, 0, 0]
    return Look(
        face=rng.choice(("", *FACES)),
        tilt=rng.uniform(-MOST_TILT, MOST_TILT) if rng.random() < 0.5 else 0.0,
        is_dark=rng.random() < 0.35,
        fade=(fade[0], fade[1], fade[2]),
        fades_across=rng.random() < 0.5,
        growth=rng.uniform(0.92, 1.3),
    )
