"""What is seen on screens: chats, terminals, editors, pages, desktops, games."""

import math
from random import Random

from PIL import Image

from inference.demo.colours import any_colour
from inference.demo.drawing import sweep
from inference.demo.strangers.sheet import Paint, Sheet, Size, blend, light_or_dark, words
from inference.demo.words import Split, invent_word


def _chat(size: Size, rng: Random, split: Split) -> Image.Image:
    """Stack speech bubbles from left and right."""
    ground, ink = light_or_dark(rng)
    sheet, sides = Sheet(size, ground), (any_colour(rng), blend(ground, ink, 0.2))
    sheet.box(0, 0, sheet.width, 9, any_colour(rng))
    y, line = 12.0, rng.uniform(4.5, 7)
    while y < sheet.height - line:
        mine = rng.random() < 0.5
        lines = [words(rng, split, 1, 4)[:22] for _ in range(rng.randint(1, 3))]
        wide, high = max(map(len, lines)) * line * 0.55 + 6, len(lines) * line * 1.3 + 3
        left = sheet.width - wide - 4 if mine else rng.choice((4, 12))
        sheet.box(left, y, left + wide, y + high, sides[mine], corner=3)
        if left == 12:
            sheet.disc(7, y + 4, 3.5, any_colour(rng))
        for number, text in enumerate(lines):
            sheet.text(text, left + 3, y + (number + 0.5) * line * 1.3 + 1.5, line, ink)
        y += high + rng.uniform(2, 5)
    return sheet.image


def _terminal(size: Size, rng: Random, split: Split) -> Image.Image:
    """Print commands and what they said on black."""
    dark = rng.randrange(40), rng.randrange(30), rng.randrange(45)
    sheet, line = Sheet(size, dark), rng.uniform(3.5, 6.5)
    ink = rng.choice(((80, 230, 90), (220, 220, 220), (240, 180, 60)))
    for number in range(int(sheet.height / line / 1.25)):
        y, prompt = (number + 0.7) * line * 1.25, rng.random() < 0.3
        text = words(rng, split, 1, 7)
        sheet.text(f"$ {text[:12]}" if prompt else text, 2, y, line, ink if prompt else _grey(rng))
        if rng.random() < 0.04:
            break
    sheet.box(2, y + line, 2 + line * 0.6, y + 2 * line, ink)
    return sheet.image


def _code(size: Size, rng: Random, split: Split) -> Image.Image:
    """Indent coloured words behind numbers of lines."""
    ground, ink = light_or_dark(rng)
    sheet, line = Sheet(size, ground), rng.uniform(3.5, 6)
    inks, indent = [any_colour(rng) for _ in range(4)] + [ink], 0
    for number in range(int(sheet.height / line / 1.3)):
        y, x = (number + 0.7) * line * 1.3, 10.0 + indent * line * 1.2
        sheet.text(str(number + 1), 7, y, line, blend(ground, ink, 0.5), "rm")
        for _ in range(rng.randint(0, 4)):
            text = invent_word(rng, split, 2, 7) + rng.choice(("", "(", ")", " =", ":", ";", ","))
            sheet.text(text, x, y, line, rng.choice(inks))
            x += (len(text) + 1) * line * 0.55
        indent = min(5, max(0, indent + rng.choice((-1, 0, 0, 1))))
    if rng.random() < 0.5:
        sheet.box(0, sheet.height - 5, sheet.width, sheet.height, any_colour(rng))
    return sheet.image


def _web_page(size: Size, rng: Random, split: Split) -> Image.Image:
    """Lay out a heading, a menu, pictures and columns of lines."""
    ground, ink = light_or_dark(rng)
    sheet, accent = Sheet(size, ground), any_colour(rng)
    sheet.box(0, 0, sheet.width, 12, accent)
    for x in range(30, int(sheet.width), 16):
        sheet.text(invent_word(rng, split, 2, 4), x, 6, 4.5, ground)
    sheet.text(invent_word(rng, split, 3, 6), 3, 6, 7, ground)
    y = 15.0
    if rng.random() < 0.7:
        sheet.box(4, y, sheet.width - 4, y + 28, any_colour(rng))
        sheet.text(words(rng, split, 2, 3), 9, y + 12, rng.uniform(6, 9), ink)
        sheet.box(9, y + 18, 30, y + 25, accent, corner=2)
        y += 32
    columns = rng.choice((1, 2, 3))
    wide = (sheet.width - 4) / columns
    for column in range(columns):
        at, left = y, 4 + column * wide
        while at < sheet.height:
            if rng.random() < 0.12:
                sheet.box(left, at, left + wide - 5, at + 14, any_colour(rng))
                at += 17
            end = left + (wide - 5) * rng.uniform(0.5, 1)
            sheet.box(left, at, end, at + 1.5, blend(ground, ink, 0.6))
            at += 4
    return sheet.image


