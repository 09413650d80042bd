"""How far those invited have come: by interview, and week by week."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import DateTime, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from server.interviews.models import (
    Interview,
    InterviewKind,
    InterviewQuestion,
    InterviewStatus,
    Invite,
    InviteStatus,
    Participant,
)
from server.mail.models import Mail, MailStatus
from server.review.states import looked_at
from server.scheduling.models import InterviewSession, SessionStatus
from server.schemas import ONE_LINE, Cursor, Output
from server.storage.db import UnitOfWork
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT, after

WEEKS = 12
Counted = tuple[tuple[str, ...], Select[*tuple[Any, ...]]]
"""What a query counts by interview, before the newest time, and the query."""


class DashboardQuery(BaseModel):
    q: str = Field("", max_length=200, pattern=ONE_LINE, description="Part of the title.")
    status: InterviewStatus | None = None
    kind: InterviewKind | None = None
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class Funnel(Output):
    """Each number counts those who came so far, also those who came further.

    `reviewed`: every incident was looked at. Invitations that were withdrawn count nowhere; `undelivered` and
    `in_progress` count those who are there now.
    """

    invited: int = 0
    undelivered: int = 0
    opened: int = 0
    joined: int = 0
    started: int = 0
    in_progress: int = 0
    done: int = 0
    reviewed: int = 0


class DashboardRow(Output):
    """An interview with what became of those invited."""

    id: UUID
    version: int
    title: str
    kind: InterviewKind
    status: InterviewStatus
    deadline: datetime | None
    question_count: int
    created_at: datetime
    last_activity_at: datetime | None
    funnel: Funnel


class Dashboard(Output):
    items: list[DashboardRow]
    next_cursor: str | None = None


class WeeksQuery(BaseModel):
    interview_id: UUID | None = None


class Week(Output):
    """What happened in the seven days from a Monday (UTC)."""

    begins: date
    invited: int
    finished: int


class Weeks(Output):
    items: list[Week]


async def dashboard(uow: UnitOfWork, organisations: Sequence[UUID], wanted: DashboardQuery) -> Dashboard:
    """The organisations' interviews that fit, newest first, in a fixed number of queries."""
    query = select(Interview).where(Interview.organisation_id.in_(organisations))
    if text := wanted.q.strip():
        query = query.where(Interview.title.icontains(text, autoescape=True))
    if wanted.status is not None:
        query = query.where(Interview.status == wanted.status)
    if wanted.kind is not None:
        query = query.where(Interview.kind == wanted.kind)
    page = await after(uow, query, Interview.id, limit=wanted.limit, cursor=wanted.cursor)
    return Dashboard(items=await _described(uow, page.items), next_cursor=page.next_cursor)


async def one_row(uow: UnitOfWork, interview: Interview) -> DashboardRow:
    """The same of one interview."""
    return (await _described(uow, [interview]))[0]


async def _described(uow: UnitOfWork, interviews: Sequence[Interview]) -> list[DashboardRow]:
    ids = [interview.id for interview in interviews]
    funnels = await funnels_of(uow, ids)
    asked = await uow.session.execute(
        select(InterviewQuestion.interview_id, func.count())
        .where(InterviewQuestion.interview_id.in_(ids))
        .group_by(InterviewQuestion.interview_id)
    )
    counts = dict(asked.all())
    return [
        DashboardRow(
            id=interview.id,
            version=interview.version,
            title=interview.title,
            kind=interview.kind,
            status=interview.status,
            deadline=interview.deadline,
            question_count=counts.get(interview.id, 0),
            created_at=interview.created_at,
            last_activity_at=funnels[interview.id][1],
            funnel=funnels[interview.id][0],
        )
        for interview in interviews
    ]


