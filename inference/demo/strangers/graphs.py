"""Charts of other kinds: nothing that lies in bars with its value printed behind."""

import math
from itertools import pairwise
from random import Random

from PIL import Image

from inference.demo.colours import Colour, any_colour
from inference.demo.drawing import Point
from inference.demo.strangers.sheet import Paint, Sheet, Size, blend, light_or_dark, words
from inference.demo.words import Split, invent_word


def _lines(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet, _ = _axes(size, rng, split)
    for _ in range(rng.randint(1, 4)):
        points = _walk(sheet, rng, rng.randint(5, 40))
        colour = any_colour(rng)
        sheet.line(points, colour, rng.uniform(0.6, 2))
        for x, y in points if rng.random() < 0.4 else ():
            sheet.disc(x, y, 1.3, colour)
    return sheet.image


def _area(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet, ink = _axes(size, rng, split)
    for _ in range(rng.randint(1, 3)):
        points = _walk(sheet, rng, rng.randint(5, 30))
        base = sheet.height - 12
        sheet.polygon([(points[0][0], base), *points, (points[-1][0], base)], any_colour(rng), ink)
    return sheet.image


def _pie(size: Size, rng: Random, split: Split) -> Image.Image:
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    x, y, radius = sheet.width / 2, sheet.height * rng.uniform(0.45, 0.55), rng.uniform(25, 42)
    cuts = sorted(rng.uniform(0, 360) for _ in range(rng.randint(3, 8)))
    for start, end in pairwise([*cuts, cuts[0] + 360]):
        sheet.pie(x, y, radius, start, end, any_colour(rng))
        if rng.random() < 0.6:
            angle = math.radians((start + end) / 2)
            name = invent_word(rng, split, 2, 5)
            place = x + 1.15 * radius * math.cos(angle), y + 1.15 * radius * math.sin(angle)
            sheet.text(name, *place, 5, ink, "mm")
    if rng.random() < 0.4:
        sheet.disc(x, y, radius * rng.uniform(0.3, 0.6), ground)
    return sheet.image


def _scatter(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet, _ = _axes(size, rng, split)
    for _ in range(rng.randint(1, 4)):
        colour, reach = any_colour(rng), rng.uniform(0.6, 2)
        x, y = rng.uniform(0.3, 0.7) * sheet.width, rng.uniform(0.3, 0.7) * sheet.height
        slope, spread = rng.uniform(-1, 1), rng.uniform(3, 15)
        for _ in range(rng.randint(10, 60)):
            along = rng.gauss(0, sheet.width / 6)
            sheet.disc(x + along, y + slope * along + rng.gauss(0, spread), reach, colour)
    return sheet.image


def _bubbles(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet, ink = _axes(size, rng, split)
    colours = [any_colour(rng) for _ in range(4)]
    for _ in range(rng.randint(12, 30)):
        x, y = rng.uniform(15, sheet.width - 5), rng.uniform(8, sheet.height - 15)
        sheet.disc(x, y, rng.uniform(1, 9), rng.choice(colours), ink)
    return sheet.image


def _columns(size: Size, rng: Random, split: Split) -> Image.Image:
    """Stand bars up, alone, in groups or on one another, without values."""
    sheet, _ = _axes(size, rng, split)
    number, parts = rng.randint(3, 14), rng.choice((1, 1, 2, 3))
    colours, stacked = [any_colour(rng) for _ in range(parts)], rng.random() < 0.5
    base, pitch = sheet.height - 12, (sheet.width - 16) / number
    wide = pitch * rng.uniform(0.5, 0.95)
    for place in range(number):
        x, foot = 13 + place * pitch, base
        for part, colour in enumerate(colours):
            high = rng.uniform(0.05, 0.9) * (base - 12) / (parts if stacked else 1)
            left, width = (x, wide) if stacked else (x + part * wide / parts, wide / parts)
            sheet.box(left, foot - high, left + width, foot, colour)
            foot -= high if stacked else 0
    return sheet.image


def _histogram(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet, ink = _axes(size, rng, split)
    number, colour = rng.randint(12, 40), any_colour(rng)
    middle, spread = rng.uniform(0.3, 0.7) * number, number * rng.uniform(0.1, 0.3)
    base, pitch = sheet.height - 12, (sheet.width - 16) / number
    for place in range(number):
        share = math.exp(-(((place - middle) / spread) ** 2)) * rng.uniform(0.7, 1)
        left = 12 + place * pitch
        sheet.box(left, base - share * (base - 15), left + pitch, base, colour, ink, 0.3)
    return sheet.image


def _radar(size: Size, rng: Random, split: Split) -> Image.Image:
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    arms, radius = rng.randint(5, 9), rng.uniform(28, 42)
    x, y = sheet.width / 2, sheet.height / 2

    def at(arm: int, share: float) -> Point:
        angle = math.tau * arm / arms - math.pi / 2
        return x + radius * share * math.cos(angle), y + radius * share * math.sin(angle)

    for share in (0.33, 0.66, 1):
        sheet.polygon([at(arm, share) for arm in range(arms)], None, ink)
    for arm in range(arms):
        sheet.line([(x, y), at(arm, 1)], ink, 0.5)
        sheet.text(invent_word(rng, split, 2, 4), *at(arm, 1.12), 5, ink, "mm")
    for _ in range(rng.randint(1, 3)):
        ring = [at(arm, rng.uniform(0.2, 0.95)) for arm in range(arms)]
        sheet.line([*ring, ring[0]], any_colour(rng), 2)
    return sheet.image


def _gantt(size: Size, rng: Random, split: Split) -> Image.Image:
    """Draw when tasks begin and end, in many rows, over days."""
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    days, rows = rng.randint(6, 12), rng.randint(8, 14)
    left, pitch, day = 26, (sheet.height - 12) / rows, (sheet.width - 28) / days
    for number in range(days + 1):
        sheet.line([(left + number * day, 6), (left + number * day, sheet.height)], ink, 0.3)
        sheet.text("MTWTFSS"[number % 7], left + (number + 0.5) * day, 5, 4.5, ink, "mm")
    begin, colours = 0.0, [any_colour(rng) for _ in range(4)]
    for row in range(rows):
        y = 10 + row * pitch
        sheet.text(words(rng, split, 1, 2)[:9], 2, y + pitch / 2, 4.5, ink)
        end = min(days, begin + rng.uniform(1, days / 2))
        span = left + begin * day, y + 1, left + end * day, y + pitch - 1
        sheet.box(*span, rng.choice(colours), corner=1)
        begin = end if rng.random() < 0.6 else begin + 0.5
        begin = begin if begin < days - 1 else rng.uniform(0, days / 2)
    return sheet.image


def _candles(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet, ink = _axes(size, rng, split)
    number = rng.randint(15, 45)
    up, down = any_colour(rng), any_colour(rng)
    level, pitch = sheet.height * rng.uniform(0.35, 0.6), (sheet.width - 18) / number
    for place in range(number):
        close = min(max(level + rng.gauss(0, 6), 12), sheet.height - 20)
        x = 14 + (place + 0.5) * pitch
        wick = min(level, close) - rng.uniform(0, 5), max(level, close) + rng.uniform(0, 5)
        sheet.line([(x, wick[0]), (x, wick[1])], ink, 0.4)
        colour = up if close < level else down
        sheet.box(x - pitch * 0.35, level, x + pitch * 0.35, close + 0.5, colour)
        level = close
    return sheet.image


def _boxes(size: Size, rng: Random, split: Split) -> Image.Image:
    """Draw boxes with whiskers."""
    sheet, ink = _axes(size, rng, split)
    number = rng.randint(3, 9)
    pitch = (sheet.width - 16) / number
    for place in range(number):
        x, reach = 13 + (place + 0.5) * pitch, pitch * 0.3
        low, *box, high = sorted(rng.uniform(10, sheet.height - 16) for _ in range(5))
        sheet.line([(x, low), (x, high)], ink, 0.6)
        sheet.box(x - reach, box[0], x + reach, box[2], any_colour(rng), ink)
        for y in (low, box[1], high):
            sheet.line([(x - reach, y), (x + reach, y)], ink, 0.8)
    return sheet.image


def _heat_map(size: Size, rng: Random, split: Split) -> Image.Image:
    """Colour the cells of a matrix from cold to hot."""
    columns, rows = rng.randint(6, 24), rng.randint(6, 24)
    cold, hot = any_colour(rng), any_colour(rng)
    cells = Image.new("L", (columns, rows))
    cells.putdata([rng.randrange(256) for _ in range(columns * rows)])
    if rng.random() < 0.5:
        cells = cells.resize((5, 5)).resize((columns, rows), Image.Resampling.BICUBIC)
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    edge = round(10 * sheet.unit)
    room = size[0] - 2 * edge, size[1] - 2 * edge
    mask = cells.resize(room, Image.Resampling.NEAREST)
    hot_room, cold_room = Image.new("RGB", room, hot), Image.new("RGB", room, cold)
    sheet.image.paste(Image.composite(hot_room, cold_room, mask), (edge, edge))
    sheet.text(words(rng, split, 1, 3), 10, 5, 5, ink)
    return sheet.image


def _tree_map(size: Size, rng: Random, split: Split) -> Image.Image:
    sheet = Sheet(size, any_colour(rng))

    def fill(left: float, top: float, right: float, bottom: float, depth: int) -> None:
        wide, high, cut = right - left, bottom - top, rng.uniform(0.3, 0.7)
        if depth == 0 or min(wide, high) < 10:
            sheet.box(left, top, right, bottom, any_colour(rng), (255, 255, 255))
            sheet.text(invent_word(rng, split, 2, 5), left + 2, top + 4, 4.5, (0, 0, 0))
        elif wide > high:
            fill(left, top, left + cut * wide, bottom, depth - 1)
            fill(left + cut * wide, top, right, bottom, depth - 1)
        else:
            fill(left, top, right, top + cut * high, depth - 1)
            fill(left, top + cut * high, right, bottom, depth - 1)

    fill(0, 0, sheet.width, sheet.height, rng.randint(3, 5))
    return sheet.image


def _function(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Plot curves over crossed axes on squared paper."""
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    faint = blend(ground, ink, 0.25)
    step = rng.uniform(6, 14)
    for number in range(1, int(max(sheet.width, sheet.height) / step) + 1):
        sheet.line([(number * step, 0), (number * step, sheet.height)], faint, 0.3)
        sheet.line([(0, number * step), (sheet.width, number * step)], faint, 0.3)
    x, y = sheet.width * rng.uniform(0.2, 0.6), sheet.height * rng.uniform(0.4, 0.7)
    sheet.line([(x, 0), (x, sheet.height)], ink)
    sheet.line([(0, y), (sheet.width, y)], ink)
    for _ in range(rng.randint(1, 3)):
        a, b, c = rng.uniform(-0.02, 0.02), rng.uniform(-1, 1), rng.uniform(5, 35)
        wave, colour = rng.uniform(0.05, 0.3), any_colour(rng)
        c = c if rng.random() < 0.5 else 0
        steps = [sheet.width * place / 60 - x for place in range(61)]
        curve = [(t + x, y - (c * math.sin(wave * t) if c else a * t * t + b * t)) for t in steps]
        sheet.line(curve, colour, 1.2)
    return sheet.image


def _flow_chart(size: Size, rng: Random, split: Split) -> Image.Image:
    """Lead arrows from box to diamond to box."""
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    columns, rows = max(2, round(sheet.width / 45)), max(3, round(sheet.height / 32))
    places = [(sheet.width * (c + 0.5) / columns, sheet.height * (r + 0.5) / rows)
              for r in range(rows) for c in range(columns)]  # fmt: skip
    for (x1, y1), (x2, y2) in pairwise(places):
        sheet.line([(x1, y1), (x2, y1), (x2, y2)], ink, 0.7)
    fill = any_colour(rng)
    for x, y in places:
        if rng.random() < 0.3:
            sheet.polygon([(x - 15, y), (x, y - 9), (x + 15, y), (x, y + 9)], fill, ink)
        else:
            sheet.box(x - 14, y - 7, x + 14, y + 7, fill, ink, corner=rng.choice((0, 3, 7)))
        sheet.text(invent_word(rng, split, 2, 5), x, y, 5.5, ink, "mm")
    return sheet.image


def _network(size: Size, rng: Random, _: Split) -> Image.Image:
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    nodes = [(rng.uniform(6, sheet.width - 6), rng.uniform(6, sheet.height - 6))
             for _number in range(rng.randint(8, 25))]  # fmt: skip
    for node in nodes:
        for other in rng.sample(nodes, rng.randint(1, 3)):
            sheet.line([node, other], ink, 0.5)
    fill, radius = any_colour(rng), rng.uniform(2, 5)
    for x, y in nodes:
        sheet.disc(x, y, radius, fill, ink)
        if rng.random() < 0.3:
            sheet.text(rng.choice("abcdefgxyz"), x, y, radius * 1.5, ink, "mm")
    return sheet.image


def _family_tree(size: Size, rng: Random, split: Split) -> Image.Image:
    """Hang boxes under boxes."""
    ground, ink = light_or_dark(rng)
    sheet, fill = Sheet(size, ground), any_colour(rng)
    levels = rng.choice((3, 4))

    def hang(left: float, right: float, level: int) -> Point:
        x, y = (left + right) / 2, sheet.height * (level + 0.5) / levels
        if level + 1 < levels:
            for half in ((left, x), (x, right)):
                child_x, child_y = hang(*half, level + 1)
                middle = (y + child_y) / 2
                sheet.line([(x, y), (x, middle), (child_x, middle), (child_x, child_y)], ink, 0.7)
        wide = min(11, (right - left) * 0.42)
        sheet.box(x - wide, y - 5, x + wide, y + 5, fill, ink, corner=1)
        sheet.text(invent_word(rng, split, 2, 3), x, y, wide * 0.6, ink, "mm")
        return x, y

    hang(0, sheet.width, 0)
    return sheet.image


def _axes(size: Size, rng: Random, split: Split) -> tuple[Sheet, Colour]:
    """Draw a left and a lower axis with ticks, and most often a title and a grid."""
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    sheet.line([(11, 10), (11, sheet.height - 12), (sheet.width - 3, sheet.height - 12)], ink)
    for number in range(1, rng.randint(3, 8)):
        y = sheet.height - 12 - number * rng.uniform(10, 14)
        if y > 12:
            sheet.line([(9, y), (11, y)], ink, 0.6)
            sheet.text(str(rng.randrange(10, 999)), 8.5, y, 4, ink, "rm")
    for x in range(18, int(sheet.width) - 4, rng.randint(12, 24)):
        sheet.text(invent_word(rng, split, 2, 3), x, sheet.height - 7, 4, ink, "mm")
    if rng.random() < 0.7:
        sheet.text(words(rng, split, 1, 3), sheet.width / 2, 5, rng.uniform(5, 7), ink, "mm")
    return sheet, ink


def _walk(sheet: Sheet, rng: Random, steps: int) -> list[Point]:
    """Wander from left to right."""
    y, points = sheet.height * rng.uniform(0.2, 0.7), []
    for step in range(steps + 1):
        points.append((12 + (sheet.width - 16) * step / steps, y))
        y = min(max(y + rng.gauss(0, sheet.height / 12), 12), sheet.height - 16)
    return points


GRAPHS: dict[str, Paint] = {
    "line chart": _lines,
    "area chart": _area,
    "pie chart": _pie,
    "scatter plot": _scatter,
    "bubble chart": _bubbles,
    "standing bars": _columns,
    "histogram": _histogram,
    "radar chart": _radar,
    "Gantt chart": _gantt,
    "candlesticks": _candles,
    "box plot": _boxes,
    "heat map": _heat_map,
    "tree map": _tree_map,
    "function": _function,
    "flow chart": _flow_chart,
    "network": _network,
    "family tree": _family_tree,
}
