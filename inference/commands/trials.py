"""Questions about drawn pictures to try a model with, and the words that a right answer has."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from PIL import Image, ImageDraw, ImageFont

from inference import DEMO, EngineSettings, decode_picture

DEMO_SEED = 3
"""Of the small model's pictures: the same ones in every report."""
REVENUE = {"2021": 10.6, "2022": 15.0, "2023": 47.5, "2024": 115.2}


@dataclass(frozen=True)
class Trial:
    """A question about drawn pictures, and the words that a right answer has."""

    title: str
    task: str
    question: str
    draw: Callable[[], tuple[Image.Image, ...]]
    words: tuple[str, ...]

    def missing_in(self, answer: str) -> list[str]:
        """List the expected words that an answer lacks."""
        return [word for word in self.words if word.casefold() not in answer.casefold()]


def trials_for(settings: EngineSettings) -> tuple[Trial, ...]:
    """Return the trials of a model; the small one is shown pictures that it can know."""
    return _demo_trials() if settings.source == DEMO else TRIALS


def wording_trials_for(settings: EngineSettings) -> tuple[Trial, ...]:
    """Return three trials whose tasks each kind of model is asked in words of its own."""
    if settings.source == DEMO:
        return tuple(replace(t, task="describe", question="") for t in _demo_trials())
    chart, cover, teams = TRIALS
    return (
        replace(chart, title="Write a chart as a table", task="table", question="", words=VALUES),
        replace(cover, title="Copy a cover", task="ocr", question=""),
        teams,
    )


def _demo_trials() -> tuple[Trial, ...]:
    from inference import sample_pictures  # they take numpy, which nothing else does here

    return tuple(
        Trial(
            sample.filename, "ask", sample.question, partial(_decoded, sample.png), (sample.answer,)
        )
        for sample in sample_pictures(DEMO_SEED)
    )


def _decoded(file: bytes) -> tuple[Image.Image, ...]:
    return (decode_picture(file).image,)


def _chart() -> tuple[Image.Image, ...]:
    image = Image.new("RGB", (960, 640), "white")
    draw = ImageDraw.Draw(image)
    draw.text((480, 50), "Data Center Revenue", "black", ImageFont.load_default(44), "mm")
    draw.text((480, 100), "in billion dollars", "dimgray", ImageFont.load_default(26), "mm")
    draw.line((100, 560, 880, 560), "black", 3)
    for index, (year, value) in enumerate(REVENUE.items()):
        left, top = 140 + index * 190, 560 - int(value * 3.4)
        draw.rectangle((left, top, left + 120, 560), "seagreen")
        draw.text((left + 60, top - 22), f"{value}", "black", ImageFont.load_default(30), "mm")
        draw.text((left + 60, 592), year, "black", ImageFont.load_default(30), "mm")
    return (image,)


def _cover() -> tuple[Image.Image, ...]:
    image = Image.new("RGB", (600, 900), "midnightblue")
    draw = ImageDraw.Draw(image)
    draw.ellipse((330, 520, 470, 660), "lightyellow")
    draw.text((300, 250), "ALONE", "white", ImageFont.load_default(130), "mm")
    draw.text((300, 400), "a novel", "lightgray", ImageFont.load_default(40), "mm")
    draw.text((300, 800), "Morgan Maxwell", "white", ImageFont.load_default(58), "mm")
    return (image,)


def _teams() -> tuple[Image.Image, ...]:
    return _team("TEAM A", "crimson", 3), _team("TEAM B", "royalblue", 5)


def _team(name: str, colour: str, players: int) -> Image.Image:
    image = Image.new("RGB", (840, 560), "palegreen")
    draw = ImageDraw.Draw(image)
    draw.text((420, 70), name, "black", ImageFont.load_default(64), "mm")
    for player in range(players):
        x = 420 + int((player - (players - 1) / 2) * 150)
        draw.ellipse((x - 32, 180, x + 32, 244), "peachpuff", "black", 3)
        draw.rounded_rectangle((x - 46, 250, x + 46, 430), 18, colour, "black", 3)
    return image


TRIALS = (
    Trial(
        "Describe a chart",
        "ask",
        "Describe this chart: its title, its highest value and the year of that value.",
        _chart,
        ("data center", "115.2", "2024"),
    ),
    Trial(
        "Read a cover",
        "ask",
        "What is the title of this book, and who is its author?",
        _cover,
        ("alone", "morgan maxwell"),
    ),
    Trial(
        "Compare two pictures",
        "compare",
        "",
        _teams,
        ("team a", "team b", "red", "blue"),
    ),
)

VALUES = tuple(str(part) for year in REVENUE.items() for part in year)
