"""Several people ask at once."""

from bot.locales import say
from bot.locales import sentences as s
from tests.bot.stories.conftest import Expect, Server
from tests.bot.stories.pictures import CHART


async def test_a_second_question_waits_its_turn_and_is_told_its_place(
    server: Server, expect: Expect
) -> None:
    questions = ["what is low?", "what is high?"]
    for question in questions:
        server.post(server.alice, f"{server.mention} {question}", CHART)
    await server.env.settle()
    assert say("en-US", s.WAITING, position=1) in server.posted()
    for thread, question in zip(server.general.threads, questions, strict=True):
        answers = [message for message in thread.history() if message.author.bot]
        expect.answers(answers, "ask", [CHART], question)


async def test_five_questions_at_once_are_one_too_many(server: Server) -> None:
    for number in range(5):
        server.post(server.alice, f"{server.mention} question {number}", CHART)
    await server.env.settle()
    assert len(server.general.threads) == 4
    assert server.posted().count(say("en-US", s.YOUR_QUEUE_FULL, most=4)) == 1
