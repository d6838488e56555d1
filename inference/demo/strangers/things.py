"""Games, instruments, codes and other flat things that follow a plan."""

import math
from random import Random

from PIL import Image

from inference.demo.colours import any_colour
from inference.demo.drawing import Point
from inference.demo.strangers.sheet import Paint, Sheet, Size, blend, ground, light_or_dark
from inference.demo.words import Split

BLACK, WHITE = (15, 15, 15), (245, 245, 245)


def _chess_board(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Set discs and towers on a board."""
    sheet, (pale, deep) = Sheet(size, ground(rng)), light_or_dark(rng)
    cell, fields = 92 / 8, [blend(pale, any_colour(rng), 0.3), blend(deep, any_colour(rng), 0.4)]
    left, top = (sheet.width - 92) / 2, (sheet.height - 92) / 2
    for number in range(64):
        row, column = divmod(number, 8)
        x, y = left + column * cell, top + row * cell
        sheet.box(x, y, x + cell, y + cell, fields[(row + column) % 2])
        if rng.random() < (0.7 if row in (0, 1, 6, 7) else 0.15):
            fill, ink = (WHITE, BLACK) if row > 3 else (BLACK, WHITE)
            middle = x + cell / 2
            sheet.polygon([(x + 2.5, y + 10), (middle, y + 3), (x + 9, y + 10)], fill, ink)
            sheet.disc(middle, y + 3.8, rng.uniform(1.5, 3), fill, ink)
    return sheet.image


def _go_board(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Lay stones on the crossings of a wooden board."""
    sheet = Sheet(size, (rng.randint(190, 230), rng.randint(150, 180), rng.randint(80, 120)))
    lines = rng.choice((9, 13, 19))
    pitch = 92 / lines
    left, top = (sheet.width - 92 + pitch) / 2, (sheet.height - 92 + pitch) / 2
    far = (lines - 1) * pitch
    for number in range(lines):
        at = number * pitch
        sheet.line([(left + at, top), (left + at, top + far)], BLACK, 0.4)
        sheet.line([(left, top + at), (left + far, top + at)], BLACK, 0.4)
    for number in rng.sample(range(lines * lines), rng.randint(lines, 3 * lines)):
        x, y = left + number % lines * pitch, top + number // lines * pitch
        sheet.disc(x, y, pitch * 0.46, rng.choice((BLACK, WHITE)), BLACK)
    return sheet.image


def _maze(size: Size, rng: Random, _split: Split) -> Image.Image:
    background, ink = light_or_dark(rng)
    sheet, cell, width = Sheet(size, background), rng.uniform(5, 12), rng.uniform(0.6, 2)
    for column in range(int(sheet.width / cell)):
        for row in range(int(sheet.height / cell)):
            x, y = column * cell + 1, row * cell + 1
            end = (x + cell, y) if rng.random() < 0.5 else (x, y + cell)
            sheet.line([(x, y), end], ink, width)
    sheet.box(1, 1, sheet.width - 1, sheet.height - 1, None, ink, width)
    return sheet.image


def _square_code(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Scatter black squares in a grid that has three eyes."""
    sheet, cells = Sheet(size, WHITE), rng.choice((21, 25, 29))
    ink, cell = rng.choice((BLACK, (20, 30, 90))), 88 / cells
    left, top = (sheet.width - 88) / 2, (sheet.height - 88) / 2
    for number in range(cells * cells):
        x, y = left + number % cells * cell, top + number // cells * cell
        if rng.random() < 0.48:
            sheet.box(x, y, x + cell, y + cell, ink)
    for column, row in ((0, 0), (cells - 7, 0), (0, cells - 7)):
        x, y = left + column * cell, top + row * cell
        for inset, fill in ((-1, WHITE), (0, ink), (1, WHITE), (2, ink)):
            far = (7 - inset) * cell
            sheet.box(x + inset * cell, y + inset * cell, x + far, y + far, fill)
    return sheet.image


def _bar_code(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, x = Sheet(size, WHITE), 8.0
    foot = sheet.height * rng.uniform(0.7, 0.9)
    while x < sheet.width - 8:
        wide = rng.choice((0.6, 0.6, 1.2, 1.8, 2.4))
        sheet.box(x, 8, x + wide, foot, BLACK)
        x += wide + rng.choice((0.8, 1.2, 2))
    digits = "".join(str(rng.randrange(10)) for _ in range(13))
    sheet.text(digits, sheet.width / 2, foot + 5, 7, BLACK, "mm")
    return sheet.image


def _flag(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Cover the picture with stripes, a cross or a disc, as flags are."""
    colours = [
        rng.choice((any_colour(rng), (200, 30, 40), (255,) * 3, (0, 50, 140))) for _ in range(3)
    ]
    sheet = Sheet(size, colours[0])
    match rng.randrange(4):
        case 0:
            for number, colour in enumerate(colours):
                at = number / 3 * sheet.width
                sheet.box(at, 0, at + sheet.width / 3, sheet.height, colour)
        case 1:
            for number, colour in enumerate(colours):
                at = number / 3 * sheet.height
                sheet.box(0, at, sheet.width, at + sheet.height / 3, colour)
        case 2:
            x, y = sheet.width * rng.choice((0.35, 0.5)), sheet.height / 2
            for reach, colour in ((10, colours[1]), (5, colours[2])):
                sheet.box(x - reach, 0, x + reach, sheet.height, colour)
                sheet.box(0, y - reach, sheet.width, y + reach, colour)
        case _:
            sheet.box(0, sheet.height / 2, sheet.width, sheet.height, colours[1])
            sheet.polygon([(0, 0), (sheet.width * 0.45, sheet.height / 2), (0, sheet.height)],
                          colours[2])  # fmt: skip
    return sheet.image


def _piano(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, wide = Sheet(size, any_colour(rng)), rng.uniform(8, 15)
    top, foot = sheet.height * rng.uniform(0.05, 0.3), sheet.height * 0.95
    for number in range(int(sheet.width / wide) + 1):
        sheet.box(number * wide, top, (number + 1) * wide, foot, WHITE, BLACK)
    for number in range(int(sheet.width / wide) + 1):
        if number % 7 not in (2, 6):
            x = (number + 1) * wide
            sheet.box(x - wide * 0.3, top, x + wide * 0.3, top + (foot - top) * 0.6, BLACK)
    return sheet.image


def _keyboard(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Set keys with letters in rows."""
    background, ink = light_or_dark(rng)
    sheet, cap = Sheet(size, blend(background, ink, 0.15)), background
    high = min(22, sheet.height / 5)
    wide, top = sheet.width / 10.8, (sheet.height - 4.5 * high) / 2
    for row, letters in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm")):
        for place, letter in enumerate(letters):
            x, y = wide * (place + 0.4 + row * 0.4), top + row * high
            sheet.box(x + 0.5, y + 0.5, x + wide - 0.5, y + high - 0.5, cap, ink, 0.4, corner=1.5)
            sheet.text(letter, x + wide / 2, y + high / 2, min(wide, high) * 0.5, ink, "mm")
    space = wide * 2.5, top + 3 * high + 1, wide * 8, top + 4 * high
    sheet.box(*space, cap, ink, 0.4, corner=1.5)
    return sheet.image


def _clock(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, (face, ink) = Sheet(size, ground(rng)), light_or_dark(rng)
    x, y, radius = sheet.width / 2, sheet.height / 2, rng.uniform(36, 46)
    sheet.oval(x, y, radius, radius, face, any_colour(rng), rng.uniform(1, 5))

    def at(turn: float, share: float) -> Point:
        angle = math.tau * (turn - 0.25)
        return x + radius * share * math.cos(angle), y + radius * share * math.sin(angle)

    has_numbers = rng.random() < 0.6
    for hour in range(1, 13):
        if has_numbers:
            sheet.text(str(hour), *at(hour / 12, 0.78), 8, ink, "mm")
        else:
            sheet.line([at(hour / 12, 0.8), at(hour / 12, 0.92)], ink, 1.5)
    minute = rng.randrange(60)
    sheet.line([(x, y), at((rng.randrange(12) + minute / 60) / 12, 0.5)], ink, 3)
    sheet.line([(x, y), at(minute / 60, 0.75)], ink, 2)
    sheet.disc(x, y, 2.5, any_colour(rng))
    return sheet.image


def _cards(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Deal cards in a row on cloth."""
    sheet = Sheet(size, rng.choice(((20, 110, 60), any_colour(rng))))
    number = rng.randint(2, 5)
    pitch = min(32, (sheet.width - 8) / number)
    for place in range(number):
        x, y = 4 + place * pitch, sheet.height / 2 + rng.uniform(-8, 8)
        red, rank = rng.random() < 0.5, rng.choice(["A", "J", "Q", "K", *map(str, range(2, 11))])
        ink = (200, 30, 40) if red else BLACK
        sheet.box(x, y - 22, x + 30, y + 22, WHITE, BLACK, 0.5, corner=3)
        sheet.text(rank, x + 3, y - 16, 8, ink)
        sheet.text(rank, x + 27, y + 16, 8, ink, "rm")
        middle = x + 15
        if red:
            sheet.polygon(
                [(middle, y - 10), (middle + 7, y), (middle, y + 10), (middle - 7, y)], ink
            )
        else:
            for dx, dy in ((0, -5), (-5, 2), (5, 2)):
                sheet.disc(middle + dx, y + dy, 4.5, ink)
            sheet.box(middle - 1, y, middle + 1, y + 11, ink)
    return sheet.image


PIPS = {1: "4", 2: "08", 3: "048", 4: "0268", 5: "02468", 6: "035268"}


def _dice(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Throw dice; their pips are in the nine places of a square."""
    sheet, (body, pip) = Sheet(size, ground(rng)), light_or_dark(rng)
    body = blend(body, any_colour(rng), rng.choice((0, 0, 0.5)))
    across = max(1, round(sheet.width / 50))
    down = max(1, round(sheet.height / 50))
    for number in range(across * down):
        x = sheet.width * (number % across + 0.5) / across
        y = sheet.height * (number // across + 0.5) / down
        half = rng.uniform(13, 19)
        sheet.box(x - half, y - half, x + half, y + half, body, pip, 1, corner=5)
        for place in PIPS[rng.randint(1, 6)]:
            row, column = divmod(int(place), 3)
            sheet.disc(
                x + (column - 1) * half * 0.55, y + (row - 1) * half * 0.55, half * 0.15, pip
            )
    return sheet.image


def _dominoes(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Lay tiles with two halves of pips."""
    sheet, (body, pip) = Sheet(size, ground(rng)), light_or_dark(rng)
    across = max(2, round(sheet.width / 34))
    down = max(1, round(sheet.height / 60))
    for number in range(across * down):
        x = sheet.width * (number % across + 0.5) / across
        y = sheet.height * (number // across + 0.5) / down
        sheet.box(x - 11, y - 22, x + 11, y + 22, body, pip, 0.8, corner=3)
        sheet.line([(x - 9, y), (x + 9, y)], pip)
        for half in (-11, 11):
            for place in PIPS[rng.randint(1, 6)]:
                row, column = divmod(int(place), 3)
                sheet.disc(x + (column - 1) * 5.5, y + half + (row - 1) * 5.5, 1.6, pip)
    return sheet.image


def _circuit(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Wire resistors, lamps and sources."""
    background, ink = light_or_dark(rng)
    sheet = Sheet(size, background)
    across, down = max(2, round(sheet.width / 32)), max(2, round(sheet.height / 32))
    for number in range(across * down):
        x = sheet.width * (number % across + 0.5) / across
        y = sheet.height * (number // across + 0.5) / down
        right, below = x + sheet.width / across, y + sheet.height / down
        if number % across < across - 1:
            sheet.line([(x, y), (right, y)], ink)
        if number // across < down - 1 and rng.random() < 0.7:
            sheet.line([(x, y), (x, below)], ink)
        middle = (x + right) / 2
        if number % across == across - 1:
            continue
        match rng.randrange(4):
            case 0:
                sheet.box(middle - 6, y - 2.5, middle + 6, y + 2.5, background, ink)
            case 1:
                sheet.oval(middle, y, 5, 5, background, ink, 1)
                sheet.line([(middle - 3.5, y - 3.5), (middle + 3.5, y + 3.5)], ink)
                sheet.line([(middle - 3.5, y + 3.5), (middle + 3.5, y - 3.5)], ink)
            case 2:
                sheet.box(middle - 1.5, y - 1, middle + 1.5, y + 1, background)
                sheet.line([(middle - 1.5, y - 7), (middle - 1.5, y + 7)], ink)
                sheet.line([(middle + 1.5, y - 4), (middle + 1.5, y + 4)], ink, 2)
            case _:
                zigzag = [(middle - 8 + step * 2, y + (3 if step % 2 else -3)) for step in range(9)]
                sheet.line(zigzag, ink)
        if rng.random() < 0.5:
            sheet.text(rng.choice("RCLVU") + str(rng.randint(1, 9)), middle, y - 9, 4.5, ink, "mm")
    return sheet.image


def _sheet_music(size: Size, rng: Random, _split: Split) -> Image.Image:
    background, ink = light_or_dark(rng)
    sheet, gap = Sheet(size, background), rng.uniform(2.2, 4)
    for top in range(8, int(sheet.height - 4 * gap), round(gap * 9)):
        for line in range(5):
            sheet.line([(3, top + line * gap), (sheet.width - 3, top + line * gap)], ink, 0.4)
        sheet.arc(8, top + 2 * gap, 2 * gap, 120, 420, ink, 1)
        sheet.line([(8, top - gap), (8, top + 5 * gap)], ink)
        x = 18.0
        while x < sheet.width - 6:
            y = top + gap * rng.randint(0, 8) / 2
            is_open = rng.random() < 0.25
            sheet.oval(x, y, gap * 0.62, gap * 0.45, None if is_open else ink, ink, 0.5)
            up = -1 if y > top + 2 * gap else 1
            sheet.line(
                [(x - up * gap * 0.55, y), (x - up * gap * 0.55, y + up * 3 * gap)], ink, 0.5
            )
            x += gap * rng.uniform(2, 4)
            if rng.random() < 0.2:
                sheet.line([(x, top), (x, top + 4 * gap)], ink, 0.5)
                x += gap * 1.5
    return sheet.image


def _molecule(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Join rings of six with bonds and atoms."""
    background, ink = light_or_dark(rng)
    sheet, bond = Sheet(size, background), rng.uniform(8, 14)
    x, y = sheet.width * 0.25, sheet.height * 0.5
    for _ in range(rng.randint(2, 5)):
        angles = [math.tau * (step + 0.5) / 6 for step in range(6)]
        ring = [(x + bond * math.cos(angle), y + bond * math.sin(angle)) for angle in angles]
        sheet.line([*ring, ring[0]], ink, 1)
        if rng.random() < 0.6:
            sheet.oval(x, y, bond * 0.6, bond * 0.6, None, ink)
        corner = rng.choice(ring)
        end = corner[0] * 1.6 - x * 0.6, corner[1] * 1.6 - y * 0.6
        sheet.line([corner, end], ink, 1)
        sheet.disc(*end, 4, background)
        sheet.text(rng.choice(("O", "N", "OH", "H", "Cl")), *end, 6, ink, "mm")
        x, y = x + bond * math.sqrt(3) * rng.choice((0.5, 1)), y + bond * rng.choice((-1.5, 0, 1.5))
    return sheet.image


def _gauge(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Point a needle on a half dial."""
    background, ink = light_or_dark(rng)
    sheet = Sheet(size, background)
    x, y, radius = sheet.width / 2, sheet.height / 2 + 15, rng.uniform(32, 44)
    turn = rng.uniform(185, 355)
    for start, colour in ((180, (60, 180, 80)), (250, (240, 190, 50)), (310, (220, 50, 50))):
        sheet.arc(x, y, radius, start, min(start + 75, 360), colour, rng.uniform(4, 9))
    for number in range(9):
        angle = math.radians(180 + number * 22.5)
        place = x + radius * 0.75 * math.cos(angle), y + radius * 0.75 * math.sin(angle)
        sheet.text(str(number * 20), *place, 5, ink, "mm")
    end = (
        x + radius * 0.7 * math.cos(math.radians(turn)),
        y + radius * 0.7 * math.sin(math.radians(turn)),
    )
    sheet.line([(x, y), end], (200, 30, 30), 2)
    sheet.disc(x, y, 4, ink)
    return sheet.image


def _crowd_of_letters(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Throw large letters about, upside and over one another."""
    sheet = Sheet(size, ground(rng))
    for _ in range(rng.randint(12, 40)):
        letter = rng.choice("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789&?!")
        place = rng.uniform(0, sheet.width), rng.uniform(0, sheet.height)
        sheet.text(letter, *place, rng.uniform(10, 45), any_colour(rng), "mm")
    return sheet.image


def _jigsaw(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Cut a picture into pieces with knobs."""
    corners = Image.new("RGB", (3, 3))
    corners.putdata([any_colour(rng) for _ in range(9)])
    sheet, cell = Sheet(size, corners.resize(size, Image.Resampling.BICUBIC)), rng.uniform(14, 26)
    ink = (30, 30, 30)
    for column in range(int(sheet.width / cell) + 1):
        for row in range(int(sheet.height / cell) + 1):
            x, y, out = column * cell, row * cell, rng.choice((-1, 1))
            sheet.line([(x, y), (x + cell, y)], ink, 0.6)
            sheet.line([(x, y), (x, y + cell)], ink, 0.6)
            start = 180 if out < 0 else 0
            sheet.arc(x + cell / 2, y, cell * 0.17, start, start + 180, ink, 0.8)
            sheet.arc(x, y + cell / 2, cell * 0.17, start + 90, start + 270, ink, 0.8)
    return sheet.image


THINGS: dict[str, Paint] = {
    "chess board": _chess_board,
    "go board": _go_board,
    "maze": _maze,
    "square code": _square_code,
    "bar code": _bar_code,
    "flag": _flag,
    "piano": _piano,
    "keyboard": _keyboard,
    "clock": _clock,
    "playing cards": _cards,
    "dice": _dice,
    "dominoes": _dominoes,
    "circuit": _circuit,
    "sheet music": _sheet_music,
    "molecule": _molecule,
    "gauge": _gauge,
    "crowd of letters": _crowd_of_letters,
    "jigsaw": _jigsaw,
}
