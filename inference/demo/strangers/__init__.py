"""Strangers: pictures of a great many sorts that are all outside."""

from inference.demo.strangers.graphs import GRAPHS
from inference.demo.strangers.sheet import Paint

STRANGERS: dict[str, Paint] = GRAPHS
STRANGERS_HELD_OUT = ("candlesticks", "radar chart", "family tree")
