"""Of an animation a few pictures are looked at, of a document the page that is asked about."""

import discord

from bot.locales import say
from bot.locales import sentences as s
from inference import TASKS, Source, decode_pictures
from tests.bot.stories.conftest import Server, laid_out, words
from tests.inference.pictures.drawing import animation, encode, pdf
from tests.oracle import Oracle

FRAMES = animation(["red", "orange", "yellow", "green", "blue", "purple"])
GIF = encode(FRAMES[0], "GIF", save_all=True, append_images=FRAMES[1:])


def answer(response: discord.Message | None) -> str:
    assert response is not None
    return response.content


async def test_an_animation_is_described_by_pictures_spread_over_its_time(
    server: Server, oracle: Oracle
) -> None:
    result = await server.alice.slash(server.general, "describe", image=("cat.gif", GIF))
    said = answer(result.response)
    assert say("en-US", s.FRAMES_SEEN, seen=4, total=6) in said
    pictures = decode_pictures(GIF).pictures
    told = oracle.answer(TASKS["describe"].request(pictures, source=Source.FRAMES))
    assert words(said) == words(laid_out("describe", told.rstrip("\ufffd")))


async def test_the_page_that_a_question_names_is_looked_at(server: Server) -> None:
    document = ("report.pdf", pdf("one", "two", "three"))
    result = await server.alice.slash(
        server.general, "describe", image=document, question="what does page 2 say?"
    )
    assert say("en-US", s.PAGES_SEEN, pages="2", total=3) in answer(result.response)


async def test_a_page_that_is_not_there_is_told_so(server: Server) -> None:
    document = ("report.pdf", pdf("one", "two"))
    result = await server.alice.slash(
        server.general, "describe", image=document, question="what does page 9 say?"
    )
    assert answer(result.response) == f"> what does page 9 say?\n{s.PAGE_MISSING}"
