"""Files that cannot be looked at, and pictures that are covered, on their whole way."""

import asyncio

import pytest

from bot.locales import say
from bot.locales import sentences as s
from bot.pictures.fetch import MAX_BYTES
from tests.wire.conftest import StartBriefBot
from tests.wire.fault_rows import FILE
from tests.wire.faults import CutOff, Fault, Refused, Slow
from tests.wire.model import Channel, Intent, Upload
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.truth import Truth

MINUTE = 60.0
REPORT = Upload("report.docx", b"PK", "application/vnd.openxmlformats")
LARGE = Upload("large.png", bytes(MAX_BYTES + 1))
DAMAGED = Upload("damaged.png", RED.content[:40])
SPOILER = Upload("SPOILER_red.png", RED.content)


@pytest.mark.parametrize(
    ("file", "sentence"),
    [(REPORT, s.NOT_A_PICTURE), (LARGE, say("en-US", s.FILE_TOO_LARGE, most=25))],
)
async def test_a_command_with_a_wrong_file_is_declined_for_the_askers_eyes_before_it_is_fetched(
    file: Upload,
    sentence: str,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
) -> None:
    async with start_brief_bot():
        asked = alice.slash(general, "describe", image=file)
        answer = await alice.reply_to(asked)
        assert answer.content == sentence
        assert answer.visible_to is alice.user
    assert loopback.fetched == []


async def test_one_wrong_file_does_not_cost_the_answer_about_the_others(
    general: Channel, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    async with start_brief_bot():
        question = alice.mentions(general, files=[REPORT, RED])
        thread = await alice.thread_on(question)
        answer = await alice.reads(thread, brief_truth("describe", RED))
        await alice.reads(thread, say("en-US", s.UNUSABLE, names="report.docx"))
        assert thread.posted == [answer]


@pytest.mark.parametrize("fault", [Refused(404), Refused(503), Slow(MINUTE), CutOff(20)])
async def test_a_picture_that_cannot_be_fetched_is_named_while_the_others_are_answered(
    fault: Fault,
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        loopback.faults.place(FILE, fault)
        thread = await alice.thread_on(alice.mentions(general, "hm", files=[BLUE, RED, RED]))
        answer = await alice.reads(thread, say("en-US", s.UNUSABLE, names="blue.png"))
        assert s.ONE_LEFT not in answer.content
        loopback.faults.place(FILE, fault)
        thread = await alice.thread_on(alice.mentions(general, files=[BLUE, RED]))
        await alice.reads(thread, brief_truth("describe", RED))
        await alice.reads(thread, say("en-US", s.UNUSABLE, names="blue.png"))
        await asyncio.sleep(MINUTE)
        assert len(thread.posted) == 1


async def test_where_no_picture_can_be_fetched_the_asker_is_told_why(
    loopback: Discord, general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot():
        loopback.faults.place(FILE, Refused(404), times=2)
        thread = await alice.thread_on(alice.mentions(general, files=[BLUE, RED]))
        await alice.reads(thread, s.PICTURE_GONE)


@pytest.mark.parametrize("file", [REPORT, LARGE, DAMAGED], ids=lambda file: file.filename)
async def test_what_is_left_alone_of_a_comparison_is_described_and_small_print_says_so(
    file: Upload,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    async with start_brief_bot():
        alice.slash(general, "compare", first=file, second=RED, question="Which is older?")
        answer = await alice.reads(general, brief_truth("describe", RED))
        unseen = say("en-US", s.UNUSABLE, names=file.filename)
        await alice.reads(general, f"-# {unseen} {s.ONE_LEFT}")
        assert general.posted == [answer]


async def test_who_asks_without_a_picture_means_the_newest_one_and_is_told_which(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    loopback.world.approved_intents = Intent.MESSAGE_CONTENT
    picture = loopback.member("bob").says(general, "my flag", files=[RED])
    assert general.guild is not None
    link = f"https://discord.com/channels/{general.guild.id}/{general.id}/{picture.id}"
    async with start_brief_bot() as bot:
        await bot.wait_until_ready()
        alice.mentions(general, "it is great")
        await alice.reads(general, s.NO_PICTURE)
        thread = await alice.thread_on(alice.mentions(general))
        await alice.reads(thread, brief_truth("describe", RED))
        answer = await alice.reads(thread, say("en-US", s.TAKEN_FROM, link=link))
        loopback.member("bob").says(general, "and this is hers", files=[BLUE])
        said = len(answer.past)
        alice.clicks(answer, s.SHORTER)
        await asyncio.sleep(20)
        assert len(answer.past) > said
        assert link in answer.content, "asked again, it is the picture that it was"


async def test_who_asks_about_an_avatar_is_answered_about_that(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
) -> None:
    bob = loopback.member("bob")
    loopback.world.portray(alice.user, RED)
    loopback.world.portray(bob.user, BLUE)
    async with start_brief_bot():
        about_bob = alice.mentions(general, f"what is on {bob.user.mention}'s avatar?")
        about_herself = alice.mentions(general, "what is on my avatar?")
        for question in (about_bob, about_herself):
            await alice.thread_on(question)
        await asyncio.sleep(MINUTE)
    assert loopback.fetched == [
        f"/avatars/{person.id}/{person.avatar}.png" for person in (bob.user, alice.user)
    ]


async def test_of_seven_pictures_six_are_looked_at_and_small_print_says_so(
    general: Channel, alice: Person, start_brief_bot: StartBriefBot
) -> None:
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, files=[RED] * 7))
        answer = await alice.reads(thread, "-# ")
        await asyncio.sleep(MINUTE)
        assert "6" in answer.content.rsplit("-# ", 1)[1]


async def test_a_link_that_discord_embeds_late_is_answered(
    loopback: Discord,
    general: Channel,
    alice: Person,
    start_brief_bot: StartBriefBot,
    brief_truth: Truth,
) -> None:
    link = "https://pics.example/flag.png"
    async with start_brief_bot():
        question = alice.mentions(general, link)
        await asyncio.sleep(0.4)
        loopback.world.unfurl(question, loopback.world.embed(link, RED))
        thread = await alice.thread_on(question)
        await alice.reads(thread, brief_truth("describe", RED))


async def test_a_spoiler_stays_one(
    general: Channel, alice: Person, start_brief_bot: StartBriefBot, brief_truth: Truth
) -> None:
    told = brief_truth("describe", RED)
    waiting = tuple(say("en-US", s.WAITING, position=place)[:-1] for place in (1, 2))
    async with start_brief_bot():
        thread = await alice.thread_on(alice.mentions(general, "who dies?", files=[SPOILER]))
        assert thread.name == s.THREAD_NAME
        alice.slash(general, "describe", image=SPOILER)
        alice.slash(general, "describe", image=BLUE)
        await asyncio.sleep(2 * MINUTE)
        in_thread, by_command, plain = (thread.posted[0], *general.posted[-2:])
    for message in (in_thread, by_command):
        for words in (*message.past, message.content):
            is_note = words in {"", s.LOOKING} or words.startswith(waiting)
            assert is_covered(words) or is_note, words
    assert by_command.content.startswith(f"||{told}")
    assert not is_covered(plain.content)


def is_covered(words: str) -> bool:
    """Tell whether nothing but small print can be read without a click."""
    words = words.split("\n-# ")[0]
    return words.startswith("||") and words.endswith("||") and words.count("||") == 2
