"""The staff's list of sessions: filtered, searched, page by page, in a fixed number of queries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import load_only

from server.accounts.identity import MANAGERS, STAFF, SignedIn
from server.accounts.models import Role, User
from server.evidence.models import ProctoringEvent, Severity, Verdict
from server.evidence.scoring import score_values
from server.interviews.models import Interview, InterviewKind
from server.recordings.models import InterviewVideo, VideoStatus
from server.review.searching import of_candidates_or_titles
from server.scheduling.models import InterviewSession, SessionInterviewer, SessionStatus
from server.schemas import ONE_LINE, Cursor, Instant, Output
from server.storage.db import UnitOfWork
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor, made_before

SEVERITIES = list(Severity)
BEGAN = func.coalesce(
    InterviewSession.started_at, InterviewSession.scheduled_start, InterviewSession.created_at
)


READ = (
    load_only(
        *(InterviewSession.organisation_id, InterviewSession.interview_id, InterviewSession.status),
        *(InterviewSession.scheduled_start, InterviewSession.started_at, InterviewSession.ended_at),
        raiseload=True,
    ),
    load_only(Interview.title, Interview.kind, raiseload=True),
    load_only(User.full_name, User.email, raiseload=True),
)
"""The rows are wide, and a list needs little of them."""


class SessionsQuery(BaseModel):
    status: SessionStatus | None = None
    kind: InterviewKind | None = None
    q: str | None = Field(
        None, max_length=200, pattern=ONE_LINE, description="Part of a title, a candidate's name or e-mail."
    )
    since: Instant | None = Field(None, description="Began, or was to begin, at this time or later.")
    until: Instant | None = Field(None, description="Began, or was to begin, before this time.")
    unreviewed: bool | None = Field(None, description="Whether it has incidents nobody has looked at.")
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class SessionRow(Output):
    """A session in the list; counts and score leave failed videos and dismissed events out."""

    id: UUID
    status: SessionStatus
    kind: InterviewKind
    interview_id: UUID
    interview_title: str
    candidate_name: str
    candidate_email: str
    scheduled_start: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    video_count: int
    duration_ms: int
    incident_count: int
    unreviewed_count: int
    worst_severity: Severity | None
    integrity_score: float | None
    in_room: bool


class SessionRows(Output):
    items: list[SessionRow]
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class _Incidents:
    count: int = 0
    unreviewed: int = 0
    worst: Severity | None = None


async def list_sessions(
    uow: UnitOfWork, who: SignedIn, query: SessionsQuery, presence: Callable[[UUID], bool]
) -> SessionRows:
    """The sessions the person may see, newest first; raises NotAllowed for candidates."""
    who.require(STAFF)
    part = (query.q or "").strip()
    matching = await of_candidates_or_titles(uow, who.organisations(STAFF), part) if part else None
    page = (await uow.session.execute(_select(who, query, matching))).all()
    rows, more = page[: query.limit], len(page) > query.limit
    ids = [session.id for session, *_ in rows]
    videos = await _videos(uow, ids)
    incidents = await _incidents(uow, ids)
    recorded = {session_id for session_id, (count, _) in videos.items() if count}
    scores = await score_values(uow, [session for session, *_ in rows], recorded)
    items = []
    for session, interview, candidate in rows:
        video_count, duration_ms = videos.get(session.id, (0, 0))
        found = incidents.get(session.id, _Incidents())
        items.append(
            SessionRow(
                id=session.id,
                status=session.status,
                kind=interview.kind,
                interview_id=interview.id,
                interview_title=interview.title,
                candidate_name=candidate.full_name,
                candidate_email=candidate.email,
                scheduled_start=session.scheduled_start,
                started_at=session.started_at,
                ended_at=session.ended_at,
                video_count=video_count,
                duration_ms=duration_ms,
                incident_count=found.count,
                unreviewed_count=found.unreviewed,
                worst_severity=found.worst,
                integrity_score=scores.get(session.id),
                in_room=presence(session.id),
            )
        )
    return SessionRows(items=items, next_cursor=encode_cursor(ids[-1]) if more else None)


def _select(
    who: SignedIn, query: SessionsQuery, matching: ColumnElement[bool] | None
) -> Select[InterviewSession, Interview, User]:
    found = (
        select(InterviewSession, Interview, User)
        .join(Interview, Interview.id == InterviewSession.interview_id)
        .join(User, User.id == InterviewSession.candidate_id)
        .options(*READ)
        .where(_visible(who), InterviewSession.deleted_at.is_(None))
        .order_by(InterviewSession.id.desc())
        .limit(query.limit + 1)
    )
    if query.status is not None:
        found = found.where(InterviewSession.status == query.status)
    if query.kind is not None:
        found = found.where(Interview.kind == query.kind)
    if matching is not None:
        found = found.where(matching)
    if query.since is not None:
        found = found.where(query.since <= BEGAN)
    if query.until is not None:
        found = found.where(query.until > BEGAN, made_before(InterviewSession.id, query.until))
    if query.unreviewed is not None:
        found = found.where((InterviewSession.unreviewed_count > 0) == query.unreviewed)
    if query.cursor is not None:
        found = found.where(InterviewSession.id < decode_cursor(query.cursor))
    return found


def _visible(who: SignedIn) -> ColumnElement[bool]:
    """The same rule as scheduling.service.access, for many rows at once."""
    on_panel = and_(
        InterviewSession.organisation_id.in_(who.organisations(STAFF)),
        InterviewSession.id.in_(
            select(SessionInterviewer.session_id).where(SessionInterviewer.user_id == who.id)
        ),
    )
    managed = InterviewSession.organisation_id.in_(who.organisations(MANAGERS))
    reviewed = and_(
        InterviewSession.organisation_id.in_(who.organisations([Role.REVIEWER])),
        InterviewSession.ended_at.is_not(None),
    )
    return and_(or_(managed, reviewed, on_panel), InterviewSession.candidate_id != who.id)


async def _videos(uow: UnitOfWork, session_ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """How many videos each session has, and how long they are together in milliseconds."""
    rows = await uow.session.execute(
        select(
            InterviewVideo.session_id,
            func.count(),
            func.coalesce(func.sum(InterviewVideo.duration_ms), 0),
        )
        .where(InterviewVideo.session_id.in_(session_ids), InterviewVideo.status != VideoStatus.FAILED)
        .group_by(InterviewVideo.session_id)
    )
    return {session_id: (count, int(duration_ms or 0)) for session_id, count, duration_ms in rows}


async def _incidents(uow: UnitOfWork, session_ids: Sequence[UUID]) -> dict[UUID, _Incidents]:
    """How many events each session has that nobody dismissed."""
    rank = case(
        {severity: place for place, severity in enumerate(SEVERITIES)}, value=ProctoringEvent.severity
    )
    rows = await uow.session.execute(
        select(
            ProctoringEvent.session_id,
            func.count(),
            func.count().filter(ProctoringEvent.reviewed.is_(False)),
            func.max(rank),
        )
        .where(ProctoringEvent.session_id.in_(session_ids), ProctoringEvent.verdict != Verdict.DISMISSED)
        .group_by(ProctoringEvent.session_id)
    )
    return {
        session_id: _Incidents(count, unreviewed, SEVERITIES[worst])
        for session_id, count, unreviewed, worst in rows
    }
