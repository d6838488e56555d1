"""What people can ask about pictures: a table, a row of which is a command, a menu and a word."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import locale_str as _T
from discord.ext import commands

from bot.choices import LANGUAGES
from bot.desk import Desk
from bot.features.asking import ask_by_interaction, everywhere
from bot.features.forms import MOST_LETTERS, Forms
from bot.jobs.subject import Subject
from bot.pictures.find import pictures_among, pictures_in
from inference import TASKS, Detail

_NAMES = {1: ("image",), 6: ("first", "second", "third", "fourth", "fifth", "sixth")}
_ABOUT = {
    "image": _T("The picture"),
    "first": _T("The first picture"),
    "second": _T("The second picture"),
}
_ONE_MORE = _T("One more picture")
_PRIVATE = _T("Whether only you see the answer")
_DETAIL = _T("How much the answer says")
_LANGUAGE = _T("The language of the answer")
_DETAILS = {
    Detail.SHORT: _T("short"),
    Detail.NORMAL: _T("normal"),
    Detail.LONG: _T("long"),
}


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

    def options(
        self, languages: Sequence[str] = ()
    ) -> dict[str, tuple[app_commands.locale_str, Any, bool]]:
        """List the command's options: how each is described, its type, whether it must be given.

        `languages` are those between which an answer can be chosen.
        """
        fewest, most = self.pictures
        options: dict[str, tuple[app_commands.locale_str, Any, bool]] = {
            name: (_ABOUT.get(name, _ONE_MORE), discord.Attachment, number < fewest)
            for number, name in enumerate(_NAMES[most])
        }
        if self.question:
            length = app_commands.Range[str, 1, MOST_LETTERS]
            options["question"] = (self.question, length, self.needs_question)
        if len(TASKS[self.name].details) > 1:
            options["detail"] = (_DETAIL, str, False)
        if len(languages) > 1 and not TASKS[self.name].transcribes:
            options["language"] = (_LANGUAGE, str, False)
        options["private"] = (_PRIVATE, bool, False)
        return options


VERBS: tuple[Verb, ...] = (
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
        menu=_T("Ask about picture…"),
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

    def __init__(
        self,
        desk: Desk,
        tree: app_commands.CommandTree[Any],
        forms: Forms,
        languages: Sequence[str],
    ) -> None:
        self._desk = desk
        self._tree = tree
        self._forms = forms
        self._languages = languages

    async def cog_load(self) -> None:
        """Offer the commands."""
        for verb in VERBS:
            self._tree.add_command(self._command(verb))
        for verb in VERBS:
            if verb.menu:
                self._tree.add_command(self._menu(verb, verb.menu))

    def _command(self, verb: Verb) -> app_commands.Command[Any, Any, Any]:
        async def look(interaction: discord.Interaction[Any], /, **given: Any) -> None:
            chosen = {
                name: given.pop(name, None)
                for name in ("question", "private", "detail", "language")
            }
            pictures = pictures_among(picture for picture in given.values() if picture)
            await ask_by_interaction(
                self._desk,
                interaction,
                verb.name,
                Subject(pictures),
                chosen["question"] or "",
                private=chosen["private"],
                detail=Detail(chosen["detail"]) if chosen["detail"] else None,
                language=chosen["language"],
            )

        options = verb.options(self._languages)
        look.__signature__ = _signature(look, options)  # type: ignore[attr-defined]
        about = {name: description for name, (description, _, _) in options.items()}
        described = everywhere(app_commands.describe(**about)(look))
        choices = {name: self._choices(name) for name in ("detail", "language") if name in options}
        described = app_commands.choices(**choices)(described)
        return app_commands.Command(
            name=verb.name, description=verb.description, callback=described
        )

    def _menu(self, verb: Verb, name: app_commands.locale_str) -> app_commands.ContextMenu:
        async def look(interaction: discord.Interaction[Any], message: discord.Message) -> None:
            pictures = pictures_in(message)
            if verb.needs_question and pictures:
                await self._forms.show(interaction, pictures)
            else:
                about = Subject(pictures)
                await ask_by_interaction(self._desk, interaction, verb.name, about, private=True)

        return app_commands.ContextMenu(name=name, callback=everywhere(look))

    def _choices(self, option: str) -> list[app_commands.Choice[str]]:
        if option == "detail":
            return [app_commands.Choice(name=name, value=each) for each, name in _DETAILS.items()]
        return [app_commands.Choice(name=LANGUAGES[each], value=each) for each in self._languages]


def _signature(
    callback: Callable[..., Any], options: dict[str, tuple[app_commands.locale_str, Any, bool]]
) -> inspect.Signature:
    """Put together the signature in which discord.py reads a command's options."""
    interaction, _ = inspect.signature(callback).parameters.values()
    parameters = [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=kind if is_needed else kind | None,
            default=inspect.Parameter.empty if is_needed else None,
        )
        for name, (_, kind, is_needed) in options.items()
    ]
    return inspect.Signature([interaction, *parameters])
