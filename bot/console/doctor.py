"""`python -m bot doctor`: is all well, and if not, what to do."""

import json
import os
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict
from pathlib import Path

from bot.console.discord_side import examine_discord
from bot.console.store import examine_store, servers_with_private_threads
from bot.settings import BotSettings, DiscordSettings
from inference import Finding, SettingsError, Verdict, examine_model, read_settings

ROOM = 1024**3
"""Bytes that the store, and the pictures that wait, should find free."""


async def examine(
    *, server: int | None = None, as_json: bool = False, reads_weights: bool = True
) -> int:
    """Print a line for each thing that must be right; returns 1 where one is wrong, else 0."""
    found: list[Finding] = []
    async for finding in _findings(server, reads_weights=reads_weights):
        found.append(finding)
        if not as_json:
            print(finding, flush=True)
    if as_json:
        print(json.dumps([asdict(finding) for finding in found], indent=2))
    return int(any(finding.verdict is Verdict.WRONG for finding in found))


async def _findings(server: int | None, *, reads_weights: bool) -> AsyncIterator[Finding]:
    """Look at each part, whatever is wrong with the others."""
    private: frozenset[int] = frozenset()
    try:
        settings = read_settings(BotSettings)
    except SettingsError as error:
        advice = "Mend it in .env; `.env.example` lists every setting."
        yield Finding.wrong("settings", str(error), advice)
    else:
        yield Finding.ok("settings", "they can be read")
        for finding in _folder(settings.data):
            yield finding
        yield examine_store(settings.data)
        private = servers_with_private_threads(settings.data)
    try:
        token = read_settings(DiscordSettings).token
    except SettingsError as error:
        yield Finding.wrong("token", str(error), "`python -m bot setup` asks for it.")
    else:
        async for finding in examine_discord(token.get_secret_value(), server, private):
            yield finding
    for finding in examine_model(reads_weights=reads_weights):
        yield finding


def _folder(folder: Path) -> Iterator[Finding]:
    """Look whether the store's folder can be written, and has room."""
    existing = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not existing.is_dir() or not os.access(existing, os.W_OK):
        advice = (
            "Choose another folder by BOT_DATA, or give the bot's user the right to write there."
        )
        yield Finding.wrong("data folder", f"{folder} cannot be written", advice)
        return
    free = shutil.disk_usage(existing).free
    if free < ROOM:
        advice = "Make room: pictures that wait lie there, and the store."
        yield Finding.warning("data folder", f"only {free / 1024**2:.0f} MiB are free", advice)
    else:
        yield Finding.ok("data folder", f"{folder.absolute()}, {free / 1024**3:.0f} GiB free")
