"""What running sessions read from and write to the domain; each method is one transaction."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

from proctoring.types import IncidentChange
from server.accounts.identity import load_signed_in
from server.errors import ConsentRequired
from server.evidence import service as evidence
from server.evidence.policies import rules_for
from server.media.finish import FinishedFile
from server.media.recorder import EndReason, SegmentResult, SegmentStart
from server.recordings import reading
from server.recordings import service as recordings
from server.recordings.models import EndReason as SegmentEnd
from server.recordings.models import InterviewVideo, VideoContainer, VideoSource
from server.scheduling import service as scheduling
from server.scheduling.consent import require_consent, standing_consent
from server.scheduling.models import InterviewSession
from server.sittings.finisher import LATER, Unfinished, segment_index
from server.sittings.proctor import Analysed, Watch
from server.sittings.reel import NewVideo
from server.storage.db import Database, UnitOfWork
from server.storage.files import Files


@dataclass(frozen=True, slots=True)
class SittingStore:
    """The database and file store as running sessions see them; `data_dir` holds unfinished recordings."""

    database: Database
    files: Files
    data_dir: Path

    async def consent_given(self, session_id: str, user_id: str) -> bool:
        """Whether consent to the current text stands."""
        async with self.database.begin() as uow:
            session = await uow.session.get(InterviewSession, UUID(session_id))
            if session is None or session.candidate_id != UUID(user_id):
                return False
            try:
                await require_consent(uow, session)
            except ConsentRequired:
                return False
        return True

    async def consent_stands(self, session_id: str) -> bool:
        """Whether the candidate's consent, to whichever text, was not withdrawn."""
        async with self.database.begin() as uow:
            session = await uow.session.get(InterviewSession, UUID(session_id))
            return session is not None and await standing_consent(uow, session) is not None

    async def start_video(
        self, session_id: str, user_id: str, question_id: str | None, kind: str
    ) -> NewVideo:
        """Make the row of a recording that is about to start; raises what the domain refuses with."""
        working_path = f"{recordings.WORKING_FOLDER}/{uuid4()}"
        async with self.database.begin() as uow:
            video = await recordings.start_video(
                uow,
                session_id=UUID(session_id),
                question_id=UUID(question_id) if question_id else None,
                participant_id=UUID(user_id),
                source=VideoSource(kind),
                working_path=working_path,
            )
            limit = await reading.answer_seconds(uow, UUID(question_id)) if question_id else None
        return NewVideo(str(video.id), self.data_dir / working_path, limit)

    async def open_segment(self, video_id: str, index: int, start: SegmentStart) -> None:
        """A segment has its first frame."""
        async with self.database.begin() as uow:
            await recordings.open_segment(
                uow,
                UUID(video_id),
                index=index,
                key=start.path.name,
                started_at=start.started_at,
                offset_ms=start.offset_ms,
            )

    async def close_segment(
        self, video_id: str, index: int, ended_at: datetime, result: SegmentResult, reason: EndReason
    ) -> None:
        """A segment's file is closed."""
        async with self.database.begin() as uow:
            await recordings.close_segment(
                uow,
                UUID(video_id),
                index=index,
                ended_at=ended_at,
                duration_ms=result.duration_ms,
                reason=SegmentEnd(reason),
            )

    async def mark_finalising(self, video_id: str, error: str | None) -> None:
        """The recording ended, early if there is an error."""
        async with self.database.begin() as uow:
            video = await recordings.mark_finalising(uow, UUID(video_id))
            video.error = error or video.error

    async def watch(self, session_id: str) -> Watch | None:
        """What the session is watched for, fixed from the first recording on."""
        async with self.database.begin() as uow:
            rules = await rules_for(uow, await uow.session.get_one(InterviewSession, UUID(session_id)))
        return Watch(rules.policy) if rules.event_types else None

    async def record(self, analysed: Analysed, change: IncidentChange) -> None:
        """Write one step of an incident."""
        async with self.database.begin() as uow:
            await evidence.record_change(
                uow,
                self.files,
                session_id=UUID(analysed.session_id),
                video_id=UUID(analysed.video_id) if analysed.video_id else None,
                question_id=UUID(analysed.question_id) if analysed.question_id else None,
                change=change,
                began_at=analysed.began_at,
            )

    async def close_stray_events(self) -> None:
        """End what an earlier process left open outside of any recording."""
        async with self.database.begin() as uow:
            await evidence.close_stray_events(uow)

    async def ended_at(self, session_id: str) -> datetime | None:
        """When the session ended; None while it has not."""
        async with self.database.begin() as uow:
            session = await uow.session.get(InterviewSession, UUID(session_id))
            return session.ended_at if session is not None else None

    async def end_session(self, session_id: str, user_id: str) -> None:
        """End the session in this person's name; raises NotAllowed or what the domain refuses with."""
        async with self.database.begin() as uow:
            who = await load_signed_in(uow, UUID(user_id))
            granted = await scheduling.access(uow, UUID(session_id), who)
            await scheduling.require_may_end(uow, granted)
            await scheduling.end(uow, UUID(session_id))

    async def unfinished(self, video_id: str) -> Unfinished:
        """What there is to finish of one video."""
        async with self.database.begin() as uow:
            for video in await reading.unfinished(uow):
                if video.id == UUID(video_id):
                    return self._unfinished(video)
        raise LookupError(f"video {video_id} is not unfinished")

    async def all_unfinished(self) -> list[Unfinished]:
        """Every video that an earlier process left unfinished."""
        async with self.database.begin() as uow:
            return [self._unfinished(video) for video in await reading.unfinished(uow)]

    def _unfinished(self, video: InterviewVideo) -> Unfinished:
        offsets_ms = {segment.index: segment.offset_ms for segment in video.segments}
        return Unfinished(str(video.id), self.data_dir / (video.working_path or "none"), offsets_ms)

    async def put(self, video_id: str, file: FinishedFile, *, recovered: bool) -> None:
        """Store the finished file and its thumbnail, then say so in the row."""
        async with self.database.begin() as uow:
            session_id = (await uow.session.get_one(InterviewVideo, UUID(video_id))).session_id
        container = VideoContainer(file.container)
        key = recordings.storage_key(session_id, UUID(video_id), container)
        await self.files.put_file(file.path, key)
        thumbnail_key = None
        if file.thumbnail is not None:
            thumbnail_key = recordings.thumbnail_key(session_id, UUID(video_id))
            await self.files.put(thumbnail_key, file.thumbnail)
        stored = recordings.FinishedFile(
            container=container,
            video_codec=file.video_codec,
            audio_codec=file.audio_codec,
            width=file.width,
            height=file.height,
            duration_ms=file.duration_ms,
            bytes=file.size_bytes,
            sha256=file.sha256,
            storage_key=key,
            thumbnail_key=thumbnail_key,
            waveform=asdict(file.waveform) if file.waveform is not None else None,
        )
        async with self.database.begin() as uow:
            if recovered:
                await self._end_as_recovered(uow, UUID(video_id), file)
            video = await recordings.mark_ready(uow, UUID(video_id), stored, recovered=recovered)
            if video.error == LATER:
                video.error = None  # it did work in the end

    async def _end_as_recovered(self, uow: UnitOfWork, video_id: UUID, file: FinishedFile) -> None:
        """What a crash left open ends where the file ends."""
        durations_ms = {segment_index(path): ms for path, ms in file.segment_durations_ms.items()}
        video = await recordings.lock_video(uow, video_id)
        for segment in video.segments:
            if segment.ended_at is None:
                duration_ms = durations_ms.get(segment.index, 0)
                await recordings.close_segment(
                    uow,
                    video_id,
                    index=segment.index,
                    ended_at=segment.started_at + timedelta(milliseconds=duration_ms),
                    duration_ms=duration_ms,
                    reason=SegmentEnd.CRASH,
                )
        video.ended_at = video.ended_at or video.started_at + timedelta(milliseconds=file.duration_ms)
        await evidence.close_open_events(uow, video_id, file.duration_ms)

    async def fail(self, video_id: str, error: str) -> None:
        """Nothing playable came of it."""
        async with self.database.begin() as uow:
            await recordings.mark_failed(uow, UUID(video_id), error)
            await evidence.close_open_events(uow, UUID(video_id), 0)
