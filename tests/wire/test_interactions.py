import asyncio
import io

import discord
import pytest

from tests.wire.model import Channel, Interaction, Upload
from tests.wire.people import Person
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot

MINUTE = 60.0


@pytest.fixture
async def silent(bot: SmallBot) -> SmallBot:
    """Leave each interaction to the test."""
    bot.tree.remove_command("describe")
    bot.tree.command(description="Say nothing")(nothing)
    await bot.tree.sync()
    return bot


async def nothing(_: discord.Interaction) -> None:
    return


async def use(
    bot: SmallBot, alice: Person, channel: Channel
) -> tuple[Interaction, discord.Interaction]:
    interaction = alice.slash(channel, "nothing")
    await asyncio.sleep(0.1)
    return interaction, bot.interactions[-1]


async def test_three_seconds_are_enough(silent: SmallBot, general: Channel, alice: Person) -> None:
    done, interaction = await use(silent, alice, general)
    await asyncio.sleep(2.8)

    response = await interaction.response.send_message("just in time")

    assert done.acknowledged_after == pytest.approx(2.9)
    assert isinstance(response.resource, discord.InteractionMessage)
    assert response.resource.content == "just in time"
    assert (await interaction.original_response()).id == response.message_id


async def test_after_three_seconds_the_interaction_is_unknown(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    done, interaction = await use(silent, alice, general)
    await asyncio.sleep(3)

    with pytest.raises(discord.NotFound) as caught:
        await interaction.response.defer()

    assert caught.value.code == 10062
    assert not done.is_acknowledged
    assert alice.sees(general) == []


async def test_an_interaction_is_acknowledged_once(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    _, interaction = await use(silent, alice, general)
    await interaction.response.defer()
    adapter = discord.webhook.async_.async_context.get()

    with pytest.raises(discord.HTTPException) as caught:
        await adapter.create_interaction_response(
            interaction.id,
            interaction.token,
            session=interaction._session,
            params=discord.webhook.async_.interaction_response_params(5),
        )

    assert caught.value.code == 40060


async def test_a_deferred_answer_shows_that_the_bot_is_thinking(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    done, interaction = await use(silent, alice, general)
    await interaction.response.defer()
    [thinking] = alice.sees(general)
    assert thinking.is_loading

    await interaction.followup.send("the first follow-up fills it")
    await interaction.followup.send("the second one stands below")

    assert [each.content for each in alice.sees(general)] == [
        "the first follow-up fills it",
        "the second one stands below",
    ]
    assert done.original is thinking
    assert not thinking.is_loading


async def test_for_fifteen_minutes_the_answer_can_be_edited_and_then_by_the_channel_alone(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    done, interaction = await use(silent, alice, general)
    response = await interaction.response.send_message("working")
    await asyncio.sleep(14.9 * MINUTE)
    await interaction.edit_original_response(content="still working")
    await asyncio.sleep(0.2 * MINUTE)

    with pytest.raises(discord.HTTPException) as caught:
        await interaction.edit_original_response(content="done")
    assert (caught.value.status, caught.value.code) == (401, 50027)

    assert response.message_id is not None
    by_channel = silent.get_partial_messageable(general.id).get_partial_message(response.message_id)
    await by_channel.edit(content="done")
    assert done.original is not None
    assert done.original.content == "done"


async def test_a_private_answer_cannot_be_reached_by_the_channel(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    _, interaction = await use(silent, alice, general)
    response = await interaction.response.send_message("psst", ephemeral=True)

    assert response.message_id is not None
    with pytest.raises(discord.NotFound) as caught:
        await silent.get_partial_messageable(general.id).fetch_message(response.message_id)
    assert caught.value.code == 10008


async def test_before_the_acknowledgement_there_is_no_webhook(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    _, interaction = await use(silent, alice, general)

    with pytest.raises(discord.NotFound) as caught:
        await interaction.followup.send("too early")

    assert caught.value.code == 10015


async def test_a_deleted_answer_is_unknown(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    _, interaction = await use(silent, alice, general)
    await interaction.response.send_message("gone soon")
    await interaction.delete_original_response()

    with pytest.raises(discord.NotFound) as caught:
        await interaction.edit_original_response(content="too late")

    assert caught.value.code == 10008
    assert alice.sees(general) == []


async def test_an_answer_carries_files_of_which_some_are_replaced(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    done, interaction = await use(silent, alice, general)
    await interaction.response.defer()
    first = discord.File(io.BytesIO(b"1"), "first.txt", description="the first one")
    edited = await interaction.edit_original_response(content="one", attachments=[first])
    second = discord.File(io.BytesIO(b"2"), "second.txt")
    await interaction.edit_original_response(
        content="two", attachments=[edited.attachments[0], second]
    )

    assert done.original is not None
    assert done.original.files == ["first.txt", "second.txt"]
    assert done.original.attachments[0].description == "the first one"
    assert done.original.attachments[1].upload == Upload("second.txt", b"2")


async def test_where_the_bot_is_no_member_it_has_five_follow_ups_and_no_channel(
    loopback: Discord, silent: SmallBot, alice: Person
) -> None:
    elsewhere = loopback.world.guild("Harbour", has_bot=False).channel("general")
    _, interaction = await use(silent, alice, elsewhere)
    assert interaction.is_user_integration()
    await interaction.response.send_message("the answer")
    for number in range(5):
        await interaction.followup.send(str(number))

    with pytest.raises(discord.HTTPException) as caught:
        await interaction.followup.send("one more")
    assert caught.value.code == 40094

    with pytest.raises(discord.Forbidden) as forbidden:
        await silent.get_partial_messageable(elsewhere.id).send("hello")
    assert forbidden.value.code == 50001
    assert len(elsewhere.posted) == 6
