"""The panel of a server's settings: a select for each choice, which changes that one alone."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import discord

from bot.choices import LANGUAGES, Choices, Mention, not_looser_than, stricter
from bot.locales import say
from bot.locales import sentences as s
from bot.replies.text import escape
from bot.settings import BotSettings
from inference import Detail

MOST_CHOSEN = 25
"""Channels or roles that Discord lets be chosen in one select."""
ASKERS = "asker"
AS_ALLOWED = "allowed"
MENTIONS = {
    Mention.THREAD: s.MENTION_THREAD,
    Mention.PRIVATE_THREAD: s.MENTION_PRIVATE_THREAD,
    Mention.REPLY: s.MENTION_REPLY,
    Mention.OFF: s.MENTION_OFF,
}
DETAILS = {
    Detail.SHORT: s.DETAIL_SHORT,
    Detail.NORMAL: s.DETAIL_NORMAL,
    Detail.LONG: s.DETAIL_LONG,
}
AGE_RULES = {"off": s.AGE_OFF, "spoiler": s.AGE_SPOILER, "on": s.AGE_ON}
READERS = {"all": s.SEEN_BY_ALL, "asker": s.SEEN_BY_ASKER}
UNDER_PICTURES = {"button": s.PICTURE_BUTTON, "sentences": s.PICTURE_SENTENCES}


@dataclass(frozen=True, slots=True)
class Scene:
    """What decides how the panel looks."""

    guild: discord.Guild
    choices: Choices
    settings: BotSettings
    """The operator's, the outer bound of all choices."""
    languages: tuple[str, ...]
    """That the model is known to speak."""
    reads_messages: bool
    """Discord shows us the pictures of messages that do not mention us."""
    locale: str


@dataclass(frozen=True, slots=True)
class Control:
    """One choice: how it is shown, what its picks mean, where the operator's bound bites."""

    field: str
    heading: str
    select: Callable[[Scene], "AnySelect"]
    meaning: Callable[[list[str]], Any]
    bound: Callable[[Scene], str] = lambda _: ""


AnySelect = discord.ui.Select[Any] | discord.ui.ChannelSelect[Any] | discord.ui.RoleSelect[Any]


class Panel(discord.ui.LayoutView):
    """All controls, one under the other; presses are told by their ids, after a restart, too."""

    def __init__(self, scene: Scene) -> None:
        super().__init__(timeout=None)
        title = say(scene.locale, s.SETTINGS_FOR, server=escape(scene.guild.name))
        hint = say(scene.locale, s.SETTINGS_HINT)
        self.add_item(discord.ui.TextDisplay(f"### {title}\n{hint}{_small(_server_bound(scene))}"))
        for control in CONTROLS.values():
            heading = say(scene.locale, control.heading)
            text = f"{heading}{_small(control.bound(scene))}"
            select = control.select(scene)
            select.custom_id = f"settings:{control.field}"
            self.add_item(discord.ui.TextDisplay(text))
            self.add_item(discord.ui.ActionRow(select))
        self.stop()


def changed_by(field: str, picked: list[str]) -> dict[str, Any]:
    """Tell what a select's picked change."""
    return {field: CONTROLS[field].meaning(picked)}


def _small(note: str) -> str:
    return f"\n-# {note}" if note else ""


def _channels(field: str, *kinds: discord.ChannelType) -> Callable[[Scene], AnySelect]:
    def select(scene: Scene) -> AnySelect:
        chosen = getattr(scene.choices, field)
        there = [channel for channel in scene.guild.channels if channel.id in chosen]
        is_open = field != "accessible" or scene.reads_messages
        return discord.ui.ChannelSelect(
            channel_types=list(kinds),
            min_values=0,
            max_values=MOST_CHOSEN,
            default_values=there[:MOST_CHOSEN],
            disabled=not is_open,
        )

    return select


def _roles(scene: Scene) -> AnySelect:
    there = [role for role in scene.guild.roles if role.id in scene.choices.roles]
    return discord.ui.RoleSelect(
        min_values=0, max_values=MOST_CHOSEN, default_values=there[:MOST_CHOSEN]
    )


def _one_of(labels: Mapping[str, str], chosen: str, *, disabled: bool = False) -> AnySelect:
    options = [
        discord.SelectOption(label=label, value=value, default=value == chosen)
        for value, label in labels.items()
    ]
    return discord.ui.Select(options=options, disabled=disabled)


def _said(scene: Scene, sentences: Mapping[Any, str]) -> dict[str, str]:
    return {str(value): say(scene.locale, sentence) for value, sentence in sentences.items()}


def _mention(scene: Scene) -> AnySelect:
    return _one_of(_said(scene, MENTIONS), scene.choices.mention)


def _private(scene: Scene) -> AnySelect:
    return _one_of(_said(scene, READERS), "asker" if scene.choices.private else "all")


def _detail(scene: Scene) -> AnySelect:
    return _one_of(_said(scene, DETAILS), scene.choices.detail)


def _language(scene: Scene) -> AnySelect:
    names = {language: LANGUAGES[language] for language in scene.languages}
    labels = {ASKERS: say(scene.locale, s.LANGUAGE_ASKERS), **names}
    return _one_of(labels, scene.choices.language or ASKERS)


