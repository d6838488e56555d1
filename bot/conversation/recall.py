"""From the messages before a question to what it is about; knows them and asks nobody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import chain, takewhile

import discord

from bot.conversation import answers
from bot.conversation.words import asks, words_of
from bot.jobs.subject import Exchange
from bot.pictures.find import Finding, avatar_meant, own_pictures, pictures_in, replied_to
from bot.replies.buttons import task_of
from bot.replies.threads import SPOKEN

QUESTIONS_BACK = 3
TOGETHER = timedelta(seconds=2)
"""What somebody says within so much time is one question."""


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was said before a question, back to the pictures that it is about, the oldest first."""

    pictures: Finding
    exchanges: tuple[Exchange, ...] = ()
    pointed_to: tuple[int, int] | None = None
    """Channel and message of the pictures, where they stand elsewhere."""
    is_torn: bool = False
    """Something that may have had the pictures is deleted."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A question with our answer, or what somebody has said that has pictures."""

    asked: tuple[discord.Message, ...]
    """The person's messages, the oldest first; none where our answer says what was asked."""
    answered: tuple[discord.Message, ...] = ()
    """Our messages, the oldest first."""
    is_torn: bool = False
    """The question, or the picture of a command, is gone."""

    @property
    def begin(self) -> discord.Message:
        """Return its first message."""
        return (*self.asked, *self.answered)[0]

    @property
    def place(self) -> int:
        """Tell where it stands among others: answers may come in another order than questions."""
        return self.asked[-1].id if self.asked else self.answered[0].id


def recall(
    question: discord.Message, earlier: Sequence[discord.Message], me: discord.abc.User
) -> Recalled:
    """Recall what a question is about, from messages before it in any order."""
    pieces = _pieces(question, earlier, me)
    exchanges: list[Exchange] = []
    at = question
    while piece := _before(at, pieces, me):
        pictures = _pictures(piece, me)
        if exchange := _exchange(piece, me):
            exchanges.insert(0, exchange)
        where = next(filter(None, map(answers.pointed_to, piece.answered)), None)
        if pictures or where or piece.is_torn:
            kept = tuple(exchanges[-QUESTIONS_BACK:])
            return Recalled(pictures, kept, None if pictures else where, piece.is_torn)
        at = piece.begin
    return Recalled(Finding())


def together(
    last: discord.Message, earlier: Sequence[discord.Message]
) -> tuple[discord.Message, ...]:
    """Return a message behind those that its author said just before it, the oldest first."""
    said = [last]
    for message in sorted(earlier, key=lambda each: each.id, reverse=True):
        if message.author == last.author and message.id < last.id:
            if said[0].created_at - message.created_at > TOGETHER:
                break
            said.insert(0, message)
    return tuple(said)


def further_of(answer: discord.Message, later: Sequence[discord.Message]) -> list[discord.Message]:
    """List those of later messages in which an answer of ours goes on, the oldest first."""
    ours = [each for each in later if each.author == answer.author and each.type in SPOKEN]
    replies = (each for each in ours if _replies_to(each) == answer.id)
    further = [*_beside(answer, ours), *filter(answers.is_further, replies)]
    return sorted(further, key=lambda each: each.id)


def _beside(answer: discord.Message, ours: Sequence[discord.Message]) -> Iterator[discord.Message]:
    """List what goes on with an answer and replies, as it does, to the question.

    In our thread both may reply to nothing. What comes after another answer to the same question
    goes on with that one.
    """
    question = _replies_to(answer)
    if answer.interaction_metadata or not (question or is_our_thread(answer)):
        return iter(())
    beside = (each for each in ours if _replies_to(each) == question)
    return takewhile(answers.is_further, beside)


