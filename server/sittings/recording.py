"""One InterviewVideo while it is being made: segments come and go with the stream until it is finished."""

import asyncio
import shutil
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from server.media.ports import AnalysisPort
from server.media.recorder import EndReason, Recorder, SegmentResult, SegmentStart
from server.media.source import Source
from server.media.tap import Tap
from server.protocol.from_server import RecordingInfo
from server.protocol.words import RecordingState

logger = structlog.get_logger(__name__)

_FIRST_FRAME_SECONDS = 10.0
_RETRY_SECONDS = 10.0
_SPACE_BYTES = 64 * 1024 * 1024
GRACE_SECONDS = 10.0
"""The page ends an answer when its time is over; this much later the server does."""


class RecordingStore(Protocol):
    """What a recording writes to the database; each call is one transaction."""

    async def open_segment(self, video_id: str, index: int, start: SegmentStart) -> None:
        """A segment has its first frame."""

    async def close_segment(
        self, video_id: str, index: int, ended_at: datetime, result: SegmentResult, reason: EndReason
    ) -> None:
        """A segment's file is closed."""


class Analysis(AnalysisPort, Protocol):
    """Analysis of a recording's pictures, from its first frame to its last."""

    def open(self, stream_id: str, codec: str, request_keyframe: Callable[[], None]) -> None:
        """Begin, or go on with another source after an interruption."""

    async def finish(self, stream_id: str, at_ms: int) -> None:
        """Analyse what is left and close what is open."""


