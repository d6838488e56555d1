"""Book covers: a title in capitals and an author, one in each half of a tall picture."""

from dataclasses import dataclass
from random import Random

from inference.demo.colours import Colour, any_colour
from inference.demo.drawing import Canvas, Drawing
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.questions import NO_TABLE, Kind, Truth
from inference.demo.words import Split, invent_word

HEIGHT = 2 * CROP
EDGE = 6


@dataclass(frozen=True, slots=True)
class Cover:
    """A book's title and author, and the lines they are set in."""

    title: tuple[str, ...]
    author: tuple[str, ...]
    author_first: bool = False

    @property
    def title_text(self) -> str:
        """Write the title in one line."""
        return " ".join(self.title)

    @property
    def author_text(self) -> str:
        """Write the author in one line."""
        return " ".join(self.author)

    def truths(self) -> list[Truth]:
        """List what the cover can be asked."""
        title, author = f'The title of the book is "{self.title_text}"', self.author_text
        halves = (self.author, self.title) if self.author_first else (self.title, self.author)
        return [
            Truth(Kind.DESCRIBE, f"{title} and the author is {author}.", weight=3),
            Truth(Kind.TITLE, f"{title}.", weight=2),
            Truth(Kind.AUTHOR, f"The author of the book is {author}.", weight=2),
            Truth(Kind.OCR, "\n".join(halves[0] + halves[1]), weight=3),
            Truth(Kind.TABLE, NO_TABLE),
        ]

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the cover in colours, sizes and places of the moment."""
        paper = look.ground(rng)
        canvas = Canvas(HEIGHT / rng.uniform(2.01, 2.12), HEIGHT, pixels_per_unit, paper, look)
        ink = look.ink_on(paper, rng)
        _decorate(canvas, ink, rng)
        tops = (CROP, 0.0) if self.author_first else (0.0, CROP)
        _write(canvas, self.title, tops[0], rng.uniform(20, 25) * look.growth, ink, rng)
        if rng.random() < 0.3:
            ink = look.ink_on(paper, rng)
        _write(canvas, self.author, tops[1], rng.uniform(17, 21) * look.growth, ink, rng)
        return canvas.finish(rng)


def invent_cover(rng: Random, split: Split, *, varied: bool = False) -> Cover:
    """Invent a book by an author of two names: of one or two words, or of any title."""
    title = invent_any_title(rng, split) if varied else invent_title(rng, split)
    return Cover(title, invent_author(rng, split), author_first=rng.random() < 0.25)


def invent_title(rng: Random, split: Split) -> tuple[str, ...]:
    """Invent one or two words in capitals."""
    return tuple(invent_word(rng, split).upper() for _ in range(rng.choice((1, 1, 2))))


def invent_any_title(rng: Random, split: Split) -> tuple[str, ...]:
    """Invent a title as above, or a very short or long one, a number, or two things and an `&`."""

    def word(shortest: int = 3, longest: int = 6) -> str:
        return invent_word(rng, split, shortest, longest).upper()

    match rng.randrange(10):
        case 0:
            return (word(1, 2),)
        case 1:
            return (word(2, 5), word(2, 5), word(2, 5))
        case 2:
            return (str(rng.randrange(1, 3000)),)
        case 3:
            return (word(), str(rng.randrange(1, 100)))
        case 4:
            return (word(), f"& {word()}")
        case _:
            return invent_title(rng, split)


def invent_author(rng: Random, split: Split) -> tuple[str, ...]:
    """Invent a first name and a last name."""
    return tuple(invent_word(rng, split).capitalize() for _ in range(2))


def _write(
    canvas: Canvas, lines: tuple[str, ...], top: float, size: float, ink: Colour, rng: Random
) -> None:
    bold = rng.random() < 0.4
    room = canvas.width - 2 * EDGE
    size = min(canvas.fitting(line, size, room) for line in lines)
    pitch = size * rng.uniform(1.15, 1.5)
    if len(lines) > 2:
        pitch = min(pitch, (CROP - 2 * EDGE - size) / (len(lines) - 1))
    first = rng.uniform(EDGE + size / 2, CROP - EDGE - size / 2 - pitch * (len(lines) - 1))
    align = rng.choice((0.0, 0.5, 0.5, 0.5, 1.0))
    for number, line in enumerate(lines):
        x = EDGE + align * (room - canvas.text_width(line, size))
        canvas.text(line, x, top + first + number * pitch, size, ink, bold=bold)


def _decorate(canvas: Canvas, ink: Colour, rng: Random) -> None:
    ornament = rng.choice(("none", "frame", "rule", "band"))
    if ornament == "frame":
        outer = [2 * canvas.scale, 2 * canvas.scale]
        corner = [(canvas.width - 2) * canvas.scale, (canvas.height - 2) * canvas.scale]
        canvas.pen.rectangle(outer + corner, outline=ink, width=max(1, round(canvas.scale)))
    elif ornament == "rule":
        canvas.box(canvas.width * 0.2, CROP - 1, canvas.width * 0.8, CROP + 1, ink)
    elif ornament == "band":
        canvas.box(0, CROP - rng.uniform(2, 5), canvas.width, CROP + 3, any_colour(rng))
