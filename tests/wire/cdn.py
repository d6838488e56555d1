"""Discord's media hosts: files at signed addresses that expire."""

from aiohttp import web

from tests.wire import payloads
from tests.wire.rest.places import WORLD


async def get_file(request: web.Request) -> web.Response:
    """Serve a file while it exists and its address is signed and fresh."""
    world = request.app[WORLD]
    until = request.query.get("ex", "0")
    is_sealed = request.query.get("hm") == payloads.seal(request.path, until)
    if not is_sealed or int(until, 16) <= world.now():
        return _gone()
    return await get_copy(request)


async def get_copy(request: web.Request) -> web.Response:
    """Serve the copy of a stranger's picture; its address is not signed."""
    attachment = request.app[WORLD].attachments.get(request.path)
    if not attachment:
        return _gone()
    upload = attachment.upload
    return web.Response(
        body=upload.content, content_type=upload.content_type or "application/octet-stream"
    )


def _gone() -> web.Response:
    return web.Response(status=404, text="This content is no longer available.")


ROUTES = [
    web.get("/avatars/{user_id}/{filename}", get_copy),
    web.get("/stickers/{filename}", get_copy),
    web.get("/attachments/{channel_id}/{attachment_id}/{filename}", get_file),
    web.get("/ephemeral-attachments/{channel_id}/{attachment_id}/{filename}", get_file),
    web.get("/external/{seal}/{link:.+}", get_copy),
]
