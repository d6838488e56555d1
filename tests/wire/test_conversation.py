"""A question that goes on from an answer: what of Discord's own messages the model is asked."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.locales import sentences as s
from inference import TASKS
from inference.engine.local import LocalEngine
from tests.furnished import FurnishedBot
from tests.listening import ListenedEngine
from tests.wire.conftest import StartBriefBot
from tests.wire.model import Channel, Intent, Message, Upload
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord

DESCRIBE = TASKS["describe"].words()
VOICE = Upload("voice-message.ogg", b"OggS", "audio/ogg")


@pytest.fixture
def engine(brief_engine: LocalEngine) -> ListenedEngine:
    brief_engine.forget("")  # people of other stories may have the same numbers
    return ListenedEngine(brief_engine)


@pytest.fixture
async def bot(
    start_brief_bot: StartBriefBot, engine: ListenedEngine
) -> AsyncIterator[FurnishedBot]:
    async with start_brief_bot(engine) as bot:
        await bot.wait_until_ready()
        yield bot


@pytest.fixture
async def private(loopback: Discord, alice: Person) -> Channel:
    return loopback.world.direct_channel(alice.user)


@pytest.fixture
async def voice(general: Channel, loopback: Discord) -> Channel:
    """A channel in which there are no threads."""
    loopback.world.forbid(general, "create_public_threads")
    return general


async def answered(message: Message) -> Message:
    """Give the bot the time to answer; return its last message in the place."""
    await asyncio.sleep(30)
    place = message.thread or message.channel
    return next(said for said in reversed(place.posted) if said.author.is_logged_in)


def colours(engine: ListenedEngine) -> list[list[tuple[int, ...]]]:
    """Tell the colours of the pictures that each turn of the last request shows."""
    return [
        [picture.image.getpixel((0, 0)) for picture in message.pictures]
        for message in engine.requests[-1].messages
    ]


def words(engine: ListenedEngine) -> list[str]:
    """Tell what each turn of the last request says."""
    return [message.text for message in engine.requests[-1].messages]


RED_PIXEL, BLUE_PIXEL = (255, 0, 0), (0, 0, 255)


@pytest.mark.usefixtures("bot")
class TestWhatIsAskedAlong:
    async def test_in_a_dm_a_question_goes_on_from_the_last_ones(
        self, alice: Person, engine: ListenedEngine
    ) -> None:
        await answered(alice.writes_to_bot(files=[RED]))
        await answered(alice.writes_to_bot("and what colour is it?"))
        first, second = engine.answers
        assert words(engine) == [DESCRIBE, first, "and what colour is it?"]
        assert colours(engine) == [[RED_PIXEL], [], []]
        await answered(alice.writes_to_bot("and now?"))
        assert words(engine)[1:] == [first, "and what colour is it?", second, "and now?"]

    async def test_in_a_thread_it_goes_on_from_what_the_thread_began_with(
        self, general: Channel, alice: Person, engine: ListenedEngine
    ) -> None:
        question = alice.mentions(general, "which flag is this?", files=[RED])
        await answered(question)
        assert question.thread
        await answered(alice.mentions(question.thread, "and the upper one?"))
        said = ["which flag is this?", engine.answers[0], "and the upper one?"]
        assert words(engine) == said
        assert colours(engine) == [[RED_PIXEL], [], []]

    async def test_where_there_are_no_threads_it_goes_on_along_the_replies(
        self, voice: Channel, alice: Person, loopback: Discord, engine: ListenedEngine
    ) -> None:
        answer = await answered(alice.mentions(voice, files=[RED]))
        await answered(loopback.member("bob").mentions(voice, "mine?", files=[BLUE]))
        second = await answered(alice.says(voice, "who made it?", reply_to=answer))
        await answered(alice.says(voice, "and when?", reply_to=second))
        first, _, then = engine.answers[:3]
        assert words(engine) == [DESCRIBE, first, "who made it?", then, "and when?"]
        assert colours(engine) == [[RED_PIXEL], [], [], [], []]

    async def test_it_is_three_questions_and_the_picture_however_old(
        self, alice: Person, engine: ListenedEngine
    ) -> None:
        await answered(alice.writes_to_bot("0?", files=[RED]))
        for number in range(1, 5):
            await answered(alice.writes_to_bot(f"{number}?"))
        assert words(engine)[::2] == ["1?", "2?", "3?", "4?"]
        assert colours(engine)[0] == [RED_PIXEL]

    async def test_a_new_picture_begins_anew(self, alice: Person, engine: ListenedEngine) -> None:
        await answered(alice.writes_to_bot(files=[RED]))
        await answered(alice.writes_to_bot("and this?", files=[BLUE]))
        assert words(engine) == ["and this?"]
        await answered(alice.writes_to_bot("and now?"))
        assert words(engine) == ["and this?", engine.answers[1], "and now?"]
        assert colours(engine) == [[BLUE_PIXEL], [], []]

    async def test_a_reply_goes_on_from_the_answer_that_it_points_to(
        self, alice: Person, engine: ListenedEngine, private: Channel
    ) -> None:
        answer = await answered(alice.writes_to_bot(files=[RED]))
        await answered(alice.writes_to_bot(files=[BLUE]))
        await answered(alice.says(private, "and this?", reply_to=answer))
        assert words(engine) == [DESCRIBE, engine.answers[0], "and this?"]
        assert colours(engine) == [[RED_PIXEL], [], []]

    async def test_a_task_is_done_with_the_picture_alone(
        self, general: Channel, alice: Person, engine: ListenedEngine
    ) -> None:
        question = alice.mentions(general, files=[RED])
        await answered(question)
        assert question.thread
        await answered(alice.mentions(question.thread, "alt"))
        assert words(engine) == [TASKS["alt"].words()]
        await answered(alice.mentions(question.thread, "shorter?"))
        assert words(engine)[2] == TASKS["alt"].words()

    async def test_each_of_several_in_a_thread_gets_what_was_said_to_all(
        self, general: Channel, alice: Person, loopback: Discord, engine: ListenedEngine
    ) -> None:
        question = alice.mentions(general, "what is it?", files=[RED])
        await answered(question)
        assert question.thread
        bob = loopback.member("bob")
        bob.says(question.thread, "I think it is a flag")
        await answered(bob.mentions(question.thread, "is it a flag?"))
        assert words(engine) == ["what is it?", engine.answers[0], "is it a flag?"]

    async def test_a_voice_message_is_no_picture_to_go_on_from(
        self, alice: Person, engine: ListenedEngine
    ) -> None:
        await answered(alice.writes_to_bot("my flag", files=[RED]))
        alice.writes_to_bot(files=[VOICE])
        await answered(alice.writes_to_bot("what colour is it?"))
        assert colours(engine)[0] == [RED_PIXEL]


@pytest.mark.usefixtures("bot")
class TestWhatIsGone:
    async def test_what_was_deleted_is_not_asked_along(
        self, alice: Person, engine: ListenedEngine
    ) -> None:
        await answered(alice.writes_to_bot("what is it?", files=[RED]))
        answer = await answered(alice.writes_to_bot("and where?"))
        alice.world.delete_message(answer)
        await answered(alice.writes_to_bot("and when?"))
        assert words(engine) == ["what is it?", engine.answers[0], "and when?"]

    async def test_the_picture_is_asked_for_again_where_it_was_deleted(
        self, general: Channel, alice: Person
    ) -> None:
        question = alice.writes_to_bot(files=[RED])
        await answered(question)
        alice.deletes(question)
        assert (await answered(alice.writes_to_bot("and now?"))).content == s.PICTURE_GONE
        question = alice.mentions(general, files=[RED])
        await answered(question)
        assert (thread := question.thread)
        alice.deletes(question)
        assert (await answered(alice.mentions(thread, "and now?"))).content == s.PICTURE_GONE

    async def test_so_it_is_where_a_deleted_picture_would_hide_an_older_one(
        self, alice: Person
    ) -> None:
        await answered(alice.writes_to_bot(files=[RED]))
        question = alice.writes_to_bot(files=[BLUE])
        await answered(question)
        alice.deletes(question)
        assert (await answered(alice.writes_to_bot("and now?"))).content == s.PICTURE_GONE

    async def test_without_the_history_one_step_is_seen_and_said(
        self, voice: Channel, alice: Person, loopback: Discord, engine: ListenedEngine
    ) -> None:
        loopback.world.forbid(voice, "read_message_history")
        loopback.world.approved_intents = Intent.MESSAGE_CONTENT
        answer = await answered(alice.mentions(voice, files=[RED]))
        told = await answered(alice.says(voice, "and now?", reply_to=answer))
        assert told.content == s.HIDDEN_PICTURE
        assert len(engine.requests) == 1


class TestInOurThreadWithTheIntent:
    @pytest.fixture(autouse=True)
    def may_read(self, loopback: Discord) -> None:
        loopback.world.approved_intents = Intent.MESSAGE_CONTENT

    @pytest.fixture
    async def thread(self, bot: FurnishedBot, general: Channel, alice: Person) -> Channel:  # noqa: ARG002
        question = alice.mentions(general, files=[RED])
        assert (await answered(question)).content.endswith(s.JUST_WRITE)
        assert question.thread
        return question.thread

    async def test_its_asker_just_writes_on(
        self, thread: Channel, alice: Person, engine: ListenedEngine
    ) -> None:
        told = await answered(alice.says(thread, "and what colour?"))
        assert words(engine) == [DESCRIBE, engine.answers[0], "and what colour?"]
        assert s.JUST_WRITE not in told.content

    async def test_others_talk_among_themselves_until_they_reply_to_us(
        self, thread: Channel, alice: Person, loopback: Discord, engine: ListenedEngine
    ) -> None:
        bob = loopback.member("bob")
        answer = thread.posted[-1]
        remark = bob.says(thread, "I have seen it")
        alice.says(thread, "did you like it?", reply_to=remark)
        alice.says(thread, f"{bob.user.mention} did you?")
        await answered(alice.says(thread, reply_to=remark))
        assert len(engine.requests) == 1
        await answered(bob.says(thread, "who made it?", reply_to=answer, pings=False))
        assert words(engine) == [DESCRIBE, engine.answers[0], "who made it?"]

    async def test_two_quick_messages_are_one_question(
        self, thread: Channel, alice: Person, engine: ListenedEngine
    ) -> None:
        alice.says(thread, "and what colour")
        await asyncio.sleep(0.3)
        await answered(alice.says(thread, "is the upper one?"))
        assert words(engine)[2:] == ["and what colour is the upper one?"]
        assert len([each for each in alice.sees(thread) if each.author.is_logged_in]) == 2

    @pytest.mark.parametrize(
        "thanks", ["thanks!", "Danke.", "ありがとう！", "👍", "Merci beaucoup !", "<:yay:123>"]
    )
    async def test_thanks_get_a_sign_and_no_answer(
        self, thread: Channel, alice: Person, engine: ListenedEngine, thanks: str
    ) -> None:
        said = alice.says(thread, thanks)
        await answered(said)
        assert list(said.reactions) == ["👍"]
        assert len(engine.requests) == 1


@pytest.mark.usefixtures("bot")
class TestSeveralMessagesAtOnce:
    async def test_a_question_may_come_before_its_picture(
        self, alice: Person, private: Channel, engine: ListenedEngine
    ) -> None:
        alice.writes_to_bot("what is this?")
        await asyncio.sleep(1.5)
        await answered(alice.writes_to_bot(files=[RED]))
        assert words(engine) == ["what is this?"]
        assert colours(engine) == [[RED_PIXEL]]
        assert len([each for each in alice.sees(private) if each.author.is_logged_in]) == 1
        await answered(alice.writes_to_bot("and now?"))
        assert words(engine) == ["what is this?", engine.answers[-2], "and now?"]

    async def test_a_picture_may_come_before_its_question(
        self, alice: Person, private: Channel, engine: ListenedEngine
    ) -> None:
        alice.writes_to_bot(files=[RED])
        await answered(alice.writes_to_bot("what is this?"))
        assert words(engine) == ["what is this?"]
        assert colours(engine) == [[RED_PIXEL]]
        assert len([each for each in alice.sees(private) if each.author.is_logged_in]) == 1

    async def test_so_it_is_asked_again_however_long_ago_that_was(
        self, alice: Person, engine: ListenedEngine
    ) -> None:
        alice.writes_to_bot("what is this?")
        await asyncio.sleep(1.5)
        answer = await answered(alice.writes_to_bot(files=[RED]))
        await asyncio.sleep(120)
        alice.clicks(answer, s.AGAIN)
        await asyncio.sleep(30)
        assert len(engine.requests) == 2
        assert words(engine) == ["what is this?"]
        assert colours(engine) == [[RED_PIXEL]]

    async def test_who_says_no_more_is_told_that_there_is_no_picture(self, alice: Person) -> None:
        assert (await answered(alice.writes_to_bot("what is this?"))).content == s.NO_PICTURE


async def test_a_conversation_goes_on_after_a_restart(
    start_brief_bot: StartBriefBot, alice: Person, engine: ListenedEngine
) -> None:
    async with start_brief_bot(engine):
        await answered(alice.writes_to_bot(files=[RED]))
    async with start_brief_bot(engine):
        await answered(alice.writes_to_bot("and now?"))
    assert words(engine) == [DESCRIBE, engine.answers[0], "and now?"]


@pytest.mark.parametrize("way", ["mention", "command"])
async def test_a_question_that_goes_on_finds_what_the_model_has_computed(
    start_brief_bot: StartBriefBot,
    general: Channel,
    alice: Person,
    engine: ListenedEngine,
    way: str,
) -> None:
    async with start_brief_bot(engine):
        if way == "mention":
            question = alice.mentions(general, files=[RED])
            answer = await answered(question)
        else:
            answer = await alice.reply_to(alice.slash(general, "describe", image=RED))
            await asyncio.sleep(30)
        await answered(alice.says(answer.channel, "and what colour?", reply_to=answer))
    first, then = engine.endings
    assert first.cached_tokens == 0
    assert then.prompt_tokens - then.cached_tokens <= 0.15 * then.prompt_tokens
    assert then.encoding == 0
