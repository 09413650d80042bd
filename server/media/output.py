"""The file of a segment, written on a thread of its own; a slow or full disk stalls nobody."""

import asyncio
import errno
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import structlog

from server.media.webm import Block, VideoFormat, WebmWriter
from server.media.writers import WRITERS

logger = structlog.get_logger(__name__)


def storage_error(error: Exception) -> str:
    """The code of what kept a recording from being written."""
    full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
    return "storage_full" if full else "write_failed"


class Output:
    """A segment's file on its writer thread. Errors end writing, never the call."""

    def __init__(
        self, path: Path, *, video: VideoFormat | None, with_audio: bool, on_error: Callable[[], None]
    ) -> None:
        self.error: str | None = None
        self.taken = 0
        self._path = path
        self._on_error = on_error
        self._loop = asyncio.get_running_loop()
        self._writer = WebmWriter(path, video=video, with_audio=with_audio)
        self._thread = WRITERS.claim()

    @property
    def written_ms(self) -> int:
        """Time of the last frame in the file."""
        return self._writer.written_ms

    @property
    def counts(self) -> dict[str, int]:
        """Frames in the file, by kind."""
        return self._writer.counts

    def take(self, blocks: Sequence[Block], base_ms: float) -> None:
        """Write these frames, the recording's first one being at `base_ms`."""
        self._thread.submit(partial(self._write, blocks, base_ms))

    def close(self) -> "asyncio.Future[None]":
        """Close the file after all that was taken; the future is done then."""
        closed: asyncio.Future[None] = self._loop.create_future()
        self._thread.submit(partial(self._close, closed))
        WRITERS.release(self._thread)
        return closed

    def _write(self, blocks: Sequence[Block], base_ms: float) -> None:
        if self.error is None:
            try:
                self._writer.write(blocks, base_ms)
            except (OSError, ValueError) as error:
                self._fail(error)
        self.taken += len(blocks)

    def _close(self, closed: "asyncio.Future[None]") -> None:
        try:
            self._writer.close()
        except OSError as error:
            self._fail(error)
        self._loop.call_soon_threadsafe(closed.set_result, None)

    def _fail(self, error: Exception) -> None:
        self.error = storage_error(error)
        logger.warning("recording_write_failed", path=self._path.name, error=str(error), code=self.error)
        self._loop.call_soon_threadsafe(self._on_error)
