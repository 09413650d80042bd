"""Sessions: finding one, who may see it, beginning and ending it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from server.accounts.identity import STAFF, SignedIn
from server.accounts.models import Role, User
from server.errors import NotAllowed, SessionEnded, SessionNotFound
from server.interviews.models import Interview, InterviewKind, Participant
from server.interviews.service import complete_participation, interviewers_of, people_changed
from server.scheduling.models import (
    InterviewSession,
    PanelRole,
    SessionInterviewer,
    SessionStatus,
    SessionType,
)
from server.scheduling.schemas import Interviewer, SessionRole
from server.scheduling.status import OVER, check_transition
from server.storage.db import UnitOfWork

MAX_SPEAKING_INTERVIEWERS = 7

ORGANISATION_ROLES: dict[Role, SessionRole] = {
    Role.SUPER_ADMIN: "admin",
    Role.ADMIN: "admin",
    Role.RECRUITER: "recruiter",
    Role.REVIEWER: "reviewer",
}


@dataclass(frozen=True, slots=True)
class SessionAccess:
    """A session and what the person is in it; with a `panel_role` on its panel, whoever else they are."""

    session: InterviewSession
    role: SessionRole
    organisation_role: Role | None
    panel_role: PanelRole | None

    @property
    def on_panel(self) -> bool:
        """Whether they are on the session's panel."""
        return self.panel_role is not None

    @property
    def is_candidate(self) -> bool:
        """Whether it is their own sitting."""
        return self.role == "candidate"

    @property
    def may_manage(self) -> bool:
        """Whether they lead the session: its panel, or those who run the organisation's interviews."""
        return self.panel_role in (PanelRole.LEAD, PanelRole.MEMBER) or self.role in {"recruiter", "admin"}

    @property
    def may_enter(self) -> bool:
        """Whether they have a seat in the room."""
        return self.is_candidate or self.on_panel


def topic(session_id: UUID) -> str:
    """Name of the session's topic on the live bus."""
    return f"session:{session_id}"


async def access(uow: UnitOfWork, session_id: UUID, who: SignedIn) -> SessionAccess:
    """What `who` is in this session; raises SessionNotFound when it is none of their business.

    An interviewer sees the sessions they are on while they work there, a reviewer those that are over.
    """
    session = await uow.session.get(InterviewSession, session_id)
    if session is None or session.deleted_at is not None:
        raise SessionNotFound
    organisation_role = who.role_in(session.organisation_id)
    if session.candidate_id == who.id:
        return SessionAccess(session, "candidate", organisation_role, panel_role=None)
    seat = await uow.session.get(SessionInterviewer, (session_id, who.id))
    if seat is not None and organisation_role in STAFF:
        return SessionAccess(session, "interviewer", organisation_role, panel_role=seat.panel_role)
    role = ORGANISATION_ROLES.get(organisation_role) if organisation_role else None
    if role is None or (role == "reviewer" and session.ended_at is None):
        raise SessionNotFound
    return SessionAccess(session, role, organisation_role, panel_role=None)


