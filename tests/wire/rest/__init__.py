"""Discord's REST routes, as far as a bot of this kind uses them; a file for each family."""

from aiohttp import web

from tests.wire.rest import application, channels, guilds, interactions, messages, reactions

ROUTES: list[web.RouteDef] = [
    *application.ROUTES,
    *guilds.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *reactions.ROUTES,
    *interactions.ROUTES,
]
