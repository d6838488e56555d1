"""The buttons under an answer, wherever Discord lets people use the bot."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from bot.choices import Choices, Mention
from bot.locales import sentences as s
from inference import Delta, Detail, Request
from inference.engine.local import LocalEngine
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import CALLBACK, EDIT_BY_TOKEN, FETCH
from tests.wire.faults import Reset, Slow
from tests.wire.model import Channel, Interaction, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

QUESTION = "what colour is it?"
Place = Callable[[Discord, Person], Channel]
PLACES: dict[str, Place] = {
    "a server": lambda discord, _: discord.world.guild("Harbour").channel("general"),
    "a direct conversation": lambda discord, alice: discord.world.direct_channel(alice.user),
    "a server without the bot": lambda discord, _: discord.world.guild(
        "Harbour", has_bot=False
    ).channel("general"),
    "a group": lambda discord, alice: discord.world.group_channel(alice.user),
}


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, loopback: Discord, alice: Person) -> Channel:
    return PLACES[request.param](loopback, alice)


class Listener:
    """The real engine, and what it was asked."""

    def __init__(self, engine: LocalEngine) -> None:
        self._engine = engine
        self.asked: list[Request] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def generate(self, request: Request) -> AsyncGenerator[Delta, None]:
        """Answer as the engine does."""
        self.asked.append(request)
        return self._engine.generate(request)


def break_down(*_: Any) -> None:
    raise RuntimeError("the kernel is broken")


async def done(person: Person, interaction: Interaction) -> Message:
    """Wait until an interaction has come to something, and no more comes after it."""
    answer = await person.reply_to(interaction)
    await asyncio.sleep(10)
    assert interaction.follow_ups == []
    return answer


async def press(person: Person, answer: Message, label: str) -> Interaction:
    """Press a button, and send off the form that it may show."""
    pressed = person.clicks(answer, label)
    if label != s.ASK_MORE:
        return pressed
    await asyncio.sleep(1)
    return person.submits(pressed, question=QUESTION)


async def test_an_answer_carries_its_picture_from_the_first_edit_to_the_last(
    loopback: Discord, start_brief_bot: StartBriefBot, place: Channel, alice: Person
) -> None:
    before = len(loopback.world.attachments)
    async with start_brief_bot(pace=1):
        answer = await done(alice, alice.slash(place, "describe", image=RED))
        await asyncio.sleep(20)
    assert answer.files == ["1.webp"]
    assert len(answer.past) > 1
    uploaded = len(loopback.world.attachments) - before
    assert uploaded == 2, "what Alice has uploaded, and one copy"


async def test_the_buttons_work_there_also_after_a_restart(
    start_brief_bot: StartBriefBot, place: Channel, alice: Person, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        answer = await done(alice, alice.slash(place, "describe", image=RED))
    async with start_brief_bot():
        for label in (s.SHORTER, s.LONGER, s.AGAIN):
            again = await done(alice, alice.clicks(answer, label))
            assert again is answer
            assert answer.files == ["1.webp"]
        assert answer.content != brief_truth("describe", RED)  # by another seed
        file = await done(alice, alice.clicks(answer, s.AS_FILE))
        assert file.files == ["answer.txt"]
        assert file.visible_to is alice.user
        alice.clicks(answer, s.DELETE)
        await asyncio.sleep(5)
    assert answer.is_deleted


async def test_more_is_asked_in_a_form_that_an_earlier_process_has_shown(
    start_brief_bot: StartBriefBot, place: Channel, alice: Person
) -> None:
    async with start_brief_bot():
        answer = await done(alice, alice.slash(place, "describe", image=RED))
        form = alice.clicks(answer, s.ASK_MORE)
        await asyncio.sleep(1)
    async with start_brief_bot():
        more = await done(alice, alice.submits(form, question=QUESTION))
        await asyncio.sleep(10)
    assert more is not answer
    assert more.content.startswith(f"> {QUESTION}\n")


async def test_what_was_said_before_goes_along_with_what_is_asked_more(
    start_brief_bot: StartBriefBot,
    brief_engine: LocalEngine,
    place: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    listener = Listener(brief_engine)
    async with start_brief_bot(listener):
        answer = await done(alice, alice.slash(place, "describe", image=RED))
        for question in (QUESTION, "and how large?"):
            form = alice.clicks(answer, s.ASK_MORE)
            await asyncio.sleep(1)
            answer = await done(alice, alice.submits(form, question=question))
    first, _, third = listener.asked
    before, told, again, *_, last = third.messages
    assert (before.text, told.text) == (first.messages[0].text, brief_truth("describe", RED))
    assert before.pictures[0].digest == first.messages[0].pictures[0].digest
    assert (again.text, last.text) == (QUESTION, "and how large?")
    assert [len(message.pictures) for message in third.messages] == [1, 0, 0, 0, 0]


async def test_where_all_answers_are_private_so_are_those_of_the_buttons(
    loopback: Discord, start_brief_bot: StartBriefBot, alice: Person
) -> None:
    guild = loopback.world.guild("Harbour", has_bot=False)
    guild.hides_external_apps = True
    place = guild.channel("general")
    async with start_brief_bot():
        answer = await done(alice, alice.slash(place, "describe", image=RED))
        await done(alice, alice.clicks(answer, s.AGAIN))
        form = alice.clicks(answer, s.ASK_MORE)
        await asyncio.sleep(1)
        more = await done(alice, alice.submits(form, question=QUESTION))
    assert answer.files == ["1.webp"]
    assert more.content.startswith(f"> {QUESTION}\n")
    assert loopback.member("bob").sees(place) == []


async def test_a_button_of_another_version_says_what_to_do_instead(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot():
        answer = await done(alice, alice.slash(general, "describe", image=RED))
        for old in ("v0:again:describe", "v1:again:dance:1:normal::1", "v2:again:describe:1"):
            answer.buttons[0]["custom_id"] = old
            told = await done(alice, alice.clicks(answer, s.AGAIN))
            assert told.content == s.BUTTON_TOO_OLD
            assert told.visible_to is alice.user


async def test_an_answer_that_is_asked_for_again_twice_is_given_once(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot(pace=0.5):
        answer = await done(alice, alice.slash(general, "describe", image=RED))
        said = len(answer.past)
        alice.clicks(answer, s.SHORTER)
        second = alice.clicks(answer, s.SHORTER)
        await asyncio.sleep(20)
    assert second.is_acknowledged
    assert len(answer.past) > said
    assert len(general.posted) == 1


@pytest.mark.parametrize("label", [s.AGAIN, s.ASK_MORE])
async def test_a_press_is_acknowledged_however_slowly_discord_says_what_it_is_about(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, alice: Person, label: str
) -> None:
    async with start_brief_bot(pace=0.5) as bot:
        thread = await alice.thread_on(alice.mentions(general, files=[RED]))
        answer = await alice.reads(thread, s.REPLY_TO_ASK)
        loopback.faults.place(FETCH, Slow(10))
        pressed = await press(alice, answer, label)
        await asyncio.sleep(8)
        assert pressed.is_acknowledged
        assert bot.desk.open_jobs == 0
        await asyncio.sleep(20)
    assert loopback.faults.are_spent
    if label == s.AGAIN:
        assert s.REPLY_TO_ASK not in answer.content, "no first answer any more"
        assert len(thread.posted) == 1
    else:
        assert thread.posted == [answer, pressed.original]
        assert thread.posted[1].content.startswith(f"> {QUESTION}\n")
    assert pressed.follow_ups == []


@pytest.mark.parametrize("label", [s.AGAIN, s.ASK_MORE])
@pytest.mark.parametrize("is_unheard", [False, True], ids=["", "that it is acknowledged gets lost"])
async def test_what_it_is_about_may_be_gone_by_then(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    label: str,
    *,
    is_unheard: bool,
) -> None:
    async with start_brief_bot():
        asked = alice.mentions(general, files=[RED])
        thread = await alice.thread_on(asked)
        answer = await alice.reads(thread, s.REPLY_TO_ASK)
        alice.deletes(asked)
        loopback.faults.place(FETCH, Slow(10))
        pressed = await press(alice, answer, label)
        if is_unheard:
            loopback.faults.place(CALLBACK, Reset("after"))
        told = await alice.reads(thread, s.PICTURE_GONE)
    assert pressed.follow_ups == [told]
    assert loopback.member("bob").sees(thread) == [answer]


@pytest.mark.parametrize("way", [Mention.THREAD, Mention.PRIVATE_THREAD, Mention.REPLY])
async def test_the_answer_to_a_mention_stays_in_the_servers_language(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    brief_truth: Truth,
    way: Mention,
) -> None:
    assert general.guild is not None
    anna = loopback.member("anna", locale="de")
    async with start_brief_bot() as bot:
        await bot.store.choose(general.guild.id, Choices(mention=way))
        anna.mentions(general, files=[RED])
        await asyncio.sleep(30)
        (place,) = general.guild.threads.values() or [general]
        answer = place.posted[-1]
        assert answer.content.startswith(brief_truth("describe", RED))
        await done(anna, anna.clicks(answer, s.SHORTER))
    assert answer.content == brief_truth("describe", RED, Detail.SHORT)
    labels = [button["label"] for button in answer.buttons]
    assert labels == [s.AGAIN, s.LONGER, s.AS_FILE, s.ASK_MORE, s.DELETE]


async def test_a_press_waits_for_the_answer_to_be_whole(
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot(pace=1):
        alice.slash(general, "describe", image=RED)
        await alice.reads(general, " …")
        loopback.faults.place(EDIT_BY_TOKEN, Reset("after"), times=5)
        answer = await alice.reads(general, brief_truth("describe", RED))
        pressed = alice.clicks(answer, s.SHORTER)  # the bot has not heard yet that it stands
        await asyncio.sleep(60)
    assert pressed.is_acknowledged
    assert answer.content == brief_truth("describe", RED, Detail.SHORT)


@pytest.mark.parametrize("label", [s.AGAIN, s.SHORTER, s.LONGER])
async def test_cancelling_an_answer_that_is_asked_for_again_leaves_the_old_one(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    label: str,
) -> None:
    async with start_brief_bot():
        answer = await done(alice, alice.slash(general, "describe", image=RED))
        await alice.reads(general, brief_truth("describe", RED))
        buttons = [(button["label"], button["custom_id"]) for button in answer.buttons]
    async with start_brief_bot(pace=20):  # *Again* may have one word only
        alice.clicks(answer, label)
        await until(
            alice.world,
            lambda: s.CANCEL in [button["label"] for button in answer.buttons],
            lambda: "alice may not cancel what she asked for again",
        )
        alice.clicks(answer, s.CANCEL)
        await alice.reads(general, brief_truth("describe", RED))
    assert [(button["label"], button["custom_id"]) for button in answer.buttons] == buttons
    assert answer.files == ["1.webp"]


async def test_an_answer_is_not_lost_where_the_model_fails_at_another_one(
    start_brief_bot: StartBriefBot,
    brief_model: tuple[Any, Any],
    general: Channel,
    alice: Person,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        answer = await done(alice, alice.slash(general, "describe", image=RED))
        await alice.reads(general, brief_truth("describe", RED))
        before = (answer.files, [button["custom_id"] for button in answer.buttons])
        hook = brief_model[0].lm_head.register_forward_hook(break_down)
        try:
            for _ in range(2):
                alice.clicks(answer, s.AGAIN)
                await asyncio.sleep(20)
        finally:
            hook.remove()
        assert answer.content == f"{brief_truth('describe', RED)}\n-# {s.MODEL_FAILED}"
        assert (answer.files, [button["custom_id"] for button in answer.buttons]) == before
        alice.clicks(answer, s.SHORTER)
        await alice.reads(general, brief_truth("describe", RED, Detail.SHORT))
    assert s.MODEL_FAILED not in answer.content


async def test_a_question_that_is_taken_back_leaves_no_picture(
    start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    async with start_brief_bot(pace=1):
        alice.slash(general, "describe", image=RED)
        growing = await alice.reads(general, " …")
        assert growing.files == ["1.webp"]
        alice.clicks(growing, s.CANCEL)
        await alice.reads(general, s.CANCELLED)
    assert growing.files == []
    assert growing.buttons == []


async def test_who_may_manage_messages_deletes_anybodys_answer(
    loopback: Discord, start_brief_bot: StartBriefBot, general: Channel, alice: Person
) -> None:
    moderator = loopback.member("moderator")
    async with start_brief_bot():
        answer = await done(alice, alice.slash(general, "describe", image=RED))
        moderator.clicks(answer, s.DELETE)
        await asyncio.sleep(5)
    assert answer.is_deleted
