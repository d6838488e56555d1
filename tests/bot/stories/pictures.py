"""Pictures for stories, drawn on the spot."""

import io

from PIL import Image, ImageDraw


def _png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _chart() -> bytes:
    image = Image.new("RGB", (320, 240), "white")
    draw = ImageDraw.Draw(image)
    for number, (height, colour) in enumerate([(60, "red"), (180, "green"), (110, "blue")]):
        left = 50 + number * 80
        draw.rectangle((left, 220 - height, left + 50, 220), fill=colour)
    return _png(image)


def _cover() -> bytes:
    image = Image.new("RGB", (240, 340), "navy")
    draw = ImageDraw.Draw(image)
    draw.text((30, 60), "The Old Lighthouse", fill="white", font_size=20)
    draw.text((30, 290), "M. Sandberg", fill="gold", font_size=16)
    return _png(image)


def _team(people: int) -> bytes:
    image = Image.new("RGB", (300, 200), "lightgreen")
    draw = ImageDraw.Draw(image)
    for number in range(people):
        left = 20 + number * 50
        draw.ellipse((left, 40, left + 30, 70), fill="peachpuff")
        draw.rectangle((left, 75, left + 30, 160), fill="darkred")
    return _png(image)


CHART = _chart()
COVER = _cover()
TEAM_SPRING = _team(4)
TEAM_AUTUMN = _team(5)
