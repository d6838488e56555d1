"""Pictures as people have them: photographed off a screen, squeezed, framed, stamped."""

import io
from collections.abc import Callable
from dataclasses import replace
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from inference.demo.colours import Colour, any_colour
from inference.demo.drawing import Drawing, Mark, font
from inference.demo.words import Split, invent_word

QUALITY = 40
"""Of a JPEG that has been handed on often."""
BAR = (0.025, 0.05)
"""The height of each bar of a screen, as a share of the picture's."""


def wear(drawing: Drawing, rng: Random) -> Drawing:
    """Wear a picture in one or two ways; it stays legible, and as long or as compact as it was."""
    around, upon = rng.choice(((1, 0), (0, 1), (1, 1), (0, 2)))
    for way in (*rng.sample(AROUND, around), *rng.sample(UPON, upon)):
        drawing = way(drawing, rng)
    return drawing


def _phone(drawing: Drawing, rng: Random) -> Drawing:
    """Show it on a phone, under the time and the battery and above the buttons."""
    back, ink = _two_tones(rng)
    height = drawing.image.height
    bar = max(4, round(height * rng.uniform(*BAR)))
    shown = _surround(drawing, bar, 0, back)
    pen, (width, height), face = ImageDraw.Draw(shown.image), shown.image.size, font(bar * 2 // 3)
    if _has_letters(drawing):
        clock = f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}"
        pen.text((bar, bar / 2), clock, fill=ink, font=face, anchor="lm")
    pen.rectangle((width - 2 * bar, bar * 0.3, width - bar, bar * 0.7), fill=ink)
    for x in (0.25, 0.5, 0.75) if rng.random() < 0.5 else ():
        _dot(pen, width * x, height - bar / 2, bar * 0.22, ink)
    return shown


