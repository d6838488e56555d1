"""One shard's connection to the gateway, and the session that outlives it."""

import asyncio
import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from aiohttp import web

from tests.wire.model import Guild, Intent
from tests.wire.world import Event

HEARTBEAT_SECONDS = 41.25


class Op(IntEnum):
    """What a frame is about."""

    DISPATCH = 0
    HEARTBEAT = 1
    IDENTIFY = 2
    RESUME = 6
    RECONNECT = 7
    REQUEST_MEMBERS = 8
    INVALID_SESSION = 9
    HELLO = 10
    HEARTBEAT_ACK = 11


class Connection:
    """A socket with a line of frames that wait to be written."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport) -> None:
        self.closed_by_us = False
        self._socket = socket
        self._transport = transport
        self._outbox: asyncio.Queue[str] = asyncio.Queue()
        self._pump = asyncio.create_task(self._write_all())

    def send(self, op: Op, data: Any) -> None:
        """Send a frame that belongs to no session."""
        self.write(json.dumps({"op": op, "d": data}))

    def write(self, frame: str) -> None:
        """Put a frame into the line."""
        self._outbox.put_nowait(frame)

    async def close(self, code: int) -> None:
        """Hang up."""
        self.closed_by_us = True
        await self._socket.close(code=code)

    def drop(self) -> None:
        """Cut the connection without a word."""
        self.closed_by_us = True
        self._transport.abort()

    def stall(self) -> None:
        """Neither read nor write from now on."""
        self._transport.pause_reading()
        self._pump.cancel()

    def end(self) -> None:
        """Stop writing; the socket is gone."""
        self._pump.cancel()

    @property
    def was_left(self) -> bool:
        """Tell whether the bot said farewell, which ends its session."""
        return not self.closed_by_us and self._socket.close_code in (1000, 1001)

    async def _write_all(self) -> None:
        """Write what waits, and ask for a heartbeat as often as one is due.

        discord.py's own heart beats in real time; this keeps it alive in virtual time.
        """
        while True:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    frame = await self._outbox.get()
            except TimeoutError:
                frame = json.dumps({"op": Op.HEARTBEAT, "d": None})
            await self._socket.send_str(frame)


@dataclass(eq=False)
class Session:
    """One shard's events, kept so that they can be sent again."""

    id: str
    intents: Intent
    shard: tuple[int, int]
    connection: Connection | None
    sent: list[str] = field(default_factory=list)
    """Each event as it was sent; an event's sequence number is its place, from 1."""

    def serves(self, guild: Guild | None) -> bool:
        """Tell whether a server is this shard's; private conversations are the first one's."""
        number, count = self.shard
        return (guild.id >> 22) % count == number if guild else number == 0

    def wants(self, event: Event) -> bool:
        """Tell whether the shard is to hear of an event."""
        return self.serves(event.guild) and event.intent in self.intents

    def send(self, name: str, payload: dict[str, Any]) -> None:
        """Number an event, keep it, and send it where a connection is open."""
        frame = {"op": Op.DISPATCH, "t": name, "s": len(self.sent) + 1, "d": payload}
        self.sent.append(json.dumps(frame))
        if self.connection:
            self.connection.write(self.sent[-1])

    def resume(self, connection: Connection, sequence: int) -> None:
        """Send again what came after a sequence number, and go on."""
        self.connection = connection
        for frame in self.sent[sequence:]:
            connection.write(frame)
        self.send("RESUMED", {})
