"""A conversation → the ids that the model reads, in its chat format."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tokenizers import Tokenizer

from inference.decoder.step import Span
from inference.errors import RequestTooLongError
from inference.interface import Message, Request
from inference.pictures import Picture


@dataclass(frozen=True, slots=True)
class PictureSpan(Span):
    """Where a picture's rows stand, and which picture it is."""

    picture: Picture


@dataclass(frozen=True, slots=True)
class Prompt:
    """What the model reads before it answers."""

    ids: tuple[int, ...]
    keys: tuple[int, ...]
    """The ids, with each picture's key in place of its placeholders: equal keys, equal rows."""
    spans: tuple[PictureSpan, ...]
    crops: int
    """Most crops per picture."""
    fewer_crops: bool
    """Fewer than asked for and known to the model, since they would not fit."""


class ChatFormat:
    """Write conversations as the model was trained to read them.

    What people write is tokenised without control tokens, so it cannot end a turn or name a
    picture.
    """

    def __init__(self, processor: Any) -> None:
        tokenizer = processor.tokenizer
        self._image_processor = processor.image_processor
        self._text = _without_control_tokens(tokenizer.backend_tokenizer)
        self._bos: int = tokenizer.bos_token_id
        self._image: int = processor.image_token_id
        self._user, self._assistant, self._end = tokenizer.convert_tokens_to_ids(
            ["<|user|>", "<|assistant|>", "<|end|>"]
        )

    def prompt(self, request: Request, longest: int) -> Prompt:
        """Lay a request out in `longest` tokens, its answer included, with as many crops as fit.

        Raises RequestTooLongError, or PictureTooThinError.
        """
        pieces = list(self._pieces(request.messages))
        most = min(request.crops, self._image_processor.max_crops or request.crops)
        crops = self._crops_that_fit(pieces, most, longest - request.max_new_tokens)
        ids: list[int] = []
        keys: list[int] = []
        spans = []
        for piece in pieces:
            if isinstance(piece, Picture):
                rows = self._rows(piece, crops)
                span = PictureSpan(_key(piece, crops), len(ids), len(ids) + rows, piece)
                spans.append(span)
                ids += [self._image] * rows
                keys += [span.key] * rows
            else:
                ids += piece
                keys += piece
        return Prompt(tuple(ids), tuple(keys), tuple(spans), crops, fewer_crops=crops < most)

    def length(self, request: Request, longest: int) -> int:
        """Count the tokens of a request as `prompt` lays it out, its longest answer included."""
        pieces = list(self._pieces(request.messages))
        most = min(request.crops, self._image_processor.max_crops or request.crops)
        crops = self._crops_that_fit(pieces, most, longest - request.max_new_tokens)
        return self._length(pieces, crops) + request.max_new_tokens

    def _pieces(self, messages: tuple[Message, ...]) -> Iterator[list[int] | Picture]:
        yield [self._bos]
        for message in messages:
            if message.role == "user":
                yield [self._user]
                for picture in message.pictures:
                    yield self._tokens("\n")
                    yield picture
                    yield [self._bos]  # the original tokenises the text after a picture anew
                yield self._tokens("\n" + message.text)
            else:
                yield [self._assistant, *self._tokens(message.text.lstrip())]
            yield [self._end, *self._tokens("\n")]
        yield [self._assistant]

    def _tokens(self, text: str) -> list[int]:
        return self._text.encode(text, add_special_tokens=False).ids

    def _crops_that_fit(self, pieces: list[list[int] | Picture], most: int, room: int) -> int:
        for crops in range(most, 0, -1):
            if self._length(pieces, crops) <= room:
                return crops
        raise RequestTooLongError(
            "The conversation, its pictures and the longest answer do not fit the model's context."
        )

    def _length(self, pieces: list[list[int] | Picture], crops: int) -> int:
        return sum(
            self._rows(piece, crops) if isinstance(piece, Picture) else len(piece)
            for piece in pieces
        )

    def _rows(self, picture: Picture, crops: int) -> int:
        size = self._image_processor.hd_size(*picture.image.size, crops)
        rows: int = self._image_processor.num_image_tokens(size.padded_height, size.padded_width)
        return rows


def _key(picture: Picture, crops: int) -> int:
    return ~(int(picture.digest, 16) << 8 | crops)


def _without_control_tokens(tokenizer: Tokenizer) -> Tokenizer:
    fields = json.loads(tokenizer.to_str())
    fields["added_tokens"] = []
    fields["post_processor"] = None
    return Tokenizer.from_str(json.dumps(fields))