def _window(drawing: Drawing, rng: Random) -> Drawing:
    """Show it in a window with a thin border, a file's name and three buttons."""
    back, ink = _two_tones(rng)
    width, height = drawing.image.size
    bar, border = max(4, round(height * rng.uniform(*BAR))), max(1, round(width * 0.008))
    shown = _surround(drawing, bar, border, back)
    pen, width = ImageDraw.Draw(shown.image), shown.image.width
    buttons_left = rng.random() < 0.5
    if _has_letters(drawing):
        name = f"{invent_word(rng, Split.TRAIN, 3, 6)}.{rng.choice(('png', 'jpg', 'pdf'))}"
        at, anchor = (width - bar / 2, "rm") if buttons_left else (bar / 2, "lm")
        pen.text((at, bar / 2), name, fill=ink, font=font(bar * 2 // 3), anchor=anchor)
    colours = [(240, 90, 80), (240, 190, 60), (90, 200, 90)] if rng.random() < 0.5 else [ink] * 3
    for number, colour in enumerate(colours):
        x = bar * (number + 0.7)
        _dot(pen, x if buttons_left else width - x, bar / 2, bar * 0.25, colour)
    return shown


def _frame(drawing: Drawing, rng: Random) -> Drawing:
    """Put a thin line around it."""
    return _surround(drawing, *_evenly(drawing, rng.uniform(0.004, 0.015)), any_colour(rng))


def _margin(drawing: Drawing, rng: Random) -> Drawing:
    """Leave some of the page or the desk around it."""
    back, _ = _two_tones(rng)
    return _surround(drawing, *_evenly(drawing, rng.uniform(0.015, 0.03)), back)


def _jpeg(drawing: Drawing, _: Random) -> Drawing:
    file = io.BytesIO()
    drawing.image.save(file, "JPEG", quality=QUALITY)
    with Image.open(file) as image:
        return replace(drawing, image=image.convert("RGB"))


def _half(drawing: Drawing, rng: Random) -> Drawing:
    return _scaled(drawing, 0.5, rng)


def _double(drawing: Drawing, rng: Random) -> Drawing:
    return _scaled(drawing, 2, rng)


def _watermark(drawing: Drawing, rng: Random) -> Drawing:
    """Stamp it faintly with a word or a ring, across the middle or in a corner."""
    stamp = Image.new("L", drawing.image.size, 0)
    pen, (width, height) = ImageDraw.Draw(stamp), stamp.size
    share = rng.uniform(0.08, 0.2 if _has_letters(drawing) else 0.12)
    x, y = rng.choice(((0.5, 0.5), (0.5, 0.3), (0.75, 0.9), (0.25, 0.9), (0.75, 0.1)))
    if _has_letters(drawing) and rng.random() < 0.7:
        word = invent_word(rng, Split.TRAIN, 4, 7).upper()
        face = font(round(width * rng.uniform(0.1, 0.25)))
        pen.text((width * x, height * y), word, fill=255, font=face, anchor="mm")
        stamp = stamp.rotate(rng.choice((0, 20, 35, -35)), center=(width * x, height * y))
    else:
        reach = width * rng.uniform(0.08, 0.2)
        box = (width * x - reach, height * y - reach, width * x + reach, height * y + reach)
        pen.ellipse(box, outline=255, width=max(1, round(reach / 4)))
    colour = rng.choice(((255, 255, 255), (0, 0, 0), (90, 90, 90)))
    mask = stamp.point([round(value * share) for value in range(256)])
    image = drawing.image.copy()
    image.paste(colour, mask=mask)
    return replace(drawing, image=image)


def _blur(drawing: Drawing, rng: Random) -> Drawing:
    radius = max(drawing.image.size) / 224 * rng.uniform(0.2, 0.55)
    return replace(drawing, image=drawing.image.filter(ImageFilter.GaussianBlur(radius)))


def _light(drawing: Drawing, rng: Random) -> Drawing:
    """Show it too bright or too dark, too flat or too harsh."""
    image = ImageEnhance.Brightness(drawing.image).enhance(rng.uniform(0.82, 1.15))
    return replace(drawing, image=ImageEnhance.Contrast(image).enhance(rng.uniform(0.75, 1.25)))


def _shade(drawing: Drawing, rng: Random) -> Drawing:
    """Let the light fall from one side."""
    width, height = drawing.image.size
    dark = np.linspace(1, rng.uniform(0.8, 0.95), width), np.linspace(1, 0.9, height)
    across, down = (shade[:: rng.choice((1, -1))] for shade in dark)
    pixels = np.asarray(drawing.image, np.float32) * np.outer(down, across)[..., None]
    return replace(drawing, image=Image.fromarray(pixels.astype(np.uint8)))


Way = Callable[[Drawing, Random], Drawing]
AROUND: tuple[Way, ...] = (_phone, _window, _frame, _margin)
UPON: tuple[Way, ...] = (_jpeg, _half, _double, _watermark, _blur, _light, _shade)


def _surround(drawing: Drawing, above: int, beside: int, back: Colour) -> Drawing:
    """Lay the picture on a larger one, in its middle; one at least 2:1 stays so.

    The middle stays where it was, since there the edge between two crops is.
    """
    width, height = drawing.image.size
    if height >= 2 * width:
        above = max(above, -((height - 2 * (width + 2 * beside)) // 2))
    elif width >= 2 * height:
        beside = max(beside, -((width - 2 * (height + 2 * above)) // 2))
    whole = (width + 2 * beside, height + 2 * above)
    image = Image.new("RGB", whole, back)
    image.paste(drawing.image, (beside, above))
    marks = (
        Mark(
            mark.label,
            (mark.x * width + beside) / whole[0],
            (mark.y * height + above) / whole[1],
        )
        for mark in drawing.marks
    )
    return Drawing(image, tuple(marks))


def _has_letters(drawing: Drawing) -> bool:
    """Tell whether something is written in it; where nothing is, nothing is to be written."""
    return any(len(mark.label) == 1 for mark in drawing.marks)


def _evenly(drawing: Drawing, share: float) -> tuple[int, int]:
    """Return the same width for all sides, as a share of the long one."""
    pixels = max(1, round(max(drawing.image.size) * share))
    return pixels, pixels


def _scaled(drawing: Drawing, factor: float, rng: Random) -> Drawing:
    """Draw it larger or smaller; one at least 2:1 stays so."""
    width, height = drawing.image.size
    is_tall, is_wide = height >= 2 * width, width >= 2 * height
    width, height = round(width * factor), round(height * factor)
    if is_tall:
        height = max(height, 2 * width)
    elif is_wide:
        width = max(width, 2 * height)
    kernel = rng.choice((Image.Resampling.BILINEAR, Image.Resampling.BICUBIC))
    return replace(drawing, image=drawing.image.resize((width, height), kernel))


def _two_tones(rng: Random) -> tuple[Colour, Colour]:
    """Choose a ground and an ink as screens have them, light or dark."""
    light, dark = rng.randint(225, 255), rng.randint(10, 70)
    back, ink = rng.sample((light, dark), 2)
    return (back, back, back), (ink, ink, ink)


def _dot(pen: ImageDraw.ImageDraw, x: float, y: float, radius: float, fill: Colour) -> None:
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)
