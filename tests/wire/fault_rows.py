"""The table of faults: what goes wrong, how the question was asked, what the person sees."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from bot.locales import sentences as s
from tests.wire.faults import CutOff, Fault, RateLimited, Refused, Reset, Slow
from tests.wire.model import Channel, Message
from tests.wire.people import Person
from tests.wire.server import Discord

CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
FOLLOW_UP = "POST /webhooks/{webhook_id}/{webhook_token}"
EDIT_BY_TOKEN = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
OPEN_THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
SEND = "POST /channels/{channel_id}/messages"
REOPEN_THREAD = "PATCH /channels/{channel_id}"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
FETCH = "GET /channels/{channel_id}/messages/{message_id}"
HISTORY = "GET /channels/{channel_id}/messages"
PRIVATE_FILE = "GET /ephemeral-attachments/{channel_id}/{attachment_id}/{filename}"
FILE = "GET /attachments/{channel_id}/{attachment_id}/{filename}"

SHORT, LONG = 2, 12
"""How often a fault happens: for seconds, or for more than half an hour."""
FOR_A_TOKENS_LIFE = 30
THINKING = ""
ANSWER = "the answer"


class Ask(Enum):
    """How a question is asked."""

    SLASH = auto()
    MENU = auto()
    MENTION = auto()
    DM = auto()


class Place(Enum):
    """Where the person reads what the bot says in the end."""

    AS_ASKED = auto()
    """The interaction's own answer; for a mention, its thread."""
    CHANNEL = auto()
    DM = auto()


@dataclass(frozen=True, slots=True)
class Scene:
    """What a fault can touch between question and answer."""

    discord: Discord
    channel: Channel
    asker: Person
    begun: Message
    """The bot's first sign: 'thinking…', or the first message in the thread."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A fault on a route, for so many requests."""

    route: str
    fault: Fault
    times: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """One fault and what becomes of the question."""

    name: str
    ask: Ask
    faults: tuple[Placed, ...] = ()
    between: Callable[[Scene], object] | None = None
    """Happens after the bot's first sign."""
    sees: str | None = ANSWER
    """None where nothing more is said: to delete is an order, and a DM is for private answers."""
    place: Place = Place.AS_ASKED
    leaves: tuple[str, ...] = ()
    """What stays where the bot can reach it no more."""


def _slash(name: str, *faults: Placed, **more: object) -> Row:
    return Row(f"slash: {name}", Ask.SLASH, faults, **more)


def _menu(name: str, *faults: Placed, **more: object) -> Row:
    return Row(f"menu: {name}", Ask.MENU, faults, **more)


def _mention(name: str, *faults: Placed, **more: object) -> Row:
    return Row(f"mention: {name}", Ask.MENTION, faults, **more)


def _dm(name: str, *faults: Placed, **more: object) -> Row:
    return Row(f"dm: {name}", Ask.DM, faults, **more)


def _outages(ask: Callable[..., Row], route: str, what: str) -> list[Row]:
    """List what Discord's servers and the way to them do to each route that an answer takes."""
    return [
        ask(f"429 on the route, {what}", Placed(route, RateLimited(7.5))),
        ask(f"429 everywhere, {what}", Placed(route, RateLimited(7.5, everywhere=True))),
        *(
            ask(f"{status}, {length}, {what}", Placed(route, Refused(status), times))
            for status in (500, 502, 503)
            for length, times in (("short", SHORT), ("long", LONG))
        ),
        ask(f"reset before the effect, {what}", Placed(route, Reset("before"))),
        ask(f"reset after the effect, {what}", Placed(route, Reset("after"))),
    ]


def _delete_place(scene: Scene) -> None:
    scene.discord.world.delete_channel(scene.begun.channel)


def _delete_answer(scene: Scene) -> None:
    scene.discord.world.delete_message(scene.begun)


def _forbid(scene: Scene) -> None:
    scene.discord.world.forbid(scene.channel, "send_messages", "send_messages_in_threads")


def _lock_out(scene: Scene) -> None:
    scene.discord.world.forbid(scene.channel, "view_channel")


def _archive(scene: Scene) -> None:
    scene.begun.channel.archived = True
    scene.discord.world.update_channel(scene.begun.channel)


def _fill_with_threads(scene: Scene) -> None:
    assert scene.channel.guild
    scene.channel.guild.max_active_threads = 0


