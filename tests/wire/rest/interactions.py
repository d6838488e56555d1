"""Answers to interactions: acknowledged within 3 s, by a token that lives 15 minutes."""

import asyncio
from enum import IntEnum

from aiohttp import web

from tests.wire import errors, payloads
from tests.wire.answers import json_answer, no_content
from tests.wire.model import (
    COMMAND_ANSWER,
    EPHEMERAL,
    LOADING,
    MENU_ANSWER,
    REPLY,
    Interaction,
    InteractionType,
    Message,
    User,
)
from tests.wire.rest.bodies import Body, apply, check, compose, numbered, read_body
from tests.wire.rest.places import WORLD, check_parts
from tests.wire.world import World

SECONDS_TO_ACKNOWLEDGE = 3.0
TOKEN_LIFE = 15 * 60.0
MOST_FOLLOW_UPS = 5
"""Of a command that a person has installed, where the bot itself is no member."""


class Callback(IntEnum):
    """How an interaction can be acknowledged."""

    MESSAGE = 4
    DEFERRED_MESSAGE = 5
    DEFERRED_UPDATE = 6
    UPDATE = 7
    MODAL = 9


async def acknowledge(request: web.Request) -> web.Response:
    """Answer or defer, once and in time."""
    world = request.app[WORLD]
    interaction = world.interactions.get(request.match_info["interaction_token"])
    if not interaction or interaction.id != int(request.match_info["interaction_id"]):
        raise errors.unknown_interaction()
    if interaction.is_acknowledged:
        raise errors.already_acknowledged()
    age = _age(interaction)
    if age > SECONDS_TO_ACKNOWLEDGE:
        raise errors.unknown_interaction()
    body = await read_body(request)
    kind = Callback(body.fields["type"])
    if kind not in _possible(interaction):
        raise errors.invalid_form("type", "BASE_TYPE_CHOICES", "Value must be one of a few.")
    data = Body(body.fields.get("data") or {}, body.uploads)
    _respond(world, interaction, kind, data)
    interaction.acknowledged_after = age
    world.notify()
    if request.query.get("with_response") not in ("1", "true"):
        return no_content()
    return json_answer(_receipt(interaction, kind))


async def get_original(request: web.Request) -> web.Response:
    """Describe the answer."""
    return json_answer(payloads.message(_original(_interaction_of(request))))


async def edit_original(request: web.Request) -> web.Response:
    """Edit the answer, or give it where it was deferred."""
    return await _edit(request, _original(_interaction_of(request)))


async def delete_original(request: web.Request) -> web.Response:
    """Delete the answer."""
    request.app[WORLD].delete_message(_original(_interaction_of(request)))
    return no_content()


async def follow_up(request: web.Request) -> web.Response:
    """Post a further message; the first one after a deferral fills the deferred answer."""
    world, interaction = request.app[WORLD], _interaction_of(request)
    deferred = interaction.original
    if deferred and deferred.is_loading and not deferred.is_deleted:
        return await _edit(request, deferred)
    if interaction.is_by_user_install and len(interaction.follow_ups) == MOST_FOLLOW_UPS:
        raise errors.too_many_follow_ups()
    body = await read_body(request)
    message = _compose(world, interaction, body)
    interaction.follow_ups.append(world.post(message))
    return json_answer(payloads.message(message))


async def get_follow_up(request: web.Request) -> web.Response:
    """Describe a further message."""
    return json_answer(payloads.message(_follow_up_of(request)))


async def edit_follow_up(request: web.Request) -> web.Response:
    """Edit a further message."""
    return await _edit(request, _follow_up_of(request))


async def delete_follow_up(request: web.Request) -> web.Response:
    """Delete a further message."""
    request.app[WORLD].delete_message(_follow_up_of(request))
    return no_content()


def _respond(world: World, interaction: Interaction, kind: Callback, data: Body) -> None:
    match kind:
        case Callback.MESSAGE:
            interaction.original = world.post(_compose(world, interaction, data))
        case Callback.DEFERRED_MESSAGE:
            interaction.original = world.post(_thinking(world, interaction, data))
        case Callback.DEFERRED_UPDATE:
            interaction.original = interaction.message
        case Callback.UPDATE:
            assert interaction.message
            interaction.original = interaction.message
            _change(world, interaction.message, data)
        case Callback.MODAL:
            interaction.modal = {**data.fields, "components": numbered(data.fields["components"])}


