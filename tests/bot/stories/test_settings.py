"""Who manages a server decides by one panel where and how the bot answers there."""

from collections.abc import AsyncGenerator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord
from simcord import MemberActor

from bot.choices import NOTHING_CHOSEN, Choices, Mention
from bot.features.panel import CONTROLS
from bot.locales import sentences as s
from bot.settings import BotSettings
from inference import TASKS, Delta, Detail, Engine, EngineSettings, Request, load_engine
from tests.bot.stories.conftest import Server
from tests.bot.stories.pictures import CHART, COVER


class NotedEngine:
    """Answers as a real engine does, and lets a test see what reached it."""

    def __init__(self, engine: Engine) -> None:
        self.requests: list[Request] = []
        self._engine = engine

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        self.requests.append(request)
        return self._engine.generate(request)


@pytest.fixture(scope="session")
def engine(tiny_checkpoint: Path) -> NotedEngine:
    settings = EngineSettings(source=str(tiny_checkpoint), device="cpu", dtype="float32")
    return NotedEngine(load_engine(settings))


@pytest.fixture
def settings(settings: BotSettings) -> BotSettings:
    return settings.model_copy(update={"requests_a_minute": 60, "age_restricted": "on"})


@pytest.fixture
async def carol(server: Server) -> MemberActor:
    """Carol may manage the server."""
    role = server.guild.create_role("boss", permissions=discord.Permissions(manage_guild=True))
    return server.guild.add_member(server.env.create_user("carol"), roles=[role])


def chosen(server: Server) -> Choices:
    return server.env.bot.store.choices(server.guild.id)


async def panel(server: Server, who: MemberActor) -> Any:
    result = await who.slash(server.general, "settings")
    assert result.ephemeral
    return result.response


async def pick(server: Server, who: MemberActor, field: str, *picks: Any) -> Any:
    """Open the panel and pick something in it."""
    shown = await panel(server, who)
    return await who.select(shown, picks, custom_id=f"settings:{field}")


def texts(shown: Any) -> str:
    """What a panel says, controls apart."""
    return "\n".join(part["content"] for part in shown.components if part["type"] == 10)


def control(shown: Any, field: str) -> dict[str, Any]:
    """One select of a panel."""
    selects = [row["components"][0] for row in shown.components if row["type"] == 1]
    (found,) = [each for each in selects if each["custom_id"] == f"settings:{field}"]
    return found


def default(shown: Any, field: str) -> list[str]:
    select = control(shown, field)
    if "options" in select:
        return [each["value"] for each in select["options"] if each.get("default")]
    return [str(each["id"]) for each in select.get("default_values", [])]


async def test_each_control_changes_just_what_it_names(server: Server, carol: MemberActor) -> None:
    server.env.bot._connection._intents.message_content = True
    quiet = server.guild.create_text_channel("quiet")
    readers = server.guild.create_role("readers")
    picks: dict[str, tuple[list[Any], Any]] = {
        "channels": ([server.general, quiet], {server.general.id, quiet.id}),
        "roles": ([readers], {readers.id}),
        "mention": (["private thread"], Mention.PRIVATE_THREAD),
        "private": (["asker"], True),
        "detail": (["short"], Detail.SHORT),
        "language": (["en"], "en"),
        "a_minute": (["2"], 2),
        "age_restricted": (["spoiler"], "spoiler"),
        "accessible": ([quiet], {quiet.id}),
        "describes_at_once": (["sentences"], True),
    }
    assert picks.keys() == CONTROLS.keys() == asdict(NOTHING_CHOSEN).keys()
    shown = await panel(server, carol)
    expected = asdict(NOTHING_CHOSEN)
    for field, (picked, meaning) in picks.items():
        result = await carol.select(shown, picked, custom_id=f"settings:{field}")
        expected[field] = meaning
        assert asdict(chosen(server)) == expected, field
        seen = [str(getattr(each, "id", each)) for each in picked]
        assert sorted(default(result.response, field)) == sorted(seen)


