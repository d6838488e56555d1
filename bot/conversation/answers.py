"""Read back from our own messages what they said, and what they were asked."""

import re
from collections.abc import Iterator, Sequence

import discord

from bot.replies.buttons import VERSION, task_of
from bot.replies.text import joined, uncover, unescape, unfence, unquote

_SMALL_PRINT = re.compile(r"(?:(?:\A|\n)-# [^\n]*)+\Z")
_POINTED_TO = re.compile(r"https://discord\.com/channels/(?:\d+|@me)/(\d+)/(\d+)")


def is_finished(message: discord.Message) -> bool:
    """Tell whether a message of ours is the last word: what can be cancelled still grows."""
    return not any(number.startswith("cancel:") for number in _buttons(message))


def has_words(answer: Sequence[discord.Message]) -> bool:
    """Tell whether an answer is the model's, about which more can be asked, and no excuse."""
    numbers = (number for message in answer for number in _buttons(message))
    return any(number.startswith(f"{VERSION}:more:") for number in numbers)


def is_of_command(message: discord.Message) -> bool:
    """Tell whether a message of ours answers a command, whose question stands nowhere else."""
    return bool(message.interaction_metadata or quoted(message) or task_of(message))


def is_further(message: discord.Message) -> bool:
    """Tell whether a message of ours that replies to ours goes on with it: nothing is under it."""
    return not (message.components or message.attachments or message.interaction_metadata)


def said(answer: Sequence[discord.Message]) -> str:
    """Return the words of an answer, as the model has said them."""
    text = joined([_parts(message)[1] for message in answer])
    inside = unfence(text)
    return inside if inside != text else unescape(text)


def quoted(message: discord.Message) -> str:
    """Return the question that an answer to a command quotes, if any."""
    return _parts(message)[0]


def pointed_to(message: discord.Message) -> tuple[int, int] | None:
    """Tell the channel and the message whose picture was taken, where small print says so."""
    small_print = _SMALL_PRINT.search(uncover(unquote(message.content)[1]))
    link = _POINTED_TO.search(small_print[0]) if small_print else None
    return (int(link[1]), int(link[2])) if link else None


def _parts(message: discord.Message) -> tuple[str, str]:
    """Return what a message of ours quotes, and its text without cover and small print."""
    question, text = unquote(message.content)
    return question, uncover(_SMALL_PRINT.sub("", uncover(text)))


def _buttons(message: discord.Message) -> Iterator[str]:
    for row in message.components:
        for item in getattr(row, "children", ()):
            yield getattr(item, "custom_id", None) or ""
