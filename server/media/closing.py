"""Connections on their way out: closed in tasks that somebody owns, and what they dropped still counted."""

import asyncio

import structlog

from server.media.connection import AnsweringConnection
from server.media.dtls import MediaTransport

logger = structlog.get_logger(__name__)

CLOSE_TIMEOUT_SECONDS = 5


class Closing:
    """Closes a room's connections; `flooded` counts the packets they refused over their budget."""

    def __init__(self) -> None:
        self.flooded = 0
        self._tasks: set[asyncio.Task[None]] = set()

    def close(self, connection: AnsweringConnection) -> None:
        """Begin to close one; returns at once."""
        self.flooded += flood_dropped(connection)
        task = asyncio.get_running_loop().create_task(_close_quietly(connection))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def wait(self) -> None:
        """Wait until all are closed, or for as long as a close may take."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=CLOSE_TIMEOUT_SECONDS)


async def _close_quietly(connection: AnsweringConnection) -> None:
    try:
        async with asyncio.timeout(CLOSE_TIMEOUT_SECONDS):
            await connection.close()
    except TimeoutError:
        logger.warning("connection_close_timed_out")
    except Exception:
        logger.exception("connection_close_failed")


def flood_dropped(connection: AnsweringConnection) -> int:
    """Packets of a connection that were over its budget."""
    transports = {each.receiver.transport for each in connection.getTransceivers()}
    return sum(each.flood_dropped for each in transports if isinstance(each, MediaTransport))
