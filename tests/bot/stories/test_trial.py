"""A newcomer opens the trial page."""

import pytest

from bot.client import VisionBot
from bot.locales import sentences as s
from bot.settings import BotSettings
from bot.trial.page import welcome
from inference import sample_pictures
from tests.bot.stories.conftest import Expect, Server


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"signature": s.TRIAL_SIGNATURE})


async def test_a_newcomer_replies_to_a_sample_picture(server: Server, expect: Expect) -> None:
    bot, newcomer = server.env.bot, server.alice.user
    assert isinstance(bot, VisionBot)
    drawn = sample_pictures(seed=1)
    await welcome(bot, newcomer.id, drawn)
    greeting, *samples = newcomer.dm_channel.history()
    assert greeting.content == s.TRIAL_WELCOME
    assert [len(message.attachments) for message in samples] == [1, 1, 1]

    chart, picture = samples[2], drawn[2]
    await newcomer.send_dm(
        picture.question,
        reference={"message_id": str(chart.id), "channel_id": str(newcomer.dm_channel.id)},
    )
    answers = newcomer.dm_channel.history()[5:]
    expect.answers(answers, "ask", [picture.png], picture.question)
    assert answers[-1].content.endswith("Answered by a small demo model.")


async def test_the_page_shows_the_conversation(server: Server) -> None:
    bot, newcomer = server.env.bot, server.alice.user
    assert isinstance(bot, VisionBot)
    await welcome(bot, newcomer.id, sample_pictures(seed=2))
    dm = newcomer.dm_channel
    async with server.env.preview(dm, viewers=[newcomer], layout="channel") as page:
        assert page.url.startswith("http://127.0.0.1:")
