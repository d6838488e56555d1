"""Draw how the loss of a training went down."""

import csv
import math
from itertools import groupby
from pathlib import Path

from PIL import Image, ImageDraw

from inference.demo.colours import INK
from inference.demo.drawing import font
from inference.demo.train import LOSSES

WIDTH, HEIGHT, EDGE = 800, 400, 50
SMOOTHED = 20
"""Steps that one point of the line is the mean of."""
MARKS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
"""Losses that are named beside the axis."""
INKS = {"warm": (120, 120, 120), "see": (40, 150, 60), "speak": (45, 80, 210)}


def plot(folder: Path) -> Path:
    """Draw the losses of a training's stages, one behind the other; returns the picture's path."""
    rows = list(csv.reader((folder / LOSSES).read_text().splitlines()))
    stages = {
        stage: _smooth([float(loss) for *_, loss, _ in steps])
        for stage, steps in groupby(rows, key=lambda row: row[0])
    }
    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen, face = ImageDraw.Draw(image), font(14)
    top, bottom = max(map(max, stages.values())), min(map(min, stages.values()))
    steps = sum(map(len, stages.values()))

    def place(step: float, loss: float) -> tuple[float, float]:
        """Find a point's place; each loss that is a tenth stands equally far below."""
        across, up = step / steps, math.log(loss / bottom) / math.log(top / bottom)
        return EDGE + (WIDTH - 2 * EDGE) * across, HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * up

    pen.line([place(0, top), place(0, bottom), place(steps, bottom)], fill=INK)
    for mark in MARKS:
        if bottom <= mark <= top:
            pen.text(place(0, mark), f"{mark:g} ", INK, face, anchor="rm")
    done = 0
    for stage, losses in stages.items():
        points = [place(done + step, loss) for step, loss in enumerate(losses)]
        pen.line(points, fill=INKS[stage], width=2)
        done += len(losses)
        pen.text(place(done, bottom), f"{stage}: {len(losses)} steps", INK, face, anchor="rt")
    image.save(path := folder / "loss.png")
    return path


def _smooth(losses: list[float]) -> list[float]:
    """Take the mean of the last steps at each."""
    starts = (max(0, end - SMOOTHED) for end in range(1, len(losses) + 1))
    return [
        sum(losses[start:end]) / (end - start)
        for start, end in zip(starts, range(1, len(losses) + 1), strict=True)
    ]
