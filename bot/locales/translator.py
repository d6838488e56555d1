"""Commands in the languages that Discord shows them in."""

import discord
from discord import app_commands

from bot.locales import say


class CatalogueTranslator(app_commands.Translator):
    """Reads descriptions and the names of menus out of the catalogues.

    Slash commands keep their English names: people tell each other "/describe" across languages.
    """

    async def translate(
        self,
        string: app_commands.locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,  # noqa: ARG002
    ) -> str | None:
        """Translate what a catalogue holds; None leaves it in English."""
        translation = say(locale.value, string.message)
        return translation if translation != string.message else None
