"""People mention the bot, reply, forward, write to it alone, or use a message's menu."""

import discord

from tests.bot.stories.conftest import DEFERRED, Expect, Server
from tests.bot.stories.pictures import CHART, COVER, TEAM_AUTUMN, TEAM_SPRING


async def test_a_mention_with_a_picture_is_answered_in_a_thread(
    server: Server, expect: Expect
) -> None:
    await server.alice.send(
        server.general, f"{server.mention} which bar is low?", attachments=[("chart.png", CHART)]
    )
    (thread,) = server.general.threads
    assert thread.name == "which bar is low?"
    expect.answers(server.answers_in_thread(), "ask", [CHART], "which bar is low?")
    opened = discord.MessageType.thread_created
    assert [post.type for post in server.general.history()] == [discord.MessageType.default, opened]


async def test_a_mention_without_words_is_described(server: Server, expect: Expect) -> None:
    await server.alice.send(server.general, server.mention, attachments=[("cover.png", COVER)])
    expect.answers(server.answers_in_thread(), "describe", [COVER])


async def test_all_pictures_of_a_message_are_looked_at(server: Server, expect: Expect) -> None:
    await server.alice.send(
        server.general,
        server.mention,
        attachments=[("spring.png", TEAM_SPRING), ("autumn.png", TEAM_AUTUMN)],
    )
    expect.answers(server.answers_in_thread(), "compare", [TEAM_SPRING, TEAM_AUTUMN])


async def test_bob_mentions_the_bot_in_a_reply_to_alices_picture(
    server: Server, expect: Expect
) -> None:
    picture = await server.alice.send(server.general, "Look!", attachments=[("c.png", CHART)])
    await server.bob.send(server.general, f"{server.mention} how many?", reply_to=picture)
    expect.answers(server.answers_in_thread(), "ask", [CHART], "how many?")


async def test_a_forwarded_picture_is_found(server: Server, expect: Expect) -> None:
    other = server.guild.create_text_channel("other")
    picture = await server.alice.send(other, "Look!", attachments=[("c.png", CHART)])
    forwarded = await server.alice.forward(picture, server.general)
    result = await server.bob.context_menu(server.general, "Describe picture", forwarded)
    expect.answer(result.response, "describe", [CHART])


async def test_a_message_to_the_bot_alone_needs_no_mention(server: Server, expect: Expect) -> None:
    dm = server.alice.user.dm_channel
    files = server.env.backend.store_attachments(dm.id, [("cover.png", COVER)])
    await server.alice.send_dm("what is it?", attachments=files)
    answers = [message for message in dm.history() if message.author.bot]
    expect.answers(answers, "ask", [COVER], "what is it?")


async def test_only_who_uses_the_menu_sees_its_answer(server: Server, expect: Expect) -> None:
    picture = await server.alice.send(server.general, "My cover", attachments=[("c.png", COVER)])
    result = await server.bob.context_menu(server.general, "Read text", picture)
    assert server.acknowledgements() == [DEFERRED]
    assert result.ephemeral
    expect.answer(result.response, "ocr", [COVER])
    assert len(server.general.history(viewer=server.bob)) == 2
    assert len(server.general.history(viewer=server.alice)) == 1


async def test_talk_among_people_is_left_alone(server: Server) -> None:
    await server.alice.send(server.general, "Look!", attachments=[("chart.png", CHART)])
    await server.bob.send(server.general, "Nice!")
    assert len(server.general.history()) == 2
    assert server.posted() == []
