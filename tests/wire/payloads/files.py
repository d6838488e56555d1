"""Files, and the pictures that embeds and components show."""

import hashlib

from tests.wire.model import Attachment
from tests.wire.payloads.people import Payload

FILE_SIZE_LIMIT = 10 * 2**20
LINK_LIFE = 24 * 3600.0
"""Seconds that a signed link to a file works."""
CDN = "https://cdn.discordapp.com"
IMAGE_PROXY = "https://images-ext-1.discordapp.net"
PROXY = "https://media.discordapp.net"

IS_SPOILER = 1 << 3


def attachment(attachment: Attachment) -> Payload:
    """Describe a file with its signed addresses."""
    signed = _signed(attachment)
    payload: Payload = {
        "id": str(attachment.id),
        "filename": attachment.upload.filename,
        "size": len(attachment.upload.content),
        "url": CDN + signed,
        "proxy_url": PROXY + signed,
    }
    if attachment.upload.content_type:
        payload["content_type"] = attachment.upload.content_type
    if attachment.upload.size:
        payload["width"], payload["height"] = attachment.upload.size
    if attachment.upload.filename.startswith("SPOILER_"):
        payload["flags"] = IS_SPOILER
    if attachment.description:
        payload["description"] = attachment.description
    if attachment.ephemeral:
        payload["ephemeral"] = True
    return payload


def picture_embed(link: str, copy: Attachment) -> Payload:
    """Describe a stranger's picture of which Discord keeps a copy."""
    return {"type": "image", "url": link, "thumbnail": _thumbnail(link, copy)}


def preview_embed(link: str, copy: Attachment) -> Payload:
    """Describe a stranger's page, which has a picture of its own."""
    return {
        "type": "article",
        "url": link,
        "title": "A page",
        "thumbnail": _thumbnail(f"{link}/preview.png", copy),
    }


def gallery(*pictures: Attachment, spoiler: bool = False) -> Payload:
    """Describe a component that shows pictures."""
    items = [{"media": _media(each), "description": None, "spoiler": spoiler} for each in pictures]
    return {"type": 12, "id": 1, "items": items}


def thumbnail(picture: Attachment) -> Payload:
    """Describe a section of text that shows a picture beside it."""
    shown = {"type": 11, "id": 4, "media": _media(picture), "description": None, "spoiler": False}
    text = {"type": 10, "id": 3, "content": "A gull"}
    return {"type": 9, "id": 2, "components": [text], "accessory": shown}


def file_shown(picture: Attachment) -> Payload:
    """Describe a component that shows a file."""
    about = {"name": picture.upload.filename, "size": len(picture.upload.content)}
    return {"type": 13, "id": 5, "file": _media(picture), "spoiler": False, **about}


def seal(path: str, until: str) -> str:
    """Sign a file's address until a time, which is written in hexadecimal."""
    return hashlib.sha256(f"{path} {until}".encode()).hexdigest()


def _media(picture: Attachment) -> Payload:
    signed = _signed(picture)
    width, height = picture.upload.size or (None, None)
    return {
        "url": CDN + signed,
        "proxy_url": PROXY + signed,
        "width": width,
        "height": height,
        "content_type": picture.upload.content_type,
        "attachment_id": str(picture.id),
    }


def _thumbnail(link: str, copy: Attachment) -> Payload:
    width, height = copy.upload.size or (0, 0)
    proxy_url = IMAGE_PROXY + copy.path
    return {"url": link, "proxy_url": proxy_url, "width": width, "height": height}


def _signed(attachment: Attachment) -> str:
    until = f"{int(attachment.now() + LINK_LIFE):x}"
    return f"{attachment.path}?ex={until}&is={until}&hm={seal(attachment.path, until)}&"