def _desktop(size: Size, rng: Random, split: Split) -> Image.Image:
    """Put icons with names and a bar on a wallpaper."""
    sheet = Sheet(size, _wallpaper(size, rng))
    for x in range(8, int(sheet.width * rng.uniform(0.2, 0.6)), 18):
        for y in range(8, int(sheet.height) - 20, 20):
            sheet.box(x, y, x + 9, y + 9, any_colour(rng), corner=rng.choice((0, 2)))
            sheet.text(invent_word(rng, split, 2, 5), x + 4.5, y + 13, 4, (255, 255, 255), "mm")
    ground, ink = light_or_dark(rng)
    sheet.box(0, sheet.height - 8, sheet.width, sheet.height, ground)
    for x in range(3, int(sheet.width * 0.6), 9):
        sheet.box(x, sheet.height - 6.5, x + 5, sheet.height - 1.5, any_colour(rng), corner=1)
    sheet.text(f"{rng.randrange(24)}:{rng.randrange(60):02}", sheet.width - 2, sheet.height - 4, 4,
               ink, "rm")  # fmt: skip
    return sheet.image


def _home_screen(size: Size, rng: Random, split: Split) -> Image.Image:
    """Fill a phone's screen with rounded icons."""
    sheet = Sheet(size, _wallpaper(size, rng))
    across = max(3, round(sheet.width / 25))
    pitch = sheet.width / across
    for row in range(int(sheet.height / pitch)):
        for column in range(across):
            x, y = (column + 0.5) * pitch, (row + 0.5) * pitch
            if rng.random() < 0.9:
                fill, mark = any_colour(rng), any_colour(rng)
                sheet.box(x - 7, y - 8, x + 7, y + 6, fill, corner=4)
                sheet.disc(x, y - 1, rng.uniform(2, 5), mark)
                sheet.text(invent_word(rng, split, 2, 4), x, y + 9, 3.8, (255, 255, 255), "mm")
    return sheet.image


def _form(size: Size, rng: Random, split: Split) -> Image.Image:
    """Ask for a name and a password in fields above a button."""
    sheet = Sheet(size, any_colour(rng))
    ground, ink = light_or_dark(rng)
    x, high = sheet.width / 2, min(88, sheet.height * 0.85)
    top, fields = (sheet.height - high) / 2, rng.randint(2, 4)
    sheet.box(x - 38, top, x + 38, top + high, ground, corner=4)
    sheet.text(words(rng, split, 1, 2), x, top + 9, 8, ink, "mm")
    pitch = (high - 30) / fields
    for number in range(fields):
        y = top + 17 + number * pitch
        sheet.text(invent_word(rng, split, 3, 6), x - 32, y + 2, 4.5, ink)
        sheet.box(x - 32, y + 5, x + 32, y + pitch - 2, None, ink, corner=1)
        if rng.random() < 0.5:
            sheet.text("* " * rng.randint(3, 8), x - 29, y + pitch / 2 + 2, 5, ink)
    sheet.box(x - 32, top + high - 12, x + 32, top + high - 3, any_colour(rng), corner=2)
    return sheet.image


def _player(size: Size, rng: Random, split: Split) -> Image.Image:
    """Play a film: a picture, a bar of progress, a triangle."""
    sheet = Sheet(size, _wallpaper(size, rng))
    for _ in range(rng.randint(2, 6)):
        x, y = rng.uniform(0, sheet.width), rng.uniform(20, sheet.height)
        sheet.oval(x, y, rng.uniform(5, 30), rng.uniform(5, 30), any_colour(rng))
    bar, x, y = sheet.height - 9, sheet.width / 2, sheet.height / 2
    sheet.box(0, bar, sheet.width, sheet.height, (15, 15, 15))
    sheet.box(4, bar + 2, sheet.width - 4, bar + 3, (120, 120, 120))
    sheet.box(4, bar + 2, sheet.width * rng.uniform(0.1, 0.9), bar + 3, (230, 30, 30))
    sheet.text(f"0:{rng.randrange(60):02} / 3:{rng.randrange(60):02}", 5, bar + 6, 4,
               (230, 230, 230))  # fmt: skip
    sheet.disc(x, y, 11, (20, 20, 20))
    sheet.polygon([(x - 4, y - 6), (x - 4, y + 6), (x + 7, y)], (255, 255, 255))
    sheet.text(words(rng, split, 1, 3), 4, 6, 6, (255, 255, 255))
    return sheet.image


