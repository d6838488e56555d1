"""Textures: walls, cloth, water, lights and other grounds without any thing on them."""

import math
from random import Random

import numpy as np
from PIL import Image, ImageFilter

from inference.demo.colours import any_colour
from inference.demo.strangers.sheet import Paint, Sheet, Size, blend
from inference.demo.words import Split


def _bricks(size: Size, rng: Random, _split: Split) -> Image.Image:
    mortar, brick = any_colour(rng), any_colour(rng)
    sheet, wide, high = Sheet(size, mortar), rng.uniform(12, 30), rng.uniform(5, 12)
    for row in range(int(sheet.height / high) + 1):
        for column in range(-1, int(sheet.width / wide) + 1):
            x, y = (column + row % 2 / 2) * wide, row * high
            colour = blend(brick, any_colour(rng), 0.12)
            sheet.box(x + 0.5, y + 0.5, x + wide - 0.5, y + high - 0.5, colour)
    return sheet.image


def _planks(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Lay boards with a grain of wood."""
    wood = rng.randint(120, 210), rng.randint(80, 140), rng.randint(40, 90)
    sheet, high = Sheet(size, wood), rng.uniform(10, 28)
    for row in range(int(sheet.height / high) + 1):
        shade, y = blend(wood, (40, 20, 10), rng.uniform(0, 0.35)), row * high
        sheet.box(0, y, sheet.width, y + high, shade, (40, 25, 15))
        for _ in range(rng.randint(3, 8)):
            level, bend = y + rng.uniform(1, high - 1), rng.uniform(-1.5, 1.5)
            grain = [
                (x, level + bend * math.sin(x / 17)) for x in range(0, int(sheet.width) + 9, 8)
            ]
            sheet.line(grain, blend(shade, (40, 20, 10), 0.4), 0.4)
    return sheet.image


def _plaid(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Cross bands of a cloth, half of each seen through."""
    colours = np.array([any_colour(rng) for _ in range(4)], np.float32)
    bands = [rng.randrange(4) for _ in range(rng.randint(4, 10))]
    pitch = min(size) * rng.uniform(0.03, 0.1)
    across, down = (
        colours[[bands[int(at / pitch) % len(bands)] for at in range(side)]] for side in size
    )
    return Image.fromarray(((across[None] + down[:, None]) / 2).astype(np.uint8))


def _dots(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Print many small dots in rows."""
    sheet, ink, pitch = Sheet(size, any_colour(rng)), any_colour(rng), rng.uniform(5, 13)
    reach, shifted = pitch * rng.uniform(0.15, 0.45), rng.random() < 0.5
    for row in range(int(sheet.height / pitch) + 1):
        for column in range(int(sheet.width / pitch) + 1):
            x = (column + (row % 2 / 2 if shifted else 0)) * pitch
            sheet.disc(x, row * pitch, reach, ink)
    return sheet.image


def _camouflage(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Cut a hilly ground at a few heights."""
    heights, colours = _hills(size, rng, rng.randint(4, 12)), [any_colour(rng) for _ in range(4)]
    levels = np.digitize(heights, np.quantile(heights, (0.25, 0.5, 0.75)))
    return Image.fromarray(np.array(colours, np.uint8)[levels])


def _contours(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Draw lines of equal height, as hikers' maps have them."""
    heights = _hills(size, rng, rng.randint(3, 6))
    low, high = any_colour(rng), any_colour(rng)
    lines = np.abs(heights / heights.max() * rng.randint(6, 14) % 1 - 0.5) < 0.08
    return Image.fromarray(np.where(lines[..., None], low, high).astype(np.uint8))


def _mosaic(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Colour each point as the nearest of some seeds, as cracked ground and glass windows are."""
    number = rng.randint(12, 60)
    seeds = np.array([(rng.random() * size[1], rng.random() * size[0]) for _ in range(number)])
    small = size[0] // 2, size[1] // 2
    y, x = np.mgrid[0 : small[1], 0 : small[0]] * 2
    away = (y[..., None] - seeds[:, 0]) ** 2 + (x[..., None] - seeds[:, 1]) ** 2
    colours = np.array([any_colour(rng) for _ in range(number)])
    pixels = colours[away.argmin(-1)]
    if rng.random() < 0.5:
        first, second = np.partition(np.sqrt(away), 1)[..., :2].transpose(2, 0, 1)
        pixels = np.where((second - first < min(size) * 0.02)[..., None], 20, pixels)
    return Image.fromarray(pixels.astype(np.uint8)).resize(size)


def _honeycomb(size: Size, rng: Random, _split: Split) -> Image.Image:
    sheet, radius, wax = Sheet(size, any_colour(rng)), rng.uniform(5, 12), any_colour(rng)
    wide = radius * math.sqrt(3)
    for row in range(int(sheet.height / radius / 1.5) + 2):
        for column in range(int(sheet.width / wide) + 2):
            x, y = (column + row % 2 / 2) * wide, row * radius * 1.5
            angles = [math.tau * step / 6 for step in range(6)]
            cell = [
                (x + 0.9 * radius * math.sin(angle), y + 0.9 * radius * math.cos(angle))
                for angle in angles
            ]
            sheet.polygon(cell, blend(wax, any_colour(rng), 0.2))
    return sheet.image


def _stars(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Sow stars over a night sky."""
    sheet = Sheet(size, (rng.randrange(20), rng.randrange(20), rng.randrange(60)))
    for _ in range(rng.randint(80, 400)):
        place = rng.random() * sheet.width, rng.random() * sheet.height
        light = rng.randint(90, 255)
        sheet.disc(*place, rng.choice((0.2, 0.2, 0.4, 0.9)), (light, light, rng.randint(150, 255)))
    return sheet.image


def _lights(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Blur lights far out of focus."""
    sheet = Sheet(size, (rng.randrange(50), rng.randrange(50), rng.randrange(60)))
    for _ in range(rng.randint(15, 60)):
        place, colour = (rng.random() * sheet.width, rng.random() * sheet.height), any_colour(rng)
        sheet.disc(*place, rng.uniform(3, 11), colour)
    return sheet.image.filter(ImageFilter.GaussianBlur(min(size) * rng.uniform(0.01, 0.04)))


def _rays(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Send rays out from one point."""
    sheet, colours = Sheet(size, any_colour(rng)), [any_colour(rng) for _ in range(2)]
    x, y, rays = rng.random() * sheet.width, rng.random() * sheet.height, rng.randint(6, 20) * 2
    for number in range(rays):
        angles = (math.tau * edge / rays for edge in (number, number + 1))
        ends = [(x + 400 * math.cos(angle), y + 400 * math.sin(angle)) for angle in angles]
        sheet.polygon([(x, y), *ends], colours[number % 2])
    return sheet.image


def _fractal(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Colour how fast a square and a constant run away."""
    small = size[0] // 2, size[1] // 2
    y, x = np.mgrid[-1.2 : 1.2 : small[1] * 1j, -1.5 : 1.5 : small[0] * 1j]
    z, steps = x + 1j * y, np.zeros(x.shape)
    turn = rng.uniform(0, math.tau)
    constant = 0.7885 * complex(math.cos(turn), math.sin(turn))
    for _ in range(24):
        z = np.where(np.abs(z) < 2, z * z + constant, 2)
        steps += np.abs(z) < 2
    share = (steps / 24)[..., None]
    pixels = (1 - share) * np.array(any_colour(rng)) + share * np.array(any_colour(rng))
    return Image.fromarray(pixels.astype(np.uint8)).resize(size, Image.Resampling.BILINEAR)


def _ripples(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Let waves from a few stones cross."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]] / min(size)
    wave = np.zeros(x.shape)
    for _ in range(rng.randint(2, 4)):
        away = np.hypot(x - rng.uniform(-0.5, 2), y - rng.uniform(-0.5, 2))
        wave += np.sin(away * rng.uniform(30, 90))
    share = ((wave - wave.min()) / np.ptp(wave))[..., None]
    pixels = (1 - share) * np.array(any_colour(rng)) + share * np.array(any_colour(rng))
    return Image.fromarray(pixels.astype(np.uint8))


def _knit(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Knit stitches of two or three wools."""
    sheet, wools = Sheet(size, (40, 30, 30)), [any_colour(rng) for _ in range(rng.randint(2, 3))]
    wide, high = rng.uniform(4, 8), rng.uniform(3, 6)
    for row in range(int(sheet.height / high) + 1):
        for column in range(int(sheet.width / wide) + 1):
            x, y = column * wide, row * high
            wool = wools[(row // 3 + column // 4) % len(wools)]
            middle = x + wide / 2
            sheet.line([(x, y), (middle, y + high)], wool, wide * 0.4)
            sheet.line([(middle, y + high), (x + wide, y)], wool, wide * 0.4)
    return sheet.image


def _balls(size: Size, rng: Random, _split: Split) -> Image.Image:
    """Light many balls from one side."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]].astype(np.float32)
    pixels = np.zeros((size[1], size[0], 3), np.float32) + any_colour(rng)
    for _ in range(rng.randint(3, 14)):
        radius, colour = min(size) * rng.uniform(0.08, 0.3), np.array(any_colour(rng))
        dx, dy = (x - rng.random() * size[0]) / radius, (y - rng.random() * size[1]) / radius
        depth = np.sqrt(np.clip(1 - dx * dx - dy * dy, 0, 1))
        light = np.clip(0.25 + 0.75 * (0.7 * depth - 0.5 * dx - 0.5 * dy), 0, 1.3)[..., None]
        pixels = np.where((depth > 0)[..., None], light * colour, pixels)
    return Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))


def _hills(size: Size, rng: Random, number: int) -> np.ndarray:
    small = Image.frombytes("L", (number, number), rng.randbytes(number * number))
    return np.asarray(small.resize(size, Image.Resampling.BICUBIC), np.float32)


TEXTURES: dict[str, Paint] = {
    "bricks": _bricks,
    "planks": _planks,
    "plaid": _plaid,
    "dots": _dots,
    "camouflage": _camouflage,
    "contours": _contours,
    "mosaic": _mosaic,
    "honeycomb": _honeycomb,
    "starry sky": _stars,
    "lights": _lights,
    "rays": _rays,
    "fractal": _fractal,
    "ripples": _ripples,
    "knitting": _knit,
    "balls": _balls,
}
