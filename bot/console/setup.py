"""`python -m bot setup`: from a token to a `.env` that works, and the links that let the bot in."""

import getpass
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import discord
from dotenv import dotenv_values

from bot.console.invite import ACCOUNT_SCOPES, PERMISSIONS, SERVER_SCOPES, invite_links
from bot.console.settings_file import write_settings
from bot.replies.patience import DISCORD_ERRORS
from inference import DEMO, Card, find_cards

TOKEN = "DISCORD_TOKEN"
PAGE = "https://discord.com/developers/applications"
TRIES = 3
MODELS = (
    ("microsoft/Phi-3.5-vision-instruct", "the better of the two, 8.3 GB to download"),
    ("microsoft/Phi-3-vision-128k-instruct", "its predecessor, 8.3 GB to download"),
    (DEMO, "the small one that comes along, to see first that all else is right"),
)
DEVICES = (
    ("auto", "the graphics card where there is one, else the processor"),
    ("cuda", "an NVIDIA card"),
    ("mps", "a Mac's own"),
    ("cpu", "the processor alone, which is slow"),
)
NEXT = "Now look whether all is well with `python -m bot doctor`, and start with `python -m bot`."


@dataclass(frozen=True)
class Questioner:
    """Asks the operator, or takes each default where nobody is to be asked."""

    takes_defaults: bool

    def ask(self, question: str, default: str) -> str:
        """Ask for a line; nothing typed is the default."""
        if self.takes_defaults:
            return default
        return input(f"{question} [{default}]: ").strip() or default

    def agree(self, question: str) -> bool:
        """Ask for a yes or a no; nothing typed is a yes."""
        return self.takes_defaults or input(f"{question} [Y/n]: ").strip().lower() in (
            "",
            "y",
            "yes",
        )

    def choose(
        self, question: str, choices: Sequence[tuple[str, str]], default: str, *, others: bool
    ) -> str:
        """Let one be chosen by its number or its name, or something else where that can be."""
        if self.takes_defaults:
            return default
        print(question)
        for number, (name, words) in enumerate(choices, start=1):
            print(f"  {number}  {name}: {words}")
        numbered = {str(number): name for number, (name, _) in enumerate(choices, start=1)}
        while True:
            said = self.ask("A number, or a name", default)
            if chosen := numbered.get(said) or (said if said in numbered.values() else None):
                return chosen
            if said == default or (others and not said.isdecimal()):
                return said
            print(f"Please type a number from 1 to {len(choices)}.")

    def secret(self, question: str) -> str:
        """Ask for what nobody may read over the shoulder."""
        return "" if self.takes_defaults else getpass.getpass(question).strip()


async def set_up(file: Path, *, takes_defaults: bool) -> int:
    """Ask what has to be known, write it into the settings file, and print the invite links.

    Returns the process's exit code. What the file says already is each question's default.
    """
    questioner = Questioner(takes_defaults)
    known = {name: value for name, value in dotenv_values(file).items() if value}
    async with discord.Client(intents=discord.Intents.none()) as client:
        token = await _log_in(client, questioner, os.environ.get(TOKEN) or known.get(TOKEN, ""))
        if token is None:
            return 1
        application = await client.application_info()
        print(f"Discord knows the token: it belongs to {application.name}.")
        await _offer_message_content(application, questioner)
        await _offer_installation(application)
    _show(find_cards())
    values = {
        TOKEN: token,
        "MODEL_SOURCE": questioner.choose(
            "Which model? (Or type another id of the hub, or a folder.)",
            MODELS,
            known.get("MODEL_SOURCE", MODELS[0][0]),
            others=True,
        ),
        "MODEL_DEVICE": questioner.choose(
            "Where does it run?",
            DEVICES,
            known.get("MODEL_DEVICE", DEVICES[0][0]),
            others=False,
        ),
    }
    write_settings(file, values)
    links = invite_links(application.id)
    print(f"\nWritten: {file}, which only you can read.")
    print(f"Invite it to a server: {links.server}")
    print(f"Add it to your account: {links.account}")
    print(NEXT)
    return 0


async def _log_in(client: discord.Client, questioner: Questioner, known: str) -> str | None:
    """Return a token that Discord takes, or None; says what is wrong with the others."""
    if not known:
        print(f"Create an application at {PAGE}; its page Bot shows the token (Reset Token).")
    hint = "Token (nothing to keep the present one): " if known else "Token: "
    for _ in range(1 if questioner.takes_defaults else TRIES):
        token = questioner.secret(hint) or known
        if not token:
            print(f"{TOKEN} is missing.")
            continue
        try:
            await client.login(token)
        except discord.LoginFailure:
            print("Discord refuses this token: copy it again from the application's Bot page.")
        except DISCORD_ERRORS as error:
            print(f"Discord cannot be reached ({type(error).__name__}): try again in a minute.")
            return None
        else:
            return token
    return None


async def _offer_message_content(application: discord.AppInfo, questioner: Questioner) -> None:
    """Say what the message content intent brings, and switch it on where that is wished."""
    flags = application.flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        print("Message Content Intent is on: in its threads nobody needs to mention the bot again.")
        return
    print(
        "Message Content Intent is off. With it, nobody needs to mention the bot again in its own "
        "threads, and it finds the picture of somebody else's message in a reply."
    )
    if not questioner.agree("Switch it on?"):
        return
    wanted = discord.ApplicationFlags._from_value(flags.value)
    wanted.gateway_message_content_limited = True
    try:
        await application.edit(flags=wanted)
    except discord.HTTPException:
        print(f"Discord does not let me: switch it on yourself on the page Bot at {PAGE}.")
    else:
        print("It is on now.")


async def _offer_installation(application: discord.AppInfo) -> None:
    """Let the application be added to servers and to accounts, with the least permissions."""
    try:
        await application.edit(
            guild_install_scopes=list(SERVER_SCOPES),
            guild_install_permissions=PERMISSIONS,
            user_install_scopes=list(ACCOUNT_SCOPES),
        )
    except discord.HTTPException:
        print(f"Allow both User install and Guild install on the page Installation at {PAGE}.")


def _show(cards: Sequence[Card]) -> None:
    for card in cards:
        print(f"Found: {card.name} with {card.memory / 1024**3:.0f} GiB.")
    if not cards:
        print("No NVIDIA card was found.")
