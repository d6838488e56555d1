"""The model is served elsewhere: whatever happens there, people read one whole answer."""

from collections.abc import AsyncIterator, Iterator

import pytest

from bot.errors import sentence_for
from bot.locales import sentences as s
from bot.settings import BotSettings
from inference import EngineBusyError, EngineUnavailableError, RemoteSettings
from inference.remote.discovery import Served
from inference.remote.engine import RemoteEngine
from tests.bot.stories.conftest import Server
from tests.remote.dialects import Fields, Vllm
from tests.remote.model_server import (
    SENTENCE,
    USAGE,
    Behaviour,
    ModelServer,
    apart,
    dies_after,
    ends_without_reason_after,
    hangs_up_after,
    refuses,
    says,
)
from tests.wire.pictures import RED

WHOLE = "".join(SENTENCE).strip()


@pytest.fixture
def elsewhere() -> Iterator[ModelServer]:
    with apart(ModelServer()) as server:
        yield server


@pytest.fixture
async def engine(elsewhere: ModelServer) -> AsyncIterator[RemoteEngine]:
    settings = RemoteSettings(_env_file=None, url=elsewhere.url, patience_seconds=0)
    engine = RemoteEngine(settings, [Served("demo", by_vllm=True)])
    yield engine
    await engine.close()


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"requests_a_minute": 100})


async def describe(server: Server) -> str:
    """Let Alice ask; return what she reads in the end."""
    result = await server.alice.slash(server.general, "describe", image=("a.png", RED.content))
    text: str = result.response.content
    return text


async def test_alice_reads_what_the_server_says(server: Server, elsewhere: ModelServer) -> None:
    assert await describe(server) == WHOLE
    (asked,) = elsewhere.asked
    assert asked["model"] == "demo"


@pytest.mark.parametrize("breaks_after", [dies_after, hangs_up_after, ends_without_reason_after])
async def test_an_answer_that_broke_off_is_asked_again_and_read_once(
    server: Server, elsewhere: ModelServer, breaks_after: Behaviour
) -> None:
    elsewhere.next.append(breaks_after(" The", " title"))
    assert await describe(server) == WHOLE
    assert len(elsewhere.asked) == 2


@pytest.mark.parametrize(
    "usage", [{}, USAGE | {"prompt_tokens_details": {"cached_tokens": 80}}], ids=["none", "odd"]
)
async def test_alice_reads_an_answer_whose_tokens_are_counted_wrongly(
    server: Server, elsewhere: ModelServer, usage: Fields
) -> None:
    elsewhere.always = says(*SENTENCE, usage=usage)
    assert await describe(server) == WHOLE


async def test_an_answer_that_breaks_off_each_time_is_given_up_with_a_sentence(
    server: Server, elsewhere: ModelServer
) -> None:
    elsewhere.always = dies_after(" The", " title")
    assert await describe(server) == s.MODEL_FAILED
    assert len(elsewhere.asked) == 2
    elsewhere.always = says(*SENTENCE)
    assert await describe(server) == WHOLE


async def test_alice_is_told_when_it_is_too_much_or_the_key_is_wrong(
    server: Server, elsewhere: ModelServer
) -> None:
    elsewhere.always = refuses(Vllm().too_long())
    assert await describe(server) == s.TOO_LONG
    elsewhere.always = refuses(Vllm.unauthorized())
    assert await describe(server) == s.MODEL_FAILED


@pytest.mark.parametrize("error", [EngineUnavailableError, EngineBusyError])
def test_people_are_told_when_no_server_takes_a_question(error: type[Exception]) -> None:
    assert sentence_for(error("No server."), "en-US") == s.MODEL_AWAY
    assert sentence_for(error("No server."), "de").startswith("Mein Modell ist gerade nicht")
