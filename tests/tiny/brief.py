"""A tiny model that soon falls silent: what it says is as sure as ever, and said in no time."""

import json
from pathlib import Path

from inference import Request
from tests.oracle import Oracle
from tests.tiny.checkpoint import write_tiny_checkpoint

LAST_WORDS = [462, 465, 529]
"""Tokens that the tiny model says early, whatever it is asked; here they end its answer."""


def write_brief_checkpoint(folder: Path) -> Path:
    """Write the tiny checkpoint with a few more tokens that end an answer."""
    write_tiny_checkpoint(folder)
    file = folder / "generation_config.json"
    fields = json.loads(file.read_text())
    fields["eos_token_id"] += LAST_WORDS
    file.write_text(json.dumps(fields))
    return folder


class BriefOracle(Oracle):
    """Asks the brief model; its last word, which is plain text to the tokenizer, is not said."""

    def tokens(self, request: Request) -> list[int]:
        """Return the ids that the model answers with."""
        tokens = super().tokens(request)
        return tokens[:-1] if tokens[-1] in LAST_WORDS else tokens
