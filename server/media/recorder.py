"""A sink that writes encoded frames without transcoding; a crash leaves the file readable."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import structlog

from server.media.beat import call_on_beat
from server.media.output import Output
from server.media.ports import EncodedFrame
from server.media.source import Source, SourceKind
from server.media.webm import Block, VideoFormat

logger = structlog.get_logger(__name__)

KEYFRAME_EVERY_MS: dict[SourceKind, int] = {"camera": 10_000, "screen": 30_000}
"""A screen's keyframe is large, and blurred for a moment."""
_FLUSH_SECONDS = 0.5
_HOLD_SECONDS = 1.0
_MAX_WAITING_FRAMES = 1000
_FRAME_MS = 33

EndReason = Literal["finished", "connection_lost", "crash", "resolution", "error"]


@dataclass(frozen=True, slots=True)
class SegmentResult:
    """What one segment holds, and the code of what ended it badly, if anything did."""

    path: Path
    duration_ms: int
    video_frames: int
    audio_frames: int
    dropped_frames: int
    error: str | None


@dataclass(frozen=True, slots=True)
class SegmentStart:
    """The first frame of a segment was accepted; `offset_ms` is its place in the recording."""

    path: Path
    started_at: datetime
    offset_ms: int
    video_codec: str | None
    width: int
    height: int


