import asyncio
import io

import discord
import pytest

from tests.wire.model import COMMAND_ANSWER, Channel, Interaction, Upload
from tests.wire.people import Person
from tests.wire.server import Discord
from tests.wire.small_bot import SmallBot

MINUTE = 60.0


@pytest.fixture
async def silent(bot: SmallBot) -> SmallBot:
    """Leave each interaction to the test."""
    bot.tree.remove_command("describe")
    command = bot.tree.command(description="Say nothing")(nothing)
    everywhere = {"guild": True, "dm_channel": True, "private_channel": True}
    command.allowed_contexts = discord.app_commands.AppCommandContext(**everywhere)
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


async def acknowledge(interaction: discord.Interaction, kind: int) -> None:
    """Acknowledge in a way from which the library would keep us."""
    await discord.webhook.async_.async_context.get().create_interaction_response(
        interaction.id,
        interaction.token,
        session=interaction._session,
        params=discord.webhook.async_.interaction_response_params(kind),
    )


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

    with pytest.raises(discord.HTTPException) as caught:
        await acknowledge(interaction, 5)

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


async def test_in_a_group_it_has_no_more(
    loopback: Discord, silent: SmallBot, alice: Person
) -> None:
    group = loopback.world.group_channel(alice.user)
    _, interaction = await use(silent, alice, group)
    assert interaction.is_user_integration()
    assert not interaction.is_guild_integration()
    assert interaction.context.private_channel
    await interaction.response.send_message("the answer")
    for number in range(5):
        await interaction.followup.send(str(number))

    with pytest.raises(discord.HTTPException) as caught:
        await interaction.followup.send("one more")
    assert caught.value.code == 40094


async def test_where_a_server_hides_external_apps_the_answer_is_for_the_asker_alone(
    loopback: Discord, silent: SmallBot, alice: Person
) -> None:
    guild = loopback.world.guild("Harbour", has_bot=False)
    guild.hides_external_apps = True
    elsewhere = guild.channel("general")
    _, interaction = await use(silent, alice, elsewhere)
    receipt = await interaction.response.defer()
    assert receipt is not None
    assert receipt.is_ephemeral()
    await interaction.edit_original_response(content="psst")

    assert [message.content for message in alice.sees(elsewhere)] == ["psst"]
    assert loopback.member("bob").sees(elsewhere) == []


async def test_an_answer_shows_which_command_or_button_it_belongs_to(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    done, interaction = await use(silent, alice, general)
    await interaction.response.send_message("press", view=Choices())
    assert done.original is not None
    assert done.original.type == COMMAND_ANSWER

    pressed = alice.clicks(done.original, "Again")
    await asyncio.sleep(0.1)
    await silent.interactions[-1].response.send_message("pressed")
    assert pressed.original is not None
    assert pressed.original.reply_to is done.original


class Choices(discord.ui.View):
    """A button for each way to go on."""

    @discord.ui.button(label="Again", custom_id="again")
    async def again(self, interaction: discord.Interaction, _: object) -> None:
        """Leave it to the test."""

    @discord.ui.button(label="Ask more", custom_id="more")
    async def more(self, interaction: discord.Interaction, _: object) -> None:
        await interaction.response.send_modal(Form())


class Form(discord.ui.Modal, title="Ask more"):
    """One question."""

    question: discord.ui.TextInput["Form"] = discord.ui.TextInput(
        label="Your question", custom_id="question"
    )

    async def on_submit(self, interaction: discord.Interaction) -> None:
        await interaction.response.send_message(f"You ask: {self.question.value}")


async def test_a_button_shows_a_form_whose_answer_stands_under_the_message(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    done, interaction = await use(silent, alice, general)
    await interaction.response.send_message("press", view=Choices())
    assert done.original is not None
    pressed = alice.clicks(done.original, "Ask more")
    await asyncio.sleep(0.1)
    with pytest.raises(LookupError, match="needs 'question'"):
        alice.submits(pressed)

    submitted = alice.submits(pressed, question="how many?")
    answer = await alice.reply_to(submitted)

    assert answer.content == "You ask: how many?"
    assert answer.reply_to is done.original


async def test_only_what_belongs_to_a_message_can_change_one(
    silent: SmallBot, general: Channel, alice: Person
) -> None:
    _, interaction = await use(silent, alice, general)

    with pytest.raises(discord.HTTPException) as caught:
        await acknowledge(interaction, 6)

    assert caught.value.code == 50035
