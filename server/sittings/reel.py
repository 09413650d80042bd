"""All recordings of one running session: when they start, follow their stream, and become files."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import structlog

from proctoring.types import Heard
from server.errors import AlreadyRecording
from server.media.output import storage_error
from server.media.publication import StreamEnd
from server.media.source import Source
from server.protocol.from_server import RecordingInfo
from server.sittings.errors import NotPublishing, NotRecording, UnknownVideo
from server.sittings.figures import Figures
from server.sittings.finisher import Finisher
from server.sittings.interruptions import Interruptions
from server.sittings.notices import Notices
from server.sittings.proctor import Analysed, IncidentStore, ProctorDesk, Watch
from server.sittings.recording import Recording, RecordingStore

logger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewVideo:
    """A row made for a recording that is about to start, its working folder, and how long it may be."""

    video_id: str
    folder: Path
    limit_seconds: float | None = None


class ReelStore(RecordingStore, IncidentStore, Protocol):
    """What the recordings of a session need of the domain; each call is one transaction."""

    async def consent_given(self, session_id: str, user_id: str) -> bool:
        """Whether consent to the current text stands."""

    async def start_video(
        self, session_id: str, user_id: str, question_id: str | None, kind: str
    ) -> NewVideo:
        """Make the row; refuses with the domain's errors. The session is in progress from then on."""

    async def mark_finalising(self, video_id: str, error: str | None) -> None:
        """The recording ended, early if there is an error; its file is being made."""

    async def watch(self, session_id: str) -> Watch | None:
        """What this session is watched for; None when nothing is."""


