"""Channels, private conversations, threads and typing."""

from aiohttp import web

from tests.wire import errors, payloads
from tests.wire.answers import json_answer, no_content
from tests.wire.model import Channel, ChannelType, Guild, Message
from tests.wire.rest.bodies import Body, read_body
from tests.wire.rest.places import WORLD, channel_of, check_writing, message_of
from tests.wire.world import World

MOST_NAME_CHARACTERS = 100
ARCHIVE_MINUTES = (60, 1440, 4320, 10080)


async def get_channel(request: web.Request) -> web.Response:
    """Describe a channel."""
    return json_answer(payloads.channel(channel_of(request)))


async def edit_channel(request: web.Request) -> web.Response:
    """Rename, archive or reopen a thread of the bot's own."""
    world, thread = request.app[WORLD], channel_of(request)
    if thread.owner is not world.bot and "manage_threads" in thread.denied:
        raise errors.missing_permissions()
    fields = (await read_body(request)).fields
    thread.name = fields.get("name", thread.name)
    thread.archived = fields.get("archived", thread.archived)
    thread.auto_archive_minutes = fields.get("auto_archive_duration", thread.auto_archive_minutes)
    world.update_channel(thread)
    return json_answer(payloads.channel(thread))


async def delete_channel(request: web.Request) -> web.Response:
    """Delete a thread or channel."""
    channel = channel_of(request, "manage_threads", "manage_channels")
    answer = json_answer(payloads.channel(channel))
    request.app[WORLD].delete_channel(channel)
    return answer


async def open_direct_channel(request: web.Request) -> web.Response:
    """Open a private conversation."""
    world = request.app[WORLD]
    recipient = world.users.get(int((await read_body(request)).fields["recipient_id"]))
    if not recipient or recipient.bot:
        raise errors.invalid_form("recipient_id", "INVALID_RECIPIENT", "Invalid recipient")
    return json_answer(payloads.channel(world.direct_channel(recipient)))


async def type_in_channel(request: web.Request) -> web.Response:
    """Show for ten seconds that the bot is typing."""
    channel = channel_of(request)
    check_writing(channel, Body({}, {}))
    request.app[WORLD].types(channel)
    return no_content()


async def open_thread_on_message(request: web.Request) -> web.Response:
    """Open a public thread on a message."""
    channel = channel_of(request, "create_public_threads")
    return await _open_thread(request, channel, message_of(request, channel))


async def open_thread(request: web.Request) -> web.Response:
    """Open a thread in a channel, for all or for those who are let in."""
    kind = ChannelType((await read_body(request)).fields.get("type", ChannelType.PRIVATE_THREAD))
    is_private = kind is ChannelType.PRIVATE_THREAD
    needed = "create_private_threads" if is_private else "create_public_threads"
    return await _open_thread(request, channel_of(request, needed), None, kind)


async def join_thread(request: web.Request) -> web.Response:
    """Join a thread; public ones are open to the bot anyway."""
    channel_of(request)
    return no_content()


async def let_in(request: web.Request) -> web.Response:
    """Add somebody to a thread."""
    world, thread = request.app[WORLD], channel_of(request)
    thread.let_in.append(world.users[int(request.match_info["user_id"])])
    world.notify()
    return no_content()


async def _open_thread(
    request: web.Request,
    channel: Channel,
    message: Message | None,
    kind: ChannelType = ChannelType.PUBLIC_THREAD,
) -> web.Response:
    world: World = request.app[WORLD]
    fields = (await read_body(request)).fields
    if channel.type is not ChannelType.TEXT:
        raise errors.wrong_channel_type()
    if message and message.is_by_system:
        raise errors.system_message()
    if message and message.thread:
        raise errors.has_thread_already()
    if not 1 <= len(fields["name"]) <= MOST_NAME_CHARACTERS:
        raise errors.invalid_form(
            "name", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 100 in length."
        )
    if fields.get("auto_archive_duration", 1440) not in ARCHIVE_MINUTES:
        raise errors.invalid_form(
            "auto_archive_duration", "BASE_TYPE_CHOICES", "Value must be one of a few."
        )
    assert channel.guild
    if any(word in fields["name"] for word in channel.guild.blocked_words):
        raise errors.blocked_title()
    if _active_threads(channel.guild) >= channel.guild.max_active_threads:
        raise errors.too_many_threads()
    thread = world.open_thread(channel, fields["name"], world.bot, message, kind)
    return json_answer(payloads.channel(thread), status=201)


def _active_threads(guild: Guild) -> int:
    return sum(not thread.archived for thread in guild.threads.values())


ROUTES = [
    web.post("/api/v10/users/@me/channels", open_direct_channel),
    web.get("/api/v10/channels/{channel_id}", get_channel),
    web.patch("/api/v10/channels/{channel_id}", edit_channel),
    web.delete("/api/v10/channels/{channel_id}", delete_channel),
    web.post("/api/v10/channels/{channel_id}/typing", type_in_channel),
    web.post("/api/v10/channels/{channel_id}/threads", open_thread),
    web.post(
        "/api/v10/channels/{channel_id}/messages/{message_id}/threads", open_thread_on_message
    ),
    web.put("/api/v10/channels/{channel_id}/thread-members/@me", join_thread),
    web.put("/api/v10/channels/{channel_id}/thread-members/{user_id}", let_in),
]
