"""Proctoring of running recordings: frames to the worker, observations to rules, incidents to rows."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import structlog

from proctoring.pipeline import Pipeline
from proctoring.rules.history import History
from proctoring.rules.labels import is_virtual_camera
from proctoring.rules.policy import Policy
from proctoring.types import EventType, Heard, IncidentChange, Noticed, Phase
from proctoring.worker.client import Codec
from proctoring.worker.feed import ProctorStats
from proctoring.worker.pool import ProctorPool
from proctoring.worker.proto import ObservationMessage

logger = structlog.get_logger(__name__)

_QUEUE_SIZE = 1000
_DRAIN_SECONDS = 5.0
_WRITE_TRIES = 5
_ADVANCE_SECONDS = 1.0
_KEPT_HISTORIES = 1000
DEGRADED_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Analysed:
    """What an analysed timeline belongs to: a recording, or the session itself from `began_at` on."""

    session_id: str
    video_id: str | None
    question_id: str | None
    began_at: datetime | None = None

    @property
    def stream_id(self) -> str:
        """The name of the timeline: a recording's is its video's, the session's own is its own."""
        return self.video_id or self.session_id


@dataclass(frozen=True, slots=True)
class Watch:
    """What a session is watched for, and by which numbers."""

    policy: Policy


class IncidentStore(Protocol):
    """Where incidents go; each call is one transaction that announces itself on the live bus."""

    async def record(self, analysed: Analysed, change: IncidentChange) -> None:
        """Write one step of an incident."""


@dataclass(slots=True, eq=False)
class _Stream:
    analysed: Analysed
    watch: Watch
    pipeline: Pipeline
    request_keyframe: Callable[[], None] | None
    codec: Codec | None
    seen_ms: int = 0
    seen_at: float = 0.0
    opened_at: float = 0.0

    def seen(self, offset_ms: int) -> None:
        """Now it is this late on the timeline."""
        self.seen_ms = offset_ms
        self.seen_at = asyncio.get_running_loop().time()