def _pieces(
    question: discord.Message, earlier: Sequence[discord.Message], me: discord.abc.User
) -> list[Piece]:
    """Put questions and answers together, the newest first."""
    known = sorted((each for each in earlier if each.type in SPOKEN), key=lambda each: each.id)
    people = {each.id: each for each in known if each.author != me}
    own = {each.id: each for each in known if each.author == me and answers.is_finished(each)}
    ours: dict[int, list[discord.Message]] = {}
    for message in own.values():
        ours.setdefault(_asked_by(message, own), []).append(message)
    silent = [each for each in people.values() if each.id not in ours]
    pieces = [
        _piece(number, people.get(number), silent, tuple(answered))
        for number, answered in ours.items()
    ]
    used = {each.id for piece in pieces for each in piece.asked}
    for message in silent:
        is_starter = message.id == message.channel.id
        is_of_asker = is_starter or message.author == question.author
        if message.id not in used and is_of_asker and _meant(message, me):
            pieces.append(Piece((message,)))
    return sorted(pieces, key=lambda piece: piece.place, reverse=True)


def _piece(
    number: int,
    asked: discord.Message | None,
    silent: Sequence[discord.Message],
    answered: tuple[discord.Message, ...],
) -> Piece:
    first = answered[0]
    if number == first.id:
        is_alone = answers.is_of_command(first) and not first.reference
        return Piece((), answered, is_torn=is_alone and not own_pictures(first))
    asked = asked or replied_to(first)
    return Piece(together(asked, silent), answered) if asked else Piece((), answered, is_torn=True)


def _asked_by(answer: discord.Message, ours: Mapping[int, discord.Message]) -> int:
    """Tell the message that an answer of ours is about; its own where it says itself what."""
    if number := _replies_to(answer):
        if number in ours and answers.is_further(answer):
            return _asked_by(ours[number], ours)
        goes_on = number in ours or _ours(answer, answer.author)
        return answer.id if goes_on else number
    is_carrier = answer.interaction_metadata or answers.quoted(answer) or own_pictures(answer)
    return answer.id if is_carrier or not is_our_thread(answer) else answer.channel.id


def is_our_thread(message: discord.Message) -> bool:
    """Tell whether a message stands in a thread that we have opened."""
    channel = message.channel
    return (
        isinstance(channel, discord.Thread)
        and message.guild is not None
        and channel.owner_id == message.guild.me.id
    )


def _before(
    message: discord.Message, pieces: Sequence[Piece], me: discord.abc.User
) -> Piece | None:
    """Return what a message goes on from: what it replies to, or what was said last before it."""
    number = _replies_to(message)
    for piece in pieces:
        if number in {each.id for each in piece.answered}:
            return piece
    if original := _ours(message, me):
        return Piece((), (original,))
    return next((piece for piece in pieces if piece.place < message.id), None)


def _replies_to(message: discord.Message) -> int | None:
    is_reply = message.type is discord.MessageType.reply
    return message.reference.message_id if is_reply and message.reference else None


def _ours(message: discord.Message, me: discord.abc.User) -> discord.Message | None:
    """Return the message of ours that a message replies to, if it is one."""
    original = replied_to(message)
    return original if original is not None and original.author == me else None


def _pictures(piece: Piece, me: discord.abc.User) -> Finding:
    carriers = piece.asked or piece.answered
    return merged(_meant(each, me) if piece.asked else own_pictures(each) for each in carriers)


def merged(findings: Iterator[Finding]) -> Finding:
    """Return all that was found, in its order."""
    found = list(findings)
    return Finding(
        tuple(chain.from_iterable(each.pictures for each in found)),
        tuple(chain.from_iterable(each.unusable for each in found)),
    )


def _meant(message: discord.Message, me: discord.abc.User) -> Finding:
    """Find the pictures of a person's message, where it does not just go on from ours."""
    if _ours(message, me):
        return own_pictures(message)
    return pictures_in(message) or avatar_meant(message, me)


def _exchange(piece: Piece, me: discord.abc.User) -> Exchange | None:
    """Return what was asked and answered; None where there are no such words."""
    task = next(filter(None, map(task_of, piece.answered)), None)
    if piece.is_torn or task is None or not answers.has_words(piece.answered):
        return None
    if piece.asked:
        _, question = asks(words_of(piece.asked, me))
    else:
        question = answers.quoted(piece.answered[0])
    if task == "ask" and not question:  # what was asked is out of our sight
        return None
    return Exchange(task, question, answers.said(piece.answered))
