"""Where in a message a person means the picture, by what the message itself says.

What Discord has not said yet, `search` asks for.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

import discord

from bot.errors import DeclinedError
from bot.locales import sentences as s
from bot.pictures.copies import COMPARED
from bot.pictures.fetch import MAX_BYTES, is_discords
from bot.pictures.links import has_expired, links_in, name_of, path_of, spoiled
from inference import claims_picture

Content = discord.Message | discord.MessageSnapshot
"""What can carry pictures: a message, or the copy of one that was forwarded."""

_AVATAR = re.compile(
    r"\b(?:avatar|pfp|profile (?:pic|picture|photo)|profilbilde?)\b|アバター|头像|頭像",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class File:
    """A file in a message, as far as Discord tells."""

    link: str
    name: str
    is_picture: bool | None = True
    """As it calls itself; None where only its first bytes will tell."""
    size: int | None = None
    """In bytes; None where Discord does not say."""
    is_spoiler: bool = False
    alt: str | None = None
    """What is on it, for who cannot see it."""

    @property
    def is_too_large(self) -> bool:
        """Tell whether it is larger than what is fetched."""
        return self.size is not None and self.size > MAX_BYTES


@dataclass(frozen=True, slots=True)
class Finding:
    """The pictures that are meant, and the files beside them that cannot be looked at."""

    pictures: tuple[File, ...] = ()
    unusable: tuple[File, ...] = ()
    jump_url: str | None = None
    """Of the message that was chosen, where the asker pointed to none."""

    def __bool__(self) -> bool:
        return bool(self.pictures)

    @property
    def links(self) -> tuple[str, ...]:
        """List where the pictures are."""
        return tuple(picture.link for picture in self.pictures)

    @property
    def is_spoiler(self) -> bool:
        """Tell whether any of the pictures is covered."""
        return any(picture.is_spoiler for picture in self.pictures)

    def raise_if_unusable(self) -> None:
        """Raise DeclinedError where there are files, and none that can be looked at."""
        if self.pictures or not self.unusable:
            return
        if any(file.is_too_large and file.is_picture is not False for file in self.unusable):
            raise DeclinedError(s.FILE_TOO_LARGE, most=MAX_BYTES // 1024**2)
        raise DeclinedError(s.NOT_A_PICTURE)


def pictures_in(message: discord.Message, original: discord.Message | None = None) -> Finding:
    """Find the pictures that a message means: those of the first place that has any.

    `original` is the message that is replied to, where more is known of it than came along. What
    is found where there is no picture is what stands in the way: files that are none.
    """
    original = original or replied_to(message)
    places = [tuple(place(message, original)) for place in _PLACES]
    for wanted in (True, None):
        for files in places:
            if any(file.is_picture is wanted for file in files):
                return _sort(files)
    return _sort(next(filter(None, places), ()))


def own_pictures(message: discord.Message) -> Finding:
    """Find the pictures that a message itself carries."""
    return _sort(_first(message, (_own, _stickers, _components)))


def pictures_among(attachments: Iterable[discord.Attachment]) -> Finding:
    """Find the pictures among the attachments of a command."""
    return _sort(tuple(map(_attached, attachments)))


def avatar(person: discord.User | discord.Member) -> File:
    """Find the picture by which others know a person."""
    asset = person.display_avatar.replace(size=1024, static_format="png")
    return File(asset.url, f"{person.display_name}.png")


def avatar_meant(message: discord.Message, me: discord.abc.User | None) -> Finding:
    """Find the avatar that is asked about: of whom the message mentions besides us, or its own."""
    if not _AVATAR.search(message.content):
        return Finding()
    others = (person for person in message.mentions if person != me)
    return Finding((avatar(next(others, message.author)),))


def replied_to(message: discord.Message) -> discord.Message | None:
    """Tell which message is replied to, where it came along and is not deleted."""
    original = message.reference.resolved if message.reference else None
    return original if isinstance(original, discord.Message) else None


def _sort(files: tuple[File, ...]) -> Finding:
    """Keep what can be looked at apart from what cannot."""
    usable = tuple(file for file in files if file.is_picture is not False and not file.is_too_large)
    return Finding(usable, tuple(file for file in files if file not in usable))


Original = discord.Message | None


def _own(message: Content, _: Original = None) -> Iterator[File]:
    yield from (_attached(each) for each in message.attachments if not _is_sheet(each))
    yield from _pasted(message)


def _stickers(message: Content, _: Original = None) -> Iterator[File]:
    for sticker in message.stickers:
        if sticker.format is not discord.StickerFormatType.lottie:
            yield File(sticker.url, sticker.name)


def _components(message: Content, _: Original = None) -> Iterator[File]:
    for component in message.components:
        yield from _media(component)


def _replied_to(_: discord.Message, original: Original) -> Iterator[File]:
    """List what the message replied to shows; it may be a reply itself."""
    if original:
        further = partial(_replied_to, original=replied_to(original))
        yield from _first(original, (_own, _stickers, _components, _forwarded, _previews, further))


def _forwarded(message: discord.Message, _: Original = None) -> Iterator[File]:
    for snapshot in message.message_snapshots:
        yield from _first(snapshot, (_own, _stickers, _components, _previews))


def _previews(message: Content, _: Original = None) -> Iterator[File]:
    covered = spoiled(message.content)
    in_the_open = {*links_in(message.content)} - covered
    for embed in message.embeds:
        if link := embed.image.proxy_url or embed.thumbnail.proxy_url:
            # A short link is embedded under the address that it leads to.
            is_spoiler = bool(covered) and embed.url not in in_the_open
            yield File(link, name_of(embed.url or link), is_spoiler=is_spoiler)


_PLACES: tuple[Callable[[discord.Message, Original], Iterable[File]], ...] = (
    _own,
    _stickers,
    _components,
    _replied_to,
    _forwarded,
    _previews,
)


def _first(content: object, places: Iterable[Callable[..., Iterable[File]]]) -> tuple[File, ...]:
    """List the files of the first place that has a picture, or else of the first with files."""
    found = [tuple(place(content)) for place in places]
    with_picture = (files for files in found if any(file.is_picture for file in files))
    return next(with_picture, next(filter(None, found), ()))


def _is_sheet(attachment: discord.Attachment) -> bool:
    """Tell whether a file shows nothing but the pictures beside it once more."""
    return attachment.filename.removeprefix("SPOILER_") == COMPARED


def _attached(attachment: discord.Attachment) -> File:
    return File(
        attachment.url,
        attachment.filename,
        claims_picture(attachment.content_type, attachment.filename),
        attachment.size,
        attachment.is_spoiler(),
        attachment.description,
    )


def _pasted(content: Content) -> Iterator[File]:
    """List what is on Discord's own hosts, as “Copy link” gives it; by a fresh link, if known."""
    covered = spoiled(content.content)
    fresh = {path_of(e.url): e.image.proxy_url or e.thumbnail.proxy_url for e in content.embeds}
    for link in links_in(content.content):
        if not (is_discords(link) and claims_picture(None, name_of(link))):
            continue
        if known := fresh.get(path_of(link)) or (None if has_expired(link) else link):
            yield File(known, name_of(link), is_spoiler=link in covered)


def _media(component: object, *, is_spoiler: bool = False) -> Iterator[File]:
    """List the pictures that a component shows, those within it included."""
    is_spoiler = is_spoiler or bool(getattr(component, "spoiler", False))
    match component:
        case discord.FileComponent(media=media, name=name, size=size):
            yield _shown(media, name or name_of(media.url), size, is_spoiler=is_spoiler)
        case discord.ThumbnailComponent(media=media) | discord.MediaGalleryItem(media=media):
            yield _shown(media, name_of(media.url), is_spoiler=is_spoiler)
        case discord.MediaGalleryComponent():
            for item in component.items:
                yield from _media(item, is_spoiler=is_spoiler)
        case discord.SectionComponent():
            yield from _media(component.accessory, is_spoiler=is_spoiler)
        case discord.Container():
            for child in component.children:
                yield from _media(child, is_spoiler=is_spoiler)


def _shown(
    media: discord.UnfurledMediaItem, name: str, size: int | None = None, *, is_spoiler: bool
) -> File:
    link = media.url if is_discords(media.url) else media.proxy_url or media.url
    return File(link, name, claims_picture(media.content_type, name), size, is_spoiler)
