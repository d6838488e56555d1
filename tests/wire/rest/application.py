"""The bot itself: who it is, its commands, where its gateway is."""

from typing import Any

from aiohttp import web

from tests.wire import errors, payloads
from tests.wire.answers import json_answer
from tests.wire.gateway import GATEWAY_URL, Gateway
from tests.wire.rest.bodies import read_body
from tests.wire.rest.guilds import guild_of
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


async def edit_application(request: web.Request) -> web.Response:
    """Switch privileged intents on and off, where Discord lets an application do so."""
    world = request.app[WORLD]
    fields = (await read_body(request)).fields
    if not world.lets_itself_be_edited:
        raise errors.missing_permissions()
    if "flags" in fields:
        world.approved_intents = payloads.intents_of_flags(fields["flags"])
    return await get_application(request)


async def get_commands(request: web.Request) -> web.Response:
    """List the commands of all, or of a server; in all languages only where these are asked for."""
    is_of_all = "guild_id" not in request.match_info
    commands = request.app[WORLD].commands if is_of_all else guild_of(request).commands
    if request.query.get("with_localizations") not in ("1", "true"):
        commands = [_in_one_language(command) for command in commands]
    return json_answer(commands)


async def set_commands(request: web.Request) -> web.Response:
    """Replace the commands of all, or of a server."""
    world = request.app[WORLD]
    commands = [_registered(world, command) for command in (await read_body(request)).fields]
    if "guild_id" in request.match_info:
        here = {"guild_id": request.match_info["guild_id"]}
        guild_of(request).commands = commands = [command | here for command in commands]
    else:
        world.commands = commands
        world.command_syncs += 1
    world.notify()
    return json_answer(commands)


def _in_one_language(part: Any) -> Any:
    """Leave the translations of a command and its options out."""
    if isinstance(part, list):
        return [_in_one_language(each) for each in part]
    if isinstance(part, dict):
        names = part.keys() - {"name_localizations", "description_localizations"}
        return {name: _in_one_language(part[name]) for name in part if name in names}
    return part


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


async def get_user(request: web.Request) -> web.Response:
    """Describe somebody."""
    user = request.app[WORLD].users.get(int(request.match_info["user_id"]))
    if not user:
        raise errors.unknown_user()
    return json_answer(payloads.user(user))


_COMMANDS = "/api/v10/applications/{application_id}/commands"
_COMMANDS_OF_ONE = "/api/v10/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES = [
    web.get("/api/v10/gateway/bot", get_gateway),
    web.get("/api/v10/users/@me", get_me),
    web.get("/api/v10/users/{user_id}", get_user),
    web.get("/api/v10/applications/@me", get_application),
    web.patch("/api/v10/applications/@me", edit_application),
    web.get("/api/v10/oauth2/applications/@me", get_application),
    web.get(_COMMANDS, get_commands),
    web.put(_COMMANDS, set_commands),
    web.get(_COMMANDS_OF_ONE, get_commands),
    web.put(_COMMANDS_OF_ONE, set_commands),
]
