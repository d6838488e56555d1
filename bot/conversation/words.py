"""What a person's message asks."""

import re
from collections.abc import Sequence

import discord

from bot.pictures.links import without_links
from inference import TASKS

_MARKS = re.compile(r":\w+:|[^\w\s'’]")
_EMOJI = re.compile(r"<a?(:\w+:)\d+>")
_NAMED = re.compile(r"<(?P<kind>@&|@!?|#)(?P<number>\d{1,20})>")
_THANKS = frozenset(
    """
    thanks|thank you|thank you so much|thank you very much|thanks a lot|many thanks|thx|ty|tysm
    ok|okay|cool|great|nice|perfect|awesome|wow|lol|haha|got it|good bot
    danke|danke schön|dankeschön|vielen dank|super|toll|alles klar
    merci|merci beaucoup|génial|parfait|d'accord
    gracias|muchas gracias|genial|perfecto|vale
    obrigado|obrigada|muito obrigado|muito obrigada|valeu|legal|perfeito
    mulțumesc|mulțumesc mult|multumesc|mersi|perfect
    takk|tusen takk|mange takk|flott|supert
    ありがとう|ありがとうございます|どうも|了解|なるほど
    谢谢|多谢|感谢|好的|謝謝|多謝|感謝|太棒了
    """.replace("\n", "|")
    .replace("    ", "")
    .split("|")
)
"""What asks for nothing, whatever it stands for: in each of our languages the commonest few."""


def words_of(messages: Sequence[discord.Message], me: discord.abc.User | None) -> str:
    """Tell what messages say, one after the other, as people read it, without mentions of us."""
    return " ".join(filter(None, (_words(message, me) for message in messages)))


def as_read(text: str, guild: discord.Guild | None) -> str:
    """Write what somebody types into a command or a form as people read it.

    Discord does not say there who is mentioned, and shows whom it cannot name in the same way.
    """

    def name(mention: re.Match[str]) -> str:
        number = int(mention["number"])
        if mention["kind"] == "#":
            place = guild.get_channel_or_thread(number) if guild else None
            return f"#{place.name}" if place else "#unknown"
        role = guild.get_role(number) if guild and mention["kind"] == "@&" else None
        return f"@{role.name}" if role else "@unknown-user"

    return _NAMED.sub(name, _EMOJI.sub(r"\1", text))


def asks(words: str) -> tuple[str, str]:
    """Tell the task and the question of some words: a task's name alone asks for that."""
    first, _, rest = words.partition(" ")
    verb = first.lower().strip(".:!?,")
    if verb in TASKS and (not rest or verb == "ask"):
        return verb, rest
    return "ask" if words else "describe", words


def is_thanks(words: str) -> bool:
    """Tell whether words need no answer: thanks and the like, or no word at all but a smile."""
    if not words or words.endswith(("?", "？")):
        return False
    plain = " ".join(_MARKS.sub(" ", words.casefold()).split())
    return not plain or plain in _THANKS


def our_role(message: discord.Message) -> discord.Role | None:
    """Find the role that came with us, which Discord offers under our very name."""
    if message.guild is None:
        return None
    return next((role for role in message.guild.me.roles if role.managed), None)


def _words(message: discord.Message, me: discord.abc.User | None) -> str:
    us = [f"<@{me.id}>", f"<@!{me.id}>"] if me else []
    if role := our_role(message):
        us.append(role.mention)
    content = message.content
    for mention in us:
        content = content.replace(mention, " ")
    named = {person.mention: f"@{person.display_name}" for person in message.mentions}
    named |= {channel.mention: f"#{channel.name}" for channel in message.channel_mentions}
    named |= {role.mention: f"@{role.name}" for role in message.role_mentions}
    for mention, name in named.items():
        content = content.replace(mention, name).replace(mention.replace("<@", "<@!"), name)
    return without_links(_EMOJI.sub(r"\1", content))