class ProctorDesk:
    """Runs the rules of every recorded stream in this process; the worker only looks at pictures.

    Changes wait to be written; behind 1000 of them `updated` steps are dropped (a later one says the same
    and more), `opened` and `closed` never. `gaps` counts the spans that nobody looked at by their reason,
    `gap_ms` how long they were together.
    """

    def __init__(self, models_dir: Path, store: IncidentStore, *, most_workers: int = 1) -> None:
        self._store = store
        self._registered: dict[str, tuple[Analysed, Watch]] = {}
        self._streams: dict[str, _Stream] = {}
        self._histories: dict[str, History] = {}
        self._changes: asyncio.Queue[tuple[Analysed, IncidentChange]] = asyncio.Queue()
        self.gaps: Counter[str] = Counter()
        self.gap_ms: Counter[str] = Counter()
        self._tasks: list[asyncio.Task[None]] = []
        self._client = ProctorPool(
            models_dir, self._observed, self._keyframe_needed, self._degraded, most_workers=most_workers
        )

    @property
    def stats(self) -> list[ProctorStats]:
        """How each running worker is doing."""
        return self._client.stats

    async def start(self) -> None:
        """Start the worker and the writing of incidents."""
        loop = asyncio.get_running_loop()
        self._tasks = [loop.create_task(self._write_forever()), loop.create_task(self._advance_forever())]
        await self._client.start()

    async def wait_ready(self, timeout_seconds: float) -> bool:
        """Wait until the worker can look at pictures."""
        return await self._client.wait_ready(timeout_seconds)

    async def stop(self) -> None:
        """Stop the worker, then write what is queued."""
        await self._client.stop()
        try:
            async with asyncio.timeout(10):
                await self._changes.join()
        except TimeoutError:
            logger.warning("incidents_not_written", waiting=self._changes.qsize())
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def register(self, analysed: Analysed, watch: Watch) -> None:
        """Announce a recording before its first frame."""
        self._registered[analysed.stream_id] = (analysed, watch)

    def open(self, stream_id: str, codec: str, request_keyframe: Callable[[], None]) -> None:
        """Begin analysing a registered recording, or go on with its next segment."""
        known: Codec = "h264" if codec == "h264" else "vp8"
        now = asyncio.get_running_loop().time()
        stream = self._streams.get(stream_id)
        if stream is not None:
            stream.request_keyframe = request_keyframe
            stream.opened_at = now
            if stream.codec == known:
                return
            self._client.close_stream(stream_id)
            stream.codec = known
        else:
            analysed, watch = self._registered[stream_id]
            pipeline = self._pipeline(analysed, watch)
            self._streams[stream_id] = _Stream(
                analysed, watch, pipeline, request_keyframe, known, opened_at=now
            )
        self._client.open_stream(stream_id, known)

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        """Hand a frame on; frames of streams that are not open are ignored."""
        if stream_id in self._streams:
            self._client.feed(stream_id, offset_ms, data, keyframe)

    async def finish(self, stream_id: str, at_ms: int) -> None:
        """Analyse what is left, close what is open and wait until it is written."""
        self._registered.pop(stream_id, None)
        stream = self._streams.get(stream_id)
        if stream is None:
            return
        await self._client.drain(stream_id, _DRAIN_SECONDS)
        self._client.close_stream(stream_id)
        self._streams.pop(stream_id, None)
        self._enqueue(stream, stream.pipeline.finish(at_ms))
        await self._changes.join()

    def _pipeline(self, analysed: Analysed, watch: Watch) -> Pipeline:
        """The rules of another timeline; what the session's earlier ones have left behind counts on."""
        history = self._histories.pop(analysed.session_id, None) or History()
        self._histories[analysed.session_id] = history
        while len(self._histories) > _KEPT_HISTORIES:
            del self._histories[next(iter(self._histories))]
        return Pipeline(watch.policy, history)

    def runs(self, stream_id: str) -> bool:
        """Whether a timeline is open."""
        return stream_id in self._streams

    def degraded(self, stream_id: str) -> bool:
        """Whether no picture of an open recording has been looked at for five seconds."""
        stream = self._streams.get(stream_id)
        if stream is None:
            return False
        seen_at = max(stream.seen_at, stream.opened_at)
        return asyncio.get_running_loop().time() - seen_at > DEGRADED_SECONDS

    @property
    def unwritten(self) -> int:
        """How many steps of incidents wait to be written."""
        return self._changes.qsize()

    def open_session(self, analysed: Analysed, watch: Watch, now_ms: int) -> None:
        """Begin the session's own timeline, for what is noticed while nothing is recorded."""
        if analysed.stream_id not in self._streams:
            stream = _Stream(analysed, watch, self._pipeline(analysed, watch), None, None)
            stream.seen(now_ms)
            self._streams[analysed.stream_id] = stream

    def close_session(self, session_id: str, at_ms: int) -> None:
        """End the session's own timeline; what lasts on it ends."""
        stream = self._streams.pop(session_id, None)
        if stream is not None:
            self._enqueue(stream, stream.pipeline.finish(at_ms))

    def notice(self, noticed: Noticed) -> bool:
        """Take in what a browser noticed; whether that is watched for on an open timeline."""
        stream = self._streams.get(noticed.stream_id)
        if stream is None or not stream.watch.policy[noticed.event_type].enabled:
            return False
        self._enqueue(stream, stream.pipeline.notice(noticed))
        # Every camera says its name; only those of programs are of any interest.
        is_camera = noticed.event_type is EventType.VIRTUAL_CAMERA
        return not is_camera or is_virtual_camera(str(noticed.details.get("label", "")))

    def hear(self, heard: Heard) -> None:
        """Take in what a microphone gave in the last second."""
        stream = self._streams.get(heard.stream_id)
        if stream is not None:
            self._enqueue(stream, stream.pipeline.hear(heard))

    def _observed(self, message: ObservationMessage) -> None:
        stream = self._streams.get(message.observation.stream_id)
        if stream is not None:
            stream.seen(message.observation.offset_ms)
            self._enqueue(stream, stream.pipeline.observe(message.observation, message.snapshot))

    def _keyframe_needed(self, stream_id: str) -> None:
        stream = self._streams.get(stream_id)
        if stream is not None and stream.request_keyframe is not None:
            stream.request_keyframe()

    def _degraded(self, stream_id: str, from_ms: int, until_ms: int, reason: str) -> None:
        stream = self._streams.get(stream_id)
        if stream is not None:
            self.gaps[reason] += 1
            self.gap_ms[reason] += until_ms - from_ms
            self._enqueue(stream, stream.pipeline.degraded(from_ms, until_ms, reason))

    def _enqueue(self, stream: _Stream, changes: list[IncidentChange]) -> None:
        for change in changes:
            if change.phase is Phase.UPDATED and self._changes.qsize() >= _QUEUE_SIZE:
                continue
            self._changes.put_nowait((stream.analysed, change))

    async def _advance_forever(self) -> None:
        """Tell the rules the time where no pictures come: what nobody sees any more must not stay open."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_ADVANCE_SECONDS)
            for stream in self._streams.values():
                silent_seconds = loop.time() - stream.seen_at
                if stream.seen_at and silent_seconds > _ADVANCE_SECONDS:
                    now_ms = stream.seen_ms + round(silent_seconds * 1000)
                    self._enqueue(stream, stream.pipeline.advance(now_ms))

    async def _write_forever(self) -> None:
        while True:
            analysed, change = await self._changes.get()
            try:
                await self._write(analysed, change)
            finally:
                self._changes.task_done()

    async def _write(self, analysed: Analysed, change: IncidentChange) -> None:
        for attempt in range(_WRITE_TRIES):
            try:
                await self._store.record(analysed, change)
            except Exception:
                logger.exception("incident_not_written", stream_id=analysed.stream_id, attempt=attempt)
                await asyncio.sleep(0.2 * 2**attempt)
            else:
                return
