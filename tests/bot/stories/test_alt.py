"""Somebody wants alt text for a picture."""

from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import COVER


async def test_alt_text_is_written_by_command_by_menu_and_by_a_word(
    server: Server, expect: Expect
) -> None:
    result = await server.alice.slash(server.general, "alt", image=("cover.png", COVER))
    expect.answer(result.response, "alt", [COVER])

    picture = await server.alice.send(server.general, "Look", attachments=[("c.png", COVER)])
    result = await server.bob.context_menu(server.general, "Alt text", picture)
    assert result.ephemeral
    expect.answer(result.response, "alt", [COVER])

    files = [("cover.png", COVER)]
    await server.alice.send(server.general, f"{server.mention} alt", attachments=files)
    expect.answers(server.answers_in_thread(), "alt", [COVER])
