"""What an engine is told to forget helps nobody any more, and the others keep theirs."""

from inference import Picture
from inference.engine.local import LocalEngine
from tests.inference.asking import ask, question
from tests.inference.conftest import MakeEngine
from tests.oracle import Oracle


async def test_a_person_who_is_forgotten_starts_anew_and_nobody_else_does(
    engine: LocalEngine, oracle: Oracle, landscape: Picture, portrait: Picture
) -> None:
    lounge = question("What is this?", landscape, scope="alice:lounge")
    kitchen = question("What is this?", portrait, scope="alice:kitchen")
    bobs = question("What is this?", portrait, scope="alicia:lounge")
    for request in (lounge, kitchen, bobs):
        await ask(engine, request)
    engine.forget("alice:")
    for request in (lounge, kitchen):
        text, ending = await ask(engine, request)
        assert text == oracle.answer(request)
        assert ending.cached_tokens == 0
    _, ending = await ask(engine, bobs)
    assert ending.cached_tokens == ending.prompt_tokens - 1


async def test_the_pictures_that_were_seen_are_forgotten_too(
    engine: LocalEngine, landscape: Picture
) -> None:
    request = question("What is this?", landscape, scope="alice:lounge")
    await ask(engine, request)
    engine.forget("alice:")
    _, ending = await ask(engine, request)
    assert ending.encoding > 0.0


async def test_an_answer_under_way_is_finished_and_leaves_nothing_warm(
    make_engine: MakeEngine, oracle: Oracle, landscape: Picture
) -> None:
    engine = make_engine(most_at_once=1)
    request = question("What is this?", landscape, scope="alice:lounge")
    answer = engine.generate(request)
    first = await anext(answer)
    engine.forget("alice:")
    text = first.text + "".join([delta.text async for delta in answer])
    assert text == oracle.answer(request)
    _, ending = await ask(engine, request)
    assert ending.cached_tokens == 0


async def test_a_closed_engine_has_nothing_to_forget(engine: LocalEngine) -> None:
    await engine.close()
    engine.forget("alice:")
