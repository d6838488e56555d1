"""Messages in channels, threads and private conversations."""

from aiohttp import web

from tests.wire import errors, payloads
from tests.wire.answers import json_answer, no_content
from tests.wire.model import Channel, Intent, Message
from tests.wire.rest.bodies import apply, check, compose, read_body
from tests.wire.rest.places import WORLD, channel_of, check_parts, check_writing, message_of
from tests.wire.world import World


async def create_message(request: web.Request) -> web.Response:
    """Post a message; with an enforced nonce seen before, answer with the message of that time."""
    world, channel = request.app[WORLD], channel_of(request)
    body = await read_body(request)
    check_writing(channel, body)
    nonce = body.fields.get("nonce")
    if nonce and body.fields.get("enforce_nonce"):
        check(body)
        if earlier := world.message_with_nonce(channel, world.bot, str(nonce)):
            return _answer(world, earlier)
    message = compose(world, channel, body, ephemeral_to=None)
    return _answer(world, world.post(message))


async def get_message(request: web.Request) -> web.Response:
    """Describe a message."""
    channel = channel_of(request, "read_message_history")
    return _answer(request.app[WORLD], message_of(request, channel))


async def list_messages(request: web.Request) -> web.Response:
    """List messages, newest first."""
    world, channel = request.app[WORLD], channel_of(request)
    if "read_message_history" in channel.denied:
        return json_answer([])
    found = _page(channel, {key: int(value) for key, value in request.query.items()})
    full = _reads_content(world)
    return json_answer([payloads.message(message, full=full) for message in found])


async def edit_message(request: web.Request) -> web.Response:
    """Edit a message of the bot's own."""
    world = request.app[WORLD]
    message = message_of(request, channel_of(request))
    if message.is_by_system:
        raise errors.system_message()
    if message.author is not world.bot:
        raise errors.anothers_message()
    if message.channel.archived:
        raise errors.archived_thread()
    body = await read_body(request)
    check_parts(message.channel, body)
    check(body)
    before = message.content
    apply(world, message, body)
    world.edited(message, before)
    return _answer(world, message)


async def delete_message(request: web.Request) -> web.Response:
    """Delete a message."""
    world, channel = request.app[WORLD], channel_of(request)
    message = message_of(request, channel)
    if message.author is not world.bot and "manage_messages" in channel.denied:
        raise errors.missing_permissions()
    world.delete_message(message)
    return no_content()


def _page(channel: Channel, query: dict[str, int]) -> list[Message]:
    limit = query.get("limit", 50)
    messages = sorted(
        (each for each in channel.messages.values() if not each.visible_to),
        key=lambda each: each.id,
    )
    if "after" in query:
        return [each for each in messages if each.id > query["after"]][:limit][::-1]
    if "around" in query:
        newer = [each for each in messages if each.id >= query["around"]][: limit // 2 + 1]
        older = [each for each in messages if each.id < query["around"]]
        return (older[-(limit // 2) :] + newer)[::-1]
    if "before" in query:
        messages = [each for each in messages if each.id < query["before"]]
    return messages[-limit:][::-1]


def _answer(world: World, message: Message) -> web.Response:
    return json_answer(payloads.message(message, full=_reads_content(world)))


def _reads_content(world: World) -> bool:
    return bool(world.approved_intents & Intent.MESSAGE_CONTENT)


_MESSAGES = "/api/v10/channels/{channel_id}/messages"
ROUTES = [
    web.post(_MESSAGES, create_message),
    web.get(_MESSAGES, list_messages),
    web.get(_MESSAGES + "/{message_id}", get_message),
    web.patch(_MESSAGES + "/{message_id}", edit_message),
    web.delete(_MESSAGES + "/{message_id}", delete_message),
]
