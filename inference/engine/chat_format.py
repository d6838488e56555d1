"""A conversation → the ids that the model reads, in its chat format."""

import json
from collections.abc import Iterator
from typing import Any

from tokenizers import Tokenizer

from inference.engine.prompt import PictureSpan, Prompt
from inference.errors import RequestTooLongError
from inference.interface import Message, Request, without_oldest_turn
from inference.phi3_vision.chat import WORDS, controls, outline
from inference.pictures import Picture

ASSISTANT = "<|assistant|>"
"""The white space after it is its own: to every tokenizer, an answer begins at once."""
Piece = list[int] | Picture
"""Ids, or a picture whose rows stand in their place."""


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
        self._id_of = tokenizer.convert_tokens_to_ids

    def prompt(self, request: Request, longest: int) -> Prompt:
        """Lay a request out in `longest` tokens, its answer included, with as many crops as fit.

        Before there are fewer crops, the answer's longest length shrinks as far as the request
        allows, and the words of all turns go but the last two questions'.
        Raises RequestTooLongError, or PictureTooThinError.
        """
        most = self._most_crops(request)
        pieces, crops = self._fitted(request, longest)
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
        return Prompt(
            tuple(ids),
            tuple(keys),
            tuple(spans),
            crops,
            fewer_crops=crops < most,
            max_new_tokens=min(request.max_new_tokens, longest - len(ids)),
        )

    def length(self, request: Request, longest: int) -> int:
        """Count the tokens of a request as `prompt` lays it out, its longest answer included."""
        length = self._length(*self._fitted(request, longest))
        return min(length + request.max_new_tokens, longest)

    def _pieces(self, messages: tuple[Message, ...]) -> Iterator[Piece]:
        words = iter([message.text for message in messages])
        pictures = [picture for message in messages for picture in message.pictures]
        for piece in outline((message.role, len(message.pictures)) for message in messages):
            if isinstance(piece, int):
                yield pictures[piece - 1]
            else:
                yield [self._bos, *self._ids(piece, words)]

    def _ids(self, text: str, words: Iterator[str]) -> Iterator[int]:
        for control, after in controls(text):
            said = after.replace(WORDS, next(words)) if WORDS in after else after
            if control:
                yield self._id_of(control)
            yield from self._tokens(said.lstrip() if control == ASSISTANT else said)

    def _tokens(self, text: str) -> list[int]:
        return self._text.encode(text, add_special_tokens=False).ids

    def _fitted(self, request: Request, longest: int) -> tuple[list[Piece], int]:
        """Return what of a conversation fits, and with how many crops."""
        most = self._most_crops(request)
        room = longest - (request.least_new_tokens or request.max_new_tokens)
        conversations = _shorter_and_shorter(request.messages)
        for place, messages in enumerate(conversations):
            pieces = list(self._pieces(messages))
            may_shrink = place >= len(conversations) - 2
            for crops in range(most, 0 if may_shrink else most - 1, -1):
                if self._length(pieces, crops) <= room:
                    return pieces, crops
        raise RequestTooLongError(
            "The conversation, its pictures and the longest answer do not fit the model's context."
        )

    def _length(self, pieces: list[Piece], crops: int) -> int:
        return sum(
            self._rows(piece, crops) if isinstance(piece, Picture) else len(piece)
            for piece in pieces
        )

    def _most_crops(self, request: Request) -> int:
        return min(request.crops, self._image_processor.max_crops or request.crops)

    def _rows(self, picture: Picture, crops: int) -> int:
        size = self._image_processor.hd_size(*picture.image.size, crops)
        rows: int = self._image_processor.num_image_tokens(size.padded_height, size.padded_width)
        return rows


def _shorter_and_shorter(messages: tuple[Message, ...]) -> list[tuple[Message, ...]]:
    conversations = [messages]
    while len(shorter := without_oldest_turn(conversations[-1])) < len(conversations[-1]):
        conversations.append(shorter)
    return conversations


def _key(picture: Picture, crops: int) -> int:
    return ~(int(picture.digest, 16) << 8 | crops)


def _without_control_tokens(tokenizer: Tokenizer) -> Tokenizer:
    fields = json.loads(tokenizer.to_str())
    fields["added_tokens"] = []
    fields["post_processor"] = None
    return Tokenizer.from_str(json.dumps(fields))
