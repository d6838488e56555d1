"""What the doctor can see at Discord: the token, the intents, the permissions, the clock."""

from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import aiohttp
import discord

from bot.console.invite import invite_links, missing
from bot.replies.patience import DISCORD_ERRORS
from inference import Finding

WRONG_BY = 30.0
"""Seconds; Discord's time stamps bear a little, and not a clock of the wrong hour."""
MOST_SERVERS = 10


async def examine_discord(
    token: str, server: int | None = None, private: Collection[int] = ()
) -> AsyncIterator[Finding]:
    """Look at the token, the application and the servers, or at one server alone.

    `private` are those servers that have chosen threads for the asker alone.
    """
    yield await _clock()
    async with discord.Client(intents=discord.Intents.none()) as client:
        try:
            await client.login(token)
            application = await client.application_info()
        except discord.LoginFailure:
            advice = "Copy it again from the application's Bot page, into DISCORD_TOKEN."
            yield Finding.wrong("token", "Discord refuses it", advice)
            return
        except DISCORD_ERRORS as error:
            advice = "Try again in a minute; see https://discordstatus.com."
            yield Finding.wrong("token", f"it cannot be checked: {type(error).__name__}", advice)
            return
        yield Finding.ok("token", f"it belongs to {application.name}")
        yield _message_content(application)
        async for finding in _servers(client, application.id, server, private):
            yield finding


async def _clock() -> Finding:
    """Compare this machine's clock with the one of Discord's web server."""
    url = f"{discord.http.Route.BASE}/gateway"
    try:
        async with aiohttp.ClientSession() as session, session.get(url) as response:
            theirs = parsedate_to_datetime(response.headers["Date"])
    except (aiohttp.ClientError, OSError, KeyError, ValueError) as error:
        advice = "Look at the network and the firewall."
        return Finding.wrong("Discord", f"it cannot be reached: {type(error).__name__}", advice)
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    if seconds > WRONG_BY:
        advice = "Let the system set its clock by itself."
        return Finding.warning("clock", f"it is wrong by {seconds:.0f} s", advice)
    return Finding.ok("clock", "it agrees with Discord's")


def _message_content(application: discord.AppInfo) -> Finding:
    flags = application.flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Finding.ok("intents", "Message Content Intent is on")
    return Finding.warning(
        "intents",
        "Message Content Intent is off: in its threads people must reply to the bot or mention it",
        "`python -m bot setup` switches it on, or the application's page Bot.",
    )


async def _servers(
    client: discord.Client, application_id: int, chosen: int | None, private: Collection[int]
) -> AsyncIterator[Finding]:
    links = invite_links(application_id)
    if chosen is not None:
        numbers = [chosen]
    else:
        numbers = [guild.id async for guild in client.fetch_guilds(limit=MOST_SERVERS)]
    if not numbers:
        yield Finding.warning("servers", "it is on none", f"Invite it: {links.server}")
    for number in numbers:
        yield await _permissions(client, number, links.server, private_threads=number in private)


async def _permissions(
    client: discord.Client, number: int, link: str, *, private_threads: bool
) -> Finding:
    assert client.user is not None, "it has logged in"
    try:
        guild = await client.fetch_guild(number, with_counts=False)
        granted = (await guild.fetch_member(client.user.id)).guild_permissions
    except (discord.NotFound, discord.Forbidden):
        return Finding.wrong(f"server {number}", "the bot is not on it", f"Invite it: {link}")
    label = f"server {guild.name}"
    if lacking := missing(granted, private_threads=private_threads):
        detail = f"it lacks {', '.join(lacking)}"
        return Finding.wrong(label, detail, f"Give them to its role, or invite it anew: {link}")
    return Finding.ok(label, "it has all permissions that it needs")
