"""Strangers: pictures of a great many sorts that are all outside."""

from inference.demo.strangers.anything import ANYTHING
from inference.demo.strangers.graphs import GRAPHS
from inference.demo.strangers.photographs import PHOTOGRAPHS
from inference.demo.strangers.screens import SCREENS
from inference.demo.strangers.sheet import Paint
from inference.demo.strangers.sketches import SKETCHES
from inference.demo.strangers.textures import TEXTURES
from inference.demo.strangers.things import THINGS

STRANGERS: dict[str, Paint] = (
    GRAPHS | SCREENS | SKETCHES | TEXTURES | THINGS | PHOTOGRAPHS | ANYTHING
)
STRANGERS_HELD_OUT = (
    "candlesticks",
    "radar chart",
    "family tree",
    "home screen",
    "falling blocks",
    "boat",
    "flowers",
    "comic",
    "honeycomb",
    "dominoes",
    "piano",
    "maze",
    "room",
)
