"""What people draw: faces, houses, animals, plants, vehicles, maps, scribbles."""

import math
from random import Random

from PIL import Image

from inference.demo.colours import Colour, any_colour
from inference.demo.drawing import Point
from inference.demo.strangers.sheet import Paint, Sheet, Size, blend, ground, light_or_dark, words
from inference.demo.words import Split, invent_word


def _smiley(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, ink = Sheet(size, ground(rng)), (rng.randrange(60),) * 3
    x, y, radius = sheet.width / 2, sheet.height / 2, rng.uniform(30, 45)
    sheet.oval(x, y, radius, radius, rng.choice(((255, 210, 60), any_colour(rng))), ink, 2)
    for side in (-0.35, 0.35):
        eye = x + side * radius, y - 0.25 * radius
        match rng.randrange(3):
            case 0:
                sheet.oval(*eye, radius * 0.1, radius * 0.16, ink)
            case 1:
                sheet.disc(*eye, radius * 0.17, (255, 255, 255), ink)
                sheet.disc(*eye, radius * 0.08, ink)
            case _:
                sheet.arc(*eye, radius * 0.15, 180, 360, ink, 3)
    if rng.random() < 0.7:
        sheet.arc(x, y, radius * 0.6, 20, 160, ink, rng.uniform(2, 5))
    else:
        sheet.arc(x, y + radius * 0.7, radius * 0.4, 200, 340, ink, rng.uniform(2, 5))
    return sheet.image


def _face(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Draw a head with hair, ears, a nose and a mouth."""
    sheet = Sheet(size, ground(rng))
    x, y, wide, high = sheet.width / 2, sheet.height / 2, rng.uniform(20, 28), rng.uniform(28, 36)
    skin = blend((250, 220, 190), (110, 70, 45), rng.random())
    hair, ink = any_colour(rng), (50, 30, 20)
    sheet.oval(x, y - high * 0.3, wide * 1.2, high * rng.uniform(0.8, 1.1), hair)
    sheet.box(x - wide * 0.35, y + high * 0.7, x + wide * 0.35, sheet.height, skin)
    sheet.oval(x, sheet.height + 8, wide * 2, 20, any_colour(rng))
    for ear in (-1, 1):
        sheet.oval(x + ear * wide, y, 4, 6, skin, ink)
    sheet.oval(x, y, wide, high, skin, ink)
    for side in (-0.4, 0.4):
        sheet.oval(x + side * wide, y - 3, 5, 3, (255, 255, 255), ink)
        sheet.disc(x + side * wide, y - 3, 2, any_colour(rng))
        sheet.line([(x + side * wide - 5, y - 10), (x + side * wide + 5, y - 10)], hair, 2)
    sheet.line([(x, y), (x - 3, y + 9), (x + 1, y + 9)], ink)
    sheet.oval(x, y + high * 0.55, rng.uniform(5, 10), rng.uniform(1, 4), (190, 60, 60), ink)
    return sheet.image


def _house(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Draw a house under a sun, with a door, windows and a chimney."""
    sheet, ink = Sheet(size, _sky(rng)), (40, 30, 30)
    base = sheet.height * rng.uniform(0.75, 0.9)
    sheet.box(0, base, sheet.width, sheet.height, rng.choice(((70, 160, 70), any_colour(rng))))
    x, wide, high = sheet.width * rng.uniform(0.4, 0.6), rng.uniform(22, 34), rng.uniform(25, 38)
    top = base - high
    sheet.box(x + wide * 0.4, top - 22, x + wide * 0.65, top, any_colour(rng), ink)
    sheet.box(x - wide, top, x + wide, base, any_colour(rng), ink)
    sheet.polygon([(x - wide - 5, top), (x, top - 24), (x + wide + 5, top)], any_colour(rng), ink)
    sheet.box(x - 6, base - 18, x + 6, base, any_colour(rng), ink)
    for side in (-0.65, 0.65):
        middle = x + side * wide
        sheet.box(middle - 5, top + 5, middle + 5, top + 15, (190, 220, 250), ink)
        sheet.line([(middle, top + 5), (middle, top + 15)], ink)
        sheet.line([(middle - 5, top + 10), (middle + 5, top + 10)], ink)
    _sun(sheet, rng)
    return sheet.image


def _trees(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Plant round trees and firs."""
    sheet = Sheet(size, _sky(rng))
    base = sheet.height * rng.uniform(0.7, 0.9)
    sheet.box(0, base, sheet.width, sheet.height, (80, rng.randint(120, 190), 60))
    green = rng.randrange(90), rng.randint(100, 180), rng.randrange(90)
    for _ in range(rng.randint(2, 7)):
        x, foot = rng.uniform(5, sheet.width - 5), base + rng.uniform(0, 8)
        high = rng.uniform(20, 45)
        sheet.box(x - 1.8, foot - high * 0.5, x + 1.8, foot, (110, 70, 30))
        leaf = blend(green, any_colour(rng), 0.2)
        if rng.random() < 0.5:
            for step in range(3):
                y, reach = foot - high * (0.35 + 0.25 * step), high * (0.35 - 0.07 * step)
                sheet.polygon([(x - reach, y), (x, y - reach * 1.3), (x + reach, y)], leaf)
        else:
            for _blob in range(6):
                dx, dy = rng.uniform(-0.2, 0.2) * high, rng.uniform(0.5, 0.9) * high
                sheet.disc(x + dx, foot - dy, high * 0.17, leaf)
    return sheet.image


def _tree_of_twigs(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Let branches fork again and again."""
    background, ink = light_or_dark(rng)
    sheet = Sheet(size, background)
    spread, shrink = rng.uniform(0.3, 0.7), rng.uniform(0.65, 0.78)

    def grow(x: float, y: float, angle: float, length: float, depth: int) -> None:
        end = x + length * math.cos(angle), y - length * math.sin(angle)
        sheet.line([(x, y), end], ink, depth * 0.5)
        for turn in (-spread, spread) if depth else ():
            grow(*end, angle + turn * rng.uniform(0.6, 1.2), length * shrink, depth - 1)

    grow(sheet.width / 2, sheet.height, math.pi / 2, sheet.height * 0.27, 7)
    return sheet.image


def _flowers(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet = Sheet(size, ground(rng))
    for _ in range(rng.randint(2, 6)):
        x, y, reach = rng.uniform(15, sheet.width - 15), rng.uniform(15, 60), rng.uniform(8, 14)
        petals, petal = rng.randint(5, 9), any_colour(rng)
        sheet.line([(x, y), (x + rng.uniform(-8, 8), sheet.height)], (50, 140, 50), 2)
        sheet.oval(x + 5, y + reach * 2, 5, 2, (50, 140, 50))
        for number in range(petals):
            angle = math.tau * number / petals
            at = x + reach * math.cos(angle), y + reach * math.sin(angle)
            sheet.disc(*at, reach * 0.55, petal, (60, 60, 60))
        sheet.disc(x, y, reach * 0.6, (240, 200, 50))
    return sheet.image


def _cat(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Draw a cat, or something like one, from ellipses."""
    sheet, fur, ink = Sheet(size, ground(rng)), any_colour(rng), (30, 25, 25)
    x, y = sheet.width / 2, sheet.height / 2
    sheet.arc(x + 22, y + 22, 15, 180, 360, ink, 4)
    sheet.oval(x, y + 22, rng.uniform(17, 24), 20, fur, ink)
    for side in (-1, 1):
        sheet.oval(x + side * 10, y + 40, 7, 4, fur, ink)
        sheet.polygon([(x + side * 4, y - 22), (x + side * 15, y - 38), (x + side * 19, y - 14)],
                      fur, ink)  # fmt: skip
    sheet.oval(x, y - 10, 20, rng.uniform(15, 19), fur, ink)
    for side in (-1, 1):
        sheet.oval(x + side * 8, y - 13, 3.5, 4, (230, 230, 120), ink)
        sheet.oval(x + side * 8, y - 13, 1, 3, ink)
        for lift in (-3, 0, 3):
            sheet.line([(x + side * 4, y - 4), (x + side * 26, y - 4 + lift)], ink, 0.6)
    sheet.polygon([(x - 2, y - 7), (x + 2, y - 7), (x, y - 4)], (230, 120, 130))
    return sheet.image


def _fish(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Let fish swim among bubbles."""
    water = rng.randrange(60), rng.randint(90, 190), rng.randint(150, 240)
    sheet = Sheet(size, rng.choice((water, ground(rng))))
    for _ in range(rng.randint(1, 7)):
        x, y, long = rng.uniform(20, sheet.width - 20), rng.uniform(10, 90), rng.uniform(8, 20)
        skin, way = any_colour(rng), rng.choice((-1, 1))
        tail = x + way * long * 0.8
        sheet.polygon([(tail, y), (tail + way * long * 0.6, y - long * 0.45),
                       (tail + way * long * 0.6, y + long * 0.45)], skin)  # fmt: skip
        sheet.oval(x, y, long, long * rng.uniform(0.4, 0.6), skin, (20, 30, 50))
        sheet.disc(x - way * long * 0.6, y - long * 0.1, long * 0.11, (255, 255, 255), (0, 0, 0))
        for step in range(3):
            sheet.arc(x + way * step * long * 0.25, y, long * 0.25, 90, 270, (20, 30, 50), 0.6)
    for _ in range(rng.randint(3, 15)):
        place = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height)
        sheet.disc(*place, rng.uniform(0.8, 2.5), None, (230, 240, 255))
    return sheet.image


def _bird(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, plume, ink = Sheet(size, _sky(rng)), any_colour(rng), (40, 30, 30)
    x, y = sheet.width / 2, sheet.height / 2
    sheet.line([(0, y + 30), (sheet.width, y + rng.uniform(22, 36))], (100, 70, 40), 3)
    sheet.polygon([(x + 15, y + 5), (x + 42, y + 16), (x + 36, y + 24)], plume, ink)
    for leg in (-4, 5):
        sheet.line([(x + leg, y + 15), (x + leg - 2, y + 30)], (220, 140, 40), 1.5)
    sheet.oval(x, y + 3, 22, rng.uniform(13, 18), plume, ink)
    sheet.oval(x + 5, y + 4, 13, 7, any_colour(rng), ink)
    sheet.disc(x - 18, y - 14, 10, plume, ink)
    sheet.polygon([(x - 27, y - 16), (x - 38, y - 12), (x - 26, y - 10)], (240, 160, 40), ink)
    sheet.disc(x - 21, y - 16, 2, (0, 0, 0))
    return sheet.image


def _stick_people(size: Size, rng: Random, _split: Split) -> Image.Image:
    background, ink = light_or_dark(rng)
    sheet = Sheet(size, background)
    for _ in range(rng.randint(1, 5)):
        x, y, high = rng.uniform(15, sheet.width - 15), rng.uniform(25, 70), rng.uniform(15, 26)
        width, hip = rng.uniform(0.8, 2), y + high * 0.7
        sheet.disc(x, y - high * 0.3, high * 0.28, None, ink)
        sheet.line([(x, y), (x, hip)], ink, width)
        for side in (-1, 1):
            hand = x + side * high * 0.5, y + high * rng.uniform(-0.3, 0.5)
            foot = x + side * high * rng.uniform(0.2, 0.5), hip + high * 0.6
            sheet.line([(x, y + high * 0.15), hand], ink, width)
            sheet.line([(x, hip), foot], ink, width)
    return sheet.image


def _car(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, paint, ink = Sheet(size, _sky(rng)), any_colour(rng), (25, 25, 30)
    x, y = sheet.width / 2, sheet.height * rng.uniform(0.55, 0.75)
    sheet.box(0, y + 8, sheet.width, sheet.height, (90, 90, 95))
    for mark in range(0, int(sheet.width), 18):
        sheet.box(mark, y + 15, mark + 9, y + 17, (240, 240, 240))
    roof = rng.uniform(16, 26)
    sheet.polygon([(x - roof, y - 12), (x - roof * 0.7, y - 26), (x + roof * 0.6, y - 26),
                   (x + roof, y - 12)], (180, 215, 240), ink)  # fmt: skip
    sheet.line([(x, y - 26), (x, y - 12)], ink, 1.5)
    sheet.box(x - 38, y - 12, x + 38, y + 4, paint, ink, corner=5)
    for wheel in (-22, 22):
        sheet.disc(x + wheel, y + 5, 8, ink)
        sheet.disc(x + wheel, y + 5, 4, (180, 180, 180))
    sheet.disc(x - 35, y - 6, 2.5, (255, 230, 120), ink)
    return sheet.image


def _boat(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Sail on waves."""
    sheet, ink = Sheet(size, _sky(rng)), (50, 30, 20)
    x, y = sheet.width * rng.uniform(0.4, 0.6), sheet.height * 0.68
    sheet.polygon([(x - 28, y - 8), (x + 28, y - 8), (x + 19, y + 8), (x - 19, y + 8)],
                  any_colour(rng), ink)  # fmt: skip
    sheet.line([(x, y - 8), (x, y - 55)], ink, 2)
    sheet.polygon([(x + 2, y - 54), (x + 26, y - 13), (x + 2, y - 13)], any_colour(rng), ink)
    sheet.polygon([(x - 2, y - 48), (x - 20, y - 13), (x - 2, y - 13)], any_colour(rng), ink)
    blue = rng.randrange(60), rng.randint(80, 150), rng.randint(150, 230)
    for row in range(int(sheet.height * 0.4 / 6)):
        level, shift = y + 4 + row * 6, rng.uniform(0, 9)
        crest = [(step * 2, level + 2 * math.sin((step * 2 + shift) / 3))
                 for step in range(int(sheet.width / 2) + 2)]  # fmt: skip
        sheet.polygon([(0, sheet.height), *crest, (sheet.width, sheet.height)],
                      blend(blue, (255, 255, 255), 0.1 * (row % 3)))  # fmt: skip
    _sun(sheet, rng)
    return sheet.image


def _skyline(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Light windows in towers at night."""
    sheet, x = Sheet(size, (rng.randrange(60), rng.randrange(50), rng.randint(40, 110))), 0.0
    while x < sheet.width:
        wide, high = rng.uniform(9, 22), sheet.height * rng.uniform(0.25, 0.85)
        wall = (rng.randint(15, 70),) * 3
        sheet.box(x, sheet.height - high, x + wide, sheet.height, wall)
        for row in range(int(high / 6)):
            for column in range(int(wide / 4)):
                if rng.random() < 0.5:
                    left, top = x + 1 + column * 4, sheet.height - high + 2 + row * 6
                    sheet.box(left, top, left + 2, top + 3, (250, 220, 110))
        x += wide + rng.choice((0, 0, 3))
    return sheet.image


def _space(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Hang planets, one with a ring, among stars."""
    sheet = Sheet(size, (rng.randrange(25), rng.randrange(20), rng.randrange(50)))
    for _ in range(rng.randint(30, 120)):
        place = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height)
        sheet.disc(*place, rng.uniform(0.2, 0.9), _sky(rng))
    for _ in range(rng.randint(1, 3)):
        x, y, radius = rng.uniform(15, sheet.width - 15), rng.uniform(20, 80), rng.uniform(6, 22)
        colour = any_colour(rng)
        for step in range(6):
            shift = step * radius * 0.07
            shade = blend((0, 0, 0), colour, 0.4 + 0.12 * step)
            sheet.disc(x - shift, y - shift, radius - 1.4 * shift, shade)
        if rng.random() < 0.4:
            sheet.oval(x, y, radius * 1.7, radius * 0.4, None, blend(colour, (255,) * 3, 0.6), 1.5)
    return sheet.image


def _map(size: Size, rng: Random, split: Split) -> Image.Image:
    """Draw land in the sea, roads, rivers, borders and towns."""
    sheet = Sheet(size, (rng.randint(120, 180), rng.randint(190, 220), 235))
    x, y = sheet.width / 2, sheet.height / 2
    for _ in range(rng.randint(1, 4)):
        middle = rng.uniform(0.2, 0.8) * sheet.width, rng.uniform(0.2, 0.8) * sheet.height
        land = rng.randint(200, 250), rng.randint(220, 245), rng.randint(170, 220)
        shore = [(middle[0] + rng.uniform(20, 45) * math.cos(math.tau * step / 24),
                  middle[1] + rng.uniform(20, 45) * math.sin(math.tau * step / 24))
                 for step in range(24)]  # fmt: skip
        sheet.polygon(shore, land, (120, 140, 120))
    for colour, width in (((240, 190, 90), 1.8), ((255, 255, 255), 1), ((110, 160, 220), 1.2)):
        for _ in range(rng.randint(1, 4)):
            x, y, road = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height), []
            for _step in range(9):
                road.append((x, y))
                x, y = x + rng.gauss(0, 14), y + rng.gauss(0, 14)
            sheet.line(road, colour, width)
    for _ in range(rng.randint(3, 9)):
        x, y = rng.uniform(5, sheet.width - 15), rng.uniform(5, sheet.height - 5)
        sheet.disc(x, y, 1.2, (200, 40, 40), (60, 0, 0))
        sheet.text(invent_word(rng, split, 3, 6).capitalize(), x + 2, y, 4.5, (40, 40, 40))
    return sheet.image


def _street_map(size: Size, rng: Random, split: Split) -> Image.Image:
    """Draw blocks between streets, a park, and a pin."""
    sheet = Sheet(size, blend((235, 232, 225), any_colour(rng), 0.1))
    for _ in range(rng.randint(1, 3)):
        x, y = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height)
        sheet.box(x, y, x + 25, y + 20, (185, 225, 170))
    for number in range(rng.randint(8, 16)):
        at, slant = rng.uniform(-20, 20 + max(sheet.width, sheet.height)), rng.uniform(-12, 12)
        ends = (
            [(at, 0), (at + slant, sheet.height)]
            if number % 2
            else [(0, at), (sheet.width, at + slant)]
        )
        wide = rng.choice((1.5, 1.5, 3.5))
        sheet.line(ends, (190, 190, 190), wide + 0.8)
        sheet.line(ends, (255, 220, 120) if wide > 2 else (255, 255, 255), wide)
    for _ in range(rng.randint(2, 6)):
        place = rng.uniform(0, sheet.width - 20), rng.uniform(5, sheet.height - 5)
        sheet.text(words(rng, split, 1, 2), *place, 4, (110, 110, 110))
    x, y = rng.uniform(20, sheet.width - 20), rng.uniform(25, sheet.height - 10)
    sheet.polygon([(x - 4, y - 9), (x + 4, y - 9), (x, y)], (220, 50, 40))
    sheet.disc(x, y - 11, 4.8, (220, 50, 40))
    sheet.disc(x, y - 11, 1.8, (255, 255, 255))
    return sheet.image


def _comic(size: Size, rng: Random, split: Split) -> Image.Image:
    """Draw panels with people and balloons."""
    sheet = Sheet(size, (255, 255, 255))
    columns, rows = max(1, round(sheet.width / 48)), max(1, round(sheet.height / 48))
    columns, rows = (2, rows) if columns == rows == 1 else (columns, rows)
    wide, high = sheet.width / columns, sheet.height / rows
    for number in range(columns * rows):
        left, top = number % columns * wide, number // columns * high
        sheet.box(
            left + 2, top + 2, left + wide - 2, top + high - 2, any_colour(rng), (0, 0, 0), 1.2
        )
        for at in (0.3, 0.7) if rng.random() < 0.6 else (0.5,):
            x, foot = left + at * wide, top + high - 3
            sheet.oval(x, foot - high * 0.12, wide * 0.1, high * 0.13, any_colour(rng), (0, 0, 0))
            sheet.disc(x, foot - high * 0.33, high * 0.1, (245, 210, 180), (0, 0, 0))
        x, y = left + wide / 2, top + high * 0.25
        sheet.polygon(
            [(x - 2, y), (x + 4, y), (x - 5, y + high * 0.25)], (255, 255, 255), (0, 0, 0)
        )
        sheet.oval(x, y, wide * 0.38, high * 0.15, (255, 255, 255), (0, 0, 0))
        sheet.text(words(rng, split, 1, 2)[:9], x, y, 4.5, (0, 0, 0), "mm")
    return sheet.image


def _handwriting(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Scrawl loops along lines, as a letter in an unknown hand."""
    background, ink = light_or_dark(rng)
    sheet, line, slant = Sheet(size, background), rng.uniform(7, 14), rng.uniform(-0.4, 0.4)
    width = rng.uniform(0.5, 1.3)
    for row in range(int(sheet.height / line)):
        y, x = (row + 0.6) * line, rng.uniform(3, 8)
        if rng.random() < 0.1:
            continue
        while x < sheet.width * rng.uniform(0.75, 1):
            loops, stroke = rng.randint(4, 14), list[Point]()
            for step in range(loops * 5):
                angle = step * math.tau / 5
                tall = line * rng.choice((0.12, 0.2, 0.2, 0.38))
                lift = tall * math.sin(angle)
                stroke.append((x + step * line * 0.05 + tall * math.cos(angle) * 0.5 + lift * slant,
                               y - lift))  # fmt: skip
            sheet.line(stroke, ink, width)
            x += loops * line * 0.25 + line * 0.5
    return sheet.image


def _scribble(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Wander about with crayons."""
    sheet = Sheet(size, ground(rng))
    for _ in range(rng.randint(1, 6)):
        x, y, heading = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height), 0.0
        stroke, bend = [], rng.uniform(0.2, 0.9)
        for _step in range(rng.randint(40, 160)):
            stroke.append((x, y))
            heading += rng.gauss(0.1, bend)
            x = min(max(x + 4 * math.cos(heading), 0), sheet.width)
            y = min(max(y + 4 * math.sin(heading), 0), sheet.height)
        sheet.line(stroke, any_colour(rng), rng.uniform(0.6, 3))
    return sheet.image


def _sun(sheet: Sheet, rng: Random) -> None:
    x, y, radius = sheet.width * rng.choice((0.12, 0.88)), 14, rng.uniform(5, 9)
    sheet.disc(x, y, radius, (255, 220, 60))
    for number in range(10 if rng.random() < 0.6 else 0):
        angle = math.tau * number / 10
        ends = [(x + reach * math.cos(angle), y + reach * math.sin(angle))
                for reach in (radius * 1.2, radius * 1.7)]  # fmt: skip
        sheet.line(ends, (250, 190, 40), 1)


def _sky(rng: Random) -> Colour:
    return rng.choice(((rng.randint(150, 220), rng.randint(200, 240), 250), ground(rng)))


SKETCHES: dict[str, Paint] = {
    "smiley": _smiley,
    "face": _face,
    "house": _house,
    "trees": _trees,
    "twigs": _tree_of_twigs,
    "flowers": _flowers,
    "cat": _cat,
    "fish": _fish,
    "bird": _bird,
    "stick people": _stick_people,
    "car": _car,
    "boat": _boat,
    "skyline": _skyline,
    "space": _space,
    "map": _map,
    "street map": _street_map,
    "comic": _comic,
    "handwriting": _handwriting,
    "scribble": _scribble,
}
