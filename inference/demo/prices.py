"""Price lists: a title and three to six things with what they cost."""

from dataclasses import dataclass
from random import Random

from inference.demo.colours import Colour
from inference.demo.drawing import Canvas, Drawing
from inference.demo.grids import comma_separated, markdown
from inference.demo.looks import CROP, PLAIN, Look
from inference.demo.questions import Kind, Truth
from inference.demo.words import Split, invent_word, invent_words

HEIGHT = 2 * CROP
EDGE = 5.0


@dataclass(frozen=True, slots=True)
class PriceList:
    """A title and the items with their prices in cents, from top to bottom."""

    title: str
    items: tuple[tuple[str, int], ...]

    @property
    def written(self) -> list[tuple[str, str]]:
        """Write the prices out."""
        return [(name, price(cents)) for name, cents in self.items]

    @property
    def grid(self) -> list[tuple[str, ...]]:
        """Give the list as rows, with a header."""
        return [("item", "price"), *self.written]

    @property
    def cheapest(self) -> tuple[str, int]:
        """Return the item that costs least."""
        return min(self.items, key=lambda item: item[1])

    @property
    def dearest(self) -> tuple[str, int]:
        """Return the item that costs most."""
        return max(self.items, key=lambda item: item[1])

    def truths(self) -> list[Truth]:
        """List what the price list can be asked."""
        items = ", ".join(f"{name} {written}" for name, written in self.written)
        all_of_it = f'A price list with the title "{self.title}": {items}.'
        lines = [self.title, *(f"{name} {written}" for name, written in self.written)]

        def concluded(kind: Kind, answer: str, about: str = "", weight: int = 2) -> Truth:
            return Truth(kind, f"{all_of_it} {answer}", about, weight, (all_of_it,))

        return [
            Truth(Kind.DESCRIBE, all_of_it, weight=8),
            Truth(Kind.OCR, "\n".join(lines), weight=6),
            Truth(Kind.TABLE, comma_separated(self.grid), weight=6),
            Truth(Kind.MARKDOWN, markdown(self.grid), weight=6),
            concluded(Kind.CHEAPEST, extreme("cheapest", self.cheapest), weight=6),
            concluded(Kind.DEAREST, extreme("dearest", self.dearest), weight=6),
            *(concluded(Kind.PRICE, cost(item), item[0]) for item in self.items),
        ]

    def topic(self, truth: Truth) -> int | None:
        """Tell which item is asked about, or concluded on."""
        match truth.kind:
            case Kind.CHEAPEST:
                return self.items.index(self.cheapest)
            case Kind.DEAREST:
                return self.items.index(self.dearest)
        names = [name for name, _ in self.items]
        return names.index(truth.about) if truth.about else None

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw a line for each item, its price at the right."""
        paper = look.quiet_ground(rng) if rng.random() < 0.5 else look.ground(rng)
        ink = look.ink_on(paper, rng)
        canvas = Canvas(HEIGHT / rng.uniform(2.01, 2.08), HEIGHT, pixels_per_unit, paper, look)
        room = canvas.width - 2 * EDGE
        self._write_title(canvas, ink, rng)
        size = rng.uniform(16.5, 18.5)
        for name, written in self.written:
            size = canvas.fitting(f"{name} {written}", size, room)
        pitch = rng.uniform(23, 29 - look.sway / 2)
        has_dots = rng.random() < 0.4
        for number, (name, written) in enumerate(self.written):
            y = look.off_the_edge(44 + number * pitch)
            canvas.text(name, EDGE, y, size, ink)
            start = canvas.width - EDGE - canvas.text_width(written, size)
            if has_dots:
                _draw_dots(canvas, EDGE + canvas.text_width(name, size), start, y + size / 3, ink)
            canvas.text(written, start, y, size, ink)
        return canvas.finish(rng)

    def _write_title(self, canvas: Canvas, ink: Colour, rng: Random) -> None:
        size = canvas.fitting(self.title, rng.uniform(18, 21), canvas.width - 2 * EDGE)
        spare = canvas.width - 2 * EDGE - canvas.text_width(self.title, size)
        x, y = EDGE + spare * rng.choice((0.0, 0.5, 0.5, 1.0)), rng.uniform(14, 17)
        canvas.text(self.title, x, y, size, ink, bold=rng.random() < 0.5)
        if rng.random() < 0.4:
            canvas.box(EDGE, 29, canvas.width - EDGE, 30, ink)


def price(cents: int) -> str:
    """Write a price."""
    return f"{cents // 100}.{cents % 100:02d}"


def cost(item: tuple[str, int]) -> str:
    """Say what an item costs."""
    return f"{item[0]} costs {price(item[1])}."


def extreme(which: str, item: tuple[str, int]) -> str:
    """Say which item is the cheapest or the dearest."""
    return f"The {which} is {item[0]} at {price(item[1])}."


def invent_prices(rng: Random, split: Split) -> PriceList:
    """Invent a price list whose prices all differ."""
    count = rng.randint(3, 6)
    names = [word.capitalize() for word in invent_words(rng, split, count, 3, 5)]
    step = rng.choice((1, 5, 10, 10, 50))
    cents = [each * step for each in rng.sample(range(-(-50 // step), 2000 // step), count)]
    title = invent_word(rng, split, 3, 6)
    title = title.upper() if rng.random() < 0.3 else title.capitalize()
    return PriceList(title, tuple(zip(names, cents, strict=True)))


def _draw_dots(canvas: Canvas, left: float, right: float, y: float, ink: Colour) -> None:
    x = left + 3
    while x < right - 3:
        canvas.box(x, y, x + 0.8, y + 0.8, ink)
        x += 4
