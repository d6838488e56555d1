"""People ask on: what the model is asked then is what stands in Discord."""

from pathlib import Path

import pytest

from bot.choices import Choices, Mention
from bot.locales import say
from bot.locales import sentences as s
from inference import TASKS, Engine, EngineSettings, decode_pictures, load_engine
from tests.bot.stories.conftest import MakeBot, Server
from tests.bot.stories.pictures import CHART, COVER
from tests.inference.pictures.drawing import pdf
from tests.listening import ListenedEngine

DESCRIBE = TASKS["describe"].words()


@pytest.fixture(scope="module")
def brief_engine(brief_checkpoint: Path) -> Engine:
    settings = EngineSettings(source=str(brief_checkpoint), device="cpu", dtype="float32")
    return load_engine(settings)


@pytest.fixture
def engine(brief_engine: Engine) -> ListenedEngine:
    return ListenedEngine(brief_engine)


async def test_alice_asks_on_by_replying(server: Server, engine: ListenedEngine) -> None:
    question = f"{server.mention} which bar is low?"
    await server.alice.send(server.general, question, attachments=[("chart.png", CHART)])
    (thread,) = server.general.threads
    (answer,) = server.answers_in_thread()
    assert answer.content.endswith(s.REPLY_TO_ASK)
    await server.alice.send(thread, "and which is high?", reply_to=answer)
    asked = [("which bar is low?", 1), (engine.said(0, "ask"), 0), ("and which is high?", 0)]
    assert engine.heard == asked
    assert s.REPLY_TO_ASK not in server.answers_in_thread()[-1].content


async def test_a_conversation_survives_a_restart(
    server: Server, engine: ListenedEngine, make_bot: MakeBot
) -> None:
    await server.alice.send(server.general, server.mention, attachments=[("cover.png", COVER)])
    (thread,) = server.general.threads
    await server.env.restart_bot(make_bot())
    await server.alice.send(thread, f"{server.mention} who wrote it?")
    assert engine.heard == [(DESCRIBE, 1), (engine.said(0, "describe"), 0), ("who wrote it?", 0)]


async def test_further_pages_of_a_document_are_looked_at_once_a_question_names_them(
    server: Server, engine: ListenedEngine
) -> None:
    report = pdf("one", "two", "three")
    await server.alice.send(server.general, server.mention, attachments=[("report.pdf", report)])
    (thread,) = server.general.threads
    await server.alice.send(thread, f"{server.mention} what does page 2 say?")
    seen = say("en-US", s.PAGES_SEEN, pages="2", total=3)
    assert seen in server.answers_in_thread()[-1].content
    assert engine.heard == [("what does page 2 say?", 1)]
    await server.alice.send(thread, f"{server.mention} in which colour?")
    asked = [("what does page 2 say?", 1), (engine.said(1, "ask"), 0), ("in which colour?", 0)]
    assert engine.heard == asked
    first, second = (decode_pictures(report, f"page {page}").pictures[0] for page in (1, 2))
    looked_at = [request.messages[0].pictures[0].digest for request in engine.requests]
    assert looked_at == [first.digest, second.digest, second.digest]


async def test_thanks_are_taken_and_nothing_is_described(
    server: Server, engine: ListenedEngine
) -> None:
    await server.alice.send(server.general, server.mention, attachments=[("cover.png", COVER)])
    (thread,) = server.general.threads
    (answer,) = server.answers_in_thread()
    said = await server.alice.send(thread, "thanks!", reply_to=answer)
    assert len(engine.requests) == len(server.answers_in_thread()) == 1
    (thanked,) = [message for message in thread.history() if message.id == said.id]
    assert [str(reaction.emoji) for reaction in thanked.reactions] == ["👍"]


async def test_a_long_copied_text_goes_along_as_it_was_read(
    server: Server, engine: ListenedEngine
) -> None:
    await server.alice.send(
        server.general, f"{server.mention} ocr", attachments=[("cover.png", COVER)]
    )
    (thread,) = server.general.threads
    await server.alice.send(thread, f"{server.mention} who wrote it?")
    asked = [(TASKS["ocr"].words(), 1), (engine.said(0, "ocr"), 0), ("who wrote it?", 0)]
    assert engine.heard == asked


async def test_in_a_private_thread_the_answer_shows_what_it_is_about(
    server: Server, engine: ListenedEngine
) -> None:
    server.env.bot.store.choose(server.guild.id, Choices(mention=Mention.PRIVATE_THREAD))
    question = f"{server.mention} which bar is low?"
    await server.alice.send(server.general, question, attachments=[("chart.png", CHART)])
    (thread,) = server.general.threads
    await server.alice.send(thread, f"{server.mention} and which is high?")
    asked = [("which bar is low?", 1), (engine.said(0, "ask"), 0), ("and which is high?", 0)]
    assert engine.heard == asked


async def test_a_reply_to_the_answer_of_a_command_goes_on_from_it(
    server: Server, engine: ListenedEngine
) -> None:
    result = await server.alice.slash(server.general, "describe", image=("c.png", COVER))
    await server.bob.send(server.general, "who wrote it?", reply_to=result.response)
    assert len(engine.requests) == 1, "Discord hides from us what such a reply says"
    question = f"{server.mention} who wrote it?"
    await server.bob.send(server.general, question, reply_to=result.response)
    (thread,) = server.general.threads
    asked = [(DESCRIBE, 1), (engine.said(0, "describe"), 0), ("who wrote it?", 0)]
    assert engine.heard == asked
    await server.bob.send(thread, f"{server.mention} and when?")
    said = (engine.said(1, "ask"), 0)
    assert engine.heard == [*asked, said, ("and when?", 0)]
    (first, second) = (request.messages[0].pictures[0] for request in engine.requests[:2])
    assert first.digest == second.digest
