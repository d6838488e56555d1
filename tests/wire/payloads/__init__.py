"""The world as JSON, in the shapes that Discord sends."""

from tests.wire.payloads.files import (
    FILE_SIZE_LIMIT,
    attachment,
    file_shown,
    gallery,
    picture_embed,
    preview_embed,
    seal,
    thumbnail,
)
from tests.wire.payloads.interactions import interaction
from tests.wire.payloads.messages import (
    message,
    message_deletion,
    message_event,
    messages_deletion,
    reaction,
)
from tests.wire.payloads.people import (
    application,
    application_flags,
    bot_itself,
    fetched_member,
    intents_of_flags,
    member,
    user,
)
from tests.wire.payloads.places import (
    channel,
    fetched_guild,
    guild,
    own_guild,
    role,
    role_event,
    thread_deletion,
)

__all__ = [
    "FILE_SIZE_LIMIT",
    "application",
    "application_flags",
    "attachment",
    "bot_itself",
    "channel",
    "fetched_guild",
    "fetched_member",
    "file_shown",
    "gallery",
    "guild",
    "intents_of_flags",
    "interaction",
    "member",
    "message",
    "message_deletion",
    "message_event",
    "messages_deletion",
    "own_guild",
    "picture_embed",
    "preview_embed",
    "reaction",
    "role",
    "role_event",
    "seal",
    "thread_deletion",
    "thumbnail",
    "user",
]