def _possible(interaction: Interaction) -> set[Callback]:
    """List how an interaction can be acknowledged: no message is changed where there is none."""
    impossible = set()
    if not interaction.message:
        impossible |= {Callback.DEFERRED_UPDATE, Callback.UPDATE}
    if interaction.type is InteractionType.MODAL_SUBMIT:
        impossible |= {Callback.MODAL}
    return set(Callback) - impossible


def _compose(world: World, interaction: Interaction, data: Body) -> Message:
    check_parts(interaction.channel, data)
    message = compose(
        world, interaction.channel, data, ephemeral_to=_only_reader(interaction, data)
    )
    _derive(message, interaction)
    return message


def _thinking(world: World, interaction: Interaction, data: Body) -> Message:
    message = Message(
        world.snowflake(),
        interaction.channel,
        world.bot,
        flags=LOADING,
        visible_to=_only_reader(interaction, data),
    )
    _derive(message, interaction)
    return message


def _only_reader(interaction: Interaction, data: Body) -> User | None:
    """Tell who alone sees a message: where a server hides external apps, always the asker."""
    guild = interaction.channel.guild
    is_hidden = interaction.is_by_user_install and guild and guild.hides_external_apps
    flags = data.fields.get("flags") or 0
    return interaction.user if is_hidden or flags & EPHEMERAL else None


def _derive(message: Message, interaction: Interaction) -> None:
    """Let a message show what it answers: a command, or the message whose button was clicked."""
    message.interaction = interaction
    shown_under = interaction.original or interaction.message
    if shown_under:
        message.type, message.reply_to = REPLY, shown_under
    elif interaction.type is InteractionType.COMMAND:
        is_menu = "target_id" in interaction.data
        message.type = MENU_ANSWER if is_menu else COMMAND_ANSWER


async def _edit(request: web.Request, message: Message) -> web.Response:
    _change(request.app[WORLD], message, await read_body(request))
    return json_answer(payloads.message(message))


def _change(world: World, message: Message, body: Body) -> None:
    check_parts(message.channel, body)
    check(body)
    before = message.content
    apply(world, message, body)
    world.edited(message, before)


def _receipt(interaction: Interaction, kind: Callback) -> dict[str, object]:
    about: dict[str, object] = {"id": str(interaction.id), "type": interaction.type.value}
    receipt: dict[str, object] = {"interaction": about}
    if message := interaction.original:
        about["response_message_id"] = str(message.id)
        about["response_message_loading"] = message.is_loading
        about["response_message_ephemeral"] = message.visible_to is not None
        if kind is not Callback.DEFERRED_UPDATE:
            shown = Callback.UPDATE if kind is Callback.UPDATE else Callback.MESSAGE
            receipt["resource"] = {"type": shown.value, "message": payloads.message(message)}
    return receipt


def _interaction_of(request: web.Request) -> Interaction:
    world = request.app[WORLD]
    interaction = world.interactions.get(request.match_info["webhook_token"])
    is_ours = int(request.match_info["webhook_id"]) == world.bot.id
    if not interaction or not interaction.is_acknowledged or not is_ours:
        raise errors.unknown_webhook()
    if _age(interaction) > TOKEN_LIFE:
        raise errors.dead_token()
    return interaction


def _original(interaction: Interaction) -> Message:
    if not interaction.original or interaction.original.is_deleted:
        raise errors.unknown_message()
    return interaction.original


def _follow_up_of(request: web.Request) -> Message:
    number = int(request.match_info["message_id"])
    interaction = _interaction_of(request)
    for message in (interaction.original, *interaction.follow_ups):
        if message and message.id == number and not message.is_deleted:
            return message
    raise errors.unknown_message()


def _age(interaction: Interaction) -> float:
    return asyncio.get_running_loop().time() - interaction.begun


_WEBHOOK = "/api/v10/webhooks/{webhook_id}/{webhook_token}"
_ORIGINAL = _WEBHOOK + "/messages/@original"
_FOLLOW_UP = _WEBHOOK + "/messages/{message_id}"
ROUTES = [
    web.post("/api/v10/interactions/{interaction_id}/{interaction_token}/callback", acknowledge),
    web.post(_WEBHOOK, follow_up),
    web.get(_ORIGINAL, get_original),
    web.patch(_ORIGINAL, edit_original),
    web.delete(_ORIGINAL, delete_original),
    web.get(_FOLLOW_UP, get_follow_up),
    web.patch(_FOLLOW_UP, edit_follow_up),
    web.delete(_FOLLOW_UP, delete_follow_up),
]
