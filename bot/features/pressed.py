"""What is pressed or picked under a message, as Discord kept it; it works after a restart, too."""

import re
from typing import Any, Self, TypeVar

import discord
from discord.ext import commands

C = TypeVar("C", bound=commands.Cog)


class Pressed(discord.ui.DynamicItem[discord.ui.Item[Any]], template=""):
    """An item that discord.py makes again by itself, and where it finds what it needs."""

    def __init__(
        self,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
    ) -> None:
        super().__init__(item)
        self._client = interaction.client
        self._match = match

    @classmethod
    async def from_custom_id(
        cls,
        interaction: discord.Interaction[Any],
        item: discord.ui.Item[Any],
        match: re.Match[str],
    ) -> Self:
        """Take the item as it stands in the message."""
        return cls(interaction, item, match)

    def cog(self, kind: type[C]) -> C:
        """Return the cog that has let these items be heard."""
        cog = self._client.get_cog(kind.__name__)
        assert isinstance(cog, kind), "an item is heard only where its cog is"
        return cog
