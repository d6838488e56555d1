"""An answer shows what it is about, and can be pressed: again, shorter, as a file, away."""

from typing import Any

import discord
import pytest

from bot.locales import sentences as s
from bot.settings import BotSettings
from inference import Engine, decode_picture
from inference.demo.questions import Kind
from tests.bot.stories.conftest import MakeBot, Server
from tests.bot.stories.drawn import Drawn, pairs_of_covers, scenes

QUESTION = "How many shapes are there?"


@pytest.fixture
def engine(demo_engine: Engine) -> Engine:
    return demo_engine


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"requests_a_minute": 100})


@pytest.fixture
def scene() -> Drawn:
    (scene,) = scenes(1)
    return scene


async def ask(server: Server, scene: Drawn, **options: Any) -> discord.Message:
    """Let Alice ask about a scene; returns what stands in the channel for it."""
    picture = ("scene.png", scene.files[0])
    result = await server.alice.slash(server.general, "describe", image=picture, **options)
    assert result.response is not None
    return result.response


def labels(message: discord.Message) -> list[str]:
    """List the buttons under a message."""
    rows: Any = message.components
    return [button.label for row in rows for button in row.children]


def file(server: Server, attachment: discord.Attachment) -> bytes:
    data = server.env.backend.cdn.get(attachment.url)
    assert data is not None
    return data


async def test_an_answer_quotes_the_question_and_shows_its_picture(
    server: Server, scene: Drawn
) -> None:
    answer = await ask(server, scene, question=QUESTION)
    assert answer.content == f"> {QUESTION}\n{scene.answers[Kind.COUNT]}"
    (copy,) = answer.attachments
    assert copy.filename == "1.webp"
    assert copy.description == "Picture 1 that this answer is about"
    shown, asked = decode_picture(file(server, copy)), decode_picture(scene.files[0])
    assert shown.digest == asked.digest
    (posted,) = server.general.history()
    assert labels(posted) == [
        s.AGAIN, s.SHORTER, s.LONGER, s.AS_FILE, s.ASK_MORE, s.DELETE,
    ]  # fmt: skip


async def test_a_spoiler_stays_covered_in_the_copy(server: Server, scene: Drawn) -> None:
    picture = ("SPOILER_scene.png", scene.files[0])
    result = await server.alice.slash(server.general, "describe", image=picture)
    assert result.response is not None
    assert result.response.content == f"||{scene.answers[Kind.DESCRIBE]}||"
    assert [each.is_spoiler() for each in result.response.attachments] == [True]


async def test_a_private_answer_posts_nothing_in_the_channel(server: Server, scene: Drawn) -> None:
    picture = ("scene.png", scene.files[0])
    result = await server.alice.slash(server.general, "describe", image=picture, private=True)
    assert result.ephemeral
    assert server.general.history() == []


async def test_alice_asks_again_shorter_and_longer(server: Server, scene: Drawn) -> None:
    answer = await ask(server, scene)
    for label, left in ((s.SHORTER, [s.LONGER]), (s.LONGER, [s.SHORTER, s.LONGER])):
        await server.alice.click(answer, label=label)
        (answer,) = server.general.history()
        assert answer.content
        assert [each for each in labels(answer) if each in (s.SHORTER, s.LONGER)] == left
        assert [each.filename for each in answer.attachments] == ["1.webp"]
    await server.alice.click(answer, label=s.AGAIN)
    (answer,) = server.general.history()
    assert answer.content == scene.answers[Kind.DESCRIBE]


async def test_buttons_work_after_a_restart(
    server: Server, scene: Drawn, make_bot: MakeBot
) -> None:
    answer = await ask(server, scene, question=QUESTION)
    await server.env.restart_bot(make_bot())
    await server.alice.click(answer, label=s.AGAIN)
    (answer,) = server.general.history()
    assert answer.content == f"> {QUESTION}\n{scene.answers[Kind.COUNT]}"


async def test_the_answer_to_a_mention_is_asked_for_again_in_its_thread(
    server: Server, scene: Drawn
) -> None:
    server.post(server.alice, f"{server.mention} {QUESTION}", scene.files[0])
    await server.env.settle()
    (answer,) = server.answers_in_thread()
    assert answer.content == f"{scene.answers[Kind.COUNT]}\n-# {s.REPLY_TO_ASK}"
    await server.alice.click(answer, label=s.AGAIN)
    (answer,) = server.answers_in_thread()
    assert answer.content == scene.answers[Kind.COUNT]


