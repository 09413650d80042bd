"""The staff's list of videos: by candidate and day, page by page, in a fixed number of queries."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, select

from server.accounts.identity import MANAGERS, SignedIn
from server.accounts.models import User
from server.interviews.models import Interview
from server.recordings.models import InterviewVideo, VideoSource, VideoStatus
from server.review.searching import of_candidates
from server.scheduling.models import InterviewSession
from server.schemas import ONE_LINE, Cursor, Instant, Output
from server.storage.db import UnitOfWork
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor, made_before
from server.web import API


class VideosQuery(BaseModel):
    q: str | None = Field(
        None, max_length=200, pattern=ONE_LINE, description="Part of a candidate's e-mail or name."
    )
    status: VideoStatus | None = None
    since: Instant | None = Field(None, description="Recorded at this time or later.")
    until: Instant | None = Field(None, description="Recorded before this time.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class VideoRow(Output):
    """A video in the list."""

    id: UUID
    session_id: UUID
    interview_title: str
    candidate_name: str
    candidate_email: str
    source: VideoSource
    status: VideoStatus
    started_at: datetime
    duration_ms: int | None
    bytes: int | None
    error: str | None
    thumbnail_url: str | None


class VideoRows(Output):
    items: list[VideoRow]
    next_cursor: str | None = None


async def list_videos(uow: UnitOfWork, who: SignedIn, query: VideosQuery) -> VideoRows:
    """The videos of the person's organisations, newest first; raises NotAllowed for those who manage none."""
    organisations = who.require(MANAGERS)
    part = (query.q or "").strip()
    candidate = await of_candidates(uow, part) if part else None
    found = (await uow.session.execute(_select(organisations, query, candidate))).all()
    rows, more = found[: query.limit], len(found) > query.limit
    items = [
        VideoRow(
            id=video.id,
            session_id=video.session_id,
            interview_title=title,
            candidate_name=candidate.full_name,
            candidate_email=candidate.email,
            source=video.source,
            status=video.status,
            started_at=video.started_at,
            duration_ms=video.duration_ms,
            bytes=video.bytes,
            error=video.error,
            thumbnail_url=f"{API}/videos/{video.id}/thumbnail" if video.thumbnail_key else None,
        )
        for video, title, candidate in rows
    ]
    return VideoRows(items=items, next_cursor=encode_cursor(items[-1].id) if more else None)


def _select(
    organisations: list[UUID], query: VideosQuery, candidate: ColumnElement[bool] | None
) -> Select[InterviewVideo, str, User]:
    found = (
        select(InterviewVideo, Interview.title, User)
        .join(InterviewSession, InterviewSession.id == InterviewVideo.session_id)
        .join(Interview, Interview.id == InterviewSession.interview_id)
        .join(User, User.id == InterviewSession.candidate_id)
        .where(InterviewVideo.organisation_id.in_(organisations), InterviewSession.deleted_at.is_(None))
        .order_by(InterviewVideo.id.desc())
        .limit(query.limit + 1)
    )
    if candidate is not None:
        found = found.where(candidate)
    if query.status is not None:
        found = found.where(InterviewVideo.status == query.status)
    if query.since is not None:
        found = found.where(InterviewVideo.started_at >= query.since)
    if query.until is not None:
        found = found.where(
            InterviewVideo.started_at < query.until, made_before(InterviewVideo.id, query.until)
        )
    if query.cursor is not None:
        found = found.where(InterviewVideo.id < decode_cursor(query.cursor))
    return found
