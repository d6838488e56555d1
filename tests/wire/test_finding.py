"""Where in a message people mean the picture, as the bot hears of it from Discord."""

import asyncio
import io
from collections.abc import Awaitable, Callable

import discord
import pytest

from bot.locales import sentences as s
from bot.pictures.fetch import MAX_BYTES
from bot.pictures.find import Finding, avatar, pictures_in
from bot.pictures.links import links_in, without_links
from bot.pictures.search import find, newest
from tests.bot.declining import declines
from tests.wire.model import Channel, Intent, Message, Upload
from tests.wire.people import Person
from tests.wire.pictures import BLUE, RED
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot

LINK = "https://pics.example/gull.png"
_MESSAGE = "/channels/{channel_id}/messages/{message_id}"
LOG = Upload("log.txt", b"ok")

Hear = Callable[[Message], Awaitable[discord.Message]]


@pytest.fixture
async def hear(bot: SmallBot) -> Hear:
    """Tell what the bot hears of a message that somebody has just posted."""

    async def hear(message: Message) -> discord.Message:
        return await bot.wait_for("message", check=lambda heard: heard.id == message.id)

    return hear


@pytest.fixture
async def private(loopback: Discord, alice: Person) -> Channel:
    return loopback.world.direct_channel(alice.user)


def upload(name: str, picture: Upload = RED, stated_type: str | None = "by name") -> Upload:
    return Upload(name, picture.content, stated_type)


def names(finding: Finding) -> list[str]:
    return [picture.name for picture in finding.pictures]


