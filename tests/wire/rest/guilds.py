"""Servers and their members, as far as a bot looks at them."""

from aiohttp import web

from tests.wire import errors, payloads
from tests.wire.answers import json_answer
from tests.wire.model import Guild
from tests.wire.rest.places import WORLD


def guild_of(request: web.Request) -> Guild:
    """Find the server in the path; raises ApiError where the bot is not on it."""
    guild = request.app[WORLD].guilds.get(int(request.match_info["guild_id"]))
    if not guild or not guild.has_bot:
        raise errors.missing_access()
    return guild


async def get_guilds(request: web.Request) -> web.Response:
    """List the bot's servers."""
    joined = [guild for guild in request.app[WORLD].guilds.values() if guild.has_bot]
    return json_answer([payloads.own_guild(guild) for guild in joined])


async def get_guild(request: web.Request) -> web.Response:
    """Describe a server."""
    return json_answer(payloads.fetched_guild(guild_of(request)))


async def get_member(request: web.Request) -> web.Response:
    """Describe a member of a server."""
    guild = guild_of(request)
    user = request.app[WORLD].users.get(int(request.match_info["user_id"]))
    if not user:
        raise errors.unknown_member()
    return json_answer(payloads.fetched_member(user, guild))


ROUTES = [
    web.get("/api/v10/users/@me/guilds", get_guilds),
    web.get("/api/v10/guilds/{guild_id}", get_guild),
    web.get("/api/v10/guilds/{guild_id}/members/{user_id}", get_member),
]