INTERACTION_ROWS = [
    *_outages(_slash, EDIT_BY_TOKEN, "on the answer"),
    _slash("callback fails once", Placed(CALLBACK, Refused(500))),
    _slash("callback fails too long", Placed(CALLBACK, Refused(500), 2), place=Place.CHANNEL),
    _slash("callback reset before the effect", Placed(CALLBACK, Reset("before"))),
    _slash("callback reset after the effect", Placed(CALLBACK, Reset("after"))),
    _slash(
        "callback's answer lost, and the edit's",
        Placed(CALLBACK, Reset("after")),
        Placed(EDIT_BY_TOKEN, Reset("after")),
    ),
    _slash("10062", Placed(CALLBACK, Refused(404, 10062)), place=Place.CHANNEL),
    _slash("40060", Placed(CALLBACK, Refused(400, 40060)), place=Place.CHANNEL),
    _slash("50027 on the answer", Placed(EDIT_BY_TOKEN, Refused(401, 50027))),
    _slash("10015 on the answer", Placed(EDIT_BY_TOKEN, Refused(404, 10015))),
    _slash("10008, the answer deleted", between=_delete_answer, sees=None),
    _slash("channel deleted", between=_delete_place, sees=None),
    _slash("50013 in between", between=_forbid),
    _slash("400 on the answer", Placed(EDIT_BY_TOKEN, Refused(400, 50035))),
    _menu(
        "50027 on the private answer",
        Placed(EDIT_BY_TOKEN, Refused(401, 50027)),
        place=Place.DM,
        leaves=(THINKING,),
    ),
    _menu("10062", Placed(CALLBACK, Refused(404, 10062)), place=Place.DM),
    _menu("callback reset after the effect", Placed(CALLBACK, Reset("after"))),
    _menu(
        "503, until the token is dead",
        Placed(EDIT_BY_TOKEN, Refused(503), FOR_A_TOKENS_LIFE),
        place=Place.DM,
        leaves=(THINKING,),
    ),
]

MESSAGE_ROWS = [
    *_outages(_mention, OPEN_THREAD, "on the thread"),
    *_outages(_mention, SEND, "on the first message"),
    *_outages(_mention, EDIT, "on the last edit"),
    *_outages(_dm, SEND, "on the first message"),
    _mention("50013 on the thread", Placed(OPEN_THREAD, Refused(403, 50013)), place=Place.CHANNEL),
    _mention("160006", Placed(OPEN_THREAD, Refused(400, 160006)), place=Place.CHANNEL),
    _mention("160004", Placed(OPEN_THREAD, Reset("after")), Placed(OPEN_THREAD, Refused(503))),
    _mention("50013 in between", between=_forbid),
    _mention("50001 in between", between=_lock_out, sees=None, leaves=(s.LOOKING,)),
    _mention("50013 on the first message", Placed(SEND, Refused(403, 50013)), place=Place.CHANNEL),
    _mention("10008, the answer deleted", between=_delete_answer, sees=None),
    _mention("50083, the thread archived", between=_archive),
    _mention(
        "50083, and not to be reopened at first",
        Placed(REOPEN_THREAD, Refused(403, 50013)),
        between=_archive,
    ),
    _mention("thread deleted", between=_delete_place, sees=None),
    _mention(
        "sent but unheard, and the history out of order",
        Placed(SEND, Reset("after")),
        Placed(HISTORY, Refused(503), SHORT),
    ),
]

PICTURE_ROWS = [
    _slash("picture gone", Placed(PRIVATE_FILE, Refused(404)), sees=s.PICTURE_GONE),
    _slash("CDN out of order", Placed(PRIVATE_FILE, Refused(503)), sees=s.PICTURE_UNREACHABLE),
    _slash("CDN slow", Placed(PRIVATE_FILE, Slow(8))),
    _slash("CDN too slow", Placed(PRIVATE_FILE, Slow(60)), sees=s.PICTURE_UNREACHABLE),
    _slash("CDN cut off", Placed(PRIVATE_FILE, CutOff(50)), sees=s.PICTURE_UNREACHABLE),
    _slash("CDN reset", Placed(PRIVATE_FILE, Reset("before"))),
    _mention("picture gone", Placed(FILE, Refused(404)), sees=s.PICTURE_GONE),
    _mention("CDN cut off", Placed(FILE, CutOff(50)), sees=s.PICTURE_UNREACHABLE),
]