class Reel:
    """Starts, interrupts and finishes the recordings of one session.

    One recording a participant and source runs at a time. Its own work is in tasks it owns; `close` waits
    for them.
    """

    def __init__(
        self,
        session_id: str,
        candidate_id: str,
        *,
        store: ReelStore,
        desk: ProctorDesk | None,
        finisher: Finisher,
    ) -> None:
        self._session_id = session_id
        self._candidate_id = candidate_id
        self._store = store
        self._desk = desk
        self._finisher = finisher
        self._running: dict[str, Recording] = {}
        self._all: dict[str, Recording] = {}
        self._starting = asyncio.Lock()
        self._pending: set[tuple[str, str]] = set()
        self._interruptions = Interruptions(session_id, store)
        self._watch: Watch | None = None
        self.notices = Notices(session_id, desk, self._watched)
        self._tasks: set[asyncio.Task[None]] = set()
        self._announce: Callable[[RecordingInfo], None] = lambda _: None

    def plug(self, announce: Callable[[RecordingInfo], None]) -> None:
        """Say every change of a recording to `announce`."""
        self._announce = announce

    def infos(self) -> list[RecordingInfo]:
        """Recordings of this sitting that are not settled, and the settled ones."""
        return [recording.info() for recording in self._all.values()]

    @property
    def running(self) -> bool:
        """Whether a recording runs or is about to."""
        return bool(self._running) or self._starting.locked()

    def count(self, figures: Figures) -> None:
        """Add the recordings of this session."""
        figures.frames_dropped += sum(recording.dropped_frames for recording in self._all.values())
        for recording in self._running.values():
            if recording.state == "recording" and recording.interrupted:
                figures.recordings["interrupted"] += 1
            elif recording.state in ("starting", "recording"):
                figures.recordings[recording.state] += 1
                figures.degraded += self._desk is not None and self._desk.degraded(recording.video_id)

    async def consent_given(self) -> bool:
        """Whether the candidate's consent stands."""
        return await self._store.consent_given(self._session_id, self._candidate_id)

    async def start(
        self, participant_id: str, question_id: str | None, source: Source | None
    ) -> RecordingInfo:
        """Make the row and begin recording this camera or screen.

        Raises NotPublishing, AlreadyRecording or what the domain refuses with.
        """
        if source is None:
            raise NotPublishing
        async with self._starting:
            if self._runs(participant_id, source.kind):
                raise AlreadyRecording
            video = await self._store.start_video(self._session_id, participant_id, question_id, source.kind)
            recording = Recording(
                video_id=video.video_id,
                question_id=question_id,
                participant_id=participant_id,
                kind=source.kind,
                folder=video.folder,
                store=self._store,
                analysis=await self._analysis(video.video_id, question_id, source.kind),
                on_change=self._changed,
                limit_seconds=video.limit_seconds,
                on_over=self._over,
            )
            self._running[video.video_id] = self._all[video.video_id] = recording
        try:
            await recording.attach(source)
        except OSError as error:
            logger.warning("recording_not_started", video_id=video.video_id, error=str(error))
            recording.settle("failed", storage_error(error))
        self._announce(recording.info())
        return recording.info()

    def _runs(self, participant_id: str, kind: str) -> bool:
        wanted = (participant_id, kind)
        return any((running.participant_id, running.kind) == wanted for running in self._running.values())

    async def _analysis(self, video_id: str, question_id: str | None, kind: str) -> ProctorDesk | None:
        watch = await self._watched()
        if self._desk is None or watch is None or kind == "screen":
            return None
        self._desk.register(Analysed(self._session_id, video_id, question_id), watch)
        return self._desk

    async def _watched(self) -> Watch | None:
        """What this session is watched for; asked once, since a session keeps its policy."""
        if self._watch is None:
            self._watch = await self._store.watch(self._session_id)
        return self._watch

    def heard(self, source: Source, loudest_db: int | None, muted: bool) -> None:
        """How loud a stream was in the last second (0 to 127 below the loudest), as far as that is known."""
        if self._desk is None or source.kind != "camera" or (loudest_db is None and not muted):
            return
        level_db = -127 if loudest_db is None else -loudest_db
        for recording in self._running.values():
            mine = (recording.participant_id, recording.kind) == (source.participant_id, source.kind)
            if mine and recording.state == "recording":
                self._desk.hear(Heard(recording.video_id, recording.length_ms, level_db, muted))

    def start_once(self, participant_id: str, source: Source) -> None:
        """Begin recording a source of a live session unless it is recorded already."""
        wanted = (participant_id, source.kind)
        if wanted not in self._pending and not self._runs(*wanted):
            self._pending.add(wanted)
            self._spawn(self._start_logged(participant_id, source))

    async def _start_logged(self, participant_id: str, source: Source) -> None:
        try:
            await self.start(participant_id, None, source)
        except AlreadyRecording:
            pass
        except Exception as error:
            code = getattr(error, "code", "internal")
            logger.warning("live_recording_not_started", session_id=self._session_id, code=code)
            failed = RecordingInfo(
                video_id="",
                question_id=None,
                participant_id=participant_id,
                state="failed",
                offset_ms=0,
                error=code,
            )
            self._announce(failed)
        finally:
            self._pending.discard((participant_id, source.kind))

    async def finish(self, participant_id: str, video_id: str) -> RecordingInfo:
        """End one recording of this participant and begin to make its file.

        Raises UnknownVideo or NotRecording.
        """
        recording = self._all.get(video_id)
        if recording is None or recording.participant_id != participant_id:
            raise UnknownVideo
        if self._running.pop(video_id, None) is None:
            raise NotRecording
        info = recording.info().model_copy(update={"state": "finalising"})
        self._spawn(self._finish(recording))
        return info

    async def participant_left(self, participant_id: str) -> None:
        """Finish what is recorded of somebody who is gone for good."""
        if participant_id == self._candidate_id:
            self.notices.lapse()
        for video_id, recording in list(self._running.items()):
            if recording.participant_id == participant_id:
                await self.finish(participant_id, video_id)

    async def finish_all(self) -> None:
        """Finish every running recording and wait until its segments are closed and noted."""
        self.notices.lapse()
        for video_id, recording in list(self._running.items()):
            await self.finish(recording.participant_id, video_id)
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def stop(self) -> None:
        """Nothing that comes from now on is taken in, and what was about to start ends too."""
        for recording in self._running.values():
            recording.halt()
        async with self._starting:  # its row may be there before the recording is
            await self.finish_all()

    def source_ready(self, source: Source) -> None:
        """A stream is (back) there: a recording that waits for it goes on."""
        for recording in self._running.values():
            if (recording.participant_id, recording.kind) == (source.participant_id, source.kind):
                self._spawn(recording.attach(source))

    def source_gone(self, source: Source, reason: StreamEnd) -> None:
        """A stream is gone: its segment ends and the recording waits, unless a screen is shared no more."""
        for video_id, recording in list(self._running.items()):
            if (recording.participant_id, recording.kind) != (source.participant_id, source.kind):
                continue
            if source.kind == "screen" and reason == "unpublished":
                del self._running[video_id]
                self._spawn(self._finish(recording))
                continue
            if source.kind == "camera" and reason != "replaced":
                self._interruptions.opened(recording, source, reason)
                self._spawn(self._interruptions.written())
            self._spawn(recording.source_lost(source))

    async def _finish(self, recording: Recording) -> None:
        self._interruptions.closed(recording, recording.length_ms)
        if recording.kind == "camera":
            self.notices.recording_ended(recording)
        await self._interruptions.written()
        await recording.finish()
        broken = recording.error
        await self._store.mark_finalising(recording.video_id, broken)

        def done(error: str | None) -> None:
            recording.settle("failed" if error else "ready", error or broken)

        self._finisher.submit(recording.video_id, done)

    def _changed(self, recording: Recording) -> None:
        if recording.state == "recording" and recording.error is None:
            self._interruptions.closed(recording, recording.length_ms)
            self._spawn(self._interruptions.written())
            if recording.kind == "camera":
                self.notices.recording_began(recording)
        self._announce(recording.info())
        if recording.state == "failed" and self._running.pop(recording.video_id, None) is not None:
            self._spawn(self._finish(recording))

    def _over(self, recording: Recording) -> None:
        """An answer has taken the time it may take by our own clock: a page may stand still."""
        if self._running.pop(recording.video_id, None) is not None:
            self._spawn(self._finish(recording))

    def _spawn(self, step: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(self._logged(step))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _logged(self, step: Coroutine[Any, Any, None]) -> None:
        try:
            await step
        except Exception:
            logger.exception("recording_step_failed", session_id=self._session_id)
