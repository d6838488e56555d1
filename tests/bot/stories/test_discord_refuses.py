"""Discord refuses something; the person still hears from the bot."""

from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import CHART, COVER

TOO_MANY_THREADS = 160006
MISSING_PERMISSIONS = 50013
UNKNOWN_INTERACTION = 10062


async def test_no_more_threads_here_so_the_answer_is_a_plain_reply(
    server: Server, expect: Expect
) -> None:
    server.env.inject_error(
        "POST", "/channels/*/messages/*/threads", status=400, code=TOO_MANY_THREADS
    )
    question = await server.alice.send(
        server.general, server.mention, attachments=[("cover.png", COVER)]
    )
    answers = [message for message in server.general.history() if message.author.bot]
    expect.answers(answers, "describe", [COVER])
    assert answers[0].reference is not None
    assert answers[0].reference.message_id == question.id


async def test_threads_are_not_allowed_so_the_answer_is_a_plain_reply(
    server: Server, expect: Expect
) -> None:
    server.env.inject_error(
        "POST", "/channels/*/messages/*/threads", status=403, code=MISSING_PERMISSIONS
    )
    await server.alice.send(server.general, server.mention, attachments=[("cover.png", COVER)])
    answers = [message for message in server.general.history() if message.author.bot]
    expect.answers(answers, "describe", [COVER])


async def test_where_the_bot_turns_out_not_to_be_allowed_to_write_it_is_silent(
    server: Server,
) -> None:
    server.env.inject_error(
        "POST", f"/channels/{server.general.id}/*", status=403, code=MISSING_PERMISSIONS, times=None
    )
    await server.alice.send(server.general, server.mention, attachments=[("cover.png", COVER)])
    assert [message for message in server.general.history() if message.author.bot] == []
    assert server.alice.user.dm_channel.history() == []


async def test_the_acknowledgement_comes_too_late_so_the_answer_is_a_message(
    server: Server, expect: Expect
) -> None:
    server.env.inject_error(
        "POST", "/interactions/*/*/callback", status=404, code=UNKNOWN_INTERACTION
    )
    await server.alice.slash(server.general, "describe", image=("chart.png", CHART))
    expect.answers(server.general.history(), "describe", [CHART])
