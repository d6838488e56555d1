"""What the operator's log holds when Discord is out of order: no key to anybody's answer."""

import io
import logging

import pytest

from bot.log import DiscreetHandler
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import CALLBACK, EDIT_BY_TOKEN
from tests.wire.faults import Fault, Garbled, RateLimited, Reset
from tests.wire.model import Channel
from tests.wire.people import Person
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

ORIGINAL = "GET /webhooks/{webhook_id}/{webhook_token}/messages/@original"


@pytest.mark.parametrize(
    ("route", "fault", "told"),
    [
        (EDIT_BY_TOKEN, Garbled(), "ClientResponseError 400"),
        (EDIT_BY_TOKEN, RateLimited(7.5), "rate limited"),
        (ORIGINAL, Garbled(), "ClientResponseError 400"),
        (ORIGINAL, RateLimited(7.5), "rate limited"),
    ],
)
async def test_no_token_is_logged_whatever_discord_answers(
    route: str,
    fault: Fault,
    told: str,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with start_brief_bot(pace=0.01):  # no draft comes before the answer
        loopback.faults.place(CALLBACK, Reset("after"))
        loopback.faults.place(CALLBACK, Reset("before"))
        loopback.faults.place(route, fault)
        interaction = alice.slash(general, "describe", image=RED)
        await alice.reads(general, brief_truth("describe", RED))

    assert loopback.faults.are_spent
    assert told in caplog.text
    assert interaction.token not in caplog.text


async def test_no_token_is_written_with_a_traceback(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = DiscreetHandler(written := io.StringIO())
    logging.getLogger().addHandler(log)
    async with start_brief_bot():
        loopback.faults.place(CALLBACK, Garbled())
        interaction = alice.uses_menu("Describe picture", alice.says(general, "no picture here"))
        await alice.reply_to(interaction)
    logging.getLogger().removeHandler(log)

    assert interaction.token in caplog.text
    assert "ClientResponseError" in written.getvalue()
    assert f"/interactions/{interaction.id}/…/callback" in written.getvalue()
    assert interaction.token not in written.getvalue()
