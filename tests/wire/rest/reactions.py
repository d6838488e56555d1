"""Reactions of the bot."""

from aiohttp import web

from tests.wire.answers import no_content
from tests.wire.rest.places import WORLD, channel_of, message_of


async def add_reaction(request: web.Request) -> web.Response:
    """React to a message."""
    channel = channel_of(request, "add_reactions", "read_message_history")
    world = request.app[WORLD]
    world.react(message_of(request, channel), request.match_info["emoji_name"], world.bot)
    return no_content()


ROUTES = [
    web.put(
        "/api/v10/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me",
        add_reaction,
    )
]
