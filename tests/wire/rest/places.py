"""Where a request points to, and whether the bot may do there what it asks."""

from aiohttp import web

from tests.wire import errors
from tests.wire.model import Channel, Message
from tests.wire.rest.bodies import Body
from tests.wire.world import World

WORLD: web.AppKey[World] = web.AppKey("world", World)


def channel_of(request: web.Request, *permissions: str) -> Channel:
    """Find the channel in the path; raises ApiError where it is gone or the bot lacks a right."""
    channel = request.app[WORLD].channels.get(int(request.match_info["channel_id"]))
    if not channel:
        raise errors.unknown_channel()
    if "view_channel" in channel.denied or (channel.guild and not channel.guild.has_bot):
        raise errors.missing_access()
    if channel.denied.intersection(permissions):
        raise errors.missing_permissions()
    return channel


def check_writing(channel: Channel, body: Body) -> None:
    """Raise ApiError where the bot may not write in a channel what it wants to."""
    needed = {"send_messages_in_threads" if channel.is_thread else "send_messages"}
    if channel.denied & needed:
        raise errors.missing_permissions()
    check_parts(channel, body)
    if body.fields.get("message_reference") and "read_message_history" in channel.denied:
        raise errors.cannot_reply()


def check_parts(channel: Channel, body: Body) -> None:
    """Raise ApiError where a message holds what the bot may not put into one here."""
    if body.uploads and "attach_files" in channel.denied:
        raise errors.missing_permissions()
    if body.fields.get("embeds") and "embed_links" in channel.denied:
        raise errors.missing_permissions()
    check_words(channel, body.fields.get("content"))


def check_words(channel: Channel, text: str | None) -> None:
    """Raise ApiError where the server's AutoMod blocks a text."""
    words = channel.guild.blocked_words if channel.guild else ()
    if any(word in (text or "") for word in words):
        raise errors.blocked_text()


def message_of(request: web.Request, channel: Channel) -> Message:
    """Find the message in the path; ephemeral ones cannot be reached by their channel."""
    message = channel.messages.get(int(request.match_info["message_id"]))
    if not message or message.visible_to:
        raise errors.unknown_message()
    return message
