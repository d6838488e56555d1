"""What a question goes on from, by the messages before it."""

from typing import Any

import discord
import pytest

from bot.conversation.recall import Recalled, further_of, recall
from bot.conversation.words import is_thanks
from bot.replies.buttons import Button

Payload = dict[str, Any]
US = {"id": "1", "username": "phi", "discriminator": "0", "avatar": None, "bot": True}
ALICE = {"id": "2", "username": "alice", "discriminator": "0", "avatar": None}
MINUTE = 60.0


class Dm:
    """A private conversation, as Discord describes it."""

    def __init__(self) -> None:
        self._state = discord.Client(intents=discord.Intents.default())._connection
        self._state.user = discord.ClientUser(state=self._state, data=US)
        channel = {"id": "50", "type": 1, "recipients": [ALICE]}
        self._channel = discord.DMChannel(me=self._state.user, state=self._state, data=channel)
        self._now = discord.utils.utcnow().timestamp()
        self._said: list[Payload] = []

    def say(
        self,
        author: Payload,
        content: str = "",
        *files: str,
        to: Payload | None = None,
        task: str | None = None,
        after: float = MINUTE,
        **more: Any,
    ) -> Payload:
        """Say something; an answer of the model's has the buttons of its task."""
        self._now += after
        time = discord.utils.utcnow().fromtimestamp(self._now, discord.utils.utcnow().tzinfo)
        number = str(discord.utils.time_snowflake(time) + len(self._said))
        message: Payload = {
            "id": number, "channel_id": "50", "author": author, "type": 0, "content": content,
            "attachments": [_file(each) for each in files], "embeds": [], "mentions": [],
            "mention_roles": [], "mention_everyone": False, "timestamp": time.isoformat(),
            "edited_timestamp": None, "flags": 0, "pinned": False, "tts": False, "components": [],
        }  # fmt: skip
        if to:
            message["type"] = 19
            message["message_reference"] = {"message_id": to["id"], "channel_id": "50"}
            known = {name: to[name] for name in to if name != "referenced_message"}
            message["referenced_message"] = known if to in self._said else None
        if task:
            button = {"type": 2, "id": 2, "style": 2, "label": "Ask more"}
            button["custom_id"] = Button("more", task, 2).custom_id
            message["components"] = [{"type": 1, "id": 1, "components": [button]}]
        self._said.append(message | more)
        return self._said[-1]

    def deletes(self, message: Payload) -> None:
        """Delete a message."""
        self._said.remove(message)

    def recalled(self, content: str = "and now?", to: Payload | None = None) -> Recalled:
        """Recall what Alice means who asks on."""
        question = self._heard(self.say(ALICE, content, to=to))
        earlier = [self._heard(each) for each in self._said[:-1]]
        assert self._state.user
        return recall(question, earlier, self._state.user)

    def goes_on_in(self, answer: Payload) -> list[str]:
        """Tell in which messages after an answer of ours it goes on."""
        later = [self._heard(each) for each in self._said if each["id"] > answer["id"]]
        return [each.content for each in further_of(self._heard(answer), later)]

    def _heard(self, message: Payload) -> discord.Message:
        return discord.Message(state=self._state, channel=self._channel, data=message)  # type: ignore[arg-type]


def _file(name: str) -> Payload:
    link = f"https://cdn.discordapp.com/{name}"
    return {"id": "9", "filename": name, "size": 5, "url": link, "proxy_url": link,
            "content_type": "image/png"}  # fmt: skip


def said(recalled: Recalled) -> list[tuple[str, str, str]]:
    return [(each.task, each.question, each.answer) for each in recalled.exchanges]


def names(recalled: Recalled) -> list[str]:
    return [each.name for each in recalled.pictures.pictures]


@pytest.fixture
def dm() -> Dm:
    return Dm()


@pytest.fixture
def answer(dm: Dm) -> Payload:
    """The answer to a picture without words."""
    question = dm.say(ALICE, "", "cat.png")
    return dm.say(US, "A cat.\n-# May contain errors.", to=question, task="describe")


OF_THE_CAT = ("describe", "", "A cat.")


