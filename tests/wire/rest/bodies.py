"""What a bot sends as a message: read, checked against Discord's rules, and applied."""

import itertools
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from tests.wire import errors
from tests.wire.model import (
    DEFAULT,
    LOADING,
    REPLY,
    SELECTS,
    Attachment,
    Channel,
    Message,
    Upload,
    User,
)
from tests.wire.payloads import FILE_SIZE_LIMIT
from tests.wire.world import World

MOST_CHARACTERS = 2000
MOST_NONCE_CHARACTERS = 25
MOST_FILES = 10
MOST_EMBEDS = 10


@dataclass(frozen=True, slots=True)
class Body:
    """A request's JSON, and the files that came with it by their number."""

    fields: dict[str, Any]
    uploads: dict[int, Upload]


_BODY: web.RequestKey[Body] = web.RequestKey("body", Body)


async def read_body(request: web.Request) -> Body:
    """Read a JSON or multipart body once; later calls return the same."""
    if _BODY not in request:
        if request.content_type == "multipart/form-data":
            request[_BODY] = await _read_parts(request)
        else:
            text = await request.text()
            request[_BODY] = Body(json.loads(text) if text else {}, {})
    return request[_BODY]


def compose(world: World, channel: Channel, body: Body, *, ephemeral_to: User | None) -> Message:
    """Make the bot's new message out of a body; raises ApiError where Discord refuses it."""
    check(body)
    message = Message(world.snowflake(), channel, world.bot, visible_to=ephemeral_to)
    if nonce := body.fields.get("nonce"):
        message.nonce = str(nonce)
    if reference := body.fields.get("message_reference"):
        message.reply_to = channel.messages.get(int(reference["message_id"]))
        if not message.reply_to and reference.get("fail_if_not_exists", True):
            raise errors.invalid_form(
                "message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message"
            )
    message.type = REPLY if message.reply_to else DEFAULT
    apply(world, message, body)
    if not _has_substance(message):
        raise errors.empty_message()
    message.pings = _pings(world, message, body.fields.get("allowed_mentions"))
    return message


def apply(world: World, message: Message, body: Body) -> None:
    """Put what a body says into a message; what it does not name stays as it is."""
    fields = body.fields
    message.content = fields.get("content", message.content) or ""
    message.embeds = fields.get("embeds", message.embeds) or []
    message.components = _kept(numbered(fields.get("components", message.components) or []))
    message.flags = (message.flags | (fields.get("flags") or 0)) & ~LOADING
    message.attachments = _attachments(world, message, body)
    message.mentions = world.mentioned(message.content)
    message.role_mentions = world.mentioned_roles(message.channel.guild, message.content)


def check(body: Body) -> None:
    """Raise ApiError for a body that breaks one of Discord's limits."""
    content = body.fields.get("content") or ""
    if len(content) > MOST_CHARACTERS:
        raise errors.invalid_form(
            "content",
            "BASE_TYPE_MAX_LENGTH",
            f"Must be {MOST_CHARACTERS} or fewer in length.",
        )
    if len(str(body.fields.get("nonce") or "")) > MOST_NONCE_CHARACTERS:
        raise errors.invalid_form(
            "nonce", "NONCE_TYPE_TOO_LONG", f"Must be {MOST_NONCE_CHARACTERS} or fewer in length."
        )
    for field, most in (("embeds", MOST_EMBEDS), ("attachments", MOST_FILES)):
        if len(body.fields.get(field) or ()) > most:
            raise errors.invalid_form(
                field, "BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length."
            )
    if any(len(upload.content) > FILE_SIZE_LIMIT for upload in body.uploads.values()):
        raise errors.too_large()


async def _read_parts(request: web.Request) -> Body:
    fields: dict[str, Any] = {}
    uploads: dict[int, Upload] = {}
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        name, content = part.name or "", bytes(await part.read())
        if name == "payload_json":
            fields = json.loads(content)
        elif name.startswith("files["):
            uploads[int(name[6:-1])] = Upload(part.filename or "unknown", content)
    return Body(fields, uploads)


def numbered(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give each component an id, in the order of reading."""
    numbers = itertools.count(1)

    def number(component: dict[str, Any]) -> dict[str, Any]:
        known = {**component, "id": component.get("id") or next(numbers)}
        if "components" in component:
            known["components"] = [number(each) for each in component["components"]]
        for name in ("accessory", "component"):
            if name in component:
                known[name] = number(component[name])
        return known

    return [number(component) for component in components]


def _kept(components: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Write components as Discord tells of a message's: of its selects, less than of a form's."""
    kept = []
    for component in components:
        one = dict(component)
        if one["type"] in SELECTS:
            one.pop("required", None)
            if "default_values" in one:
                one["default_values"] = [
                    {**each, "id": str(each["id"])} for each in one["default_values"]
                ]
        if "components" in one:
            one["components"] = _kept(one["components"])
        kept.append(one)
    return kept


def _attachments(world: World, message: Message, body: Body) -> list[Attachment]:
    listed = body.fields.get("attachments")
    if listed is None:
        new = [_keep(world, message, upload, None) for upload in body.uploads.values()]
        return message.attachments + new
    kept = {attachment.id: attachment for attachment in message.attachments}
    attachments = []
    for entry in listed:
        number, description = int(entry["id"]), entry.get("description")
        if number in kept:
            kept[number].description = description or kept[number].description
            attachments.append(kept[number])
        elif number in body.uploads:
            attachments.append(_keep(world, message, body.uploads[number], description))
        else:
            raise errors.invalid_form("attachments", "ATTACHMENT_NOT_FOUND", "Unknown attachment")
    return attachments


def _keep(world: World, message: Message, upload: Upload, description: str | None) -> Attachment:
    attachment = world.keep(upload, message.channel, ephemeral=message.visible_to is not None)
    attachment.description = description
    return attachment


def _has_substance(message: Message) -> bool:
    return bool(
        message.content.strip() or message.embeds or message.attachments or message.components
    )


def _pings(world: World, message: Message, allowed: dict[str, Any] | None) -> set[str]:
    """Tell whom a message pings: everybody that it names unless `allowed_mentions` says less."""
    kinds = ("users", "roles", "everyone") if allowed is None else allowed.get("parse", ())
    listed = {int(number) for number in (allowed or {}).get("users", ())}
    pings = {user.name for user in message.mentions if "users" in kinds or user.id in listed}
    if "everyone" in kinds and ("@everyone" in message.content or "@here" in message.content):
        pings.add("everyone")
    replies_ping = allowed is None or allowed.get("replied_user", False)
    if message.reply_to and replies_ping:
        pings.add(message.reply_to.author.name)
        message.mentions.append(message.reply_to.author)
    return pings - {world.bot.name}
