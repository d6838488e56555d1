"""Pages full of invented words: for learning to see letters, never asked about."""

from random import Random

from inference.demo.drawing import Canvas, Drawing
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.words import Split, invent_word


def draw_page(rng: Random, pixels_per_unit: float, look: Look = PLAIN) -> Drawing:
    """Draw a square page of lines in one size, in the ways that covers and charts write."""
    paper = look.ground(rng)
    canvas = Canvas(CROP, CROP, pixels_per_unit, paper, look)
    size, ink, bold = rng.uniform(13.5, 24), look.ink_on(paper, rng), rng.random() < 0.3
    y = rng.uniform(0.55, 1.2) * size
    while y < CROP - size / 2:
        x = rng.uniform(2, 20)
        while x + size < CROP:
            word = _word(rng)
            while word and x + canvas.text_width(word, size) > CROP - 1:
                word = word[:-1]
            canvas.text(word, x, y, size, ink, bold=bold)
            x += canvas.text_width(word, size) + rng.uniform(0.3, 1) * size
        y += rng.uniform(1.05, 1.6) * size
    return canvas.finish(rng)


def _word(rng: Random) -> str:
    word = invent_word(rng, Split.TRAIN, 2, 7)
    match rng.randrange(4):
        case 0 | 1:
            return word.capitalize()
        case 2:
            return word.upper()
        case _:
            return str(rng.randrange(100))
