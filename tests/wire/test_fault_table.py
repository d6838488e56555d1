"""The table of faults: whatever fails, each question ends in an answer or one clear sentence."""

import asyncio
from pathlib import Path

import pytest

from bot.locales import sentences as s
from tests.furnished import FurnishedBot
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import (
    ANSWER,
    INTERACTION_ROWS,
    MESSAGE_ROWS,
    PICTURE_ROWS,
    Ask,
    Place,
    Row,
    Scene,
)
from tests.wire.model import Channel, Interaction, Message
from tests.wire.people import Person, until
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

ROWS = [*INTERACTION_ROWS, *MESSAGE_ROWS, *PICTURE_ROWS]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
async def test_a_question_ends_in_an_answer_or_one_clear_sentence(
    row: Row,
    loopback: Discord,
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    brief_truth: Truth,
    tmp_path: Path,
) -> None:
    async with start_brief_bot() as bot:
        for placed in row.faults:
            loopback.faults.place(placed.route, placed.fault, times=placed.times)
        asked = ask(row.ask, alice, general)
        if row.between:
            begun = await first_sign(alice, asked)
            row.between(Scene(loopback, general, alice, begun))
        await all_done(bot)

    left = said_to(alice)
    if row.sees is not None:
        said = left.pop()
        words = said.content.removesuffix(f" {s.REPLY_TO_ASK}").removesuffix("\n-#")  # in a thread
        words = words.removesuffix(f"\n-# {alice.user.mention}")  # where it was late
        assert words == (brief_truth("describe", RED) if row.sees is ANSWER else row.sees)
        assert place_of(said, asked) is row.place
    assert tuple(message.content for message in left) == row.leaves
    assert loopback.faults.are_spent
    assert list((tmp_path / "spool").iterdir()) == []


def ask(how: Ask, person: Person, channel: Channel) -> Interaction | Message:
    """Ask what a red picture shows."""
    match how:
        case Ask.SLASH:
            return person.slash(channel, "describe", image=RED)
        case Ask.MENU:
            return person.uses_menu("Describe picture", person.says(channel, files=[RED]))
        case Ask.MENTION:
            return person.mentions(channel, files=[RED])
        case Ask.DM:
            return person.writes_to_bot(files=[RED])


async def first_sign(person: Person, asked: Interaction | Message) -> Message:
    """Wait for 'thinking…', or for the first message in the thread."""
    if isinstance(asked, Interaction):
        return await until(person.world, lambda: asked.original, lambda: "not acknowledged")
    thread = await person.thread_on(asked)
    await person.reads(thread, "")
    return thread.posted[0]


async def all_done(bot: FurnishedBot) -> None:
    """Wait until the bot has nothing left to say, and a while longer."""
    await asyncio.sleep(1)
    while await bot.store.jobs():  # noqa: ASYNC110 - virtual time
        await asyncio.sleep(30)
    await asyncio.sleep(30)


def said_to(person: Person) -> list[Message]:
    """List all that the bot has said where the person can see it."""
    channels = person.world.channels.values()
    return [said for channel in channels for said in person.sees(channel) if said.author.bot]


def place_of(said: Message, asked: Interaction | Message) -> Place:
    """Tell where a message stands, seen from the question."""
    if isinstance(asked, Interaction):
        as_asked = said is asked.original
    else:
        as_asked = said.channel in (asked.thread, asked.channel) and not (
            asked.channel.guild and said.channel is asked.channel
        )
    if as_asked:
        return Place.AS_ASKED
    return Place.CHANNEL if said.channel.guild else Place.DM
