"""The links by which people let the bot in, with the least that it needs."""

from dataclasses import dataclass

import discord

NAMES = {
    "view_channel": "View Channels",
    "send_messages": "Send Messages",
    "send_messages_in_threads": "Send Messages in Threads",
    "create_public_threads": "Create Public Threads",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
"""What the bot needs on a server: discord.py's names, and those on Discord's own pages."""

PRIVATE_THREADS = {"create_private_threads": "Create Private Threads"}
"""What it needs besides where a server has chosen threads for the asker alone."""

PERMISSIONS = discord.Permissions(**dict.fromkeys(NAMES | PRIVATE_THREADS, True))
SERVER_SCOPES = ("bot", "applications.commands")
ACCOUNT_SCOPES = ("applications.commands",)


@dataclass(frozen=True, slots=True)
class InviteLinks:
    """Where to click to add the bot to a server, or to one's own account."""

    server: str
    account: str


def invite_links(application_id: int) -> InviteLinks:
    """Write the links for an application."""
    account = discord.utils.oauth_url(application_id, scopes=ACCOUNT_SCOPES)
    return InviteLinks(
        discord.utils.oauth_url(application_id, permissions=PERMISSIONS, scopes=SERVER_SCOPES),
        f"{account}&integration_type=1",
    )


def missing(granted: discord.Permissions, *, private_threads: bool = False) -> list[str]:
    """Name what the bot needs and has not been given, as Discord's own pages do."""
    needed = NAMES | PRIVATE_THREADS if private_threads else NAMES
    return [words for name, words in needed.items() if not getattr(granted, name)]
