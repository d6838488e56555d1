"""Discord's media hosts: files at signed addresses that expire."""

from aiohttp import web

from tests.wire import payloads
from tests.wire.model import Attachment
from tests.wire.rest.places import WORLD

_GONE = "This content is no longer available."


async def get_file(request: web.Request) -> web.Response:
    """Serve a file while it exists and its address is valid."""
    world = request.app[WORLD]
    attachment = world.attachments.get(request.path)
    if not attachment or attachment.expires <= world.now():
        return web.Response(status=404, text=_GONE)
    is_proxied = request.path.startswith("/external/")
    if not is_proxied and not request.query_string.startswith(_seal(attachment)):
        return web.Response(status=404, text=_GONE)
    return web.Response(body=attachment.upload.content, content_type=attachment.upload.content_type)


def _seal(attachment: Attachment) -> str:
    return payloads.signature(attachment).rstrip("&")


ROUTES = [
    web.get("/attachments/{channel_id}/{attachment_id}/{filename}", get_file),
    web.get("/external/{seal}/{link:.+}", get_file),
    web.get("/ephemeral-attachments/{channel_id}/{attachment_id}/{filename}", get_file),
]