class TestInTheMessage:
    async def test_its_files_are_meant_in_their_order(
        self, general: Channel, alice: Person, hear: Hear
    ) -> None:
        finding = pictures_in(await hear(alice.mentions(general, files=[RED, BLUE])))
        assert names(finding) == ["red.png", "blue.png"]
        assert not finding.is_spoiler

    async def test_so_is_what_a_media_gallery_shows(
        self, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        gallery = loopback.world.gallery(private, RED, BLUE)
        box = {"type": 17, "id": 2, "accent_color": None, "spoiler": False, "components": [gallery]}
        finding = pictures_in(await hear(alice.says(private, components=[box])))
        assert names(finding) == ["red.png", "blue.png"]
        assert all("cdn.discordapp.com" in link for link in finding.links)  # not the proxy's copy

    async def test_so_is_what_stands_beside_words_and_what_a_file_shows(
        self, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        parts = [loopback.world.section(private, RED), loopback.world.file(private, BLUE)]
        box = {"type": 17, "id": 1, "accent_color": None, "spoiler": False, "components": parts}
        for components in (parts, [box]):
            finding = pictures_in(await hear(alice.says(private, components=components)))
            assert names(finding) == ["red.png", "blue.png"]
        notes = loopback.world.file(private, LOG)
        assert not pictures_in(await hear(alice.says(private, components=[notes])))

    async def test_so_is_a_sticker_that_is_a_picture(
        self, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        world = loopback.world
        wave, dance = world.sticker("wave", RED), world.sticker("dance", RED, kind=3)
        assert names(pictures_in(await hear(alice.says(private, stickers=[wave])))) == ["wave"]
        assert not pictures_in(await hear(alice.says(private, stickers=[dance])))

    async def test_so_is_a_link_that_copy_link_gave(
        self, loopback: Discord, general: Channel, private: Channel, alice: Person, hear: Hear
    ) -> None:
        original = await hear(alice.mentions(general, files=[RED]))
        link = original.attachments[0].url
        finding = pictures_in(await hear(alice.says(private, f"see {link}, please")))
        assert finding.links == (link,)
        old = link.replace("ex=", "ex=5&was=")
        assert not pictures_in(await hear(alice.says(private, old)))
        embed = loopback.world.embed(old, RED)
        finding = pictures_in(await hear(alice.says(private, old, embeds=[embed])))
        assert finding.links == (embed["thumbnail"]["proxy_url"],)

    async def test_the_preview_of_a_link_is_not_the_askers_own_picture(
        self, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        preview = loopback.world.preview("https://video.example/v", BLUE)
        words = "made as in https://video.example/v"
        finding = pictures_in(await hear(alice.says(private, words, files=[RED], embeds=[preview])))
        assert names(finding) == ["red.png"]
        finding = pictures_in(await hear(alice.says(private, words, embeds=[preview])))
        assert finding.links == (preview["thumbnail"]["proxy_url"],)

    async def test_a_picture_without_a_type_counts_by_its_name(
        self, private: Channel, alice: Person, hear: Hear
    ) -> None:
        files = [RED, upload("autumn.jfif", BLUE, None), upload("x", BLUE, None)]
        assert names(pictures_in(await hear(alice.says(private, files=files)))) == [
            "red.png",
            "autumn.jfif",
            "x",
        ]

    async def test_a_file_that_is_none_hides_no_picture_and_stands_beside_it(
        self, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        embed = loopback.world.embed(LINK, RED)
        message = await hear(alice.says(private, LINK, files=[LOG], embeds=[embed]))
        assert pictures_in(message).links == (embed["thumbnail"]["proxy_url"],)
        finding = pictures_in(await hear(alice.says(private, files=[LOG, RED])))
        assert names(finding) == ["red.png"]
        assert [file.name for file in finding.unusable] == ["log.txt"]

    async def test_too_large_a_file_is_known_before_it_is_fetched(
        self, private: Channel, alice: Person, hear: Hear
    ) -> None:
        large = Upload("large.png", bytes(MAX_BYTES + 1))
        beside = pictures_in(await hear(alice.says(private, files=[large, RED])))
        assert names(beside) == ["red.png"]
        with declines(s.FILE_TOO_LARGE):
            await find(await hear(alice.says(private, files=[large])))
        with declines(s.NOT_A_PICTURE):
            await find(await hear(alice.says(private, files=[LOG])))

    @pytest.mark.parametrize("how", ["file", "link", "short link", "gallery"])
    async def test_a_covered_picture_is_known_to_be_covered(
        self, how: str, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        match how:
            case "file":
                message = alice.says(private, files=[upload("SPOILER_red.png")])
            case "link":
                embed = loopback.world.embed(LINK, RED)
                message = alice.says(private, f"the end: ||{LINK}||", embeds=[embed])
            case "short link":
                embed = loopback.world.embed(LINK, RED)
                message = alice.says(private, "the end: ||https://pics.example/7||", embeds=[embed])
            case _:
                gallery = loopback.world.gallery(private, RED, spoiler=True)
                message = alice.says(private, components=[gallery])
        finding = pictures_in(await hear(message))
        assert len(finding.pictures) == 1
        assert finding.is_spoiler

    async def test_a_link_that_stands_open_beside_a_covered_one_is_not(
        self, loopback: Discord, private: Channel, alice: Person, hear: Hear
    ) -> None:
        embed = loopback.world.embed(LINK, RED)
        words = f"{LINK} and ||https://pics.example/end||"
        assert not pictures_in(await hear(alice.says(private, words, embeds=[embed]))).is_spoiler


class TestElsewhere:
    async def test_a_reply_means_the_picture_that_it_answers(
        self, loopback: Discord, general: Channel, alice: Person, hear: Hear
    ) -> None:
        picture = alice.mentions(general, files=[RED])
        preview = loopback.world.preview("https://page.example", BLUE)
        words = "is it as on https://page.example ?"
        reply = alice.mentions(general, words, embeds=[preview], reply_to=picture)
        assert names(pictures_in(await hear(reply))) == ["red.png"]

    async def test_its_own_picture_comes_first(
        self, general: Channel, alice: Person, hear: Hear
    ) -> None:
        picture = alice.mentions(general, files=[RED])
        reply = alice.mentions(general, files=[BLUE], reply_to=picture)
        assert names(pictures_in(await hear(reply))) == ["blue.png"]

    async def test_notes_attached_to_a_reply_hide_no_picture(
        self, general: Channel, alice: Person, hear: Hear
    ) -> None:
        picture = alice.mentions(general, files=[RED])
        reply = alice.mentions(general, files=[LOG], reply_to=picture)
        assert names(pictures_in(await hear(reply))) == ["red.png"]

    async def test_a_forward_means_the_picture_that_it_carries(
        self, general: Channel, private: Channel, alice: Person, hear: Hear
    ) -> None:
        forward = alice.forwards(alice.says(general, files=[RED]), private)
        assert names(pictures_in(await hear(forward))) == ["red.png"]

    async def test_a_link_that_discord_embeds_late_is_looked_at_once_more(
        self, loopback: Discord, general: Channel, alice: Person, hear: Hear
    ) -> None:
        question = alice.mentions(general, f"what is {LINK} ?")
        searched = asyncio.create_task(find(await hear(question)))
        await asyncio.sleep(0.4)
        embed = loopback.world.embed(LINK, RED)
        loopback.world.unfurl(question, embed)
        assert (await searched).links == (embed["thumbnail"]["proxy_url"],)

    async def test_where_discord_embeds_nothing_no_link_is_opened(
        self, loopback: Discord, general: Channel, alice: Person, hear: Hear
    ) -> None:
        with declines(s.LINK_ONLY):
            await find(await hear(alice.mentions(general, f"what is {LINK} ?")))
        assert len(loopback.seen("GET", _MESSAGE)) == 1

    async def test_what_is_hidden_or_gone_is_told_apart(
        self, loopback: Discord, general: Channel, alice: Person, hear: Hear
    ) -> None:
        picture = loopback.member("bob").says(general, files=[RED])
        with declines(s.HIDDEN_PICTURE):
            await find(await hear(alice.mentions(general, reply_to=picture)))
        loopback.world.delete_message(picture)
        with declines(s.PICTURE_GONE):
            await find(await hear(alice.mentions(general, reply_to=picture)))


class TestTheNewestPictureOfTheChannel:
    @pytest.fixture(autouse=True)
    def may_read(self, loopback: Discord) -> None:
        loopback.world.approved_intents = Intent.MESSAGE_CONTENT

    async def test_is_named_by_its_message(
        self, loopback: Discord, general: Channel, alice: Person, hear: Hear
    ) -> None:
        picture = loopback.member("bob").says(general, files=[RED])
        alice.says(general, files=[LOG])
        finding = await newest(await hear(alice.mentions(general, "what is this?")))
        assert names(finding) == ["red.png"]
        assert general.guild is not None
        place = f"https://discord.com/channels/{general.guild.id}/{general.id}"
        assert finding.jump_url == f"{place}/{picture.id}"

    async def test_is_none_that_is_an_hour_old(
        self, general: Channel, alice: Person, hear: Hear
    ) -> None:
        alice.says(general, files=[RED])
        await asyncio.sleep(3601)
        assert not await newest(await hear(alice.mentions(general, "what is this?")))

    async def test_is_none_where_the_history_is_hidden(
        self, loopback: Discord, general: Channel, alice: Person, hear: Hear
    ) -> None:
        alice.says(general, files=[RED])
        loopback.world.forbid(general, "read_message_history")
        assert not await newest(await hear(alice.mentions(general, "what is this?")))

    async def test_is_none_of_the_bots_own(
        self, general: Channel, alice: Person, bot: SmallBot, hear: Hear
    ) -> None:
        await hear(alice.mentions(general, "hello"))
        channel = bot.get_channel(general.id)
        assert isinstance(channel, discord.TextChannel)
        await channel.send(file=discord.File(io.BytesIO(RED.content), "own.png"))
        assert not await newest(await hear(alice.mentions(general, "what is this?")))


async def test_somebodys_avatar_is_served_by_discord(
    loopback: Discord, general: Channel, alice: Person, hear: Hear
) -> None:
    loopback.world.portray(alice.user, RED)
    found = avatar((await hear(alice.mentions(general, "how do I look?"))).author)
    assert found.link.startswith(f"https://cdn.discordapp.com/avatars/{alice.user.id}/")
    assert (found.name, found.is_picture) == ("alice.png", True)


def test_links_end_where_the_sentence_goes_on() -> None:
    text = f"(see <{LINK}>, ||{LINK}?a=(1)&b=2|| or [here]({LINK}).)"
    assert links_in(text) == [LINK, f"{LINK}?a=(1)&b=2"]
    assert links_in(f"「{LINK}」と{LINK}?a=1。次は何？") == [LINK, f"{LINK}?a=1"]


def test_a_question_is_asked_without_its_links() -> None:
    assert without_links(f"what is <{LINK}> (or {LINK}?a=1)?") == "what is (or )?"
    assert without_links(f"||{LINK}|| {LINK}") == ""