async def lock_session(uow: UnitOfWork, session_id: UUID) -> InterviewSession:
    """The session as it is now, and nobody else changes it until the transaction ends."""
    session = await uow.session.scalar(
        select(InterviewSession)
        .where(InterviewSession.id == session_id, InterviewSession.deleted_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if session is None:
        raise SessionNotFound
    return session


def refuse_if_over(session: InterviewSession) -> None:
    """Raise SessionEnded for a session that takes nothing more."""
    if session.ended_at is not None or session.status in OVER:
        raise SessionEnded


def _panel_role(place: int) -> PanelRole:
    """The first one leads; those for whom a room has no place among its participants watch."""
    if place == 0:
        return PanelRole.LEAD
    return PanelRole.MEMBER if place < MAX_SPEAKING_INTERVIEWERS else PanelRole.OBSERVER


async def create_session(uow: UnitOfWork, participant: Participant, interview: Interview) -> InterviewSession:
    """A sitting that may begin at once; the interview's interviewers are its panel, the first one leads."""
    session = InterviewSession(
        organisation_id=interview.organisation_id,
        interview_id=interview.id,
        participant_id=participant.id,
        candidate_id=participant.user_id,
        organizer_id=interview.recruiter_id,
        type=SessionType.PANEL if interview.kind is InterviewKind.PANEL else SessionType.VIDEO,
        status=SessionStatus.CONFIRMED,
        confirmed_at=uow.now,
    )
    uow.session.add(session)
    await uow.session.flush()
    interviewers = (await interviewers_of(uow, [interview.id])).get(interview.id, [])
    uow.session.add_all(
        SessionInterviewer(
            organisation_id=session.organisation_id,
            session_id=session.id,
            user_id=interviewer.id,
            panel_role=_panel_role(place),
        )
        for place, interviewer in enumerate(interviewers)
        if interviewer.id != participant.user_id
    )
    await uow.session.flush()
    return session


async def begin(uow: UnitOfWork, session_id: UUID) -> InterviewSession:
    """The session is in progress, from now on or already. Raises SessionEnded, InvalidTransition."""
    session = await lock_session(uow, session_id)
    refuse_if_over(session)
    if session.status is not SessionStatus.IN_PROGRESS:
        _change(session, SessionStatus.IN_PROGRESS)
        session.started_at = uow.now
        _announce(uow, session)
    return session


async def require_may_end(uow: UnitOfWork, granted: SessionAccess) -> None:
    """Raise NotAllowed for those who may only watch or be watched."""
    if granted.is_candidate:
        interview = await uow.session.get_one(Interview, granted.session.interview_id)
        if interview.kind is not InterviewKind.ONE_WAY:
            raise NotAllowed
    elif not granted.may_manage:
        raise NotAllowed


async def end(uow: UnitOfWork, session_id: UUID) -> InterviewSession:
    """The session is over, and with it the candidate's part. Raises SessionEnded, InvalidTransition."""
    session = await begin(uow, session_id)
    _change(session, SessionStatus.COMPLETED)
    session.ended_at = uow.now
    await complete_participation(uow, session.participant_id)
    _announce(uow, session)
    return session


async def cancel_if_open(uow: UnitOfWork, session_id: UUID, *, reason: str) -> None:
    """Call a session off and end what runs of it; one that is over stays as it is."""
    session = await lock_session(uow, session_id)
    if session.status in OVER:
        return
    _change(session, SessionStatus.CANCELLED)
    session.cancelled_at, session.cancellation_reason = uow.now, reason
    session.ended_at = uow.now
    _announce(uow, session)


async def take_away(uow: UnitOfWork, session_id: UUID) -> InterviewSession | None:
    """Nobody finds the session from now on, and what runs of it stops; None when that was so already."""
    try:
        session = await lock_session(uow, session_id)
    except SessionNotFound:
        return None
    session.deleted_at = uow.now
    if session.ended_at is None:
        session.ended_at = uow.now
        if session.status is SessionStatus.IN_PROGRESS:
            session.status = SessionStatus.CANCELLED
            session.cancelled_at = uow.now
    _announce(uow, session)
    return session


def _change(session: InterviewSession, status: SessionStatus) -> None:
    check_transition(session.status, status)
    session.status = status


def _announce(uow: UnitOfWork, session: InterviewSession) -> None:
    ended_at = session.ended_at.isoformat() if session.ended_at else None
    uow.publish(topic(session.id), {"type": "session", "status": session.status.value, "ended_at": ended_at})
    people_changed(uow, session.organisation_id)


async def panels_of(uow: UnitOfWork, session_ids: Sequence[UUID]) -> dict[UUID, list[Interviewer]]:
    """The panel of each session, the lead first."""
    rows = await uow.session.execute(
        select(SessionInterviewer, User.full_name)
        .join(User, User.id == SessionInterviewer.user_id)
        .where(SessionInterviewer.session_id.in_(session_ids))
        .order_by(User.full_name, User.id)
    )
    order = list(PanelRole)
    panels: defaultdict[UUID, list[Interviewer]] = defaultdict(list)
    for seat, full_name in rows:
        panels[seat.session_id].append(
            Interviewer(id=seat.user_id, full_name=full_name, panel_role=seat.panel_role)
        )
    for panel in panels.values():
        panel.sort(key=lambda interviewer: order.index(interviewer.panel_role))
    return panels
