"""What people are answered, alone or beside others, is what plain `generate` says alone."""

import asyncio

from inference import Message, Picture, Request, StopReason
from inference.engine.local import LocalEngine
from tests.inference.asking import ask, question
from tests.oracle import Oracle


async def test_people_who_ask_together_are_answered_as_if_alone(
    engine: LocalEngine, oracle: Oracle, landscape: Picture, portrait: Picture
) -> None:
    requests = [
        question("Hello there"),
        question("What is this?", landscape),
        question("Compare them", landscape, portrait, max_new_tokens=40),
        question("Tell me a story", max_new_tokens=60),
        question("What is this?", portrait, crops=16),
        question("What is this?", landscape),
    ]
    answers = await asyncio.gather(*(ask(engine, request) for request in requests))
    for request, (text, ending) in zip(requests, answers, strict=True):
        assert text == oracle.answer(request)
        assert ending.new_tokens == len(oracle.tokens(request))


async def test_someone_who_joins_late_disturbs_nobody(
    engine: LocalEngine, oracle: Oracle, landscape: Picture
) -> None:
    long_story = question("Tell me a long story", max_new_tokens=120)
    first = engine.generate(long_story)
    text = (await anext(first)).text
    late = question("What is this?", landscape)
    assert (await ask(engine, late))[0] == oracle.answer(late)
    text += "".join([delta.text async for delta in first])
    assert text == oracle.answer(long_story)


async def test_a_conversation_goes_on(
    engine: LocalEngine, oracle: Oracle, landscape: Picture
) -> None:
    conversation = Request(
        (
            Message("user", "What is this?", (landscape,)),
            Message("assistant", "A fractal."),
            Message("user", "Which one?"),
        ),
        max_new_tokens=16,
        crops=4,
    )
    text, _ = await ask(engine, conversation)
    assert text == oracle.answer(conversation)


async def test_an_answer_ends_where_the_model_ends_it(engine: LocalEngine, oracle: Oracle) -> None:
    request = next(
        request
        for number in range(200)
        if oracle.tokens(request := question(f"Say {number}", max_new_tokens=64))[-1] in (538, 541)
    )
    text, ending = await ask(engine, request)
    assert ending.reason is StopReason.END
    assert text == oracle.answer(request)
