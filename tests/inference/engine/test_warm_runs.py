"""A question about something just seen costs only its new words, and nobody else gains by it."""

from inference import TASKS, Detail, Message, Picture, Request
from inference.engine.local import LocalEngine
from tests.inference.asking import ask, question
from tests.inference.conftest import MakeEngine
from tests.oracle import Oracle


async def test_a_second_question_computes_only_its_new_words(
    engine: LocalEngine, oracle: Oracle, landscape: Picture
) -> None:
    _, first = await ask(engine, question("What is this?", landscape, scope="lounge"))
    again = question("Where was it taken?", landscape, scope="lounge")
    text, second = await ask(engine, again)
    assert text == oracle.answer(again)
    assert first.cached_tokens == 0
    assert second.prompt_tokens - second.cached_tokens < 20
    assert second.encoding == 0.0


async def test_the_same_question_again_is_answered_the_same(
    engine: LocalEngine, oracle: Oracle, landscape: Picture
) -> None:
    same = question("What is this?", landscape, scope="lounge")
    answers = [await ask(engine, same) for _ in range(3)]
    assert {text for text, _ in answers} == {oracle.answer(same)}
    assert answers[-1][1].cached_tokens == answers[-1][1].prompt_tokens - 1


async def test_a_conversation_takes_its_own_run_up_again(
    engine: LocalEngine, landscape: Picture
) -> None:
    asked = (Message("user", "What is this?", (landscape,)),)
    text, _ = await ask(engine, Request(asked, max_new_tokens=16, crops=4, scope="lounge"))
    asked += (Message("assistant", text), Message("user", "Which one?"))
    _, ending = await ask(engine, Request(asked, max_new_tokens=16, crops=4, scope="lounge"))
    assert ending.cached_tokens > 750


async def test_nobody_profits_from_what_another_scope_asked(
    make_engine: MakeEngine, landscape: Picture
) -> None:
    engine = make_engine(most_at_once=1)
    await ask(engine, question("What is this?", landscape, scope="lounge"))
    for stranger in ("kitchen", None, None):
        _, ending = await ask(engine, question("What is this?", landscape, scope=stranger))
        assert ending.cached_tokens == 0


async def test_pictures_that_differ_are_not_taken_for_each_other(
    make_engine: MakeEngine, oracle: Oracle, landscape: Picture
) -> None:
    engine = make_engine(most_at_once=1)
    mirrored = Picture(landscape.image.transpose(0))
    await ask(engine, question("What is this?", landscape, scope="lounge"))
    other = question("What is this?", mirrored, scope="lounge")
    text, ending = await ask(engine, other)
    assert text == oracle.answer(other)
    assert ending.cached_tokens < 10


async def test_a_picture_seen_lately_is_not_encoded_again_in_another_scope(
    engine: LocalEngine, oracle: Oracle, landscape: Picture
) -> None:
    _, first = await ask(engine, question("What is this?", landscape))
    same = question("What is this?", landscape)
    text, second = await ask(engine, same)
    assert text == oracle.answer(same)
    assert first.encoding > 0.0
    assert second.encoding == 0.0


async def test_without_room_for_pictures_each_is_encoded_anew(
    make_engine: MakeEngine, oracle: Oracle, landscape: Picture, portrait: Picture
) -> None:
    engine = make_engine(feature_bytes=0)
    for picture in (landscape, portrait, landscape):
        request = question("What is this?", picture)
        text, ending = await ask(engine, request)
        assert text == oracle.answer(request)
        assert ending.encoding > 0.0


async def test_a_warm_run_outlives_questions_about_other_things(
    engine: LocalEngine, landscape: Picture, portrait: Picture
) -> None:
    await ask(engine, question("What is this?", landscape, scope="lounge"))
    await ask(engine, question("What is this?", portrait, scope="lounge"))
    _, ending = await ask(engine, question("And the first?", landscape, scope="lounge"))
    assert ending.cached_tokens > 750


async def test_a_follow_up_computes_little_more_than_what_is_new(
    make_engine: MakeEngine, oracle: Oracle, landscape: Picture
) -> None:
    engine = make_engine()
    first = TASKS["describe"].request((landscape,), detail=Detail.SHORT, scope="lounge")
    answer, _ = await ask(engine, first)
    before = (*first.messages, Message("assistant", answer))
    follow_up = TASKS["ask"].request((), "And above?", earlier=before, scope="lounge")
    text, ending = await ask(engine, follow_up)
    assert text == oracle.answer(follow_up)
    assert ending.encoding == 0.0
    assert ending.prompt_tokens - ending.cached_tokens <= 0.15 * ending.prompt_tokens
