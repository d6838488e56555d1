"""The small trained model, cut to a few tokens: to load the bot rather than the processor."""

import json
import shutil
from pathlib import Path

from tokenizers import Tokenizer

from inference.demo import CHECKPOINT
from inference.demo.questions import REFUSAL

TOKENS = 4
"""Said before it stops, about a picture that it does not know."""


def write_terse_checkpoint(folder: Path) -> Path:
    """Write the trained checkpoint with one more token that ends an answer."""
    shutil.copytree(CHECKPOINT, folder)
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    refusal = tokenizer.encode(REFUSAL, add_special_tokens=False).ids
    file = folder / "generation_config.json"
    fields = json.loads(file.read_text())
    fields["eos_token_id"].append(refusal[TOKENS])
    file.write_text(json.dumps(fields))
    return folder
