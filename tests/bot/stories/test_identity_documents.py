"""A picture turns out to be an identity document only when the model begins to read it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from bot.locales import sentences as s
from inference import Engine, EngineSettings
from inference.checkpoint.loading import load_model
from inference.engine.local import LocalEngine
from tests.bot.stories.conftest import Server
from tests.bot.stories.pictures import COVER

PASSPORT = "The image shows a passport of Utopia. Its holder is ANNA MARIA ERIKSSON, born in 1974."


class Reader:
    """Makes a model say something, token by token."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._tokenizer = tokenizer
        self._tokens: Iterator[int] = iter(())
        model.lm_head.register_forward_hook(self._say)

    def reads(self, text: str) -> None:
        """Let the next answer be this."""
        self._tokens = iter(self._tokenizer.encode(f"{text}<|end|>", add_special_tokens=False))

    def _say(self, _: Any, __: Any, logits: torch.Tensor) -> torch.Tensor:
        return logits.index_fill(-1, torch.tensor([next(self._tokens)]), 1e9)


@pytest.fixture
def model(tiny_checkpoint: Path) -> tuple[Any, Any]:
    return load_model(EngineSettings(source=str(tiny_checkpoint), device="cpu", dtype="float32"))


@pytest.fixture
async def engine(model: tuple[Any, Any]) -> AsyncIterator[Engine]:
    engine = LocalEngine(*model, "a reader")
    yield engine
    await engine.close()


@pytest.fixture
def reader(model: tuple[Any, Any], engine: Engine) -> Reader:
    assert engine, "an engine lays the model's weights out anew, without hooks"
    return Reader(model[0], model[1].tokenizer)


async def test_what_turns_out_to_be_a_passport_is_not_read_out(
    server: Server, reader: Reader
) -> None:
    reader.reads(PASSPORT)
    result = await server.alice.slash(server.general, "describe", image=("a.png", COVER))
    assert result.response is not None
    assert result.response.content == s.NO_DOCUMENTS
    assert [text for text in server.posted() if "ANNA" in text] == []


async def test_any_other_answer_is_told_to_its_end(server: Server, reader: Reader) -> None:
    reader.reads(PASSPORT.replace("passport of", "postcard from"))
    result = await server.alice.slash(server.general, "describe", image=("a.png", COVER))
    assert result.response is not None
    assert "a postcard from Utopia" in result.response.content
    assert "ANNA MARIA" in result.response.content
