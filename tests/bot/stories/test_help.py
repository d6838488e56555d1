"""Somebody who does not know how to ask is told every way."""

from bot.features.look import VERBS
from tests.bot.stories.conftest import Server


async def test_help_names_every_command_and_menu_for_the_askers_eyes_only(server: Server) -> None:
    result = await server.alice.slash(server.general, "help")
    assert result.ephemeral
    assert result.response is not None
    told = result.response.content
    assert all(f"**/{verb.name}** – {verb.description.message}" in told for verb in VERBS)
    assert all(f"*{verb.menu.message}*" in told for verb in VERBS if verb.menu)
    assert "/privacy" in told
