"""Recordings: the facts the media side reports, and what people do with a finished video.

Every change is announced on the session's topic as {"type": "video", "video": …} once it is committed.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from server.errors import (
    AlreadyRecording,
    QuestionNotFound,
    TakesExhausted,
    VideoNotFound,
    VideoNotReady,
)
from server.interviews.models import Interview, InterviewQuestion
from server.interviews.service import people_changed
from server.recordings.models import (
    EndReason,
    InterviewVideo,
    RecordingSegment,
    VideoContainer,
    VideoSource,
    VideoStatus,
)
from server.recordings.schemas import Video
from server.scheduling.consent import require_consent
from server.scheduling.models import InterviewSession
from server.scheduling.service import begin, lock_session, refuse_if_over, topic
from server.storage.base import new_id
from server.storage.db import UnitOfWork

RUNNING = (VideoStatus.RECORDING, VideoStatus.FINALISING)
PLAYABLE = (VideoStatus.READY, VideoStatus.RECOVERED)
WORKING_FOLDER = "recordings"
"""Under the data folder: what is being recorded, one folder each."""
SUFFIXES = {VideoContainer.WEBM: "webm", VideoContainer.MATROSKA: "mkv"}


@dataclass(frozen=True, slots=True)
class FinishedFile:
    """A recording that is in the store."""

    container: VideoContainer
    video_codec: str | None
    audio_codec: str | None
    width: int | None
    height: int | None
    duration_ms: int
    bytes: int
    sha256: str
    storage_key: str
    thumbnail_key: str | None
    waveform: dict[str, Any] | None = None


def stored_under(session_id: UUID) -> str:
    """What the keys of a session's videos and still pictures begin with."""
    return f"interview_videos/{session_id}"


def storage_key(session_id: UUID, video_id: UUID, container: VideoContainer) -> str:
    """Where the finished file of a video lives in the store."""
    return f"{stored_under(session_id)}/{video_id}.{SUFFIXES[container]}"


def thumbnail_key(session_id: UUID, video_id: UUID) -> str:
    """Where the still picture of a video lives in the store."""
    return f"{stored_under(session_id)}/{video_id}.jpg"


async def start_video(
    uow: UnitOfWork,
    *,
    session_id: UUID,
    question_id: UUID | None,
    participant_id: UUID,
    source: VideoSource,
    container: VideoContainer | None = None,
    video_codec: str | None = None,
    audio_codec: str | None = None,
    working_path: str | None = None,
) -> InterviewVideo:
    """A recording begins, and the session with it. `participant_id` is the user who is recorded.

    Raises SessionEnded, ConsentRequired, QuestionNotFound, TakesExhausted, AlreadyRecording.
    """
    session = await begin(uow, session_id)
    await require_consent(uow, session)
    take_number = await _next_take(uow, session, question_id, source)
    video = InterviewVideo(
        id=new_id(),
        organisation_id=session.organisation_id,
        session_id=session_id,
        question_id=question_id,
        participant_id=participant_id,
        source=source,
        status=VideoStatus.RECORDING,
        container=container,
        video_codec=video_codec,
        audio_codec=audio_codec,
        working_path=working_path,
        started_at=uow.now,
        take_number=take_number,
        is_selected=False,
        segments=[],
    )
    try:
        async with uow.session.begin_nested():
            uow.session.add(video)
    except IntegrityError as error:
        raise AlreadyRecording from error
    _announce(uow, video)
    return video


async def _next_take(
    uow: UnitOfWork, session: InterviewSession, question_id: UUID | None, source: VideoSource
) -> int:
    """Number of the take that begins now, the session being locked; a failed take costs nothing."""
    if question_id is None:
        return 1
    asked = await uow.session.scalar(
        select(Interview.takes)
        .join(InterviewQuestion, InterviewQuestion.interview_id == Interview.id)
        .where(InterviewQuestion.id == question_id, Interview.id == session.interview_id)
    )
    if asked is None:
        raise QuestionNotFound
    spent, newest, running = (
        await uow.session.execute(
            select(
                func.count().filter(InterviewVideo.status != VideoStatus.FAILED),
                func.coalesce(func.max(InterviewVideo.take_number), 0),
                func.count().filter(InterviewVideo.status == VideoStatus.RECORDING),
            ).where(
                InterviewVideo.session_id == session.id,
                InterviewVideo.question_id == question_id,
                InterviewVideo.source == source,
            )
        )
    ).one()
    if running:
        raise AlreadyRecording
    if source is VideoSource.CAMERA and spent >= asked:
        raise TakesExhausted
    return int(newest) + 1


