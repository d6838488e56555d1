"""Where in a message a person would mean the picture."""

from collections.abc import Callable, Iterable

import discord

Content = discord.Message | discord.MessageSnapshot
"""What can carry pictures: a message, or the copy of one that was forwarded."""


def pictures_of(message: discord.Message) -> tuple[str, ...]:
    """List the links of the pictures that a message means: the first place that has any."""
    for place in _PLACES:
        if links := tuple(place(message)):
            return links
    return ()


def _own(message: discord.Message) -> Iterable[str]:
    return _carried_by(message)


def _forwarded(message: discord.Message) -> Iterable[str]:
    return (link for snapshot in message.message_snapshots for link in _carried_by(snapshot))


def _replied_to(message: discord.Message) -> Iterable[str]:
    original = message.reference.resolved if message.reference else None
    if isinstance(original, discord.Message):
        yield from _carried_by(original)
        yield from _forwarded(original)


_PLACES: tuple[Callable[[discord.Message], Iterable[str]], ...] = (_own, _forwarded, _replied_to)


def _carried_by(content: Content) -> Iterable[str]:
    yield from attached(content.attachments)
    for embed in content.embeds:
        if link := embed.image.proxy_url or embed.thumbnail.proxy_url:
            yield link
    for sticker in content.stickers:
        if sticker.format is not discord.StickerFormatType.lottie:
            yield sticker.url


def attached(attachments: Iterable[discord.Attachment]) -> Iterable[str]:
    """List the links of attached pictures; of all attachments where none says it is a picture."""
    attachments = list(attachments)
    pictures = [file for file in attachments if (file.content_type or "").startswith("image/")]
    return [file.url for file in pictures or attachments]
