"""Messages and what happens to them."""

from collections.abc import Sequence

from tests.wire.model import (
    EPHEMERAL,
    THREAD_STARTER,
    ChannelType,
    Interaction,
    Message,
    User,
)
from tests.wire.payloads.files import attachment
from tests.wire.payloads.people import Payload, member, user
from tests.wire.payloads.places import channel
from tests.wire.snowflakes import born, timestamp

_SNAPSHOT = (
    "type", "content", "embeds", "attachments", "timestamp", "edited_timestamp", "flags",
    "mentions", "mention_roles", "components", "sticker_items",
)  # fmt: skip


def message(message: Message, *, full: bool = True, embedded: bool = True) -> Payload:
    """Describe a message, as REST and interactions do.

    What a bot without the content intent may not read is left empty; where it is told that the
    links have just been embedded, the embeds are, too.
    """
    readable = full or _is_open_to_bot(message)
    payload = _bare(message, readable=readable)
    if not (full or embedded):
        payload["embeds"] = []
    if message.reply_to:
        payload["message_reference"] = _reference(message.reply_to)
        original = message.reply_to
        payload["referenced_message"] = (
            None
            if original.is_deleted
            else _bare(original, readable=full or _is_open_to_bot(original))
        )
    if message.forward_of:
        payload["message_reference"] = _reference(message.forward_of) | {"type": 1}
        snapshot = _bare(message.forward_of, readable=readable)
        kept = {name: snapshot[name] for name in _SNAPSHOT if name in snapshot}
        payload["message_snapshots"] = [{"message": kept}]
    if message.interaction:
        payload |= _origin(message.interaction, message.author)
    if message.thread and message.type != THREAD_STARTER:
        payload["thread"] = channel(message.thread)
    return payload


def message_event(subject: Message, *, full: bool = True, embedded: bool = True) -> Payload:
    """Describe a message, as the gateway does: there alone is its author a member."""
    payload = message(subject, full=full, embedded=embedded)
    if guild := subject.channel.guild:
        payload["guild_id"] = str(guild.id)
        if not subject.webhook:
            about = member(subject.author, guild)
            del about["user"]
            payload["member"] = about
    return payload


def message_deletion(message: Message) -> Payload:
    """Say which message is gone."""
    return {"id": str(message.id)} | _place(message)


def messages_deletion(messages: Sequence[Message]) -> Payload:
    """Say which messages of a channel are gone."""
    return {"ids": [str(message.id) for message in messages]} | _place(messages[0])


def reaction(message: Message, emoji: str, person: User) -> Payload:
    """Say who has put what under which message."""
    return _place(message) | {
        "user_id": str(person.id),
        "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji},
        "burst": False,
        "type": 0,
    }


def _bare(message: Message, *, readable: bool) -> Payload:
    payload: Payload = {
        "id": str(message.id),
        "channel_id": str(message.channel.id),
        "author": user(message.author),
        "type": message.type,
        "content": message.content if readable else "",
        "attachments": [attachment(each) for each in message.attachments] if readable else [],
        "embeds": list(message.embeds) if readable else [],
        "components": message.components if readable else [],
        "mentions": [user(each) for each in message.mentions],
        "mention_roles": [str(role.id) for role in message.role_mentions],
        "mention_everyone": "everyone" in message.pings,
        "timestamp": timestamp(born(message.id)),
        "edited_timestamp": timestamp(message.edited_at) if message.edited_at else None,
        "flags": message.flags | (EPHEMERAL if message.visible_to else 0),
        "pinned": False,
        "tts": False,
    }
    if message.stickers:
        payload["sticker_items"] = [
            {"id": str(each.id), "name": each.name, "format_type": each.kind}
            for each in message.stickers
        ]
    if message.webhook:
        payload["webhook_id"] = str(message.webhook.id)
    if message.nonce:
        payload["nonce"] = message.nonce
    if message.reactions:
        payload["reactions"] = [_tally(*each) for each in message.reactions.items()]
    return payload


def _reference(original: Message) -> Payload:
    return {
        "type": 0,
        "message_id": str(original.id),
        "channel_id": str(original.channel.id),
        **({"guild_id": str(original.channel.guild.id)} if original.channel.guild else {}),
    }


def _place(message: Message) -> Payload:
    payload = {"channel_id": str(message.channel.id)}
    if message.channel.guild:
        payload["guild_id"] = str(message.channel.guild.id)
    return payload


def _tally(emoji: str, users: list[User]) -> Payload:
    return {
        "emoji": {"id": None, "name": emoji},
        "count": len(users),
        "count_details": {"normal": len(users), "burst": 0},
        "burst_colors": [],
        "me_burst": False,
        "me": any(user.is_logged_in for user in users),
    }


def _origin(interaction: Interaction, bot: User) -> Payload:
    return {
        "application_id": str(bot.id),
        "webhook_id": str(bot.id),
        "interaction_metadata": _metadata(interaction),
    }


def _metadata(interaction: Interaction) -> Payload:
    metadata: Payload = {
        "id": str(interaction.id),
        "type": interaction.type.value,
        "user": user(interaction.user),
        "authorizing_integration_owners": {},
    }
    if interaction.form:
        metadata["triggering_interaction_metadata"] = _metadata(interaction.form)
    elif interaction.message:
        metadata["interacted_message_id"] = str(interaction.message.id)
    return metadata


def _is_open_to_bot(message: Message) -> bool:
    """Without the content intent a bot reads its own, direct, and messages that mention it.

    A mention of its role is none of these.
    """
    return (
        message.author.is_logged_in
        or message.channel.type is ChannelType.DM
        or any(user.is_logged_in for user in message.mentions)
    )