async def open_segment(
    uow: UnitOfWork, video_id: UUID, *, index: int, key: str, started_at: datetime, offset_ms: int
) -> RecordingSegment:
    """The recording goes on in a new piece, `offset_ms` after its start; `key` names the piece's file."""
    video = await lock_video(uow, video_id)
    segment = RecordingSegment(
        organisation_id=video.organisation_id,
        video_id=video_id,
        index=index,
        key=key,
        started_at=started_at,
        offset_ms=offset_ms,
    )
    video.segments.append(segment)
    await uow.session.flush()
    _announce(uow, video)
    return segment


async def close_segment(
    uow: UnitOfWork,
    video_id: UUID,
    *,
    index: int,
    ended_at: datetime,
    duration_ms: int,
    reason: EndReason,
) -> None:
    """A piece has ended; one that is closed already or unknown stays as it is."""
    video = await lock_video(uow, video_id)
    for segment in video.segments:
        if segment.index == index and segment.ended_at is None:
            segment.ended_at, segment.duration_ms, segment.end_reason = ended_at, duration_ms, reason
            _announce(uow, video)


async def mark_finalising(uow: UnitOfWork, video_id: UUID) -> InterviewVideo:
    """The last frame is written and the file is being made; a finished video stays as it is."""
    video = await lock_video(uow, video_id)
    if video.status is VideoStatus.RECORDING:
        video.status = VideoStatus.FINALISING
        video.ended_at = uow.now
        _announce(uow, video)
    return video


async def mark_ready(
    uow: UnitOfWork, video_id: UUID, file: FinishedFile, *, recovered: bool = False
) -> InterviewVideo:
    """The file is in the store. A question's newest take is selected until the candidate says otherwise."""
    video = await lock_video(uow, video_id)
    if video.status not in RUNNING:
        return video
    video.status = VideoStatus.RECOVERED if recovered else VideoStatus.READY
    video.container, video.video_codec, video.audio_codec = file.container, file.video_codec, file.audio_codec
    video.width, video.height = file.width, file.height
    video.duration_ms, video.bytes, video.sha256 = file.duration_ms, file.bytes, file.sha256
    video.storage_key, video.thumbnail_key = file.storage_key, file.thumbnail_key
    video.waveform = file.waveform
    video.ended_at = video.ended_at or uow.now
    video.uploaded_at = uow.now
    video.working_path = None
    await _make_selected(uow, video)
    _announce(uow, video)
    return video


async def mark_failed(uow: UnitOfWork, video_id: UUID, error: str) -> InterviewVideo:
    """Nothing playable came of it; `error` says why."""
    video = await lock_video(uow, video_id)
    if video.status in RUNNING:
        video.status = VideoStatus.FAILED
        video.error = error
        video.ended_at = video.ended_at or uow.now
        _announce(uow, video)
    return video


async def select_take(uow: UnitOfWork, video_id: UUID) -> InterviewVideo:
    """This take counts, no other of its question. Raises SessionEnded, VideoNotReady."""
    session_id = await uow.session.scalar(
        select(InterviewVideo.session_id).where(InterviewVideo.id == video_id)
    )
    if session_id is None:
        raise VideoNotFound
    refuse_if_over(await lock_session(uow, session_id))
    video = await lock_video(uow, video_id)
    if video.status not in PLAYABLE:
        raise VideoNotReady
    await _make_selected(uow, video)
    _announce(uow, video)
    return video


async def set_feedback(uow: UnitOfWork, video_id: UUID, feedback: str | None) -> InterviewVideo:
    """What a reviewer notes about the whole video."""
    video = await lock_video(uow, video_id)
    video.feedback = feedback
    _announce(uow, video)
    return video


async def _make_selected(uow: UnitOfWork, video: InterviewVideo) -> None:
    if video.question_id is not None:
        await uow.session.execute(
            update(InterviewVideo)
            .where(
                InterviewVideo.session_id == video.session_id,
                InterviewVideo.question_id == video.question_id,
                InterviewVideo.source == video.source,
                InterviewVideo.id != video.id,
            )
            .values(is_selected=False)
        )
    video.is_selected = True


async def lock_video(uow: UnitOfWork, video_id: UUID) -> InterviewVideo:
    """The video as it is now, with segments; nobody else changes it until the transaction ends."""
    video = await uow.session.scalar(
        select(InterviewVideo)
        .where(InterviewVideo.id == video_id)
        .with_for_update(of=InterviewVideo)
        .options(selectinload(InterviewVideo.segments))
        .execution_options(populate_existing=True)
    )
    if video is None:
        raise VideoNotFound
    return video


def _announce(uow: UnitOfWork, video: InterviewVideo) -> None:
    uow.publish(topic(video.session_id), {"type": "video", "video": Video.of(video).model_dump(mode="json")})
    people_changed(uow, video.organisation_id)  # which question they are at
