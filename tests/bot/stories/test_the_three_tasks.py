"""The guide's three tasks, as people do them."""

from tests.bot.stories.conftest import DEFERRED, Expect, Server
from tests.bot.stories.pictures import CHART, COVER, TEAM_AUTUMN, TEAM_SPRING


async def test_alice_asks_about_a_chart(server: Server, expect: Expect) -> None:
    question = "Which bar is the highest?"
    result = await server.alice.slash(
        server.general, "describe", image=("chart.png", CHART), question=question
    )
    assert server.acknowledgements() == [DEFERRED]
    expect.answer(result.response, "ask", [CHART], question)


async def test_alice_lets_a_book_cover_be_read(server: Server, expect: Expect) -> None:
    result = await server.alice.slash(server.general, "ocr", image=("cover.png", COVER))
    assert server.acknowledgements() == [DEFERRED]
    expect.answer(result.response, "ocr", [COVER])
    assert "May contain errors." in result.response.content


async def test_alice_compares_the_team_of_spring_with_that_of_autumn(
    server: Server, expect: Expect
) -> None:
    result = await server.alice.slash(
        server.general,
        "compare",
        first=("spring.png", TEAM_SPRING),
        second=("autumn.png", TEAM_AUTUMN),
    )
    assert server.acknowledgements() == [DEFERRED]
    expect.answer(result.response, "compare", [TEAM_SPRING, TEAM_AUTUMN])
