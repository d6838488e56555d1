"""Colours, chosen so that what is written stands out from its ground."""

from random import Random

Colour = tuple[int, int, int]
INK: Colour = (20, 20, 20)
CHALK: Colour = (240, 240, 240)


def any_colour(rng: Random) -> Colour:
    """Choose any colour at all."""
    return rng.randrange(256), rng.randrange(256), rng.randrange(256)


def pale_colour(rng: Random) -> Colour:
    """Choose a colour near white."""
    return rng.randrange(225, 256), rng.randrange(225, 256), rng.randrange(225, 256)


def paper_colour(rng: Random) -> Colour:
    """Choose a colour light enough to write on."""
    while brightness(colour := any_colour(rng)) < 135:
        pass
    return colour


def ink_on(paper: Colour, rng: Random) -> Colour:
    """Choose a colour that is clearly darker than the paper."""
    while brightness(colour := any_colour(rng)) > brightness(paper) - 110:
        pass
    return colour


def dark_colour(rng: Random) -> Colour:
    """Choose a colour dark enough to write on in light ink."""
    while brightness(colour := any_colour(rng)) > 90:
        pass
    return colour


def night_colour(rng: Random) -> Colour:
    """Choose a colour near black."""
    return rng.randrange(10, 56), rng.randrange(10, 56), rng.randrange(10, 56)


def chalk_on(ground: Colour, rng: Random) -> Colour:
    """Choose a colour that is clearly lighter than the ground."""
    while brightness(colour := any_colour(rng)) < brightness(ground) + 120:
        pass
    return colour


def shifted(colour: Colour, shift: tuple[int, int, int]) -> Colour:
    """Add to red, green and blue as much as they can take."""
    red, green, blue = (
        min(255, max(0, part + more)) for part, more in zip(colour, shift, strict=True)
    )
    return red, green, blue


def brightness(colour: Colour) -> float:
    """Weigh red, green and blue as the eye does, from 0 to 255."""
    red, green, blue = colour
    return 0.299 * red + 0.587 * green + 0.114 * blue
