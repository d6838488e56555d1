"""Pictures for people to send."""

import io

from PIL import Image

from tests.wire.model import Upload


def _picture(colour: str) -> Upload:
    file = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(file, "PNG")
    return Upload(f"{colour}.png", file.getvalue())


RED, BLUE = _picture("red"), _picture("blue")