async def funnels_of(
    uow: UnitOfWork, interview_ids: Sequence[UUID]
) -> dict[UUID, tuple[Funnel, datetime | None]]:
    """The funnel of each interview and when something last happened, in three queries."""
    numbers: dict[UUID, dict[str, int]] = {one: {} for one in interview_ids}
    newest: dict[UUID, list[datetime]] = {one: [] for one in interview_ids}
    for names, query in (_invites(interview_ids), _participants(interview_ids), _sessions(interview_ids)):
        for interview_id, *counts, at in await uow.session.execute(query):
            numbers[interview_id] |= dict(zip(names, counts, strict=True))
            newest[interview_id] += [at] if at is not None else []
    return {one: (Funnel(**numbers[one]), max(newest[one], default=None)) for one in interview_ids}


def _invites(ids: Sequence[UUID]) -> Counted:
    failed = exists().where(Mail.invite_id == Invite.id, Mail.status == MailStatus.FAILED)
    opened = or_(Invite.opened_at.is_not(None), Invite.accepted_at.is_not(None))
    unread = and_(Invite.status == InviteStatus.PENDING, ~opened, failed)
    return ("invited", "opened", "undelivered"), (
        select(
            Invite.interview_id,
            func.count(),
            func.count().filter(opened),
            func.count().filter(unread),
            func.max(func.greatest(Invite.created_at, Invite.opened_at, Invite.accepted_at)),
        )
        .where(Invite.interview_id.in_(ids), Invite.status != InviteStatus.REVOKED)
        .group_by(Invite.interview_id)
    )


def _participants(ids: Sequence[UUID]) -> Counted:
    return ("joined",), (
        select(Participant.interview_id, func.count(), func.max(Participant.joined_at))
        .where(Participant.interview_id.in_(ids))
        .group_by(Participant.interview_id)
    )


def _sessions(ids: Sequence[UUID]) -> Counted:
    people = func.count(InterviewSession.participant_id.distinct())
    done = InterviewSession.status == SessionStatus.COMPLETED
    return ("started", "in_progress", "done", "reviewed"), (
        select(
            InterviewSession.interview_id,
            people.filter(InterviewSession.started_at.is_not(None)),
            people.filter(InterviewSession.status == SessionStatus.IN_PROGRESS),
            people.filter(done),
            people.filter(looked_at(InterviewSession)),
            func.max(func.greatest(InterviewSession.started_at, InterviewSession.ended_at)),
        )
        .where(InterviewSession.interview_id.in_(ids))
        .group_by(InterviewSession.interview_id)
    )


async def weeks(uow: UnitOfWork, organisations: Sequence[UUID], interview: Interview | None) -> Weeks:
    """Invitations and finished interviews of the last twelve weeks, the oldest first."""
    this_week = (uow.now - timedelta(days=uow.now.weekday())).date()
    first = this_week - timedelta(weeks=WEEKS - 1)
    invited = await _by_week(uow, Invite, Invite.created_at, organisations, interview, first)
    finished = await _by_week(
        uow, InterviewSession, InterviewSession.ended_at, organisations, interview, first
    )
    begins = [first + timedelta(weeks=number) for number in range(WEEKS)]
    return Weeks(
        items=[Week(begins=one, invited=invited.get(one, 0), finished=finished.get(one, 0)) for one in begins]
    )


async def _by_week(
    uow: UnitOfWork,
    table: type[Invite | InterviewSession],
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    organisations: Sequence[UUID],
    interview: Interview | None,
    first: date,
) -> dict[date, int]:
    """How many rows each week has, by its Monday: an organisation's week by week in an index, the few of one
    interview all at once."""
    since = datetime(first.year, first.month, first.day, tzinfo=UTC)
    week = timedelta(weeks=1)
    if interview is not None:
        bin_of = func.date_bin(week, at, since)
        mine = select(bin_of, func.count()).where(table.interview_id == interview.id, at >= since)
        return {begins.date(): count for begins, count in await uow.session.execute(mine.group_by(bin_of))}
    series = func.generate_series(since, since + (WEEKS - 1) * week, week, type_=DateTime(timezone=True))
    monday = series.column_valued("monday")
    counted = select(func.count()).where(
        table.organisation_id.in_(organisations), at >= monday, at < monday + week
    )
    rows = await uow.session.execute(select(monday, counted.scalar_subquery()))
    return {begins.date(): count for begins, count in rows}
