"""Pictures side by side, with their numbers; of two of one size, where they differ is marked."""

from PIL import Image, ImageChops, ImageDraw, ImageFont

TALLEST = 640
"""Pixels of each picture; all are equally tall."""
WIDEST = 4096
"""Pixels of them all together."""
GAP = 12
LABEL = 36
GRID = 24
"""Cells of the longer side in which differences are looked for."""
LEAST = 24
"""Of 255: below it, what differs is how a file was packed."""
GROUND, INK, MARK = "#2b2d31", "#ffffff", "#f23f43"


def side_by_side(images: list[Image.Image]) -> Image.Image:
    """Draw pictures beside each other, each below its number."""
    marks = differences(images[0], images[1]) if len(images) == 2 else []
    tallest = min(TALLEST, max(image.height for image in images))
    shown = [_scaled(_marked(image, marks), tallest) for image in images]
    width = sum(image.width for image in shown) + GAP * (len(shown) + 1)
    sheet = Image.new("RGB", (width, tallest + LABEL + GAP), GROUND)
    draw, left = ImageDraw.Draw(sheet), GAP
    font = ImageFont.load_default(LABEL - 10)
    for number, image in enumerate(shown, start=1):
        draw.text((left + image.width // 2, LABEL // 2), str(number), INK, font, anchor="mm")
        sheet.paste(image, (left, LABEL))
        left += image.width + GAP
    sheet.thumbnail((WIDEST, sheet.height))
    return sheet


def differences(first: Image.Image, second: Image.Image) -> list[tuple[int, int, int, int]]:
    """List the boxes in which two pictures of one size differ; none where that is nearly all."""
    if first.size != second.size:
        return []
    changed = ImageChops.difference(first, second).convert("L").point(lambda v: 255 * (v > LEAST))
    cell = max(1, max(first.size) // GRID)
    columns, rows = -(-first.width // cell), -(-first.height // cell)
    cells = {
        (column, row)
        for column in range(columns)
        for row in range(rows)
        if changed.crop(_box(column, row, column, row, cell, first.size)).getbbox()
    }
    if len(cells) > columns * rows // 2:
        return []
    return [_around(group, cell, first.size) for group in _groups(cells)]


def _groups(cells: set[tuple[int, int]]) -> list[set[tuple[int, int]]]:
    """Put cells that touch each other, if only at a corner, together."""
    groups = []
    left = set(cells)
    while left:
        group, edge = set(), {left.pop()}
        while edge:
            group |= edge
            around = {
                (column + right, row + down)
                for column, row in edge
                for right in (-1, 0, 1)
                for down in (-1, 0, 1)
            }
            edge = around & left
            left -= edge
        groups.append(group)
    return sorted(groups, key=min)


def _around(
    group: set[tuple[int, int]], cell: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    columns, rows = zip(*group, strict=True)
    return _box(min(columns), min(rows), max(columns), max(rows), cell, size)


def _box(
    left: int, top: int, right: int, bottom: int, cell: int, size: tuple[int, int]
) -> tuple[int, int, int, int]:
    """Return the pixels of a block of cells."""
    width, height = size
    return (
        left * cell,
        top * cell,
        min((right + 1) * cell, width),
        min((bottom + 1) * cell, height),
    )


def _marked(image: Image.Image, boxes: list[tuple[int, int, int, int]]) -> Image.Image:
    marked = image.copy()
    draw, line = ImageDraw.Draw(marked), max(2, max(image.size) // 200)
    for left, top, right, bottom in boxes:
        draw.rectangle((left, top, right - 1, bottom - 1), outline=MARK, width=line)
    return marked


def _scaled(image: Image.Image, tallest: int) -> Image.Image:
    width = max(1, round(image.width * tallest / image.height))
    return image.resize((width, tallest), Image.Resampling.LANCZOS)
