"""The links in a text: which are Discord's, which are covered, which have run out."""

import re
from pathlib import PurePosixPath

import discord
from yarl import URL

_LINK = re.compile(r"https?://[^\s<>|。、，！？；：…「」『』（）【】《》“”]+")
_AFTER_LINKS = ".,;:!?)]}*_'\""
_EMPTY = re.compile(r"\|\|\s*\|\||<\s*>|\(\s*\)")
_SPOILED = re.compile(r"\|\|.+?\|\|", re.DOTALL)


def links_in(text: str) -> list[str]:
    """List the links in a text, each once, without the punctuation that follows them."""
    return list(dict.fromkeys(link.rstrip(_AFTER_LINKS) for link in _LINK.findall(text)))


def without_links(text: str) -> str:
    """Leave the links out of a text, and what was put around them alone."""
    for link in sorted(links_in(text), key=len, reverse=True):  # one may begin as another does
        text = text.replace(link, "")
    return " ".join(_EMPTY.sub(" ", text).split())


def has_expired(link: str) -> bool:
    """Tell whether a signed link has run out; its `ex` is a time in hexadecimal."""
    until = URL(link, encoded=True).query.get("ex", "")
    return (
        bool(re.fullmatch(r"[0-9a-f]{1,12}", until))
        and int(until, 16) <= discord.utils.utcnow().timestamp()
    )


def spoiled(text: str) -> set[str]:
    """List the links that a text covers."""
    return {link for part in _SPOILED.findall(text) for link in links_in(part)}


def name_of(link: str) -> str:
    """Name the file that a link leads to."""
    return PurePosixPath(path_of(link)).name


def path_of(link: str | None) -> str:
    """Return the path of a link; empty where it cannot be read."""
    try:
        return URL(link or "", encoded=True).raw_path
    except ValueError:
        return ""
