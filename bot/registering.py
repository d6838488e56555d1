"""Keep the commands that Discord offers the same as ours, whoever may have changed them."""

import logging
from typing import Any

import aiohttp
import discord
from discord import app_commands
from discord.http import Route

log = logging.getLogger(__name__)

_NOTHING: tuple[Any, ...] = (None, False, "", [], {})


async def register(
    tree: app_commands.CommandTree[Any], server: discord.Object | None = None
) -> None:
    """Compare the commands, words included, with Discord's, and send ours where they differ.

    They are those that all have, or those of one server alone.
    Of several processes that of the first shard does so. A failure is logged: all else works, and
    the next start or wrong command tries again.
    """
    if 0 not in (tree.client.shard_ids or [0]):
        return
    try:
        ours, theirs = await _ours(tree, server), await _theirs(tree.client, server)
        if _by_name(ours, ours) != _by_name(theirs, ours):
            await tree.sync(guild=server)
            log.info("The commands have changed and are registered with Discord.")
    except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
        log.warning("The commands cannot be registered for now: %s", error)


async def _ours(
    tree: app_commands.CommandTree[Any], server: discord.Object | None
) -> list[dict[str, Any]]:
    assert tree.translator is not None, "the set-up comes first"
    menus = tree.get_commands(guild=server, type=discord.AppCommandType.message)
    commands = [*tree.get_commands(guild=server), *menus]
    return [
        await command.get_translated_payload(tree, tree.translator)
        for command in dict.fromkeys(commands)
    ]


async def _theirs(client: discord.Client, server: discord.Object | None) -> list[dict[str, Any]]:
    """Ask for the commands with their words in all languages, as `fetch_commands` does not."""
    place = "/guilds/{guild_id}" if server else ""
    route = Route(
        "GET",
        f"/applications/{{application_id}}{place}/commands",
        application_id=client.application_id,
        guild_id=server.id if server else None,
    )
    answer = await client.http.request(route, params={"with_localizations": "true"})
    return list(answer)


def _by_name(
    commands: list[dict[str, Any]], like: list[dict[str, Any]]
) -> dict[tuple[str, int], Any]:
    """Index commands by name and kind, without what ours do not say."""
    fields = {field for command in like for field in command}
    return {
        (command["name"], command.get("type", 1)): _plain(
            {field: value for field, value in command.items() if field in fields}
        )
        for command in commands
    }


def _plain(value: Any) -> Any:
    """Write a description as Discord may write it, too: nothing is the same as left out."""
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items() if part not in _NOTHING}
    if isinstance(value, list):
        parts = [_plain(part) for part in value]
        return sorted(parts) if all(isinstance(part, str) for part in parts) else parts
    return value if isinstance(value, bool | str) else str(value)
