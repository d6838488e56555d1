"""A request → a sequence: its prompt laid out, its pictures cut. Runs beside the model's thread."""

import time
from typing import Any

from inference.decoder.vision import TiledPicture
from inference.engine.chat_format import ChatFormat
from inference.engine.features import FeatureCache
from inference.engine.prompt import PictureSpan
from inference.engine.sequence import Clock, Sequence
from inference.engine.transcript import Transcript, Vocabulary
from inference.errors import DeadlinePassedError
from inference.interface import Request


class Preparation:
    """Prepare requests for the worker; none longer than `longest` tokens, answer included."""

    def __init__(
        self, processor: Any, vocabulary: Vocabulary, features: FeatureCache, longest: int
    ) -> None:
        self._format = ChatFormat(processor)
        self._image_processor = processor.image_processor
        self._vocabulary = vocabulary
        self._features = features
        self._longest = longest

    def length(self, request: Request) -> int:
        """Count the tokens of a request, its longest answer included; raises RequestTooLongError
        or PictureTooThinError."""
        return self._format.length(request, self._longest)

    def sequence(self, request: Request, arrived: float) -> Sequence:
        """Lay out the prompt and cut the pictures whose rows are not known.

        Raises RequestTooLongError, PictureTooThinError or DeadlinePassedError before that.
        """
        began = time.monotonic()
        if request.deadline is not None and began >= request.deadline:
            raise DeadlinePassedError("The deadline passed before the first token.")
        prompt = self._format.prompt(request, self._longest)
        known = {span.key: self._features.get(span.key) for span in prompt.spans}
        unknown = {span.key: span for span in prompt.spans if known[span.key] is None}
        transcript = Transcript(
            self._vocabulary,
            max_new_tokens=prompt.max_new_tokens,
            stop=request.stop,
            loop_rounds=request.loop_rounds,
        )
        return Sequence(
            request,
            prompt,
            transcript,
            tiled={key: self._cut(span, prompt.crops) for key, span in unknown.items()},
            rows={key: rows for key, rows in known.items() if rows is not None},
            clock=Clock(arrived, preparation=time.monotonic() - began),
        )

    def _cut(self, span: PictureSpan, crops: int) -> TiledPicture:
        pixels = self._image_processor.pixels(span.picture.image, crops)
        height, width, _ = pixels.shape
        side = self._image_processor.crop_size
        return TiledPicture(span.key, pixels, height // side, width // side)
