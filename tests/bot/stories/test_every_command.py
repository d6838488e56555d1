"""Whatever command somebody uses, the first thing that happens is the acknowledgement."""

import discord
import pytest
from discord import app_commands

from bot.features.look import VERBS
from tests.bot.offered import MENUS, OWNERS, SLASH, by_name
from tests.bot.stories.conftest import DEFERRED, Server
from tests.bot.stories.pictures import CHART

FORM = discord.InteractionResponseType.modal.value
ATTACHMENT = discord.AppCommandOptionType.attachment
TAKES_A_WHILE = {*(verb.name for verb in VERBS), "forget-me"}


@pytest.mark.parametrize(
    "command", [command for command in SLASH if command not in OWNERS], ids=by_name
)
async def test_a_slash_command_is_acknowledged_first(
    server: Server, command: app_commands.Command
) -> None:
    role = server.guild.create_role("admin", permissions=discord.Permissions(administrator=True))
    carol = server.guild.add_member(server.env.create_user("carol"), roles=[role])
    options = {
        option.name: ("picture.png", CHART) if option.type is ATTACHMENT else "what is it?"
        for option in command.parameters
        if option.required
    }
    before = len(server.env.http_requests)
    await carol.slash(server.general, command.name, **options)
    assert server.env.http_requests[before].path.endswith("/callback")
    assert (server.acknowledgements() == [DEFERRED]) == (command.name in TAKES_A_WHILE)


@pytest.mark.parametrize("menu", MENUS, ids=by_name)
async def test_a_message_menu_is_acknowledged_first(
    server: Server, menu: app_commands.ContextMenu
) -> None:
    picture = await server.alice.send(server.general, "Look", attachments=[("c.png", CHART)])
    before = len(server.env.http_requests)
    await server.bob.context_menu(server.general, menu.name, picture)
    assert server.env.http_requests[before].path.endswith("/callback")
    assert server.acknowledgements() == [FORM if menu.name.startswith("Ask") else DEFERRED]