async def test_an_empty_choice_takes_the_bound_away_again(
    server: Server, carol: MemberActor
) -> None:
    for field, picked, back in (
        ("channels", [server.general], []),
        ("language", ["en"], ["asker"]),
        ("a_minute", ["2"], ["allowed"]),
        ("private", ["asker"], ["all"]),
    ):
        await pick(server, carol, field, *picked)
        assert chosen(server) != NOTHING_CHOSEN
        await pick(server, carol, field, *back)
        assert chosen(server) == NOTHING_CHOSEN


async def test_only_who_may_manage_the_server_may_choose(
    server: Server, carol: MemberActor
) -> None:
    assert "settings" not in server.alice.available_commands(server.general)
    shown = await panel(server, carol)
    boss = server.guild.roles["boss"]
    server.env.backend.remove_member_role(server.guild.id, carol.id, boss.id)
    result = await carol.select(shown, ["asker"], custom_id="settings:private")
    assert result.ephemeral
    assert result.response.content == s.MANAGERS_ONLY
    assert chosen(server) == NOTHING_CHOSEN


async def test_choices_and_open_panels_survive_a_restart(
    server: Server, carol: MemberActor, make_bot: Any
) -> None:
    shown = await panel(server, carol)
    await carol.select(shown, ["asker"], custom_id="settings:private")
    await server.env.restart_bot(make_bot())
    assert chosen(server) == Choices(private=True)
    await carol.select(shown, ["short"], custom_id="settings:detail")
    assert chosen(server) == Choices(private=True, detail=Detail.SHORT)


async def test_choices_go_when_the_bot_is_removed(server: Server, carol: MemberActor) -> None:
    await pick(server, carol, "private", "asker")
    guild = server.env.bot.get_guild(server.guild.id)
    assert guild is not None
    await guild.leave()
    await server.env.settle()
    assert chosen(server) == NOTHING_CHOSEN


async def test_in_other_channels_and_for_other_roles_the_bot_says_why_not(
    server: Server, carol: MemberActor
) -> None:
    quiet = server.guild.create_text_channel("quiet")
    await pick(server, carol, "channels", quiet)
    result = await server.alice.slash(server.general, "describe", image=("a.png", CHART))
    assert result.ephemeral
    assert result.response.content == s.OTHER_CHANNELS
    result = await server.alice.slash(quiet, "describe", image=("a.png", CHART))
    assert not result.ephemeral
    readers = server.guild.create_role("readers")
    await pick(server, carol, "channels")
    await pick(server, carol, "roles", readers)
    await server.alice.send(server.general, server.mention, attachments=[("c.png", CHART)])
    assert server.last_answer() == s.OTHER_ROLES
    dave = server.guild.add_member(server.env.create_user("dave"), roles=[readers])
    await dave.send(server.general, server.mention, attachments=[("c.png", CHART)])
    assert server.answers_in_thread()


async def test_mentions_are_answered_as_the_server_wishes(
    server: Server, carol: MemberActor
) -> None:
    async def mention() -> None:
        await server.alice.send(server.general, server.mention, attachments=[("c.png", CHART)])

    await pick(server, carol, "mention", "off")
    before = len(server.env.http_requests)
    await mention()
    assert len(server.env.http_requests) == before
    await pick(server, carol, "mention", "reply")
    await mention()
    assert server.general.threads == []
    answer = server.general.last_message
    assert answer is not None
    assert answer.reference is not None
    await pick(server, carol, "mention", "private thread")
    await mention()
    (thread,) = server.general.threads
    assert server.answers_in_thread()
    assert thread.history(viewer=server.alice)
    with pytest.raises(simcord.SetupError):
        thread.history(viewer=server.bob)
    await pick(server, carol, "mention", "thread")
    await mention()
    assert len(server.general.threads) == 2


async def test_answers_are_as_private_and_long_as_the_server_wishes(
    server: Server, carol: MemberActor, engine: NotedEngine
) -> None:
    async def asked() -> tuple[bool, str]:
        result = await server.alice.slash(server.general, "describe", image=("a.png", COVER))
        return result.ephemeral, engine.requests[-1].messages[-1].text

    def words(**choices: Any) -> str:
        return TASKS["describe"].words(kind=engine.kind, **choices)

    assert await asked() == (False, words())
    await pick(server, carol, "private", "asker")
    assert await asked() == (True, words())
    await pick(server, carol, "private", "all")
    await pick(server, carol, "detail", "short")
    assert await asked() == (False, words(detail=Detail.SHORT))
    await pick(server, carol, "language", "de")
    assert await asked() == (False, words(detail=Detail.SHORT, language="de"))
    await server.alice.send(server.general, server.mention, attachments=[("c.png", COVER)])
    assert engine.requests[-1].messages[-1].text == words(detail=Detail.SHORT, language="de")