def test_words_are_read_back_as_they_were_said(dm: Dm, answer: Payload) -> None:
    question = dm.say(ALICE, "and where?")
    dm.say(US, "On \\[a] mat.", to=question, task="ask")
    recalled = dm.recalled()
    assert said(recalled) == [OF_THE_CAT, ("ask", "and where?", "On [a] mat.")]
    assert names(recalled) == ["cat.png"]
    assert said(dm.recalled(to=answer)) == [OF_THE_CAT]


@pytest.mark.usefixtures("answer")
def test_an_excuse_is_no_answer(dm: Dm) -> None:
    dm.say(US, "Something went wrong.", to=dm.say(ALICE, "and where?"))
    assert said(dm.recalled()) == [OF_THE_CAT]


@pytest.mark.usefixtures("answer")
def test_a_deleted_picture_is_no_older_one(dm: Dm) -> None:
    question = dm.say(ALICE, "", "dog.png")
    dm.say(US, "A dog.", to=question, task="describe", referenced_message=None)
    dm.deletes(question)
    recalled = dm.recalled()
    assert names(recalled) == []
    assert recalled.is_torn


def test_the_answer_to_a_command_says_itself_what_was_asked(dm: Dm) -> None:
    shown = dm.say(US, "> is it \\[x]?\nYes.", "1.webp", "compared.webp", task="ask")
    recalled = dm.recalled(to=shown)
    assert said(recalled) == [("ask", "is it [x]?", "Yes.")]
    assert names(recalled) == ["1.webp"]
    more = dm.say(US, "> why?\nSo.", to=shown, task="ask")
    assert said(dm.recalled(to=more)) == [("ask", "is it [x]?", "Yes."), ("ask", "why?", "So.")]


def test_of_a_long_answer_to_a_command_all_messages_are_read(dm: Dm) -> None:
    shown = dm.say(US, "> read it\nOnce upon", "1.webp", task="ocr")
    further = dm.say(US, "a time\n-# May contain errors.", to=shown)
    for message in (shown, further):
        recalled = dm.recalled(to=message)
        assert said(recalled) == [("ocr", "read it", "Once upon\na time")]
        assert names(recalled) == ["1.webp"]


def test_an_answer_that_has_become_long_is_read_with_its_end(dm: Dm) -> None:
    question = dm.say(ALICE, "read it", "page.png")
    answer = dm.say(US, "Once upon", to=question, task="ocr")
    dm.say(US, "a time", to=answer)
    recalled = dm.recalled()
    assert said(recalled) == [("ocr", "read it", "Once upon\na time")]
    assert names(recalled) == ["page.png"]


def test_a_long_answer_goes_on_up_to_another_answer_to_the_same_question(dm: Dm) -> None:
    question = dm.say(ALICE, "read it", "page.png")
    first = dm.say(US, "Once upon", to=question, task="ocr")
    dm.say(ALICE, "and?")
    dm.say(US, "a time", to=question)
    second = dm.say(US, "Once, there", to=question, task="ocr")
    dm.say(US, "was", to=question)
    dm.say(US, "there was", to=first)
    assert dm.goes_on_in(first) == ["a time", "there was"]
    assert dm.goes_on_in(second) == ["was"]


def test_of_a_covered_answer_the_words_are_read(dm: Dm) -> None:
    shown = dm.say(US, "> who?\n||Her \\|∣ name\n-# small||", "SPOILER_1.webp", task="ask")
    recalled = dm.recalled(to=shown)
    assert said(recalled)[0][1:] == ("who?", "Her || name")
    assert recalled.pictures.is_spoiler


def test_what_was_said_in_one_go_is_one_question(dm: Dm) -> None:
    dm.say(ALICE, "", "cat.png")
    question = dm.say(ALICE, "what is it?", after=1)
    dm.say(US, "A cat.", to=question, task="ask")
    recalled = dm.recalled()
    assert said(recalled) == [("ask", "what is it?", "A cat.")]
    assert names(recalled) == ["cat.png"]


@pytest.mark.parametrize("words", ["thanks!", "OK 👍", "ありがとう。", ":yay:", "d'accord"])
def test_thanks_ask_for_nothing(words: str) -> None:
    assert is_thanks(words)
    assert not is_thanks(f"{words} why?")
    assert not is_thanks("lol no")