def _a_minute(scene: Scene) -> AnySelect:
    most = scene.settings.requests_a_minute
    labels = {AS_ALLOWED: say(scene.locale, s.AS_MANY_AS_ALLOWED, most=most)}
    labels |= {str(number): str(number) for number in range(1, min(most, MOST_CHOSEN))}
    chosen = str(scene.choices.a_minute)
    return _one_of(labels, chosen if chosen in labels else AS_ALLOWED)


def _age_restricted(scene: Scene) -> AnySelect:
    operators = scene.settings.age_restricted
    rules = {rule: AGE_RULES[rule] for rule in not_looser_than(operators)}
    chosen = stricter(operators, scene.choices.age_restricted)
    return _one_of(_said(scene, rules), chosen, disabled=len(rules) == 1)


def _at_once(scene: Scene) -> AnySelect:
    chosen = "sentences" if scene.choices.describes_at_once else "button"
    labels = _said(scene, UNDER_PICTURES)
    return _one_of(labels, chosen, disabled=not scene.reads_messages)


def _server_bound(scene: Scene) -> str:
    settings, server = scene.settings, scene.guild.id
    is_served = not settings.allowed_servers or server in settings.allowed_servers
    if is_served and server not in settings.blocked_servers:
        return ""
    return say(scene.locale, s.BOUND_SERVER)


def _channels_bound(scene: Scene) -> str:
    return _lists(scene, scene.guild.channels, "channels")


def _roles_bound(scene: Scene) -> str:
    return _lists(scene, scene.guild.roles, "roles")


def _lists(
    scene: Scene, all_here: Iterable[discord.abc.GuildChannel | discord.Role], what: str
) -> str:
    """Say which of a server's channels or roles the operator's lists let in and keep out."""
    here = {each.id: each.mention for each in all_here}
    allowed = getattr(scene.settings, f"allowed_{what}")
    blocked = getattr(scene.settings, f"blocked_{what}")
    notes = []
    if allowed:
        names = " ".join(here[each] for each in here if each in allowed) or "–"
        notes.append(say(scene.locale, s.BOUND_ALLOWED, names=names))
    if blocked & here.keys():
        names = " ".join(here[each] for each in here if each in blocked)
        notes.append(say(scene.locale, s.BOUND_BLOCKED, names=names))
    return " ".join(filter(None, [*notes, _gone(scene, what, here)]))


def _gone(scene: Scene, field: str, here: Collection[int]) -> str:
    """Say so where a channel or role was chosen that the server no longer has."""
    is_gone = not getattr(scene.choices, field).issubset(here)
    return say(scene.locale, s.CHOSEN_IS_GONE) if is_gone else ""


def _mention_bound(scene: Scene) -> str:
    may = scene.guild.me.guild_permissions
    if scene.choices.mention is Mention.PRIVATE_THREAD and not may.create_private_threads:
        return say(scene.locale, s.LACKS_PRIVATE_THREADS)
    return ""


def _age_bound(scene: Scene) -> str:
    bounds = {"off": s.BOUND_AGE_OFF, "spoiler": s.BOUND_AGE_SPOILER}
    bound = bounds.get(scene.settings.age_restricted)
    return say(scene.locale, bound) if bound else ""


def _content_bound(scene: Scene) -> str:
    if not scene.reads_messages:
        return say(scene.locale, s.NEEDS_MESSAGE_CONTENT)
    choices = scene.choices
    here = {each.id: each.mention for each in scene.guild.channels}
    silent = choices.accessible - choices.channels if choices.channels else frozenset()
    names = " ".join(here[each] for each in here if each in silent)
    note = say(scene.locale, s.NOT_ANSWERED_THERE, names=names) if names else ""
    return " ".join(filter(None, [note, _gone(scene, "accessible", here)]))


def _numbers(picked: list[str]) -> frozenset[int]:
    return frozenset(map(int, picked))


def _chosen_language(picked: list[str]) -> str | None:
    return None if picked == [ASKERS] else picked[0]


def _number(picked: list[str]) -> int | None:
    return None if picked == [AS_ALLOWED] else int(picked[0])


_WRITTEN = (discord.ChannelType.text, discord.ChannelType.news)
_SPOKEN = (discord.ChannelType.voice, discord.ChannelType.stage_voice)
_SERVED = (*_WRITTEN, *_SPOKEN, discord.ChannelType.forum)
_ROWS = (
    Control("channels", s.SET_CHANNELS, _channels("channels", *_SERVED), _numbers, _channels_bound),
    Control("roles", s.SET_ROLES, _roles, _numbers, _roles_bound),
    Control("mention", s.SET_MENTION, _mention, lambda picked: Mention(picked[0]), _mention_bound),
    Control("private", s.SET_PRIVATE, _private, lambda picked: picked == ["asker"]),
    Control("detail", s.SET_DETAIL, _detail, lambda picked: Detail(picked[0])),
    Control("language", s.SET_LANGUAGE, _language, _chosen_language),
    Control("a_minute", s.SET_A_MINUTE, _a_minute, _number),
    Control("age_restricted", s.SET_AGE, _age_restricted, lambda picked: picked[0], _age_bound),
    Control(
        "accessible", s.SET_ACCESSIBLE, _channels("accessible", *_WRITTEN), _numbers, _content_bound
    ),
    Control("describes_at_once", s.SET_AT_ONCE, _at_once, lambda picked: picked == ["sentences"]),
)
CONTROLS = {control.field: control for control in _ROWS}
"""What can be chosen, by its field of `Choices`, in the order of the panel."""
