"""Near misses: unusual pictures that belong to a family all the same and are to be answered."""

from dataclasses import fields
from itertools import pairwise
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from inference.demo.charts import Chart, invent_chart
from inference.demo.colours import any_colour
from inference.demo.covers import Cover, invent_cover
from inference.demo.drawing import Canvas, Drawing, Point, sweep
from inference.demo.looks import PLAIN, Look
from inference.demo.questions import Subject
from inference.demo.scenes import Scene, invent_scene
from inference.demo.words import Split


def invent_near_miss(rng: Random, split: Split, number: int | None = None) -> Subject:
    """Invent a picture of some kind, or of the kind with a number."""
    kind = rng.choice(NEAR_MISSES) if number is None else NEAR_MISSES[number % len(NEAR_MISSES)]
    if issubclass(kind, Scene):
        usual: Subject = invent_scene(rng)
    elif issubclass(kind, Chart):
        usual = invent_chart(rng, split)
    else:
        usual = invent_cover(rng, split)
    return kind(*(getattr(usual, field.name) for field in fields(kind)))


class EmblemCover(Cover):
    """A cover with an emblem or a little picture where its letters leave most room."""

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the cover, and then the emblem."""
        drawing = super().draw(rng, pixels_per_unit, look)
        width, height = drawing.image.size
        lines = sorted({0.0, 1.0, *(mark.y for mark in drawing.marks)})
        low, high = max(pairwise(lines), key=lambda gap: gap[1] - gap[0])
        reach = min((high - low) * height / 2 - height * 0.075, width * 0.35)
        middle = width * rng.uniform(0.4, 0.6), height * (low + high) / 2
        rng.choice((_crest, _ring, _view))(drawing.image, middle, reach, rng)
        return drawing


class BorderedCover(Cover):
    """A cover within a border of beads, lozenges or lines."""

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the cover, and the border along its edges."""
        drawing = super().draw(rng, pixels_per_unit, look)
        pen, (width, height) = ImageDraw.Draw(drawing.image), drawing.image.size
        unit, ink = height / 224, any_colour(rng)
        edge, radius, form = 2.8 * unit, rng.uniform(1, 1.8) * unit, rng.choice((4, 6, 20))
        if rng.random() < 0.3:
            for inset in (unit, 4 * unit):
                pen.rectangle((inset, inset, width - inset, height - inset), outline=ink)
            return drawing
        across, down = round(width / unit / 5), round(height / unit / 5)
        for x, y in (
            *((x / across, y) for x in range(across + 1) for y in (0, 1)),
            *((x, y / down) for y in range(down + 1) for x in (0, 1)),
        ):
            place = edge + x * (width - 2 * edge), edge + y * (height - 2 * edge)
            pen.regular_polygon((*place, radius), form, rotation=45, fill=ink)
        return drawing


class RuledChart(Chart):
    """A chart with grid lines behind its bars and an axis before them."""

    def rule(self, canvas: Canvas, start: float, room: float, rng: Random) -> None:
        """Draw the lines, at round values."""
        top, bottom = 31, canvas.height - 3
        grey = rng.randint(150, 215)
        for value in range(0, 100, rng.choice((10, 20, 25))):
            x = start + room * value / 99
            canvas.box(x, top, x, bottom, (grey, grey, grey))
        canvas.box(start - 1.2, top, start - 0.4, bottom, canvas.look.ink)
        if rng.random() < 0.5:
            canvas.box(start, bottom - 0.6, start + room, bottom, canvas.look.ink)


