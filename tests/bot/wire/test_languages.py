"""The bot speaks the language that a person has chosen in Discord."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import discord
import pytest

from bot import locales
from bot.locales import say
from bot.locales import sentences as s
from tests.wire.model import Channel
from tests.wire.pictures import RED
from tests.wire.server import Discord
from tests.wire.test_bot_on_the_wire import StartBot


@pytest.mark.usefixtures("vision_bot")
@pytest.mark.parametrize(
    ("locale", "answer"),
    [
        ("de", "In dieser Nachricht ist kein Bild."),
        ("es-419", "Ese mensaje no tiene ninguna imagen."),
        ("pt-BR", "Essa mensagem não tem imagem."),
        ("pl", "That message has no picture."),
    ],
)
async def test_a_question_is_declined_in_the_askers_language(
    loopback: Discord, general: Channel, locale: str, answer: str
) -> None:
    person = loopback.member("kim", locale=locale)
    words = person.says(general, "no picture")
    declined = await person.reply_to(person.uses_menu("Describe picture", words))
    assert declined.content.startswith(answer)


@pytest.mark.usefixtures("vision_bot")
async def test_each_of_discords_languages_is_answered_in_itself_or_in_english(
    loopback: Discord, general: Channel
) -> None:
    words = loopback.member("bob").says(general, "no picture")
    spoken = set()
    for locale in discord.Locale:
        person = loopback.member(f"kim-{locale.value}", locale=locale.value)
        declined = await person.reply_to(person.uses_menu("Describe picture", words))
        assert declined.content == say(locale.value, s.NO_PICTURE_IN_MESSAGE)
        if declined.content != s.NO_PICTURE_IN_MESSAGE:
            spoken.add(locale.value)
    assert spoken == {
        *("de", "fr", "es-ES", "es-419", "pt-BR", "ja", "ro", "no", "zh-CN", "zh-TW"),
    }


@pytest.mark.usefixtures("vision_bot")
async def test_a_mention_is_answered_in_the_language_of_the_server(
    loopback: Discord, general: Channel
) -> None:
    assert general.guild is not None
    hafen = loopback.world.guild("Hafen", locale="de").channel("general")
    await asyncio.sleep(1)
    person = loopback.member("kim")
    person.mentions(hafen, "was ist das?")
    await person.reads(hafen, "Ich sehe hier kein Bild")


@pytest.mark.usefixtures("vision_bot")
async def test_a_waiting_person_finds_place_and_button_in_german(
    loopback: Discord, general: Channel
) -> None:
    jana = loopback.member("jana", locale="de")
    jana.slash(general, "describe", image=RED)
    jana.slash(general, "ocr", image=RED)
    waiting = await jana.reads(general, say("de", s.WAITING, position=1))
    jana.clicks(waiting, "Abbrechen")
    await jana.reads(general, "Abgebrochen.")


@pytest.mark.usefixtures("vision_bot")
async def test_discord_is_told_the_commands_in_every_language(loopback: Discord) -> None:
    offered = {command["name"]: command for command in loopback.world.commands}
    described = offered["describe"]["description_localizations"]
    assert described["de"] == "Sagt, was auf einem Bild ist, oder beantwortet eine Frage dazu"
    assert described["es-419"] == described["es-ES"]
    image = offered["describe"]["options"][0]
    assert image["description_localizations"]["fr"] == "L’image"
    assert offered["Describe picture"]["name_localizations"]["ja"] == "画像を説明"


async def test_a_language_that_is_learnt_later_reaches_discord(
    loopback: Discord, start_bot: StartBot, tmp_path: Path
) -> None:
    with _catalogues_in(tmp_path / "none yet"):
        async with start_bot():
            assert not loopback.world.commands[0]["description_localizations"]
    async with start_bot():
        assert loopback.world.commands[0]["description_localizations"]["de"]
        assert loopback.world.command_syncs == 2


@contextmanager
def _catalogues_in(folder: Path) -> Iterator[None]:
    """Let a bot find its catalogues in another folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(locales, "CATALOGUES", folder)
        locales._catalogue.cache_clear()
        try:
            yield
        finally:
            locales._catalogue.cache_clear()