def _platform_game(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Let a block man jump between platforms, coins and clouds."""
    sheet = Sheet(size, any_colour(rng))
    brick, tile = any_colour(rng), rng.uniform(6, 10)
    for _ in range(4):
        x, y = rng.uniform(0, sheet.width), rng.uniform(5, sheet.height * 0.4)
        for shift in (-4, 0, 4):
            sheet.disc(x + shift, y, 4, (255, 255, 255))
    for step in range(int(sheet.width / tile) + 1):
        if rng.random() < 0.9:
            sheet.box(step * tile, sheet.height - tile, (step + 1) * tile, sheet.height, brick,
                      (0, 0, 0))  # fmt: skip
    for _ in range(rng.randint(3, 8)):
        x, y = rng.uniform(0, sheet.width - 20), rng.uniform(20, sheet.height - 20)
        for step in range(rng.randint(2, 5)):
            sheet.box(x + step * tile, y, x + (step + 1) * tile, y + tile * 0.7, brick, (0, 0, 0))
            sheet.disc(x + (step + 0.5) * tile, y - 4, 1.8, (250, 210, 40), (120, 80, 0))
    x, y = rng.uniform(10, sheet.width - 10), sheet.height - tile
    sheet.box(x - 2.5, y - 8, x + 2.5, y, any_colour(rng))
    sheet.box(x - 2.5, y - 12, x + 2.5, y - 8, (240, 200, 160))
    sheet.box(x - 3.5, y - 13, x + 2.5, y - 11, any_colour(rng))
    return sheet.image


def _falling_blocks(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Pile up the blocks of a game in a shaft."""
    sheet = Sheet(size, (rng.randrange(40), rng.randrange(40), rng.randrange(60)))
    cell, colours = rng.uniform(5, 9), [any_colour(rng) for _ in range(6)]
    columns, rows = int(sheet.width / cell), int(sheet.height / cell)
    for column in range(columns):
        for row in range(rows - rng.randint(1, max(2, rows // 2)), rows):
            if rng.random() < 0.85:
                x, y = column * cell, row * cell
                sheet.box(x, y, x + cell, y + cell, rng.choice(colours), (0, 0, 0))
    x, colour = rng.randrange(max(1, columns - 3)) * cell, rng.choice(colours)
    for step in range(3):
        sheet.box(x + step * cell, cell, x + (step + 1) * cell, 2 * cell, colour, (0, 0, 0))
    sheet.box(x + cell, 2 * cell, x + 2 * cell, 3 * cell, colour, (0, 0, 0))
    return sheet.image


def _sound_wave(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Draw loudness over time, around a middle line."""
    ground, _ = light_or_dark(rng)
    sheet, colour = Sheet(size, ground), any_colour(rng)
    pitch, slow, fast = rng.uniform(1, 3.5), rng.uniform(0.02, 0.1), rng.uniform(0.1, 0.4)
    for step in range(int(sheet.width / pitch)):
        x, middle = (step + 0.5) * pitch, sheet.height / 2
        loud = abs(math.sin(step * slow) * math.sin(step * fast)) * rng.uniform(0.4, 1)
        reach = (loud + 0.02) * sheet.height * 0.42
        sheet.box(x - pitch * 0.35, middle - reach, x + pitch * 0.35, middle + reach, colour)
    return sheet.image


def _calculator(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Set rounded keys under a display."""
    ground, ink = light_or_dark(rng)
    sheet = Sheet(size, ground)
    sheet.text(f"{rng.uniform(0, 99999):.{rng.randint(0, 3)}f}", sheet.width - 5,
               sheet.height * 0.13, 13, ink, "rm")  # fmt: skip
    keys, accent = "789/456x123-0.=+", any_colour(rng)
    wide, high = sheet.width / 4, sheet.height * 0.75 / 4
    for number, key in enumerate(keys):
        x, y = number % 4 * wide, sheet.height * 0.24 + number // 4 * high
        fill = accent if number % 4 == 3 else blend(ground, ink, 0.2)
        sheet.box(x + 1, y + 1, x + wide - 1, y + high - 1, fill, corner=3)
        sheet.text(key, x + wide / 2, y + high / 2, 8, ink, "mm")
    return sheet.image


def _wallpaper(size: Size, rng: Random) -> Image.Image:
    return sweep(size, [any_colour(rng) for _ in range(4)])


def _grey(rng: Random) -> tuple[int, int, int]:
    return (rng.randint(150, 255),) * 3


SCREENS: dict[str, Paint] = {
    "chat": _chat,
    "terminal": _terminal,
    "code": _code,
    "web page": _web_page,
    "desktop": _desktop,
    "home screen": _home_screen,
    "form": _form,
    "film player": _player,
    "platform game": _platform_game,
    "falling blocks": _falling_blocks,
    "sound wave": _sound_wave,
    "calculator": _calculator,
}