async def test_a_member_asks_as_often_as_the_server_lets_each(
    server: Server, carol: MemberActor
) -> None:
    await pick(server, carol, "a_minute", "1")
    for person, told in ((server.alice, 0), (server.alice, 1), (server.bob, 0), (server.bob, 1)):
        result = await person.slash(server.general, "ocr", image=("a.png", CHART))
        assert result.response.content.startswith(s.TOO_FAST.split("{")[0]) == told
    await server.alice.send_dm("what is it?", attachments=[])
    await pick(server, carol, "a_minute", "allowed")
    result = await server.alice.slash(server.general, "ocr", image=("a.png", CHART))
    assert not result.response.content.startswith(s.TOO_FAST.split("{")[0])


async def test_the_panel_says_where_the_owners_bounds_bite(
    server: Server, carol: MemberActor
) -> None:
    shown = await panel(server, carol)
    assert "owner" not in texts(shown).replace(s.SETTINGS_HINT, "").replace(
        s.NEEDS_MESSAGE_CONTENT, ""
    )
    role = server.guild.create_role("noisy")
    for name, value in {
        "blocked_servers": frozenset({server.guild.id}),
        "allowed_channels": frozenset({server.general.id}),
        "blocked_roles": frozenset({role.id}),
        "requests_a_minute": 3,
        "age_restricted": "spoiler",
    }.items():
        setattr(server.env.bot.settings, name, value)
    shown = await panel(server, carol)
    assert s.BOUND_SERVER in texts(shown)
    assert s.BOUND_ALLOWED.format(names=server.general.mention) in texts(shown)
    assert s.BOUND_BLOCKED.format(names=role.mention) in texts(shown)
    assert s.BOUND_AGE_SPOILER in texts(shown)
    assert [each["value"] for each in control(shown, "age_restricted")["options"]] == [
        "off",
        "spoiler",
    ]
    assert [each["value"] for each in control(shown, "a_minute")["options"]] == [
        "allowed",
        "1",
        "2",
    ]


async def test_the_panel_says_where_what_was_chosen_has_been_deleted(
    server: Server, carol: MemberActor
) -> None:
    server.env.bot._connection._intents.message_content = True
    backend = server.env.backend
    quiet = server.guild.create_text_channel("quiet")
    role = server.guild.create_role("readers")
    await pick(server, carol, "channels", server.general, quiet)
    await pick(server, carol, "accessible", quiet)
    result = await pick(server, carol, "roles", role)
    assert texts(result.response).count(s.CHOSEN_IS_GONE) == 0
    backend.delete_channel(quiet.id)
    backend.delete_role(server.guild.id, role.id)
    await server.env.settle()
    shown = await panel(server, carol)
    assert texts(shown).count(s.CHOSEN_IS_GONE) == 3
    result = await pick(server, carol, "channels", server.general)
    assert texts(result.response).count(s.CHOSEN_IS_GONE) == 2


async def test_the_panel_says_where_pictures_stay_undescribed_since_nobody_is_answered_there(
    server: Server, carol: MemberActor
) -> None:
    server.env.bot._connection._intents.message_content = True
    quiet = server.guild.create_text_channel("quiet")
    result = await pick(server, carol, "accessible", quiet)
    note = s.NOT_ANSWERED_THERE.format(names=quiet.mention)
    assert note not in texts(result.response)
    result = await pick(server, carol, "channels", server.general)
    assert note in texts(result.response)


async def test_without_the_message_content_intent_the_switch_says_so(
    server: Server, carol: MemberActor
) -> None:
    server.env.bot._connection._intents.message_content = False
    shown = await panel(server, carol)
    assert s.NEEDS_MESSAGE_CONTENT in texts(shown)
    assert control(shown, "accessible")["disabled"]
    assert control(shown, "describes_at_once")["disabled"]
