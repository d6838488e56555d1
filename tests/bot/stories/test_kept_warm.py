"""What the engine keeps warm for one conversation helps no other."""

from pathlib import Path

import pytest
from simcord import ChannelHandle, MemberActor

from inference import TASKS, Engine, EngineSettings, load_engine
from tests.bot.stories.conftest import Server
from tests.bot.stories.pictures import CHART
from tests.listening import ListenedEngine

PICTURE = {"image": ("chart.png", CHART)}


@pytest.fixture(scope="module")
def brief_engine(brief_checkpoint: Path) -> Engine:
    settings = EngineSettings(source=str(brief_checkpoint), device="cpu", dtype="float32")
    return load_engine(settings)


@pytest.fixture
def engine(brief_engine: Engine) -> ListenedEngine:
    brief_engine.forget("")  # people of other stories have the same numbers
    return ListenedEngine(brief_engine)


async def test_only_the_asker_in_the_same_place_finds_a_picture_warm(
    server: Server, engine: ListenedEngine
) -> None:
    random = server.guild.create_text_channel("random")

    async def cached(who: MemberActor, where: ChannelHandle) -> int:
        await who.slash(where, "describe", **PICTURE, question="What is low?")
        return engine.endings[-1].cached_tokens

    assert await cached(server.alice, server.general) == 0
    assert await cached(server.alice, random) == 0
    assert await cached(server.bob, server.general) == 0
    assert await cached(server.alice, server.general) > 0


async def test_what_somebody_asks_in_a_dm_is_warm_in_that_dm_alone(
    server: Server, engine: ListenedEngine
) -> None:
    alice, bob = server.alice.user, server.bob.user
    await alice.slash("describe", **PICTURE)
    await bob.slash("describe", **PICTURE)
    await server.alice.slash(server.general, "describe", **PICTURE)
    assert [ending.cached_tokens for ending in engine.endings] == [0, 0, 0]
    await alice.slash("describe", **PICTURE)
    assert engine.endings[-1].cached_tokens > 0


async def test_a_private_answer_is_warm_for_the_askers_private_questions_alone(
    server: Server, engine: ListenedEngine
) -> None:
    picture = await server.alice.send(server.general, "Look!", attachments=[PICTURE["image"]])
    await server.bob.context_menu(server.general, "Describe picture", picture)
    await server.bob.slash(server.general, "describe", **PICTURE)
    await server.alice.context_menu(server.general, "Describe picture", picture)
    assert [ending.cached_tokens for ending in engine.endings] == [0, 0, 0]
    await server.bob.context_menu(server.general, "Describe picture", picture)
    assert engine.endings[-1].cached_tokens > 0


async def test_a_follow_up_knows_nothing_of_anothers_private_answer(
    server: Server, engine: ListenedEngine
) -> None:
    post = await server.alice.send(server.general, server.mention, attachments=[PICTURE["image"]])
    (thread,) = server.general.threads
    private = await server.bob.context_menu(server.general, "Read text", post)
    assert private.ephemeral
    before = len(server.answers_in_thread())
    question = "What did you tell Bob?"
    await server.alice.send(thread, f"{server.mention} {question}")
    assert len(server.answers_in_thread()) == before + 1
    words = [message.text for message in engine.requests[-1].messages]
    assert words == [TASKS["describe"].words(), engine.answers[0], question]
    carol = server.guild.add_member(server.env.create_user("carol"))
    await carol.send(thread, f"{server.mention} {question}")
    assert engine.endings[-1].cached_tokens == 0


async def test_forget_me_empties_the_models_memory_of_the_asker_alone(
    server: Server, engine: ListenedEngine
) -> None:
    for person in (server.alice, server.bob):
        await person.slash(server.general, "describe", **PICTURE)
    await server.alice.slash(server.general, "forget-me")
    await server.bob.slash(server.general, "describe", **PICTURE)
    assert engine.endings[-1].cached_tokens > 0
    await server.alice.slash(server.general, "describe", **PICTURE)
    assert engine.endings[-1].cached_tokens == 0
    assert engine.endings[-1].encoding > 0
