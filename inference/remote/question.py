"""A request → what an OpenAI-compatible server is asked."""

import base64
import hashlib
import io
import re
import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from PIL import Image

from inference.hd_size import hd_size
from inference.interface import Message, Request, without_oldest_turn
from inference.pictures import Picture
from inference.remote.server import Server

FEWER_CROPS = (4, 1)
"""Looks that are tried where a question does not fit; each halves a picture's sides at least."""

_CONTROL = re.compile(
    r"<(?=\|"  # <|end|>, <|image_1|>, <|im_start|> …
    r"|/?(?:s|unk|pad|bos|eos|image|img|video|audio|think|__media__|\w+_of_\w+)>)"
    r"|\[(?=/?(?:INST|IMG|IMG_BREAK|IMG_END)\])",
    re.IGNORECASE,
)
_TRANSPOSE = Image.Transpose.TRANSPOSE


@dataclass(frozen=True, slots=True)
class Asking:
    """A request as it is asked: as it stands, or with a less close look so that it fits."""

    messages: tuple[Message, ...]
    crops: int


def askings(request: Request) -> Iterator[Asking]:
    """List how a request can be asked, each needing less room: first old turns lose their words."""
    messages = request.messages
    yield Asking(messages, request.crops)
    while len(shorter := without_oldest_turn(messages)) < len(messages):
        messages = shorter
        yield Asking(messages, request.crops)
    if any(message.pictures for message in messages):
        for crops in FEWER_CROPS:
            if crops < request.crops:
                yield Asking(messages, crops)


class Phrasing:
    """Writes what servers are asked, with what this process alone knows of privacy."""

    def __init__(self, extra: dict[str, Any] | None = None) -> None:
        self._extra = extra or {}
        self._secret = secrets.token_bytes(16)

    def forget(self) -> None:
        """See to it that no server finds again what it keeps of all that was asked before."""
        self._secret = secrets.token_bytes(16)

    def body(self, server: Server, request: Request, asking: Asking) -> dict[str, Any]:
        """Write the fields of a chat completion. Takes a while: pictures are encoded.

        Raises PictureTooThinError.
        """
        body: dict[str, Any] = {
            "model": server.served.name,
            "messages": [_message(message, asking.crops) for message in asking.messages],
            "max_tokens": min(request.max_new_tokens, (server.served.context or sys.maxsize) // 2),
            "temperature": request.sampling.temperature,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        if request.sampling.temperature > 0:
            body |= {"top_p": request.sampling.top_p, "seed": request.sampling.seed}
        more = self._for_vllm(server, request, asking) if server.served.by_vllm else {}
        return body | {"extra_body": more | self._extra}

    def _for_vllm(self, server: Server, request: Request, asking: Asking) -> dict[str, Any]:
        fields: dict[str, Any] = {"cache_salt": self._salt(request.scope)}
        if server.served.is_phi3:
            if not any(message.pictures for message in asking.messages):
                fields["add_special_tokens"] = True  # with pictures it begins so by itself
            elif server.takes_crops:
                fields["mm_processor_kwargs"] = {"num_crops": asking.crops}
        return fields

    def _salt(self, scope: str | None) -> str:
        """Name a scope so that equal scopes share what is cached, and nobody learns whose it is."""
        if scope is None:
            return secrets.token_hex(16)
        return hashlib.blake2b(scope.encode(), key=self._secret, digest_size=16).hexdigest()


def broken_up(text: str) -> str:
    """Break up what servers would read as control tokens, so that what people type stays text."""
    return _CONTROL.sub(lambda match: f"{match[0]} ", text)


def _message(message: Message, crops: int) -> dict[str, Any]:
    text = broken_up(message.text)
    if not message.pictures:
        return {"role": message.role, "content": text}
    pictures = [
        {"type": "image_url", "image_url": {"url": _data_url(picture, crops)}}
        for picture in message.pictures
    ]
    return {"role": message.role, "content": [*pictures, {"type": "text", "text": text}]}


def _data_url(picture: Picture, crops: int) -> str:
    file = io.BytesIO()
    _scaled(picture.image, crops).save(file, "PNG", compress_level=1)
    return f"data:image/png;base64,{base64.b64encode(file.getvalue()).decode()}"


def _scaled(image: Image.Image, crops: int) -> Image.Image:
    """Scale a picture down to what the model sees of it, as its image processor would."""
    if image.width < image.height:  # on its side: Pillow's two passes do not commute
        return _scaled(image.transpose(_TRANSPOSE), crops).transpose(_TRANSPOSE)
    size = hd_size(*image.size, crops)
    if size.resized_width >= image.width:
        return image
    return image.resize((size.resized_width, size.resized_height), Image.Resampling.BILINEAR)
