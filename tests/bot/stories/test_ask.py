"""Somebody has a question of their own."""

from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import CHART


async def test_a_question_of_ones_own_is_answered(server: Server, expect: Expect) -> None:
    question = "which bar is low?"
    result = await server.alice.slash(
        server.general, "ask", image=("chart.png", CHART), question=question
    )
    expect.answer(result.response, "ask", [CHART], question)
