"""The gateway: it tells the bot what happens, and fails in all the ways that Discord's does."""

import asyncio
import json
import secrets
from typing import Any

from aiohttp import WSMsgType, web

from tests.wire import payloads
from tests.wire.contract import Contract
from tests.wire.model import PRIVILEGED, Guild, Intent
from tests.wire.sessions import HEARTBEAT_SECONDS, Connection, Op, Session
from tests.wire.world import Event, World

GATEWAY_URL = "wss://gateway.discord.gg"
RESUME_URL = "wss://gateway-us-east1-b.discord.gg"

AUTHENTICATION_FAILED = 4004
DISALLOWED_INTENTS = 4014


class Gateway:
    """Keeps the sessions of one bot and tells each what happens in the world."""

    def __init__(self, world: World, contract: Contract | None = None) -> None:
        self.shards = 1
        self.identified = 0
        self.resumed = 0
        self.heartbeats = 0
        self._world = world
        self._contract = contract
        self._sessions: dict[str, Session] = {}
        self._connections: set[Connection] = set()
        self._refusal: int | None = None
        world.listeners.append(self._tell)

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Talk to one connected shard until either side hangs up."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        assert isinstance(request.transport, asyncio.Transport)
        connection = Connection(socket, request.transport)
        self._connections.add(connection)
        connection.send(Op.HELLO, {"heartbeat_interval": int(HEARTBEAT_SECONDS * 1000)})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    await self._receive(connection, json.loads(frame.data))
        finally:
            connection.end()
            self._lose(connection)
        return socket

    @property
    def is_connected(self) -> bool:
        """Tell whether a bot is listening."""
        return any(session.connection for session in self._sessions.values())

    def drop(self) -> None:
        """Cut the connections without a word."""
        for connection in self._connections:
            connection.drop()

    def stall(self) -> None:
        """Go silent: nothing is read, written or closed on the present connections."""
        for connection in self._connections:
            connection.stall()
        for session in self._sessions.values():
            session.connection = None

    async def close(self, code: int) -> None:
        """Hang up with a close code."""
        for connection in list(self._connections):
            await connection.close(code)

    def reconnect(self) -> None:
        """Ask the bot to come back on a new connection (op 7)."""
        for connection in self._connections:
            connection.send(Op.RECONNECT, None)

    def invalidate(self, *, resumable: bool) -> None:
        """Declare the sessions invalid (op 9); those not resumable are forgotten."""
        for connection in self._connections:
            connection.send(Op.INVALID_SESSION, resumable)
        if not resumable:
            self.forget_sessions()

    def forget_sessions(self) -> None:
        """Refuse to resume what has been, as after a long outage."""
        self._sessions.clear()

    def forget_session_of(self, guild: Guild) -> None:
        """Refuse to resume that of the shard which serves a server."""
        for session in [each for each in self._sessions.values() if each.serves(guild)]:
            del self._sessions[session.id]

    def refuse(self, code: int | None) -> None:
        """Hang up with a close code on whoever identifies; None serves again."""
        self._refusal = code

    async def _receive(self, connection: Connection, frame: dict[str, Any]) -> None:
        match frame["op"]:
            case Op.HEARTBEAT:
                self.heartbeats += 1
                connection.send(Op.HEARTBEAT_ACK, None)
            case Op.IDENTIFY:
                await self._identify(connection, frame["d"])
            case Op.RESUME:
                await self._resume(connection, frame["d"])
            case Op.REQUEST_MEMBERS:
                self._send_members(connection, frame["d"])

    async def _identify(self, connection: Connection, hello: dict[str, Any]) -> None:
        if refusal := self._refusal or self._objection(hello):
            await connection.close(refusal)
            return
        number, count = hello.get("shard", (0, 1))
        self._end_session_of(number)
        intents = Intent(hello["intents"])
        session = Session(secrets.token_hex(16), intents, (number, count), connection)
        self._sessions[session.id] = session
        self.identified += 1
        all_guilds = self._world.guilds.values()
        guilds = [guild for guild in all_guilds if guild.has_bot and session.serves(guild)]
        self._send(session, "READY", self._ready(session, guilds))
        for guild in guilds:
            self._send(session, "GUILD_CREATE", payloads.guild(guild, self._world.bot))
        self._world.notify()

    def _objection(self, hello: dict[str, Any]) -> int | None:
        if hello["token"] != self._world.token:
            return AUTHENTICATION_FAILED
        if Intent(hello["intents"]) & PRIVILEGED & ~self._world.approved_intents:
            return DISALLOWED_INTENTS
        return None

    async def _resume(self, connection: Connection, hello: dict[str, Any]) -> None:
        if hello["token"] != self._world.token:
            await connection.close(AUTHENTICATION_FAILED)
            return
        session = self._sessions.get(hello["session_id"])
        if not session:
            connection.send(Op.INVALID_SESSION, False)
            return
        session.resume(connection, hello["seq"])
        self.resumed += 1
        self._world.notify()

    def _ready(self, session: Session, guilds: list[Guild]) -> dict[str, Any]:
        bot = self._world.bot
        flags = payloads.application_flags(self._world.approved_intents)
        return {
            "v": 10,
            "user": payloads.user(bot),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
            "session_id": session.id,
            "resume_gateway_url": RESUME_URL,
            "shard": list(session.shard),
            "application": {"id": str(bot.id), "flags": flags, "flags_new": str(flags)},
        }

    def _send_members(self, connection: Connection, wanted: dict[str, Any]) -> None:
        guild = self._world.guilds[int(wanted["guild_id"])]
        numbers = {int(number) for number in wanted.get("user_ids", ())}
        found = [user for user in guild.members if not numbers or user.id in numbers]
        chunk: dict[str, Any] = {
            "guild_id": str(guild.id),
            "members": [payloads.member(user, guild) for user in found],
            "chunk_index": 0,
            "chunk_count": 1,
        }
        if nonce := wanted.get("nonce"):
            chunk["nonce"] = nonce
        for session in self._sessions.values():
            if session.connection is connection:
                self._send(session, "GUILD_MEMBERS_CHUNK", chunk)

    def _tell(self, event: Event) -> None:
        for session in self._sessions.values():
            if session.wants(event):
                full = Intent.MESSAGE_CONTENT in session.intents
                self._send(session, event.name, event.describe(full))

    def _send(self, session: Session, name: str, payload: dict[str, Any]) -> None:
        if self._contract:
            self._contract.check_event(name, payload)
        session.send(name, payload)

    def _end_session_of(self, shard: int) -> None:
        for session in list(self._sessions.values()):
            if session.shard[0] == shard:
                del self._sessions[session.id]

    def _lose(self, connection: Connection) -> None:
        self._connections.discard(connection)
        for session in list(self._sessions.values()):
            if session.connection is connection:
                session.connection = None
                if connection.was_left:
                    del self._sessions[session.id]
        self._world.notify()
