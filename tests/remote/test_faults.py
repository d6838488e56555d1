"""Whatever a server does, people get one whole answer, or one error that says what to do."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from PIL import Image

from inference import (
    AnswerCutError,
    DeadlinePassedError,
    EngineBusyError,
    EngineClosedError,
    EngineUnavailableError,
    GenerationError,
    InferenceError,
    Message,
    Picture,
    Request,
    RequestTooLongError,
    StopReason,
)
from inference.remote.engine import RemoteEngine
from tests.inference.asking import ask, question
from tests.remote.conftest import Connect
from tests.remote.dialects import Dialect, Fields, LlamaCpp, Refusal, TransformersServe, Vllm, event
from tests.remote.model_server import (
    SENTENCE,
    USAGE,
    Behaviour,
    Exchange,
    ModelServer,
    dies_after,
    ends_without_reason_after,
    goes_silent_after,
    hangs_up,
    hangs_up_after,
    refuses,
    says,
    writes,
)

VLLM = Vllm()
WHOLE = "".join(SENTENCE).removeprefix(" ")
GATEWAY = Refusal(502, "<html><body><h1>502 Bad Gateway</h1></body></html>")

BREAKS = {
    "its worker is killed": dies_after,
    "it falls silent": goes_silent_after,
    "it hangs up": hangs_up_after,
    "it does not say why it ends": ends_without_reason_after,
}


@pytest.fixture(params=BREAKS.values(), ids=BREAKS.keys())
def breaks_after(request: pytest.FixtureRequest) -> Behaviour:
    return request.param


async def test_an_answer_that_broke_off_is_an_error_that_lets_it_be_asked_again(
    engine: RemoteEngine, server: ModelServer, breaks_after: Behaviour
) -> None:
    server.next.append(breaks_after(" The", " title"))
    deltas = engine.generate(question("What is this?"))
    said = (await anext(deltas)).text + (await anext(deltas)).text
    with pytest.raises(AnswerCutError):
        await anext(deltas)
    assert said == "The title"
    assert (await ask(engine, question("What is this?")))[0] == WHOLE


async def test_what_breaks_before_the_first_word_is_asked_again_unseen(
    engine: RemoteEngine, server: ModelServer, breaks_after: Behaviour
) -> None:
    server.next += [breaks_after(), breaks_after("")]
    assert (await ask(engine, question("What is this?")))[0] == WHOLE
    assert len(server.asked) == 3


async def test_another_server_is_asked_first_where_one_failed(connect: Connect) -> None:
    async with ModelServer() as bad, ModelServer() as good:
        bad.always = refuses(Refusal(500, "Internal Server Error"))
        engine = connect(bad, good)
        for _ in range(4):
            assert (await ask(engine, question("What is this?")))[0] == WHOLE
        assert len(good.asked) == 4


@pytest.mark.parametrize(
    "garbage",
    [
        [b"data: {not json\n\n"],
        [b'data: "a string"\n\n'],
        [b"data: [1, 2]\n\n"],
        [b'data: {"choices": null}\n\n'],
        [b"<html>Welcome to the hotel's wireless network</html>"],
        [b"\xff\xfe\x00data: \xff\n\n"],
        [event({"detail": "Not Found"})],
        [],
    ],
)
async def test_garbage_is_no_answer(
    engine: RemoteEngine, server: ModelServer, garbage: list[bytes]
) -> None:
    server.always = writes(*garbage)
    with pytest.raises(GenerationError):
        await ask(engine, question("What is this?"))
    assert len(server.asked) == 3


async def test_a_question_that_fails_everywhere_is_given_up(
    engine: RemoteEngine, server: ModelServer
) -> None:
    server.always = refuses(Refusal(500, "Internal Server Error"))
    with pytest.raises(GenerationError, match=r"failed \(500\)"):
        await ask(engine, question("What is this?"))
    assert len(server.asked) == 3


@pytest.mark.parametrize("refusal", [VLLM.too_long(), LlamaCpp().too_long(), Refusal(413, "")])
async def test_what_is_too_long_is_looked_at_less_closely(
    engine: RemoteEngine, server: ModelServer, refusal: Refusal
) -> None:
    server.next.append(refuses(refusal))
    picture = Picture(Image.new("RGB", (2000, 1000)))
    text, ending = await ask(engine, question("What is this?", picture, crops=16))
    assert text == WHOLE
    assert ending.fewer_crops
    assert ending.crops == 4
    first, second = (len(str(asked)) for asked in server.asked)
    assert second < first


@pytest.mark.parametrize("refusal", [VLLM.too_long(), VLLM.too_many_pictures()])
async def test_what_is_too_long_in_any_form_is_said_to_be_so(
    engine: RemoteEngine, server: ModelServer, refusal: Refusal
) -> None:
    server.always = refuses(refusal)
    picture = Picture(Image.new("RGB", (2000, 1000)))
    with pytest.raises(RequestTooLongError):
        await ask(engine, question("What is this?", picture, crops=16))
    with pytest.raises(RequestTooLongError):
        await ask(engine, question("long " * 10_000))


async def test_a_server_that_does_not_trust_us_looks_as_closely_as_it_likes(
    connect: Connect,
) -> None:
    async with ModelServer(model="Phi-3.5-vision-instruct") as server:
        engine = connect(server)
        server.next.append(refuses(VLLM.crops_not_trusted()))
        picture = Picture(Image.new("RGB", (2000, 1000)))
        for _ in range(2):
            assert (await ask(engine, question("What is this?", picture, crops=16)))[0] == WHOLE
        first, second, third = server.asked
        assert first["mm_processor_kwargs"] == {"num_crops": 16}
        assert "mm_processor_kwargs" not in second | third


@pytest.mark.parametrize(
    ("refusal", "setting"),
    [(VLLM.unauthorized(), "ENGINE_KEY"), (VLLM.check({"model": "gpt-9"}, "demo"), "ENGINE_MODEL"),
     (Refusal(404, {"detail": "Not Found"}), "ENGINE_URL")],
)  # fmt: skip
async def test_a_wrong_setting_is_named_at_once(
    engine: RemoteEngine, server: ModelServer, refusal: Refusal, setting: str
) -> None:
    server.always = refuses(refusal)
    with pytest.raises(InferenceError, match=setting):
        await ask(engine, question("What is this?"))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    ("refusal", "tries"), [(VLLM.bad_picture(), 1), (TransformersServe().bad_picture(), 3)]
)
async def test_a_question_that_a_server_refuses_is_not_quoted_in_the_log(
    engine: RemoteEngine,
    server: ModelServer,
    caplog: pytest.LogCaptureFixture,
    refusal: Refusal,
    tries: int,
) -> None:
    server.always = refuses(refusal)
    with pytest.raises(GenerationError), caplog.at_level(logging.DEBUG, "inference"):
        await ask(engine, question("Whose secret is this?"))
    assert len(server.asked) == tries
    assert str(refusal.status) in caplog.text
    assert "secret" not in caplog.text
    assert "identify" not in caplog.text


async def test_a_server_that_is_busy_is_asked_again_when_it_likes(
    engine: RemoteEngine, server: ModelServer
) -> None:
    busy = refuses(Refusal(429, {"error": {"message": "slow down"}}), **{"Retry-After": "7"})
    server.next += [busy, busy]
    began = time.monotonic()
    assert (await ask(engine, question("What is this?")))[0] == WHOLE
    assert 10 < time.monotonic() - began < 20


async def test_a_server_that_stays_busy_is_given_up(connect: Connect, server: ModelServer) -> None:
    engine = connect(server, patience_seconds=100)
    server.always = refuses(Refusal(429, "Too Many Requests"))
    with pytest.raises(EngineBusyError):
        await ask(engine, question("What is this?"))
    assert 100 < time.monotonic() < 120


async def test_who_has_waited_long_for_a_turn_is_not_sent_away_at_the_first_refusal(
    connect: Connect, server: ModelServer
) -> None:
    engine = connect(server, patience_seconds=100, at_once=1)
    server.seconds_a_token = 15
    server.next += [says(*SENTENCE), refuses(Refusal(429, "Too Many Requests"))]
    answers = await asyncio.gather(*(ask(engine, question("What is this?")) for _ in range(2)))
    assert [text for text, _ in answers] == [WHOLE, WHOLE]
    assert answers[1][1].queued > 100


@pytest.mark.parametrize("how", ["it is gone", "a gateway says so"])
async def test_a_question_waits_until_a_server_is_back(
    engine: RemoteEngine, server: ModelServer, how: str
) -> None:
    if how == "it is gone":
        await server.stop()
    else:
        server.always = refuses(GATEWAY)
    asked = asyncio.create_task(ask(engine, question("What is this?")))
    await asyncio.sleep(120)
    assert not asked.done()
    server.always = says(*SENTENCE)
    if how == "it is gone":
        await server.start()
    back = time.monotonic()
    assert (await asked)[0] == WHOLE
    assert time.monotonic() - back < 15


async def test_a_question_is_given_up_where_no_server_comes_back(
    connect: Connect, server: ModelServer
) -> None:
    engine = connect(server, patience_seconds=100)
    await server.stop()
    with pytest.raises(EngineUnavailableError):
        await ask(engine, question("What is this?"))
    assert 100 < (given_up := time.monotonic()) < 120
    with pytest.raises(EngineUnavailableError):  # who comes later waits for one more look
        await ask(engine, question("What is this?"))
    assert time.monotonic() - given_up < 15


async def test_a_gateway_that_is_well_while_no_question_gets_past_it_is_given_up(
    connect: Connect, server: ModelServer
) -> None:
    engine = connect(server, patience_seconds=100)
    server.always = refuses(GATEWAY)  # its /health goes on saying that all is well
    with pytest.raises(EngineUnavailableError):
        await asyncio.wait_for(ask(engine, question("What is this?")), 3600)
    assert 100 < time.monotonic() < 120
    server.always = says(*SENTENCE)
    assert (await ask(engine, question("What is this?")))[0] == WHOLE


@asynccontextmanager
async def tunnel_to_nobody(port: int) -> AsyncIterator[None]:
    """Accept on a port, and close at once."""

    async def close(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async with await asyncio.start_server(close, "127.0.0.1", port):
        yield


async def test_a_question_waits_until_a_server_is_back_behind_its_tunnel(
    engine: RemoteEngine, server: ModelServer
) -> None:
    await server.stop()
    async with tunnel_to_nobody(server.port):
        asked = asyncio.create_task(ask(engine, question("What is this?")))
        await asyncio.sleep(120)
        assert not asked.done()
    await server.start()
    back = time.monotonic()
    assert (await asked)[0] == WHOLE
    assert time.monotonic() - back < 15


async def test_a_question_is_given_up_where_none_comes_back_behind_it(
    connect: Connect, server: ModelServer
) -> None:
    engine = connect(server, patience_seconds=100)
    await server.stop()
    async with tunnel_to_nobody(server.port):
        with pytest.raises(EngineUnavailableError):
            await asyncio.wait_for(ask(engine, question("What is this?")), 3600)
    assert 100 < time.monotonic() < 120


async def test_a_question_that_its_server_dies_of_is_given_up_behind_a_tunnel_too(
    engine: RemoteEngine, server: ModelServer
) -> None:
    lives: list[asyncio.Task[None]] = []

    async def comes_back() -> None:
        await server.stop()
        async with tunnel_to_nobody(server.port):
            await asyncio.sleep(60)
        await server.start()

    async def dies(_: Exchange) -> web.StreamResponse:
        lives.append(asyncio.create_task(comes_back()))
        await asyncio.sleep(3600)
        return web.Response()

    server.always = dies
    with pytest.raises(GenerationError, match="closed the connection"):
        await asyncio.wait_for(ask(engine, question("What is this?")), 3600)
    assert len(lives) == 3
    await lives[-1]


@pytest.mark.parametrize(
    "dialect", [VLLM, LlamaCpp()], ids=["with a page for its health", "without"]
)
async def test_a_question_at_which_a_server_hangs_up_is_not_asked_for_ever(
    connect: Connect, dialect: Dialect
) -> None:
    async with ModelServer(dialect) as server:
        server.always = hangs_up()
        with pytest.raises(GenerationError, match="closed the connection"):
            await ask(connect(server), question("What is this?"))
        assert 3 <= len(server.asked) < 10
        assert time.monotonic() < 15


async def test_a_question_that_outlasts_a_gateways_limit_is_not_computed_over_and_over(
    engine: RemoteEngine, server: ModelServer
) -> None:
    async def takes_too_long(exchange: Exchange) -> web.StreamResponse:
        await asyncio.sleep(60)
        return await refuses(Refusal(504, "<h1>504 Gateway Time-out</h1>"))(exchange)

    server.always = takes_too_long
    with pytest.raises(GenerationError, match=r"failed \(504\)"):
        await asyncio.wait_for(ask(engine, question("What is this?")), 3600)
    assert len(server.asked) == 3


@pytest.mark.parametrize("at_once", [[], [VLLM.first()], [VLLM.first(), VLLM.piece("")]])
async def test_the_first_word_may_take_longer_than_the_next(
    engine: RemoteEngine, server: ModelServer, at_once: list[Fields]
) -> None:
    async def computes_long(exchange: Exchange) -> web.StreamResponse:
        await exchange.begin()  # the status comes long before the first word
        for event_without_words in at_once:
            await exchange.send(event_without_words)
        await asyncio.sleep(250)
        await exchange.say_on(*SENTENCE)
        await exchange.end()
        return exchange.response

    server.always = computes_long
    text, ending = await ask(engine, question("What is this?"))
    assert text == WHOLE
    assert ending.prefill == pytest.approx(250, abs=1)
    assert len(server.asked) == 1


async def test_a_server_may_think_for_longer_as_long_as_it_shows_that_it_does(
    engine: RemoteEngine, server: ModelServer
) -> None:
    async def thinks(exchange: Exchange) -> web.StreamResponse:
        await exchange.begin()
        for _ in range(10):
            await exchange.send(VLLM.piece(""))
            await asyncio.sleep(50)
        await exchange.say_on(*SENTENCE)
        await exchange.end()
        return exchange.response

    server.always = thinks
    assert (await ask(engine, question("What is this?")))[0] == WHOLE
    assert len(server.asked) == 1


async def test_an_answers_times_are_those_of_the_try_that_gave_it(
    engine: RemoteEngine, server: ModelServer
) -> None:
    async def begins_late_and_breaks_off(exchange: Exchange) -> web.StreamResponse:
        await asyncio.sleep(250)
        return await hangs_up_after("")(exchange)

    server.next.append(begins_late_and_breaks_off)
    text, ending = await ask(engine, question("What is this?"))
    assert text == WHOLE
    assert (ending.prefill, ending.decode) == pytest.approx((0, 0.2), abs=0.05)


@pytest.mark.parametrize(
    ("told", "counts"),
    [({}, (0, 0, 0)), ({"prompt_tokens": 76}, (76, 0, 0)), ({"completion_tokens": 30}, (0, 0, 30)),
     (USAGE | {"prompt_tokens_details": {"cached_tokens": 80}}, (76, 76, 30)),
     (USAGE | {"prompt_tokens_details": {}}, (76, 0, 30)),
     ({"prompt_tokens": "many", "completion_tokens": -1, "prompt_tokens_details": []}, (0, 0, 0))],
)  # fmt: skip
async def test_an_answer_is_read_however_oddly_its_tokens_are_counted(
    engine: RemoteEngine, server: ModelServer, told: Fields, counts: tuple[int, int, int]
) -> None:
    server.always = says(*SENTENCE, usage=told)
    text, ending = await ask(engine, question("What is this?"))
    assert text == WHOLE
    assert (ending.prompt_tokens, ending.cached_tokens, ending.new_tokens) == counts


async def test_the_count_that_does_not_come_after_a_whole_answer_is_not_waited_for(
    engine: RemoteEngine, server: ModelServer
) -> None:
    async def forgets_to_end(exchange: Exchange) -> web.StreamResponse:
        await exchange.say(*SENTENCE)
        await exchange.send(VLLM.last("stop", {}, {})[0])
        await asyncio.sleep(3600)
        return exchange.response

    server.always = forgets_to_end
    text, ending = await ask(engine, question("What is this?"))
    assert (text, ending.prompt_tokens) == (WHOLE, 0)
    assert time.monotonic() < 30


async def test_an_answer_ends_at_its_deadline(engine: RemoteEngine, server: ModelServer) -> None:
    server.seconds_a_token = 1.0
    text, ending = await ask(engine, question("What is this?", deadline=time.monotonic() + 3.5))
    assert (text, ending.reason) == ("The title of", StopReason.DEADLINE)
    with pytest.raises(DeadlinePassedError):
        await ask(engine, question("What is this?", deadline=time.monotonic()))
    server.always = goes_silent_after()
    with pytest.raises(DeadlinePassedError):
        await ask(engine, question("What is this?", deadline=time.monotonic() + 3.5))


async def test_who_waits_at_the_close_is_told(engine: RemoteEngine, server: ModelServer) -> None:
    server.always = goes_silent_after(" The")
    asked = [asyncio.create_task(ask(engine, question("What is this?"))) for _ in range(6)]
    await asyncio.sleep(1)
    assert server.running == 4  # the others wait for their turn
    await engine.close()
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [type(result) for result in results] == [EngineClosedError] * 6
    assert engine.stopped.done()
    with pytest.raises(EngineClosedError):
        await ask(engine, question("What is this?"))


async def test_what_people_ask_may_hold_anything(engine: RemoteEngine, server: ModelServer) -> None:
    text = 'Tab\t, "quotes", {braces}, \u0000, \ud7ff, 😀, data: [DONE]\n\ndata: x'
    await ask(engine, Request((Message("user", text),)))
    assert server.asked[0]["messages"][0]["content"] == text
