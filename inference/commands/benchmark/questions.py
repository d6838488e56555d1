"""What is asked while the speed is measured: each time about a picture that is new."""

import io
from dataclasses import replace

import numpy as np
from PIL import Image

from inference.interface import Message, Request
from inference.pictures import Picture, decode_picture

WIDTH, HEIGHT = 1920, 1080
QUESTION = "Describe what is shown in this picture."
FOLLOW_UP = "What is in the background?"


class Questions:
    """Draws pictures, the same ones in each run, and asks about them."""

    def __init__(self, new_tokens: int) -> None:
        self._new_tokens = new_tokens
        self._random = np.random.default_rng(0)

    def draw(self) -> bytes:
        """Draw a picture that has not been seen before, as a JPEG file."""
        coarse = self._random.integers(0, 256, (HEIGHT // 40, WIDTH // 40, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(coarse).resize((WIDTH, HEIGHT)).save(file, "JPEG")
        return file.getvalue()

    def ask(self, crops: int, picture: Picture | None = None) -> Request:
        """Ask about a picture, or about a new one."""
        picture = picture or decode_picture(self.draw())
        message = Message("user", QUESTION, (picture,))
        return Request(
            (message,), max_new_tokens=self._new_tokens, crops=crops, scope=picture.digest
        )


def follow_up(request: Request) -> Request:
    """Ask something else about the same picture."""
    (message,) = request.messages
    return replace(request, messages=(replace(message, text=FOLLOW_UP),))
