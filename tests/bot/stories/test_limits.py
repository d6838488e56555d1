"""Who asks too much is told so, and then listened to no more for a while."""

import pytest

from bot.locales import sentences as s
from bot.settings import BotSettings
from tests.bot.stories.conftest import Server

NO_PICTURE = [("a.png", b"no picture")]


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"requests_a_minute": 1})


async def test_who_only_mentions_is_told_once_that_nobody_listens_for_a_while(
    server: Server,
) -> None:
    for _ in range(9):
        await server.alice.send(server.general, server.mention, attachments=NO_PICTURE)

    _, the_first, too_fast, ignored = server.posted()
    assert the_first == s.NOT_A_PICTURE
    assert too_fast.startswith(s.TOO_FAST.split("{")[0])
    assert ignored.startswith(s.IGNORED.split("{")[0])


async def test_commands_that_are_too_many_are_declined_for_their_asker_and_not_punished(
    server: Server,
) -> None:
    for _ in range(9):
        result = await server.alice.slash(server.general, "describe", image=NO_PICTURE[0])
    assert result.ephemeral
    assert result.response is not None
    assert result.response.content.startswith(s.TOO_FAST.split("{")[0])
