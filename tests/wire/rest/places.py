"""Where a request points to, and whether the bot may do there what it asks."""

from aiohttp import web

from tests.wire import errors
from tests.wire.model import Channel, Message
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


def message_of(request: web.Request, channel: Channel) -> Message:
    """Find the message in the path; ephemeral ones cannot be reached by their channel."""
    message = channel.messages.get(int(request.match_info["message_id"]))
    if not message or message.visible_to:
        raise errors.unknown_message()
    return message
