"""What looks like a photograph: soft light, things with a lit side, grain, a dark rim."""

from random import Random

import numpy as np
from PIL import Image, ImageFilter

from inference.demo.colours import Colour, any_colour
from inference.demo.strangers.sheet import Paint, Sheet, Size, blend
from inference.demo.words import Split

Pixels = np.ndarray
"""(height, width, 3), from 0 to 255"""


def _sea(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Let a low sun glitter on water."""
    warm, high = (rng.randint(200, 255), rng.randint(110, 220), rng.randint(60, 200)), _dusk(rng)
    pixels = _fade(size, high, warm)
    horizon, sun = round(size[1] * rng.uniform(0.4, 0.7)), size[0] * rng.uniform(0.2, 0.8)
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / min(size)
    away = np.hypot(x - sun / min(size), y - (horizon / min(size) - rng.uniform(0.05, 0.2)))
    pixels += np.exp(-away * rng.uniform(4, 12))[..., None] * 160
    mirrored = pixels[:horizon][::-1]
    depth = size[1] - horizon
    water = np.resize(mirrored, (depth, *pixels.shape[1:])) * 0.6 + np.array((0, 15, 30))
    glitter = _clouds((size[0], depth), rng, 4, 40)
    pixels[horizon:] = water * (0.7 + 0.6 * glitter[..., None])
    return _developed(pixels, rng)


def _meadow(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Roll hills of grass and woods under clouds."""
    sky = _fade(size, (70, 120, rng.randint(180, 230)), (210, 225, 240))
    clouds = np.clip(_clouds(size, rng, 5, 4) * 2 - 0.9, 0, 1)[..., None]
    pixels = sky * (1 - clouds) + 245 * clouds
    columns, rows = np.arange(size[0]) / size[0], np.arange(size[1])[:, None]
    for layer in range(rng.randint(2, 4)):
        level, swing = 0.45 + 0.15 * layer, rng.uniform(0.02, 0.08)
        ridge = level + swing * np.sin(columns * rng.uniform(3, 15) + rng.random() * 6)
        green = np.array((rng.randint(40, 130), rng.randint(80, 150), rng.randint(20, 70)))
        grass = green * (0.55 + 0.9 * _clouds(size, rng, 30, 20)[..., None])
        pixels = np.where((rows > ridge * size[1])[..., None], grass, pixels)
    return _developed(pixels, rng)


def _still_life(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Stand fruit and bottles on a table, lit from one side, each with its shadow."""
    wall, wood = any_colour(rng), blend(any_colour(rng), (150, 110, 70), 0.6)
    sheet = Sheet(size, _image(_fade(size, blend(wall, (0, 0, 0), 0.5), wall)))
    edge = sheet.height * rng.uniform(0.5, 0.7)
    sheet.box(0, edge, sheet.width, sheet.height, wood)
    image = sheet.image.filter(ImageFilter.GaussianBlur(min(size) * 0.02))
    pixels = np.asarray(image, np.float32)
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / sheet.unit
    for _ in range(rng.randint(2, 6)):
        across, middle = rng.uniform(6, 18), rng.uniform(0.1, 0.9) * sheet.width
        down, foot = across * rng.uniform(0.8, 2.6), edge + rng.uniform(3, 25)
        shadow = ((x - middle - across * 0.7) / across / 1.3) ** 2 + ((y - foot) / across * 4) ** 2
        pixels = pixels * (1 - 0.6 * np.exp(-shadow))[..., None]
        dx, dy = (x - middle) / across, (y - foot + down) / down
        solid = np.abs(dx) ** rng.choice((2, 2, 4)) + np.abs(dy) ** rng.choice((2, 2, 6)) < 1
        light = np.clip(0.75 - 0.55 * dx - 0.25 * dy, 0.12, 1.3)
        gleam = np.exp(-((dx + 0.4) ** 2 + (dy + 0.4) ** 2) * 18) * 120
        body = light[..., None] * np.array(any_colour(rng)) + gleam[..., None]
        pixels = np.where(solid[..., None], body, pixels)
    return _developed(pixels, rng)


def _room(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Look into a room: walls, a floor, a bright window, some furniture."""
    wall = blend(any_colour(rng), (200, 190, 175), 0.6)
    sheet = Sheet(size, wall)
    left, right = sheet.width * rng.uniform(0.1, 0.3), sheet.width * rng.uniform(0.7, 0.9)
    top, foot = sheet.height * rng.uniform(0.08, 0.2), sheet.height * rng.uniform(0.55, 0.7)
    floor, far = blend(any_colour(rng), (120, 80, 50), 0.6), blend(wall, (0, 0, 0), 0.25)
    sheet.polygon([(0, sheet.height), (left, foot), (right, foot), (sheet.width, sheet.height)],
                  floor)  # fmt: skip
    sheet.polygon([(0, 0), (left, top), (left, foot), (0, sheet.height)], far)
    sheet.polygon(
        [(0, 0), (left, top), (right, top), (sheet.width, 0)], blend(wall, (255,) * 3, 0.5)
    )
    x, wide = left + (right - left) * rng.uniform(0.2, 0.6), (right - left) * 0.25
    sheet.box(x, top + 8, x + wide, foot - 12, (250, 250, 235), (90, 80, 70), 1.5)
    sheet.line([(x + wide / 2, top + 8), (x + wide / 2, foot - 12)], (90, 80, 70), 1)
    for _ in range(rng.randint(2, 5)):
        at, base = rng.uniform(0, sheet.width), rng.uniform(foot, sheet.height)
        half, high, cloth = rng.uniform(6, 18), rng.uniform(8, 28), any_colour(rng)
        sheet.box(at - half, base - high, at + half, base, blend(cloth, (0, 0, 0), 0.3))
        lid = [(at - half, base - high), (at - half + 5, base - high - 5),
               (at + half + 5, base - high - 5), (at + half, base - high)]  # fmt: skip
        sheet.polygon(lid, cloth)
    return _developed(np.asarray(sheet.image, np.float32), rng)


def _close_up(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Show fur, bark or leaves from near, with all else out of focus."""
    coarse, fine = rng.randint(3, 7), rng.randint(20, 60)
    low, high = np.array(any_colour(rng)), np.array(any_colour(rng))
    share = 0.6 * _clouds(size, rng, coarse, coarse) + 0.4 * _clouds(size, rng, fine, coarse * 3)
    pixels = low + np.clip(share * 1.6 - 0.3, 0, 1)[..., None] * (high - low)
    sharp = _image(pixels)
    soft = sharp.filter(ImageFilter.GaussianBlur(min(size) * 0.05))
    focus = Image.fromarray(
        (255 * np.clip(_clouds(size, rng, 3, 3) * 3 - 1, 0, 1)).astype(np.uint8)
    )
    return _developed(np.asarray(Image.composite(sharp, soft, focus), np.float32), rng)


def _developed(pixels: Pixels, rng: Random) -> Image.Image:
    """Darken the rim, lay grain over the whole, and soften it."""
    height, width, _ = pixels.shape
    y, x = np.mgrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    pixels = pixels * (1 - rng.uniform(0, 0.35) * (x * x + y * y) / 2)[..., None]
    noise = np.random.default_rng(rng.randrange(2**32)).normal(
        0, rng.uniform(1, 9), (height, width)
    )
    image = _image(pixels + noise[..., None])
    return image.filter(ImageFilter.GaussianBlur(min(width, height) * rng.uniform(0, 0.012)))


def _clouds(size: Size, rng: Random, across: int, down: int) -> Pixels:
    """Make soft noise from 0 to 1, of large and of small waves."""
    whole = np.zeros((size[1], size[0]), np.float32)
    for octave in (1, 2, 4):
        cells = across * octave, down * octave
        small = Image.frombytes("L", cells, rng.randbytes(cells[0] * cells[1]))
        sheet = np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.float32)
        whole += sheet / 255 * (4 / 7 / octave)
    return whole


def _fade(size: Size, top: Colour, bottom: Colour) -> Pixels:
    share = np.linspace(0, 1, size[1])[:, None, None] + np.zeros((size[1], size[0], 1))
    return (1 - share) * np.array(top) + share * np.array(bottom)


def _image(pixels: Pixels) -> Image.Image:
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _dusk(rng: Random) -> Colour:
    return rng.randint(20, 150), rng.randint(40, 150), rng.randint(90, 200)


PHOTOGRAPHS: dict[str, Paint] = {
    "sea": _sea,
    "meadow": _meadow,
    "still life": _still_life,
    "room": _room,
    "close-up": _close_up,
}
