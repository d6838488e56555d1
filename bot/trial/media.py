"""The media hosts of a simulated Discord."""

import simcord

from bot.errors import DeclinedError
from bot.locales import sentences as s


class SimulatedMedia:
    """Hands out the files of one simulated world, and knows nothing else."""

    def __init__(self) -> None:
        self.world: simcord.Env | None = None

    async def fetch(self, link: str) -> bytes:
        """Return a picture's bytes. Raises DeclinedError."""
        data: bytes | None = self.world.backend.cdn.get(link) if self.world else None
        if data is None:
            raise DeclinedError(s.PICTURE_GONE)
        return data

    async def close(self) -> None:
        """Hold nothing that would need closing."""
