"""The bot is stopped in the middle, or Discord is out of order, and nothing is lost."""

import pytest

from bot.replies import patience
from bot.settings import BotSettings
from tests.bot.stories.conftest import Expect, MakeBot, Server
from tests.bot.stories.pictures import CHART, COVER
from tests.furnished import jobs_in


@pytest.fixture(autouse=True)
def _long_pauses(settle_timeout: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine, the second attempt is still to come at the restart."""
    monkeypatch.setattr(patience, "PAUSES", (settle_timeout + 10, settle_timeout + 20))


async def test_a_slash_command_is_answered_after_a_restart(
    server: Server, expect: Expect, make_bot: MakeBot
) -> None:
    server.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=503, times=1)
    result = await server.alice.slash(server.general, "describe", image=("c.png", CHART))
    assert result.response is not None
    assert result.response.content == ""
    await restart(server, make_bot)
    expect.answer(result.response, "describe", [CHART])
    assert len(server.general.history()) == 1


async def test_a_mention_is_answered_once_after_a_restart(
    server: Server, expect: Expect, make_bot: MakeBot
) -> None:
    server.env.inject_error("PATCH", "/channels/*/messages/*", status=503, times=1)
    await server.alice.send(server.general, server.mention, attachments=[("c.png", COVER)])
    await restart(server, make_bot)
    expect.answers(server.answers_in_thread(), "describe", [COVER])


async def test_a_private_answer_too_late_for_its_token_comes_by_dm(
    server: Server, expect: Expect, make_bot: MakeBot
) -> None:
    picture = await server.alice.send(server.general, "My cover", attachments=[("c.png", COVER)])
    server.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=503, times=None)
    await server.bob.context_menu(server.general, "Describe picture", picture)
    await server.env.advance_time(16 * 60)
    await restart(server, make_bot)
    expect.answers(server.bob.user.dm_channel.history(), "describe", [COVER])


async def test_nothing_is_kept_of_what_is_answered(server: Server, settings: BotSettings) -> None:
    await server.alice.slash(server.general, "describe", image=("c.png", CHART), question="hm?")
    assert await jobs_in(settings.data) == []
    assert list((settings.data / "spool").iterdir()) == []


async def test_discord_is_out_of_order_for_a_while(server: Server, expect: Expect) -> None:
    server.env.inject_error("PATCH", "/webhooks/*/*/messages/*", status=503, times=2)
    result = await server.alice.slash(server.general, "describe", image=("chart.png", CHART))
    await server.env.advance_time(sum(patience.PAUSES))
    expect.answer(result.response, "describe", [CHART])


async def restart(server: Server, make_bot: MakeBot) -> None:
    """Stop the bot as a crash would, and start it again on the same data."""
    await server.env.restart_bot(make_bot())
    await server.env.settle()