class Recorder:
    """Records one source into one segment file, from the first keyframe on.

    `zero_ms` is the time (milliseconds of the event loop's clock) that is recording time 0; None makes the
    first frame that moment. Frames go to the file every half second; those of the first second wait for it
    to end while the source's clock still learns how sound and picture belong together. At most 1000 frames
    (and those of half a second) wait for the disk; then frames are dropped, counted, and video goes on at its
    next keyframe. It asks for keyframes now and then: a player seeks from one, and what the proctor decodes
    in haste is right again.
    """

    def __init__(
        self,
        source: Source,
        path: Path,
        *,
        zero_ms: float | None = None,
        on_start: Callable[[SegmentStart], None],
        on_error: Callable[[str], None],
    ) -> None:
        self.source = source
        self._path = path
        self.zero_ms = zero_ms
        self._sets_zero = zero_ms is None
        self._on_start = on_start
        self._on_error = on_error
        self._output: Output | None = None
        self._loop = asyncio.get_running_loop()
        self._base_ms: float | None = None
        self._last_ms = 0.0
        self._batch: list[Block] = []
        self._held_offsets_ms: list[float] | None = None
        self._plain = False
        self._full = False
        self._wants_keyframe = source.has_video
        self._queued = 0
        self._dropped = 0
        self._flush_timer: asyncio.TimerHandle | None = None
        self._finished: asyncio.Future[SegmentResult] | None = None

    def start(self) -> None:
        """Attach to the source and ask for the keyframe that begins the segment."""
        self.source.attach(self)
        self.source.request_keyframe()

    def offset_of(self, timestamp_ms: float) -> int | None:
        """Recording time of a moment on the source's clock; None while nothing is recorded."""
        if self._base_ms is None or self.zero_ms is None or self._finished is not None:
            return None
        return round(timestamp_ms - self.zero_ms)

    @property
    def duration_ms(self) -> int:
        """Length of the segment so far."""
        return 0 if self._base_ms is None else round(self._last_ms - self._base_ms + _FRAME_MS)

    @property
    def dropped_frames(self) -> int:
        """Frames that were left out because the disk was too slow or writing failed."""
        return self._dropped

    def on_frame(self, frame: EncodedFrame) -> None:
        """Queue a frame for writing; audio from before the first keyframe is left out.

        Only what is written is kept: packets and frames whose memory is used anew are in the cache.
        """
        if not self._plain and not self._accepts(frame):
            return
        at_ms = frame.timestamp_ms
        self._last_ms = max(self._last_ms, at_ms)
        self._batch.append((at_ms, frame.kind, frame.keyframe, frame.data))

    def on_source_closed(self) -> None:
        """The stream ended; the room decides whether the recording goes on."""

    def _accepts(self, frame: EncodedFrame) -> bool:
        """Everything that is not the usual case: the beginning, and frames that are dropped."""
        if self._full or (self._wants_keyframe and frame.kind == "video" and not frame.keyframe):
            self._dropped += self._base_ms is not None
            return False
        if self._base_ms is None:
            if self._wants_keyframe and frame.kind == "audio":
                return False
            self._begin(frame)
        if frame.kind == "video":
            self._wants_keyframe = False
        if self._held_offsets_ms is not None:
            self._held_offsets_ms.append(self.source.clock.offset_ms(frame.kind))
        else:
            self._plain = not self._wants_keyframe
        return True

    def _begin(self, frame: EncodedFrame) -> None:
        shown = VideoFormat(frame.codec, frame.width, frame.height) if self.source.has_video else None
        self._output = Output(
            self._path, video=shown, with_audio=self.source.has_audio, on_error=self._write_failed
        )
        self._base_ms = self._last_ms = frame.timestamp_ms
        if self._sets_zero:
            self.zero_ms = frame.timestamp_ms
        assert self.zero_ms is not None
        offset_ms = round(frame.timestamp_ms - self.zero_ms)
        started_at = datetime.fromtimestamp(time.time() - self._loop.time() + frame.timestamp_ms / 1000, UTC)
        codec = frame.codec if frame.kind == "video" else None
        kinds = ["video"] * self.source.has_video + ["audio"] * self.source.has_audio
        settled = self.source.clock.settled(kinds)
        self._held_offsets_ms = None if settled else []
        seconds = _FLUSH_SECONDS if settled else _HOLD_SECONDS
        self._flush_timer = call_on_beat(self._loop, seconds, self._tick)
        self._on_start(SegmentStart(self._path, started_at, offset_ms, codec, frame.width, frame.height))

    def _tick(self) -> None:
        self._flush_timer = call_on_beat(self._loop, _FLUSH_SECONDS, self._tick)
        self._flush()

    def _flush(self) -> None:
        if self._output is None or self._base_ms is None:
            return
        self._release_held()
        batch, self._batch = self._batch, []
        self._keep_seekable(batch)
        if batch:
            self._queued += len(batch)
            self._output.take(batch, self._base_ms)
        self._mind_the_disk(self._queued - self._output.taken)

    def _keep_seekable(self, batch: list[Block]) -> None:
        newest_ms = next((at_ms for at_ms, kind, _, _ in reversed(batch) if kind == "video"), None)
        every_ms = KEYFRAME_EVERY_MS[self.source.kind]
        if newest_ms is not None and newest_ms - self.source.keyframe_ms >= every_ms:
            self.source.request_keyframe()

    def _release_held(self) -> None:
        """Give the first frames the times their streams' clocks have found since."""
        offsets_ms, self._held_offsets_ms = self._held_offsets_ms, None
        if offsets_ms is None or self._base_ms is None:
            return
        now_ms = {kind: self.source.clock.offset_ms(kind) for kind in ("audio", "video")}
        moved = zip(self._batch, offsets_ms, strict=True)
        self._batch = [(block[0] + now_ms[block[1]] - offset_ms, *block[1:]) for block, offset_ms in moved]
        self._base_ms = self._batch[0][0]
        if self._sets_zero:
            self.zero_ms = self._base_ms

    def _mind_the_disk(self, waiting: int) -> None:
        if self._output is None or self._output.error is not None:
            return
        if not self._full and waiting > _MAX_WAITING_FRAMES:
            self._full, self._plain = True, False
            logger.warning("recording_disk_slow", path=self._path.name, waiting=waiting)
        elif self._full and waiting < _MAX_WAITING_FRAMES // 2:
            self._full = False
            self._wants_keyframe = self.source.has_video
            self.source.request_keyframe()

    def _write_failed(self) -> None:
        if self._output is not None and self._output.error is not None:
            self._full, self._plain = True, False
            self._on_error(self._output.error)

    async def finish(self) -> SegmentResult:
        """Detach, write what is queued, close the file; repeated calls wait for the same result."""
        if self._finished is None:
            self._finished = self._loop.create_future()
            self.source.detach(self)
            if self._flush_timer is not None:
                self._flush_timer.cancel()
            self._flush()
            if self._output is not None:
                await self._output.close()
            self._finished.set_result(self._result())
        return await asyncio.shield(self._finished)

    def _result(self) -> SegmentResult:
        output = self._output
        error = output.error if output is not None else None
        written_ms = output.written_ms if output is not None else 0
        return SegmentResult(
            path=self._path,
            duration_ms=self.duration_ms if error is None else written_ms,
            video_frames=output.counts["video"] if output is not None else 0,
            audio_frames=output.counts["audio"] if output is not None else 0,
            dropped_frames=self._dropped,
            error=error,
        )