class Recording:
    """Runs the segments of one video.

    An answer whose file cannot be written fails. The recording of a whole session says so, and goes on in a
    new segment as soon as there is space again: it looks every ten seconds.
    `on_change` is called with the new state, `on_over` once `limit_seconds` and a grace have passed since the
    first frame; `finish` may be called once, by whoever ends the recording.
    """

    def __init__(
        self,
        *,
        video_id: str,
        question_id: str | None,
        participant_id: str,
        kind: str,
        folder: Path,
        store: RecordingStore,
        analysis: Analysis | None,
        on_change: Callable[["Recording"], None],
        limit_seconds: float | None = None,
        on_over: Callable[["Recording"], None] = lambda _: None,
    ) -> None:
        self.video_id = video_id
        self.question_id = question_id
        self.participant_id = participant_id
        self.kind = kind
        self.folder = folder
        self.state: RecordingState = "starting"
        self.error: str | None = None
        self._store = store
        self._analysis = analysis
        self._on_change = on_change
        self._limit_seconds = limit_seconds
        self._on_over = on_over
        self._limit_timer: asyncio.TimerHandle | None = None
        self._recorder: Recorder | None = None
        self._tap: Tap | None = None
        self._zero_ms: float | None = None
        self._index = -1
        self._halted = False
        self._dropped_before = 0
        self._lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._chores: set[asyncio.Task[None]] = set()
        self._retry_timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()
        self._first_frame_timer = self._loop.call_later(_FIRST_FRAME_SECONDS, self._no_picture)

    def info(self) -> RecordingInfo:
        """The recording as participants see it."""
        return RecordingInfo(
            video_id=self.video_id,
            question_id=self.question_id,
            participant_id=self.participant_id,
            state=self.state,
            offset_ms=self.length_ms,
            error=self.error,
        )

    @property
    def length_ms(self) -> int:
        """Recording time now (pauses included)."""
        zero_ms = self._began_ms
        return 0 if zero_ms is None else max(0, round(self._loop.time() * 1000 - zero_ms))

    def offset_ms_at(self, loop_ms: float) -> int | None:
        """Recording time at a moment of the loop's clock; None before the recording's beginning."""
        zero_ms = self._began_ms
        if zero_ms is None or loop_ms < zero_ms:
            return None
        return round(loop_ms - zero_ms)

    @property
    def _began_ms(self) -> float | None:
        """The loop's time at recording time 0; the first segment moves it while its clock settles."""
        return self._zero_ms if self._recorder is None else self._recorder.zero_ms

    @property
    def dropped_frames(self) -> int:
        """Frames of all segments that could not be written."""
        return self._dropped_before + (self._recorder.dropped_frames if self._recorder is not None else 0)

    @property
    def interrupted(self) -> bool:
        """Whether the stream is missing and the recording waits for it to come back."""
        return self._recorder is None and self.state in ("starting", "recording")

    async def attach(self, source: Source) -> None:
        """Record this source in the next segment."""
        async with self._lock:
            if self.state not in ("starting", "recording"):
                return
            if self._recorder is not None and self._recorder.source is source:
                return
            await self._end_segment("connection_lost")
            self._index += 1
            await asyncio.to_thread(self.folder.mkdir, parents=True, exist_ok=True)
            if self._halted:
                return
            recorder = Recorder(
                source,
                segment_path(self.folder, self._index),
                zero_ms=self._zero_ms,
                on_start=lambda start: self._started(source, start),
                on_error=self._failed,
            )
            self._recorder = recorder
            recorder.start()
            if self._analysis is not None:
                self._tap = Tap(recorder, self._analysis, self.video_id)
                source.attach(self._tap, ("video",))

    async def source_lost(self, source: Source) -> None:
        """The stream is gone: its segment ends, the recording waits for the next one."""
        async with self._lock:
            if self._recorder is not None and self._recorder.source is source:
                await self._end_segment("connection_lost")

    def halt(self) -> None:
        """Not one frame more from this moment on; `finish` ends the recording in good order."""
        self._halted = True
        if self._recorder is not None:
            self._recorder.source.detach(self._recorder)
            if self._tap is not None:
                self._recorder.source.detach(self._tap)
        if self.state in ("starting", "recording"):
            self._change("finalising")

    async def finish(self) -> None:
        """End the recording: the last segment is closed and noted, the analysis has seen its last picture."""
        for timer in (self._first_frame_timer, self._retry_timer, self._limit_timer):
            if timer is not None:
                timer.cancel()
        length_ms = self.length_ms
        async with self._lock:
            if self.state in ("starting", "recording"):
                self._change("finalising")
            await self._end_segment("finished" if self.error is None else "error")
        if waited := self._tasks | self._chores:
            await asyncio.wait(waited)
        if self._analysis is not None and self._zero_ms is not None:
            await self._analysis.finish(self.video_id, length_ms)

    def settle(self, state: RecordingState, error: str | None = None) -> None:
        """Say how making the file went."""
        self.error = error
        self._change(state)

    def _started(self, source: Source, start: SegmentStart) -> None:
        assert self._recorder is not None
        self._first_frame_timer.cancel()
        if self._zero_ms is None and self._limit_seconds is not None:
            limit = self._limit_seconds + GRACE_SECONDS
            self._limit_timer = self._loop.call_later(limit, self._on_over, self)
        self._zero_ms = self._recorder.zero_ms
        if self._analysis is not None and start.video_codec is not None:
            self._analysis.open(self.video_id, start.video_codec, source.request_keyframe)
        self._spawn(self._tasks, self._store.open_segment(self.video_id, self._index, start))
        self.error = None
        self._change("recording")

    def _spawn(self, owned: set[asyncio.Task[None]], step: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(self._logged(step))
        owned.add(task)
        task.add_done_callback(owned.discard)

    async def _logged(self, step: Coroutine[Any, Any, None]) -> None:
        try:
            await step
        except Exception:
            logger.exception("recording_not_noted", video_id=self.video_id)

    async def _end_segment(self, reason: EndReason) -> None:
        recorder, self._recorder = self._recorder, None
        if recorder is None:
            return
        self._dropped_before += recorder.dropped_frames
        if self._tap is not None:
            recorder.source.detach(self._tap)
            self._tap = None
        index, ended_at = self._index, datetime.now(UTC)
        self._zero_ms = recorder.zero_ms
        result = await recorder.finish()
        self._zero_ms = recorder.zero_ms
        if self._tasks:
            await asyncio.wait(self._tasks)
        if recorder.duration_ms > 0:
            await self._logged(self._store.close_segment(self.video_id, index, ended_at, result, reason))

    def _failed(self, error: str) -> None:
        """Writing failed: the call goes on, what is written is kept."""
        recorder = self._recorder
        if self.question_id is not None or self.state != "recording" or recorder is None:
            self.settle("failed", error)
            return
        self.error = error
        self._on_change(self)
        self._spawn(self._chores, self._end_broken(recorder))
        self._retry_later(recorder.source)

    async def _end_broken(self, recorder: Recorder) -> None:
        async with self._lock:
            if self._recorder is recorder:
                await self._end_segment("error")

    def _retry_later(self, source: Source) -> None:
        self._retry_timer = self._loop.call_later(
            _RETRY_SECONDS, lambda: self._spawn(self._chores, self._retry(source))
        )

    async def _retry(self, source: Source) -> None:
        """Go on in a new segment if the stream still waits for one and there is space for it."""
        if self.state != "recording" or self.error is None or self._recorder is not None or source.closed:
            return
        if await asyncio.to_thread(_free_bytes, self.folder) < _SPACE_BYTES:
            self._retry_later(source)
            return
        await self.attach(source)

    def _no_picture(self) -> None:
        if self._zero_ms is None:
            self.settle("failed", "no_picture")

    def _change(self, state: RecordingState) -> None:
        self.state = state
        self._on_change(self)


def _free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free


def segment_path(folder: Path, index: int) -> Path:
    """Where a segment is written; the name is what recovery looks for."""
    return folder / f"segment-{index:03}.mkv"
