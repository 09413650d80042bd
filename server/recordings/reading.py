"""What is known of recordings: reads only, for the routes and for who finishes them."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import selectinload

from server.accounts.identity import SignedIn
from server.errors import (
    SessionNotFound,
    VideoNotFound,
)
from server.interviews.models import Interview, InterviewQuestion
from server.recordings.models import (
    InterviewVideo,
    VideoSource,
    VideoStatus,
)
from server.recordings.schemas import Waveform
from server.recordings.service import RUNNING
from server.scheduling.service import SessionAccess, access
from server.storage.db import UnitOfWork


async def unfinished(uow: UnitOfWork) -> Sequence[InterviewVideo]:
    """Videos still recording or finalising, with segments, oldest first: what a start has to recover."""
    found = await uow.session.scalars(
        select(InterviewVideo)
        .where(InterviewVideo.status.in_(RUNNING))
        .order_by(InterviewVideo.id)
        .options(selectinload(InterviewVideo.segments))
    )
    return found.all()


async def answer_seconds(uow: UnitOfWork, question_id: UUID) -> int | None:
    """How long an answer to this question may be; its own time goes before the interview's."""
    own_or_all = func.coalesce(InterviewQuestion.answer_seconds, Interview.answer_seconds)
    seconds: int | None = await uow.session.scalar(
        select(own_or_all)
        .join(Interview, Interview.id == InterviewQuestion.interview_id)
        .where(InterviewQuestion.id == question_id)
    )
    return seconds


async def videos_of(uow: UnitOfWork, session_id: UUID) -> Sequence[InterviewVideo]:
    """A session's videos with segments, oldest first."""
    found = await uow.session.scalars(
        select(InterviewVideo)
        .where(InterviewVideo.session_id == session_id)
        .order_by(InterviewVideo.started_at, InterviewVideo.id)
        .options(selectinload(InterviewVideo.segments))
    )
    return found.all()


async def answered_counts(uow: UnitOfWork, session_ids: Sequence[UUID]) -> dict[UUID, int]:
    """How many questions have been answered in each session; failed recordings are no answers."""
    rows = await uow.session.execute(
        select(InterviewVideo.session_id, func.count(distinct(InterviewVideo.question_id)))
        .where(
            InterviewVideo.session_id.in_(session_ids),
            InterviewVideo.source == VideoSource.CAMERA,
            InterviewVideo.status != VideoStatus.FAILED,
        )
        .group_by(InterviewVideo.session_id)
    )
    return dict(rows.all())


async def waveforms_of(uow: UnitOfWork, session_id: UUID) -> list[Waveform]:
    """How loud a session's videos are over time; those without sound or file are left out."""
    found = await uow.session.execute(
        select(InterviewVideo.id, InterviewVideo.waveform)
        .where(InterviewVideo.session_id == session_id, InterviewVideo.waveform.is_not(None))
        .order_by(InterviewVideo.started_at, InterviewVideo.id)
    )
    return [Waveform(video_id=video_id, **(waveform or {})) for video_id, waveform in found]


async def visible_video(
    uow: UnitOfWork, video_id: UUID, who: SignedIn
) -> tuple[InterviewVideo, SessionAccess]:
    """A video and what `who` is in its session; raises VideoNotFound when it is none of their business."""
    video = await uow.session.scalar(
        select(InterviewVideo)
        .where(InterviewVideo.id == video_id)
        .options(selectinload(InterviewVideo.segments))
    )
    if video is None:
        raise VideoNotFound
    try:
        granted = await access(uow, video.session_id, who)
    except SessionNotFound as error:
        raise VideoNotFound from error
    return video, granted
