"""Transparency → the ground that shows what lies on it."""

from PIL import Image, ImageChops, ImageFilter

LIGHT, DARK = (255, 255, 255), (49, 51, 56)
"""A sheet of paper, and Discord's dark theme, on which people see what they post."""
SEEN = 512
"""Pixels of a side at which the two grounds are tried."""
PLAIN = 64
"""Of 255: a difference from the ground that is seen; more is not seen better."""


def on_ground(image: Image.Image) -> Image.Image:
    """Lay an L, RGB or RGBA picture on white, or on dark where its outlines vanish on white."""
    if image.mode != "RGBA" or image.getchannel("A").getextrema() == (255, 255):
        return image.convert("RGB")
    ground = Image.new("RGBA", image.size, _ground(image))
    return Image.alpha_composite(ground, image).convert("RGB")


def _ground(image: Image.Image) -> tuple[int, int, int]:
    """Choose by what borders on nothing; white, unless dark shows clearly more."""
    outline, weight = _outline(image)
    on_light, on_dark = (_contrast(outline, weight, ground) for ground in (LIGHT, DARK))
    return DARK if on_dark > 1.1 * on_light else LIGHT


def _outline(image: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Return the grey of what is drawn, and how much each pixel is drawn beside nothing.

    Colours under transparent pixels count for nothing: they are weighed by their alpha.
    """
    small = image.copy()
    small.thumbnail((SEEN, SEEN), Image.Resampling.BOX)
    spread = small.convert("RGBa").filter(ImageFilter.BoxBlur(1)).convert("RGBA")
    alpha = spread.getchannel("A")
    return spread.convert("RGB").convert("L"), ImageChops.multiply(alpha, ImageChops.invert(alpha))


def _contrast(grey: Image.Image, weight: Image.Image, ground: tuple[int, int, int]) -> float:
    away = ImageChops.difference(grey, Image.new("RGB", grey.size, ground).convert("L"))
    seen = away.point([min(value, PLAIN) for value in range(256)])
    sums = ImageChops.multiply(seen.point([value * 3 for value in range(256)]), weight).histogram()
    return sum(value * count for value, count in enumerate(sums))
