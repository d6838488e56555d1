"""What plain transformers answers: the judge of the engine and of the bot's stories."""

from codecs import getincrementaldecoder
from itertools import takewhile
from pathlib import Path

import torch
from transformers import AutoModelForImageTextToText, AutoProcessor

import inference.phi3_vision  # noqa: F401  (registers phi3_v)
from inference import Request
from inference.engine.local import vocabulary_of


class Oracle:
    """Ask a checkpoint through `generate`, greedily, in float32, one request at a time."""

    def __init__(self, folder: Path) -> None:
        self.processor = AutoProcessor.from_pretrained(folder)
        self.model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32)
        self._ends = sorted(vocabulary_of(self.model, self.processor).ends)

    def tokens(self, request: Request) -> list[int]:
        """Return the ids that the model answers with, the stopping one included."""
        pictures = [picture.image for message in request.messages for picture in message.pictures]
        inputs = self.processor(
            pictures or None,
            self.prompt(request),
            num_crops=request.crops,
            return_tensors="pt",
        )
        with torch.inference_mode():
            output = self.model.generate(
                **inputs,
                max_new_tokens=request.max_new_tokens,
                do_sample=False,
                eos_token_id=self._ends,
            )
        return output[0, inputs["input_ids"].shape[1] :].tolist()

    def answer(self, request: Request) -> str:
        """Return the text that the model answers with, less a character that was cut in two."""
        tokens = self.tokens(request)
        return self.processor.decode(tokens[: self._whole(tokens)], skip_special_tokens=True)

    def prompt(self, request: Request) -> str:
        """Write the request as a prompt in the model's chat format."""
        conversation = [
            {
                "role": message.role,
                "content": [{"type": "image"} for _ in message.pictures]
                + [{"type": "text", "text": message.text}],
            }
            for message in request.messages
        ]
        return self.processor.apply_chat_template(conversation, add_generation_prompt=True)

    def _whole(self, tokens: list[int]) -> int:
        pieces = self.processor.tokenizer.convert_ids_to_tokens(tokens)
        run = list(takewhile(lambda piece: piece.startswith("<0x"), reversed(pieces)))[::-1]
        data = bytes(int(piece[3:5], 16) for piece in run)
        try:
            text = getincrementaldecoder("utf-8")().decode(data)
        except UnicodeDecodeError:
            return len(tokens)
        return len(tokens) - len(data) + len(text.encode())
