"""What people can ask about pictures: a table, a row of which is a command, a menu and a word."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.desk import Desk
from bot.features.asking import ask_by_interaction, everywhere
from bot.pictures.find import pictures_among, pictures_in

MOST_LETTERS = 1000
"""Of a question."""
_NAMES = {1: ("image",), 6: ("first", "second", "third", "fourth", "fifth", "sixth")}
_ABOUT = {
    "image": _T("The picture"),
    "first": _T("The first picture"),
    "second": _T("The second picture"),
}
_ONE_MORE = _T("One more picture")


@dataclass(frozen=True, slots=True)
class Verb:
    """One thing that people can ask: `name` is its task, its command and its word."""

    name: str
    description: app_commands.locale_str
    pictures: tuple[int, int] = (1, 1)
    """The fewest and the most that the command takes."""
    question: app_commands.locale_str | None = None
    """What may be asked besides, as its option is described."""
    needs_question: bool = False
    menu: app_commands.locale_str | None = None
    """Its name in the menu of a message, whose answer is for the asker's eyes only."""

    def options(self) -> dict[str, tuple[app_commands.locale_str, Any, bool]]:
        """List the command's options: how each is described, its type, whether it must be given."""
        fewest, most = self.pictures
        options: dict[str, tuple[app_commands.locale_str, Any, bool]] = {
            name: (_ABOUT.get(name, _ONE_MORE), discord.Attachment, number < fewest)
            for number, name in enumerate(_NAMES[most])
        }
        if self.question:
            length = app_commands.Range[str, 1, MOST_LETTERS]
            options["question"] = (self.question, length, self.needs_question)
        return options


VERBS = (
    Verb(
        "describe",
        _T("Tell what is in a picture, or answer a question about it"),
        question=_T("What you would like to know about it"),
        menu=_T("Describe picture"),
    ),
    Verb(
        "ask",
        _T("Ask a question about a picture"),
        question=_T("What you would like to know about it"),
        needs_question=True,
    ),
    Verb("ocr", _T("Copy the text out of a picture"), menu=_T("Read text")),
    Verb(
        "alt",
        _T("Write alt text for a picture: a sentence or two for who cannot see it"),
        menu=_T("Alt text"),
    ),
    Verb("table", _T("Copy a table or chart out of a picture, as CSV")),
    Verb("objects", _T("List the objects in a picture, how many there are and where")),
    Verb(
        "compare",
        _T("Tell the differences between pictures"),
        pictures=(2, 6),
        question=_T("What you would like to know about them"),
    ),
)


class Look(commands.Cog):
    """Makes each verb a slash command, and a menu where it has one."""

    def __init__(self, desk: Desk, tree: app_commands.CommandTree[Any]) -> None:
        self._desk = desk
        self._tree = tree

    async def cog_load(self) -> None:
        """Offer the commands."""
        for verb in VERBS:
            self._tree.add_command(self._command(verb))
        for verb in VERBS:
            if verb.menu:
                self._tree.add_command(self._menu(verb, verb.menu))

    def _command(self, verb: Verb) -> app_commands.Command[Any, Any, Any]:
        async def look(interaction: discord.Interaction[Any], /, **given: Any) -> None:
            question = given.pop("question", None) or ""
            finding = pictures_among(picture for picture in given.values() if picture)
            await ask_by_interaction(self._desk, interaction, verb.name, finding, question)

        look.__signature__ = _signature(look, verb)  # type: ignore[attr-defined]
        about = {name: description for name, (description, _, _) in verb.options().items()}
        described = everywhere(app_commands.describe(**about)(look))
        return app_commands.Command(
            name=verb.name, description=verb.description, callback=described
        )

    def _menu(self, verb: Verb, name: app_commands.locale_str) -> app_commands.ContextMenu:
        async def look(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            finding = pictures_in(message)
            await ask_by_interaction(self._desk, interaction, verb.name, finding, private=True)

        return app_commands.ContextMenu(name=name, callback=everywhere(look))


def _signature(callback: Callable[..., Any], verb: Verb) -> inspect.Signature:
    """Put together the signature in which discord.py reads a command's options."""
    interaction, _ = inspect.signature(callback).parameters.values()
    options = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kind if is_needed else kind | None,
            default=inspect.Parameter.empty if is_needed else None,
        )
        for name, (_, kind, is_needed) in verb.options().items()
    ]
    return inspect.Signature([interaction, *options])