class OutlinedScene(Scene):
    """A scene whose shapes have outlines."""

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the scene, and then a line around all that is not paper."""
        drawing = super().draw(rng, pixels_per_unit, look)
        image = drawing.image
        paper = Image.new("RGB", image.size, image.getpixel((0, 0)))
        red, green, blue = ImageChops.difference(image, paper).split()
        most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
        ink = most.point([0] * 70 + [255] * 186)
        width = 2 * round(rng.uniform(0.5, 1.1) * pixels_per_unit) + 1
        around = ImageChops.subtract(ink.filter(ImageFilter.MaxFilter(width)), ink)
        line = rng.choice(((20, 20, 20), (70, 70, 70), (110, 60, 30)))
        image.paste(line, mask=around)
        return drawing


class GroundedScene(Scene):
    """A scene on a ground of paper, cloth or fading light."""

    def draw(self, rng: Random, pixels_per_unit: float, look: Look = PLAIN, /) -> Drawing:
        """Draw the scene, and darken it here and there by a little."""
        drawing = super().draw(rng, pixels_per_unit, look)
        ground = rng.choice((_fading, _rough, _woven))(drawing.image.size, rng)
        return Drawing(ImageChops.multiply(drawing.image, ground), drawing.marks)


NEAR_MISSES = (EmblemCover, BorderedCover, RuledChart, OutlinedScene, GroundedScene)


def _crest(image: Image.Image, middle: Point, reach: float, rng: Random) -> None:
    """Paint a shield, a sun or a diamond with a smaller one inside."""
    pen, corners = ImageDraw.Draw(image), rng.choice((3, 4, 5, 6, 8))
    for share in (1.0, rng.uniform(0.4, 0.8)):
        turn = rng.uniform(0, 360)
        pen.regular_polygon((*middle, max(1, reach * share)), corners, turn, any_colour(rng))


def _ring(image: Image.Image, middle: Point, reach: float, rng: Random) -> None:
    (x, y), reach = middle, max(2, reach)
    box = (x - reach, y - reach, x + reach, y + reach)
    line = max(1, round(reach * rng.uniform(0.1, 0.4)))
    ImageDraw.Draw(image).ellipse(box, outline=any_colour(rng), width=line)


def _view(image: Image.Image, middle: Point, reach: float, rng: Random) -> None:
    """Paste a little picture of hills under a sky."""
    size = max(3, round(reach * rng.uniform(1.2, 2))), max(3, round(reach * 1.6))
    sky = Image.new("RGB", (1, 2))
    sky.putdata([any_colour(rng) for _ in range(2)])
    view = sky.resize(size, Image.Resampling.BILINEAR)
    pen, (width, height) = ImageDraw.Draw(view), size
    for base in (0.4, 0.7):
        ridge = [(width * x / 4, height * rng.uniform(base, base + 0.25)) for x in range(5)]
        pen.polygon([(0, height), *ridge, size], fill=any_colour(rng))
    image.paste(view, (round(middle[0] - width / 2), round(middle[1] - height / 2)))


def _fading(size: tuple[int, int], rng: Random) -> Image.Image:
    """Let light fade from corner to corner."""
    return sweep(size, [_faint(rng) for _ in range(4)])


def _rough(size: tuple[int, int], rng: Random) -> Image.Image:
    """Roughen the paper in blotches."""
    small = rng.randint(6, 60), rng.randint(6, 60)
    blotches = Image.frombytes("L", small, rng.randbytes(small[0] * small[1]))
    level = rng.uniform(0.05, 0.12)
    return blotches.resize(size, Image.Resampling.BICUBIC).point(
        [round(255 - level * value) for value in range(256)]
    ).convert("RGB")  # fmt: skip


def _woven(size: tuple[int, int], rng: Random) -> Image.Image:
    """Weave threads, or rule squares as exercise books have them."""
    cloth = Image.new("RGB", size, _faint(rng))
    pen, thread, step = ImageDraw.Draw(cloth), _faint(rng), rng.randint(3, 16)
    for x in range(0, size[0], step):
        pen.line((x, 0, x, size[1]), fill=thread)
    for y in range(0, size[1], step) if rng.random() < 0.7 else ():
        pen.line((0, y, size[0], y), fill=thread)
    return cloth


def _faint(rng: Random) -> tuple[int, int, int]:
    return rng.randint(215, 255), rng.randint(215, 255), rng.randint(215, 255)
