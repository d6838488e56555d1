"""The bot itself: who it is, its commands, where its gateway is."""

from typing import Any

from aiohttp import web

from tests.wire import payloads
from tests.wire.answers import json_answer
from tests.wire.gateway import GATEWAY_URL, Gateway
from tests.wire.rest.bodies import read_body
from tests.wire.rest.places import WORLD
from tests.wire.world import World

GATEWAY: web.AppKey[Gateway] = web.AppKey("gateway", Gateway)


async def get_gateway(request: web.Request) -> web.Response:
    """Tell where the gateway is and how many shards to use."""
    limit = {"total": 1000, "remaining": 1000, "reset_after": 86_400_000, "max_concurrency": 1}
    shards = request.app[GATEWAY].shards
    return json_answer({"url": GATEWAY_URL, "shards": shards, "session_start_limit": limit})


async def get_me(request: web.Request) -> web.Response:
    """Describe the bot's user."""
    return json_answer(payloads.bot_itself(request.app[WORLD].bot))


async def get_application(request: web.Request) -> web.Response:
    """Describe the application, its owner and its switched-on intents."""
    world = request.app[WORLD]
    return json_answer(
        payloads.application(world.bot, world.bot_owner, world.approved_intents, world.team)
    )


async def get_commands(request: web.Request) -> web.Response:
    """List the commands."""
    return json_answer(request.app[WORLD].commands)


async def set_commands(request: web.Request) -> web.Response:
    """Replace all commands."""
    world = request.app[WORLD]
    world.commands = [_registered(world, command) for command in (await read_body(request)).fields]
    world.command_syncs += 1
    world.notify()
    return json_answer(world.commands)


def _registered(world: World, command: Any) -> dict[str, Any]:
    permissions = command.get("default_member_permissions")
    return {
        "type": 1,
        "description": "",
        "nsfw": False,
        **command,
        "default_member_permissions": None if permissions is None else str(permissions),
        "integration_types": command.get("integration_types") or [0],
        "id": str(world.snowflake()),
        "application_id": str(world.bot.id),
        "version": str(world.snowflake()),
    }


ROUTES = [
    web.get("/api/v10/gateway/bot", get_gateway),
    web.get("/api/v10/users/@me", get_me),
    web.get("/api/v10/applications/@me", get_application),
    web.get("/api/v10/oauth2/applications/@me", get_application),
    web.get("/api/v10/applications/{application_id}/commands", get_commands),
    web.put("/api/v10/applications/{application_id}/commands", set_commands),
]
