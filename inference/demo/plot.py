"""Draw how the loss of a training went down."""

import csv
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw

from inference.demo.colours import INK
from inference.demo.drawing import font
from inference.demo.train import LOSSES

WIDTH, HEIGHT, EDGE = 800, 400, 50
SMOOTHED = 20
"""Steps that one point of the line is the mean of."""
INKS = {"see": (40, 150, 60), "speak": (45, 80, 210)}


def plot(folder: Path) -> Path:
    """Draw the losses of a training's stages, one behind the other; returns the picture's path."""
    rows = list(csv.reader((folder / LOSSES).read_text().splitlines()))
    stages = {
        stage: _smooth([float(loss) for *_, loss, _ in steps])
        for stage, steps in groupby(rows, key=lambda row: row[0])
    }
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen, face = ImageDraw.Draw(image), font(14)
    top = max(map(max, stages.values()))
    steps = sum(map(len, stages.values()))

    def place(step: float, loss: float) -> tuple[float, float]:
        across = EDGE + (WIDTH - 2 * EDGE) * step / steps
        return across, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * loss / top

    pen.line([place(0, top), place(0, 0), place(steps, 0)], fill=INK)
    for mark in range(5):
        pen.text(place(0, top * mark / 4), f"{top * mark / 4:.2f} ", INK, face, anchor="rm")
    done = 0
    for stage, losses in stages.items():
        points = [place(done + step, loss) for step, loss in enumerate(losses)]
        pen.line(points, fill=INKS[stage], width=2)
        done += len(losses)
        pen.text(place(done, 0), f"{stage}: {len(losses)} steps", INK, face, anchor="rt")
    image.save(path := folder / "loss.png")
    return path


def _smooth(losses: list[float]) -> list[float]:
    """Take the mean of the last steps at each."""
    starts = (max(0, end - SMOOTHED) for end in range(1, len(losses) + 1))
    return [
        sum(losses[start:end]) / (end - start)
        for start, end in zip(starts, range(1, len(losses) + 1), strict=True)
    ]
