"""What strangers are drawn on: a picture measured in hundredths of its short side."""

from collections.abc import Callable, Iterable
from random import Random

from PIL import Image, ImageDraw

from inference.demo.colours import Colour, any_colour, pale_colour
from inference.demo.drawing import Point, font
from inference.demo.words import Split, invent_word

Size = tuple[int, int]
Paint = Callable[[Size, Random, Split], Image.Image]


class Sheet:
    """A picture in the making."""

    def __init__(self, size: Size, ground: Colour | Image.Image) -> None:
        self.image = ground if isinstance(ground, Image.Image) else Image.new("RGB", size, ground)
        self.unit = min(size) / 100
        self.width, self.height = size[0] / self.unit, size[1] / self.unit
        self._pen = ImageDraw.Draw(self.image)

    def line(self, points: Iterable[Point], ink: Colour, width: float = 1) -> None:
        """Draw from point to point."""
        self._pen.line(self._pixels(points), ink, self._at_least_one(width), joint="curve")

    def polygon(
        self, points: Iterable[Point], fill: Colour | None, ink: Colour | None = None
    ) -> None:
        """Fill what lies between points, or outline it, or both."""
        self._pen.polygon(self._pixels(points), fill, ink, self._at_least_one(0.8))

    def box(
        self,
        left: float,
        top: float,
        right: float,
        bottom: float,
        fill: Colour | None = None,
        ink: Colour | None = None,
        width: float = 0.8,
        corner: float = 0,
    ) -> None:
        """Draw a rectangle, its corners rounded or not."""
        (left, right), (top, bottom) = sorted((left, right)), sorted((top, bottom))
        if min(right - left, bottom - top) < 2 * corner + 4 / self.unit:
            corner = 0  # Pillow cannot round what is hardly larger than its corners
        self._pen.rounded_rectangle(
            [side * self.unit for side in (left, top, right, bottom)],
            corner * self.unit,
            fill,
            ink,
            self._at_least_one(width),
        )

    def oval(
        self,
        x: float,
        y: float,
        across: float,
        down: float,
        fill: Colour | None = None,
        ink: Colour | None = None,
        width: float = 0.8,
    ) -> None:
        """Draw an ellipse around a point."""
        sides = (x - across, y - down, x + across, y + down)
        box = [side * self.unit for side in sides]
        self._pen.ellipse(box, fill, ink, self._at_least_one(width))

    def disc(
        self, x: float, y: float, radius: float, fill: Colour | None, ink: Colour | None = None
    ) -> None:
        """Draw a circle around a point."""
        self.oval(x, y, radius, radius, fill, ink)

    def pie(
        self, x: float, y: float, radius: float, start: float, end: float, fill: Colour
    ) -> None:
        """Draw a slice, its angles in degrees."""
        sides = (x - radius, y - radius, x + radius, y + radius)
        self._pen.pieslice([side * self.unit for side in sides], start, end, fill)

    def arc(
        self, x: float, y: float, radius: float, start: float, end: float, ink: Colour,
        width: float = 1,
    ) -> None:  # fmt: skip
        """Draw a part of a circle."""
        sides = (x - radius, y - radius, x + radius, y + radius)
        box = [side * self.unit for side in sides]
        self._pen.arc(box, start, end, ink, self._at_least_one(width))

    def text(
        self, text: str, x: float, y: float, size: float, ink: Colour, anchor: str = "lm"
    ) -> None:
        """Write a line."""
        place = (x * self.unit, y * self.unit)
        self._pen.text(place, text, ink, font(round(size * self.unit)), anchor)

    def _pixels(self, points: Iterable[Point]) -> list[Point]:
        return [(x * self.unit, y * self.unit) for x, y in points]

    def _at_least_one(self, width: float) -> int:
        return max(1, round(width * self.unit))


def light_or_dark(rng: Random) -> tuple[Colour, Colour]:
    """Choose a ground and an ink on it, pale or dark."""
    dark = rng.randrange(50), rng.randrange(50), rng.randrange(60)
    light = pale_colour(rng)
    return (light, dark) if rng.random() < 0.6 else (dark, light)


def blend(one: Colour, other: Colour, share: float) -> Colour:
    """Mix a share of the other colour into one."""
    red, green, blue = (round(a + share * (b - a)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def ground(rng: Random) -> Colour:
    """Choose a ground: as often white or pale as any other colour."""
    return rng.choice(((255, 255, 255), pale_colour(rng), any_colour(rng), any_colour(rng)))


def words(rng: Random, split: Split, least: int, most: int) -> str:
    """Write some small words."""
    return " ".join(invent_word(rng, split, 2, 7) for _ in range(rng.randint(least, most)))
