"""Somebody wants to know what is in a picture, thing by thing."""

from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import CHART


async def test_objects_are_listed_by_command_and_by_a_word(server: Server, expect: Expect) -> None:
    result = await server.alice.slash(server.general, "objects", image=("chart.png", CHART))
    expect.answer(result.response, "objects", [CHART])

    files = [("chart.png", CHART)]
    await server.alice.send(server.general, f"{server.mention} Objects!", attachments=files)
    expect.answers(server.answers_in_thread(), "objects", [CHART])
