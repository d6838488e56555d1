"""How much of a prompt and of a picture a turn takes, so that memory suffices."""

import logging

logger = logging.getLogger(__name__)

SMALLEST_CHUNK = 16


class StepSizes:
    """So many rows of a prompt and tiles of a picture a turn: halved when memory runs out.

    A prompt that was computed without that doubles them again, up to what they were.
    """

    def __init__(self, chunk: int, tiles: int) -> None:
        self.chunk = self._most_chunk = chunk
        self.tiles = self._most_tiles = tiles
        self._has_shrunk = False

    def shrink(self) -> bool:
        """Take less from now on; False where there is no less."""
        smallest = min(SMALLEST_CHUNK, self._most_chunk)
        if self.chunk <= smallest and self.tiles == 1:
            return False
        self.chunk = max(self.chunk // 2, smallest)
        self.tiles = max(self.tiles // 2, 1)
        self._has_shrunk = True
        logger.warning("Out of memory: now %d tokens and %d tiles a step", self.chunk, self.tiles)
        return True

    def grow(self) -> None:
        """Note that a prompt is computed."""
        if not self._has_shrunk:
            self.chunk = min(2 * self.chunk, self._most_chunk)
            self.tiles = min(2 * self.tiles, self._most_tiles)
        self._has_shrunk = False
