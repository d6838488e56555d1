"""A bot just large enough to show that discord.py feels at home on the loopback.

Importable for tests in one process; `python -m tests.wire.launch PORT tests.wire.small_bot` runs
it in its own.
"""

import asyncio
import os

import aiohttp
import discord
from discord import app_commands


class SmallBot(discord.AutoShardedClient):
    """Counts the bytes of pictures, and keeps what it hears."""

    def __init__(
        self,
        connector: aiohttp.BaseConnector | None = None,
        intents: discord.Intents | None = None,
    ) -> None:
        super().__init__(
            intents=intents or discord.Intents(guilds=True, messages=True),
            connector=connector,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self.heard: list[discord.Message] = []
        self.interactions: list[discord.Interaction] = []
        self.threads_lost: list[int] = []
        self.readied = 0
        self.tree = app_commands.CommandTree(self)
        self.tree.command(description="Count the bytes of a picture")(describe)
        self.tree.context_menu(name="Count bytes")(count_bytes)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_ready(self) -> None:
        self.readied += 1

    async def on_message(self, message: discord.Message) -> None:
        if message.author == self.user:
            return
        self.heard.append(message)
        if self.user in message.mentions and message.attachments and message.guild:
            thread = await message.create_thread(name="Bytes")
            answer = await thread.send("Counting …", nonce=message.id)
            await asyncio.sleep(1.2)
            await answer.edit(content=await _count(message.attachments))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        self.interactions.append(interaction)

    async def on_raw_thread_delete(self, event: discord.RawThreadDeleteEvent) -> None:
        self.threads_lost.append(event.thread_id)


async def describe(interaction: discord.Interaction, image: discord.Attachment) -> None:
    await interaction.response.defer()
    await interaction.edit_original_response(content="Counting …", view=Buttons())
    await asyncio.sleep(1.2)
    await interaction.edit_original_response(content=await _count([image]))


async def count_bytes(interaction: discord.Interaction, message: discord.Message) -> None:
    await interaction.response.send_message(await _count(message.attachments), ephemeral=True)


class Buttons(discord.ui.View):
    """One button that ends the counting."""

    @discord.ui.button(label="Cancel")
    async def cancel(self, interaction: discord.Interaction, _: object) -> None:
        await interaction.response.edit_message(content="Cancelled.", view=None)


async def _count(attachments: list[discord.Attachment]) -> str:
    sizes = [len(await attachment.read()) for attachment in attachments]
    return f"{sum(sizes)} bytes"


async def main() -> None:
    """Run until the process ends."""
    async with SmallBot() as bot:
        await bot.start(os.environ["DISCORD_TOKEN"])


if __name__ == "__main__":
    asyncio.run(main())
