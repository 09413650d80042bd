"""Those invited to an interview, each in their state: filtered, searched, page by page, as a file."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, func, or_, select, true

from server.accounts.models import User
from server.accounts.service import matches
from server.interviews.models import Interview, InterviewQuestion, Invite, Participant
from server.interviews.schemas import Delivery
from server.mail.models import Mail, MailStatus
from server.mail.service import latest_mails
from server.recordings.models import InterviewVideo, VideoStatus
from server.review.states import PersonState, Session, state_of, states, with_participants, with_sessions
from server.schemas import ONE_LINE, Cursor, Output
from server.storage.db import UnitOfWork
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT, decode_cursor, encode_cursor
from server.web.csvfile import row_of

EXPORT_PAGE = 1000
COLUMNS = ("email", "name", "state", "invited", "opened", "joined", "started", "ended", "answered", "mail")


class PeopleFilter(BaseModel):
    state: PersonState | None = None
    q: str = Field("", max_length=200, pattern=ONE_LINE, description="A part of the address or name.")


class PeopleQuery(PeopleFilter):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: Cursor | None = None


class InvitedPerson(Output):
    """Somebody invited; `asking` is the number of the question being answered at this moment, from 1."""

    invite_id: UUID
    email: str
    name: str | None
    state: PersonState
    invited_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    joined_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    session_id: UUID | None
    answered: int
    asking: int | None
    in_room: bool
    delivery: Delivery
    delivery_error: str | None


class InvitedPeople(Output):
    """`mails_kept`: no mail server is set, so mails that were sent are in a folder."""

    items: list[InvitedPerson]
    mails_kept: bool = False
    next_cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many questions a session has answers to, and which one is being answered."""

    answered: int = 0
    asking: int | None = None


MAILS = {
    MailStatus.QUEUED: Delivery.QUEUED,
    MailStatus.SENT: Delivery.SENT,
    MailStatus.FAILED: Delivery.FAILED,
    MailStatus.CANCELLED: Delivery.NOT_SENT,
}


def _named(text: str) -> ColumnElement[bool]:
    """Whether the address, the name it was invited by or that of the account has this part.

    Accounts are asked one by one, since a join would read everybody there is.
    """
    account = select(matches(text)).where(User.id == Invite.accepted_by).correlate(Invite).scalar_subquery()
    address = Invite.email.contains(text.casefold(), autoescape=True)  # as it is kept
    return or_(address, Invite.name.icontains(text, autoescape=True), account)


def _page(
    interview: Interview, wanted: PeopleFilter, now: datetime, cursor: str | None, most: int
) -> Select[UUID]:
    """The invites of a page: joined is only what it is filtered on, and all else for these alone."""
    page = select(Invite.id).where(Invite.interview_id == interview.id).correlate(None)
    text = wanted.q.strip()
    if wanted.state is not None:
        # Its own condition says nothing new, but leaves most rows out before they are joined.
        own = states(now).get(wanted.state, true())
        page = with_sessions(with_participants(page), interview)
        page = page.where(state_of(now) == wanted.state.value, own)
    if text:
        page = page.where(_named(text))
    if cursor is not None:
        page = page.where(Invite.id < decode_cursor(cursor))
    return page.order_by(Invite.id.desc()).limit(most)


def _described(interview: Interview, page: Select[UUID], now: datetime) -> Select[*tuple[Any, ...]]:
    """Whom the invites of a page led to."""
    query = with_participants(select(Invite, Participant, Session, User.full_name, state_of(now)))
    return (
        with_sessions(query, interview)
        .outerjoin(User, User.id == Participant.user_id)
        .where(Invite.interview_id == interview.id, Invite.id.in_(page))
        .order_by(Invite.id.desc())
    )


async def list_people(
    uow: UnitOfWork,
    interview: Interview,
    wanted: PeopleFilter,
    presence: Callable[[UUID], bool],
    *,
    limit: int,
    cursor: str | None = None,
) -> InvitedPeople:
    """Those invited, newest first, in a fixed number of queries."""
    page = _page(interview, wanted, uow.now, cursor, limit + 1)
    query = _described(interview, page, uow.now)
    found = (await uow.session.execute(query)).all()
    rows = found[:limit]
    mails = await latest_mails(uow, [invite.id for invite, *_ in rows])
    progress = await progress_of(uow, [session.id for _, _, session, *_ in rows if session is not None])
    items = [_person(row, mails.get(row[0].id), progress, presence) for row in rows]
    more = len(found) > limit
    return InvitedPeople(items=items, next_cursor=encode_cursor(rows[-1][0].id) if more else None)


def _person(
    row: Any, mail: Mail | None, known: Mapping[UUID, Progress], presence: Callable[[UUID], bool]
) -> InvitedPerson:
    invite, participant, session, full_name, state = row
    progress = known.get(session.id, Progress()) if session else Progress()
    return InvitedPerson(
        invite_id=invite.id,
        email=invite.email,
        name=full_name or invite.name,
        state=PersonState(state),
        invited_at=invite.created_at,
        expires_at=invite.expires_at,
        opened_at=invite.opened_at,
        joined_at=participant.joined_at if participant else None,
        started_at=session.started_at if session else None,
        ended_at=session.ended_at if session else None,
        session_id=session.id if session else None,
        answered=progress.answered,
        asking=progress.asking,
        in_room=session is not None and presence(session.id),
        delivery=MAILS[mail.status] if mail else Delivery.NOT_SENT,
        delivery_error=mail.last_error if mail else None,
    )


async def progress_of(uow: UnitOfWork, session_ids: Sequence[UUID]) -> dict[UUID, Progress]:
    """How far each session has come, in one query."""
    recording = InterviewVideo.status == VideoStatus.RECORDING
    rows = await uow.session.execute(
        select(
            InterviewVideo.session_id,
            func.count(InterviewQuestion.id.distinct()).filter(~recording),
            func.max(InterviewQuestion.order_index + 1).filter(recording),
        )
        .join(InterviewQuestion, InterviewQuestion.id == InterviewVideo.question_id)
        .where(InterviewVideo.session_id.in_(session_ids))
        .where(InterviewVideo.status != VideoStatus.FAILED)
        .group_by(InterviewVideo.session_id)
    )
    return {session_id: Progress(answered, asking) for session_id, answered, asking in rows}


async def export_people(uow: UnitOfWork, interview: Interview, wanted: PeopleFilter) -> AsyncIterator[str]:
    """Those who fit as the lines of a CSV file, newest first, a page at a time."""
    yield row_of(COLUMNS)
    cursor: str | None = None
    while True:
        page = await list_people(uow, interview, wanted, lambda _: False, limit=EXPORT_PAGE, cursor=cursor)
        yield "".join(row_of(_cells(person)) for person in page.items)
        if page.next_cursor is None:
            return
        cursor = page.next_cursor


def _cells(person: InvitedPerson) -> list[str]:
    times = (person.invited_at, person.opened_at, person.joined_at, person.started_at, person.ended_at)
    written = [at.isoformat(timespec="seconds") if at else "" for at in times]
    mail = person.delivery_error if person.delivery is Delivery.FAILED else person.delivery
    return [
        *(person.email, person.name or "", person.state.value, *written),
        *(str(person.answered), mail or person.delivery.value),
    ]
