"""What the operator's log holds when Discord is out of order: no key to anybody's answer."""

import logging

import pytest

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