async def test_only_alice_may_ask_her_question_again(server: Server, scene: Drawn) -> None:
    answer = await ask(server, scene)
    pressed = await server.bob.click(answer, label=s.AGAIN)
    assert pressed.ephemeral
    assert pressed.response is not None
    assert pressed.response.content == s.NOT_YOUR_ANSWER


async def test_bob_takes_the_answer_home_as_a_file(server: Server, scene: Drawn) -> None:
    answer = await ask(server, scene, question=QUESTION)
    pressed = await server.bob.click(answer, label=s.AS_FILE)
    assert pressed.ephemeral
    assert pressed.response is not None
    (attached,) = pressed.response.attachments
    assert file(server, attached).decode() == scene.answers[Kind.COUNT]


async def test_bob_asks_more_in_an_answer_of_his_own(server: Server, scene: Drawn) -> None:
    answer = await ask(server, scene)
    form = await server.bob.click(answer, label=s.ASK_MORE)
    sent = await server.bob.submit_modal(form, {"question": QUESTION})
    assert not sent.ephemeral
    assert sent.response is not None
    assert sent.response.content.startswith(f"> {QUESTION}\n")
    refused = await server.alice.click(sent.response, label=s.AGAIN)
    assert refused.response is not None
    assert refused.response.content == s.NOT_YOUR_ANSWER


async def test_alice_deletes_her_answer_and_bob_may_not(server: Server, scene: Drawn) -> None:
    answer = await ask(server, scene)
    pressed = await server.bob.click(answer, label=s.DELETE)
    assert pressed.response is not None
    assert pressed.response.content == s.MAY_NOT_DELETE
    await server.alice.click(answer, label=s.DELETE)
    assert server.general.history() == []


@pytest.mark.parametrize("bob_speaks", [True, False])
async def test_a_thread_goes_with_its_answer_unless_others_speak_in_it(
    server: Server, scene: Drawn, *, bob_speaks: bool
) -> None:
    server.post(server.alice, f"{server.mention} {QUESTION}", scene.files[0])
    await server.env.settle()
    (thread,), (answer,) = server.general.threads, server.answers_in_thread()
    if bob_speaks:
        await server.bob.send(thread, "I counted them, too")
    await server.alice.click(answer, label=s.DELETE)
    left = [message.content for each in server.general.threads for message in each.history()]
    assert left == (["I counted them, too"] if bob_speaks else [])
    assert len(server.general.threads) == bob_speaks


async def test_bob_asks_in_a_form_about_alices_picture(server: Server, scene: Drawn) -> None:
    picture = await server.alice.send(
        server.general, "Look", attachments=[("scene.png", scene.files[0])]
    )
    form = await server.bob.context_menu(server.general, "Ask about picture…", picture)
    sent = await server.bob.submit_modal(form, {"question": QUESTION})
    assert sent.ephemeral
    assert sent.response is not None
    assert sent.response.content == f"> {QUESTION}\n{scene.answers[Kind.COUNT]}"


async def test_a_menus_form_from_before_a_restart_asks_to_be_opened_again(
    server: Server, scene: Drawn, make_bot: MakeBot
) -> None:
    picture = await server.alice.send(
        server.general, "Look", attachments=[("scene.png", scene.files[0])]
    )
    form = await server.bob.context_menu(server.general, "Ask about picture…", picture)
    await server.env.restart_bot(make_bot())
    sent = await server.bob.submit_modal(form, {"question": QUESTION})
    assert sent.response is not None
    assert sent.response.content == s.FORM_TOO_OLD


async def test_a_comparison_shows_its_pictures_and_a_sheet_beside_them(server: Server) -> None:
    (pair,) = pairs_of_covers(1)
    first, second = pair.files
    result = await server.alice.slash(
        server.general, "compare", first=("one.png", first), second=("two.png", second)
    )
    assert result.response is not None
    before = result.response.content
    names = [each.filename for each in result.response.attachments]
    assert names == ["1.webp", "2.webp", "compared.webp"]
    await server.alice.click(result.response, label=s.AGAIN)
    (answer,) = server.general.history()
    assert answer.content == before
    assert [each.filename for each in answer.attachments] == names
