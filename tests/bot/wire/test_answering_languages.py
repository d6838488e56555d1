"""People are answered in their language where the model speaks it, else in English."""

from collections.abc import AsyncGenerator
from typing import Any

import pytest
import torch

from bot.locales import say
from bot.locales import sentences as s
from inference import TASKS, Delta, Detail, ModelKind, Request
from inference.engine.local import LocalEngine
from tests.wire.conftest import (
    StartBriefBot,
    brief_engine,
    brief_model,
    brief_truth,
    start_brief_bot,
)
from tests.wire.model import Channel
from tests.wire.pictures import RED
from tests.wire.server import Discord

__all__ = ["brief_engine", "brief_model", "brief_truth", "start_brief_bot"]


class Listener:
    """The real engine, and what it was asked."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine
        self.asked: list[str] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer as the engine does."""
        self.asked.append(request.messages[-1].text)
        return self._engine.generate(request)


@pytest.fixture
def listener(brief_engine: LocalEngine) -> Listener:
    return Listener(brief_engine)


def say_in_turn(model: tuple[Any, Any], *texts: str) -> Any:
    """Let the model say one text after another, an end after each."""
    tokenizer = model[1].tokenizer
    end = tokenizer.convert_tokens_to_ids("<|end|>")
    said = [[*tokenizer.encode(text, add_special_tokens=False), end] for text in texts]
    tokens = iter([token for each in said for token in each])
    return model[0].lm_head.register_forward_hook(
        lambda _, __, logits: logits.index_fill(-1, torch.tensor([next(tokens)]), 99.0)
    )


async def test_a_german_is_asked_for_in_german(
    loopback: Discord,
    general: Channel,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    listener: Listener,
) -> None:
    jana = loopback.member("jana", locale="de")
    async with start_brief_bot(listener):
        hook = say_in_turn(brief_model, "Ein rotes Quadrat.")
        jana.slash(general, "describe", image=RED)
        answer = await jana.reads(general, "Ein rotes Quadrat.")
        hook.remove()
    (asked,) = listener.asked
    assert asked.startswith("Beschreibe das Bild")
    assert say("de", s.IN_ENGLISH) not in answer.content


async def test_who_gets_no_word_in_japanese_gets_some_in_english_and_is_told_so(
    loopback: Discord,
    general: Channel,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    listener: Listener,
) -> None:
    kenji = loopback.member("kenji", locale="ja")
    async with start_brief_bot(listener):
        hook = say_in_turn(brief_model, "\n\n", "A red square.")
        kenji.slash(general, "describe", image=RED)
        answer = await kenji.reads(general, "A red square.")
        hook.remove()
    first, second = listener.asked
    assert "画像" in first
    assert second.startswith("Describe the image")
    assert answer.content == f"A red square.\n-# {say('ja', s.IN_ENGLISH)}"


async def test_who_gets_no_word_in_english_either_is_told_kindly(
    loopback: Discord,
    general: Channel,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    listener: Listener,
) -> None:
    kenji = loopback.member("kenji", locale="ja")
    async with start_brief_bot(listener):
        hook = say_in_turn(brief_model, "\n\n", "\n")
        kenji.slash(general, "describe", image=RED)
        answer = await kenji.reads(general, say("ja", s.NO_WORDS))
        hook.remove()
    assert len(listener.asked) == 2
    assert answer.content == say("ja", s.NO_WORDS)


async def test_where_the_model_is_not_known_to_speak_it_english_is_asked_for_once(
    loopback: Discord,
    general: Channel,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    listener: Listener,
) -> None:
    ana = loopback.member("ana", locale="ro")
    async with start_brief_bot(listener):
        hook = say_in_turn(brief_model, "\n")
        ana.slash(general, "describe", image=RED)
        await ana.reads(general, say("ro", s.NO_WORDS))
        hook.remove()
    (asked,) = listener.asked
    assert asked.startswith("Describe the image")


async def test_who_chooses_a_language_and_how_much_is_answered_so(
    loopback: Discord,
    general: Channel,
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    listener: Listener,
) -> None:
    jana = loopback.member("jana", locale="de")
    async with start_brief_bot(listener):
        hook = say_in_turn(brief_model, "Un carré rouge.", "Un grand carré rouge.")
        jana.slash(general, "describe", image=RED, language="fr", detail="short")
        answer = await jana.reads(general, "Un carré rouge.")
        jana.clicks(answer, say("de", s.LONGER))
        await jana.reads(general, "Un grand carré rouge.")
        hook.remove()
    kind, normal = ModelKind.PHI3_VISION, TASKS["describe"]
    assert listener.asked == [
        normal.words(kind=kind, language="fr", detail=Detail.SHORT),
        normal.words(kind=kind, language="fr"),
    ]
