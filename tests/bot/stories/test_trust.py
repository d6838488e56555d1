"""The operator and each server decide whom the bot answers, and hear of what went wrong."""

import pytest

from bot.locales import sentences as s
from bot.settings import BotSettings
from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import CHART, COVER


def operator_sets(server: Server, **lists: set[int]) -> None:
    """Change the settings of the running bot."""
    for name, ids in lists.items():
        setattr(server.env.bot.settings, name, frozenset(ids))


async def declined(server: Server) -> str:
    """Let alice ask, and return the sentence that she alone is told."""
    result = await server.alice.slash(server.general, "describe", image=("a.png", CHART))
    assert result.ephemeral
    assert result.response is not None
    return result.response.content


async def test_the_operators_lists_decide_who_is_answered_and_where(server: Server) -> None:
    for setting, number, sentence in (
        ("blocked_servers", server.guild.id, s.NOT_HERE),
        ("blocked_channels", server.general.id, s.NOT_HERE),
        ("blocked_people", server.alice.id, s.NOT_YOU),
        ("allowed_servers", 1, s.NOT_HERE),
        ("allowed_channels", 1, s.NOT_HERE),
        ("allowed_people", 1, s.NOT_YOU),
        ("allowed_roles", 1, s.NOT_YOU),
    ):
        operator_sets(server, **{setting: {number}})
        assert await declined(server) == sentence
        operator_sets(server, **{setting: set()})


async def test_a_role_opens_the_door_and_another_closes_it(server: Server, expect: Expect) -> None:
    readers, noisy = server.guild.create_role("readers"), server.guild.create_role("noisy")
    carol = server.guild.add_member(server.env.create_user("carol"), roles=[readers])
    dave = server.guild.add_member(server.env.create_user("dave"), roles=[readers, noisy])
    operator_sets(server, allowed_roles={readers.id}, blocked_roles={noisy.id})
    assert await declined(server) == s.NOT_YOU
    result = await dave.slash(server.general, "describe", image=("a.png", CHART))
    assert result.response is not None
    assert result.response.content == s.NOT_YOU
    result = await carol.slash(server.general, "describe", image=("a.png", CHART))
    expect.answer(result.response, "describe", [CHART])


async def test_a_thread_belongs_to_its_channel(server: Server) -> None:
    operator_sets(server, allowed_channels={server.general.id})
    await server.alice.send(server.general, server.mention, attachments=[("c.png", COVER)])
    (thread,) = server.general.threads
    await server.alice.send(thread, f"{server.mention} who wrote it?")
    assert len(server.answers_in_thread()) == 2
    assert s.NOT_HERE not in server.answers_in_thread()[-1].content
    operator_sets(server, allowed_channels=set(), blocked_channels={server.general.id})
    await server.alice.send(thread, f"{server.mention} and when?")
    assert server.answers_in_thread()[-1].content == s.NOT_HERE


class TestInAHurry:
    @pytest.fixture
    def settings(self, settings: BotSettings) -> BotSettings:
        return settings.model_copy(update={"requests_a_minute": 1})

    async def test_after_five_sentences_nothing_more_is_said(self, server: Server) -> None:
        for _ in range(9):
            await server.alice.send(server.general, server.mention, attachments=[("c", CHART)])
        assert len(server.general.threads) == 1
        told = [text for text in server.posted() if text.startswith("That was a little fast.")]
        assert len(told) == 1, "the others could read along: one is enough in a minute"
        assert (await declined(server)).startswith("You have asked too quickly too many times")
