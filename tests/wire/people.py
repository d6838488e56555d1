"""What people do in Discord, and what they see there."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import discord

from tests.wire import payloads
from tests.wire.model import (
    COMPONENTS_V2,
    DEFAULT,
    REPLY,
    Channel,
    ChannelType,
    Interaction,
    InteractionType,
    Message,
    Sticker,
    Upload,
    User,
)
from tests.wire.world import World

PATIENCE = 300.0
"""Seconds, of the loop's time, after which a person stops waiting; bots of their own processes
take them in earnest, and on a busy machine one of them has needed more than 60 to log in."""

_SLASH, _MESSAGE_MENU = 1, 3
_CHANNEL_SELECT = 8

Option = str | int | bool | Upload
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who uses the bot."""

    world: World
    user: User

    @property
    def name(self) -> str:
        """Tell what the others call this person."""
        return self.user.name

    def slash(self, channel: Channel, name: str, /, **options: Option) -> Interaction:
        """Use a slash command; a file is uploaded with it."""
        command = self._command(channel, _SLASH, name)
        known = {option["name"]: option for option in command.get("options", ())}
        missing = [
            key for key, each in known.items() if each.get("required") and key not in options
        ]
        if missing or options.keys() - known.keys():
            raise LookupError(
                f"/{name} takes {list(known)}, needs {missing} and got {list(options)}"
            )
        uploads = {
            key: self.world.keep(value, channel, ephemeral=True)
            for key, value in options.items()
            if isinstance(value, Upload)
        }
        given = [
            {
                "name": key,
                "type": known[key]["type"],
                "value": str(uploads[key].id) if key in uploads else value,
            }
            for key, value in options.items()
        ]
        files = {str(each.id): payloads.attachment(each) for each in uploads.values()}
        data = {"id": command["id"], "type": _SLASH, "name": name, "options": given}
        if "guild_id" in command:
            data["guild_id"] = command["guild_id"]
        if files:
            data["resolved"] = {"attachments": files}
        return self.world.interact(InteractionType.COMMAND, self.user, channel, data)

    def uses_menu(self, name: str, message: Message) -> Interaction:
        """Pick a command from a message's menu."""
        command = self._command(message.channel, _MESSAGE_MENU, name)
        data = {
            "id": command["id"],
            "type": _MESSAGE_MENU,
            "name": name,
            "target_id": str(message.id),
            "resolved": {"messages": {str(message.id): payloads.message(message)}},
        }
        return self.world.interact(InteractionType.COMMAND, self.user, message.channel, data)

    def clicks(self, message: Message, label: str) -> Interaction:
        """Press a button."""
        for button in message.buttons:
            if button.get("label") == label and not button.get("disabled"):
                data = {"custom_id": button["custom_id"], "component_type": 2}
                return self.world.interact(
                    InteractionType.COMPONENT, self.user, message.channel, data, message
                )
        raise LookupError(f"There is no button {label!r} to press under {message.content!r}")

    def picks(self, message: Message, custom_id: str, *values: str) -> Interaction:
        """Pick values in a select, told by its id: no label stands on it."""
        for select in message.selects:
            if select["custom_id"] == custom_id and not select.get("disabled"):
                kind = select["type"]
                data = {"custom_id": custom_id, "component_type": kind, "values": list(values)}
                if kind == _CHANNEL_SELECT:
                    data["resolved"] = {"channels": self._chosen(message.channel, values)}
                return self.world.interact(
                    InteractionType.COMPONENT, self.user, message.channel, data, message
                )
        raise LookupError(f"There is no select {custom_id!r} to pick from")

    def _chosen(self, asked_in: Channel, values: Sequence[str]) -> dict[str, dict[str, Any]]:
        """Describe channels of a server as an interaction does."""
        assert asked_in.guild is not None
        chosen = [asked_in.guild.channels[int(value)] for value in values]
        may = str(discord.Permissions.all().value)
        return {
            str(each.id): {
                "id": str(each.id),
                "name": each.name,
                "type": int(each.type),
                "permissions": may,
            }
            for each in chosen
        }

    def submits(self, form: Interaction, **values: str) -> Interaction:
        """Fill in and send off a form that the bot has shown, its fields by their custom ids."""
        if form.modal is None:
            raise LookupError("The bot has shown no form")
        rows = [_filled(row, values) for row in form.modal["components"]]
        if values:
            raise LookupError(f"The form has no {list(values)}")
        data = {"custom_id": form.modal["custom_id"], "components": rows}
        return self.world.interact(
            InteractionType.MODAL_SUBMIT, self.user, form.channel, data, form.message, form
        )

    def says(
        self,
        channel: Channel,
        text: str = "",
        *,
        files: Sequence[Upload] = (),
        embeds: Sequence[dict[str, Any]] = (),
        components: Sequence[dict[str, Any]] = (),
        stickers: Sequence[Sticker] = (),
        reply_to: Message | None = None,
        pings: bool = True,
    ) -> Message:
        """Post a message; a reply pings whom it answers, unless that is switched off."""
        message = Message(
            self.world.snowflake(),
            channel,
            self.user,
            text,
            [self.world.keep(upload, channel) for upload in files],
            list(embeds),
            list(components),
            flags=COMPONENTS_V2 if components else 0,
            type=REPLY if reply_to else DEFAULT,
            reply_to=reply_to,
            stickers=list(stickers),
        )
        self._mention(message, [reply_to.author] if reply_to and pings else [])
        return self.world.post(message)

    def says_through(
        self, webhook: User, channel: Channel, text: str = "", *, files: Sequence[Upload] = ()
    ) -> Message:
        """Post a message through a webhook, as those do who speak as several."""
        message = Message(self.world.snowflake(), channel, webhook, text, webhook=webhook)
        message.attachments = [self.world.keep(upload, channel) for upload in files]
        self._mention(message, [])
        return self.world.post(message)

    def mentions(
        self,
        channel: Channel,
        text: str = "",
        *,
        files: Sequence[Upload] = (),
        embeds: Sequence[dict[str, Any]] = (),
        reply_to: Message | None = None,
    ) -> Message:
        """Post a message that mentions the bot."""
        words = f"{self.world.bot.mention} {text}".strip()
        return self.says(channel, words, files=files, embeds=embeds, reply_to=reply_to)

    def writes_to_bot(self, text: str = "", *, files: Sequence[Upload] = ()) -> Message:
        """Write to the bot in private."""
        return self.says(self.world.direct_channel(self.user), text, files=files)

    def forwards(self, message: Message, channel: Channel, text: str = "") -> Message:
        """Forward a message to another channel; what the person adds is a message of its own."""
        forward = Message(self.world.snowflake(), channel, self.user, forward_of=message)
        self.world.post(forward)
        return self.says(channel, text) if text else forward

    def opens_post(self, forum: Channel, name: str, *, files: Sequence[Upload] = ()) -> Channel:
        """Open a forum's post: a thread whose first message has its id."""
        thread = self.world.open_thread(forum, name, self.user)
        kept = [self.world.keep(upload, thread) for upload in files]
        self.world.post(Message(thread.id, thread, self.user, name, kept))
        return thread

    def edits(self, message: Message, text: str) -> None:
        """Edit a message of one's own."""
        before, message.content = message.content, text
        pinged = message.reply_to.author if message.reply_to else None
        self._mention(message, [user for user in message.mentions if user is pinged])
        self.world.edited(message, before)

    def takes_files_away(self, message: Message, *names: str) -> None:
        """Edit files out of a message of one's own: those of these names, or all."""
        gone = [each for each in message.attachments if not names or each.upload.filename in names]
        self.world.lose(gone)
        message.attachments = [each for each in message.attachments if each not in gone]
        self.world.edited(message, message.content)

    def deletes(self, message: Message) -> None:
        """Delete a message of one's own."""
        self.world.delete_message(message)

    def sees(self, channel: Channel) -> list[Message]:
        """List what stands in a channel for this person, oldest first."""
        return [
            message
            for message in channel.messages.values()
            if message.visible_to in (None, self.user) and not message.is_by_system
        ]

    async def reads(self, channel: Channel, text: str) -> Message:
        """Wait until the bot has said something in a channel that contains a text."""

        def find() -> Message | None:
            for message in reversed(self.sees(channel)):
                if message.author.is_logged_in and text in message.content:
                    return message
            return None

        def story() -> str:
            seen = "\n".join(f"  {each.author.name}: {each.content}" for each in self.sees(channel))
            return (
                f"{self.name} does not read {text!r} in #{channel.name} but\n{seen or '  nothing'}"
            )

        return await until(self.world, find, story)

    async def reply_to(self, interaction: Interaction) -> Message:
        """Wait for the answer to an interaction that is more than 'thinking…'."""

        def find() -> Message | None:
            original = interaction.original
            return original if original and not original.is_loading else None

        return await until(self.world, find, lambda: f"{self.name} gets no answer")

    async def thread_on(self, message: Message) -> Channel:
        """Wait until there is a thread on a message."""
        return await until(
            self.world, lambda: message.thread, lambda: f"no thread on {message.content!r}"
        )

    def _mention(self, message: Message, others: list[User]) -> None:
        """Note whom a message mentions by its text, and whom otherwise."""
        by_text = self.world.mentioned(message.content)
        message.mentions = [*by_text, *(user for user in others if user not in by_text)]
        guild = message.channel.guild
        message.role_mentions = self.world.mentioned_roles(guild, message.content)

    def _command(self, channel: Channel, kind: int, name: str) -> dict[str, Any]:
        context = {ChannelType.DM: 1, ChannelType.GROUP_DM: 2}.get(channel.type, 0)
        here = channel.guild.commands if channel.guild else []
        offered = [
            command
            for command in [*self.world.commands, *here]
            if command["type"] == kind and context in (command.get("contexts") or (0, 1))
        ]
        for command in offered:
            if command["name"] == name:
                return command
        raise LookupError(f"Discord offers {[each['name'] for each in offered]} here, not {name!r}")


def _filled(row: dict[str, Any], values: dict[str, str]) -> dict[str, Any]:
    """Fill in the field of a form that stands in a row, or under a label."""
    (field,) = row["components"] if "components" in row else [row["component"]]
    name = field["custom_id"]
    if field.get("required", True) and name not in values:
        raise LookupError(f"The form needs {name!r}")
    value = values.pop(name, field.get("value", ""))
    filled = {"type": field["type"], "id": field["id"], "custom_id": name, "value": value}
    inside = {"components": [filled]} if "components" in row else {"component": filled}
    return {"type": row["type"], "id": row["id"], **inside}


async def until(world: World, find: Callable[[], T | None], story: Callable[[], str]) -> T:
    """Wait until something is found in the world; raises TimeoutError that tells the story."""
    try:
        async with asyncio.timeout(PATIENCE):
            while not (found := find()):
                await world.changed.wait()
            return found
    except TimeoutError:
        raise TimeoutError(story()) from None
