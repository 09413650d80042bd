"""Turns segments into the stored file: when a recording ends, or at the next start after a crash."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

from server.media.finish import FinishedFile, FinishPool, NothingRecorded, SegmentFile, remove_working_files

logger = structlog.get_logger(__name__)

NOTHING = "nothing_recorded"
LATER = "finish_failed"


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A video whose file is still to be made: its folder, and the offsets of the segments on record."""

    video_id: str
    folder: Path
    offsets_ms: dict[int, int]


class VideoStore(Protocol):
    """Where finished files and their facts go."""

    async def unfinished(self, video_id: str) -> Unfinished:
        """What there is to finish of one video."""

    async def all_unfinished(self) -> list[Unfinished]:
        """Every video that a crash or a stop left unfinished."""

    async def put(self, video_id: str, file: FinishedFile, *, recovered: bool) -> None:
        """Store the file and mark the video ready (or recovered)."""

    async def mark_finalising(self, video_id: str, error: str | None) -> None:
        """The file is still being made, and what stands in the way."""

    async def fail(self, video_id: str, error: str) -> None:
        """Mark the video failed."""


class Finisher:
    """Finishes recordings one at a time in a process of its own.

    What cannot be finished now (no space, no store, a killed process) keeps its files, says so in the row and
    is tried again after `retry_seconds`, then at the next start. Only what holds no readable packet fails for
    good.
    """

    def __init__(self, store: VideoStore, retry_seconds: Sequence[float] = (5, 60, 300)) -> None:
        self._store = store
        self._retry_seconds = retry_seconds
        self._pool = FinishPool()
        self._tasks: set[asyncio.Task[None]] = set()

    def submit(self, video_id: str, on_done: Callable[[str | None], None]) -> None:
        """Finish a video in the background; `on_done` gets None, or the error of each try that failed."""
        self._spawn(self._finish_until_done(video_id, on_done))

    async def recover(self) -> int:
        """Finish everything an earlier process left behind, and wait for it; returns how many that were."""
        left = await self._store.all_unfinished()
        await self._recover(left)
        return len(left)

    async def recover_in_background(self) -> None:
        """Note what an earlier process left behind before anything new begins, and finish it meanwhile."""
        self._spawn(self._recover(await self._store.all_unfinished()))

    async def close(self, timeout_seconds: float = 30) -> None:
        """Wait for what is under way; the rest is recovered at the next start."""
        if self._tasks:
            _, pending = await asyncio.wait(self._tasks, timeout=timeout_seconds)
            for task in pending:
                task.cancel()
        self._pool.close()

    def _spawn(self, step: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(step)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish_until_done(self, video_id: str, on_done: Callable[[str | None], None]) -> None:
        for pause_seconds in (*self._retry_seconds, None):
            error = await self._try(lambda: self._store.unfinished(video_id), video_id, recovered=False)
            on_done(error)
            if error is None or error == NOTHING or pause_seconds is None:
                return
            await asyncio.sleep(pause_seconds)

    async def _recover(self, left: list[Unfinished]) -> None:
        for unfinished in left:

            async def found(unfinished: Unfinished = unfinished) -> Unfinished:
                return unfinished

            error = await self._try(found, unfinished.video_id, recovered=True)
            logger.info("recording_recovered", video_id=unfinished.video_id, error=error)

    async def _try(
        self, find: Callable[[], Awaitable[Unfinished]], video_id: str, *, recovered: bool
    ) -> str | None:
        """One try; the error code, or None when the file is in the store."""
        try:
            return await self._finish(await find(), recovered=recovered)
        except Exception:
            logger.exception("recording_not_finished", video_id=video_id)
        try:
            await self._store.mark_finalising(video_id, LATER)
        except Exception:
            logger.exception("recording_not_noted", video_id=video_id)
        return LATER

    async def _finish(self, unfinished: Unfinished, *, recovered: bool) -> str | None:
        segments = await asyncio.to_thread(segment_files, unfinished)
        try:
            file = await self._pool.finish(segments, unfinished.folder / "finished.part")
        except NothingRecorded:  # its files stay: what we cannot read now, somebody may
            await self._store.fail(unfinished.video_id, NOTHING)
            return NOTHING
        await self._store.put(unfinished.video_id, file, recovered=recovered)
        await asyncio.to_thread(remove_working_files, unfinished.folder)
        return None


def segment_index(path: Path) -> int:
    """The index of a segment from its file's name."""
    return int(path.stem.removeprefix("segment-"))


def segment_files(unfinished: Unfinished) -> list[SegmentFile]:
    """The segments on disk in order; one the database never heard of follows the one before it."""
    paths = sorted(unfinished.folder.glob("segment-*.mkv"))
    return [SegmentFile(path, unfinished.offsets_ms.get(segment_index(path))) for path in paths]
