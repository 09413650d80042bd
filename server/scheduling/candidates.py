"""The candidate's side: joining by code, the dashboard, the sitting to continue."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select

from server.accounts.models import Organisation, User
from server.errors import InterviewClosed, InterviewNotFound, SessionEnded
from server.interviews.invites import accept_own, open_for, redeem
from server.interviews.models import (
    Interview,
    InterviewKind,
    InterviewQuestion,
    Participant,
    ParticipantStatus,
)
from server.interviews.service import takes_answers
from server.scheduling.consent import withdraw_consent
from server.scheduling.models import InterviewSession
from server.scheduling.schemas import (
    CandidateInterview,
    CandidateInvitation,
    InterviewSummary,
    SessionSummary,
)
from server.scheduling.service import cancel_if_open, create_session
from server.scheduling.status import OVER
from server.storage.db import UnitOfWork
from server.storage.scope import system

WITHDRAWN = "The candidate has withdrawn."
MOST_INVITATIONS = 50


async def join(
    uow: UnitOfWork, user: User, *, code: str, address: str, code_key: bytes
) -> CandidateInterview:
    """Redeem a code; a live interview's session is made at once, for its panel to see. Raises as `redeem`."""
    async with uow.widened(system("code")):  # whose it is, nobody knows before
        participant = await redeem(uow, user=user, code=code, address=address, code_key=code_key)
        await _prepare(uow, participant)
    return (await dashboard(uow, user.id, only=participant.id))[0]


async def accept(uow: UnitOfWork, user: User, invite_id: UUID) -> CandidateInterview:
    """Begin what one's own confirmed address is invited to, as `join` does. Raises as `accept_own`."""
    async with uow.widened(system("invitation")):  # they take part in nothing of this organisation yet
        participant = await accept_own(uow, user, invite_id)
        await _prepare(uow, participant)
    return (await dashboard(uow, user.id, only=participant.id))[0]


async def _prepare(uow: UnitOfWork, participant: Participant) -> None:
    """Make a live interview's session at once."""
    interview = await uow.session.get_one(Interview, participant.interview_id)
    if interview.kind is not InterviewKind.ONE_WAY:
        await create_session(uow, participant, interview)


async def invitations(uow: UnitOfWork, user: User) -> list[CandidateInvitation]:
    """What one's own confirmed address is invited to and has not begun, newest first."""
    async with uow.widened(system("invitations")):  # by the address, which is no organisation's
        found = await open_for(uow, user, limit=MOST_INVITATIONS)
    return [
        CandidateInvitation(
            id=invite.id,
            title=interview.title,
            kind=interview.kind,
            organisation_name=organisation_name,
            expires_at=invite.expires_at
            if interview.deadline is None
            else min(invite.expires_at, interview.deadline),
        )
        for invite, interview, organisation_name in found
    ]


async def dashboard(uow: UnitOfWork, user_id: UUID, only: UUID | None = None) -> list[CandidateInterview]:
    """Everything the person takes part in, newest first, in two queries."""
    questions = (
        select(func.count())
        .where(InterviewQuestion.interview_id == Interview.id)
        .correlate(Interview)
        .scalar_subquery()
    )
    query = (
        select(Participant, Interview, Organisation.name, questions)
        .join(Interview, Interview.id == Participant.interview_id)
        .join(Organisation, Organisation.id == Interview.organisation_id)
        .where(Participant.user_id == user_id)
        .order_by(Participant.id.desc())
    )
    if only is not None:
        query = query.where(Participant.id == only)
    rows = (await uow.session.execute(query)).all()
    sessions = await _latest_sessions(uow, [participant.id for participant, *_ in rows])
    return [
        CandidateInterview(
            participant_id=participant.id,
            status=participant.status,
            joined_at=participant.joined_at,
            completed_at=participant.completed_at,
            interview=_summary(interview, organisation_name, question_count),
            session=sessions.get(participant.id),
        )
        for participant, interview, organisation_name, question_count in rows
    ]


def _summary(interview: Interview, organisation_name: str, question_count: int) -> InterviewSummary:
    return InterviewSummary(
        id=interview.id,
        title=interview.title,
        description=interview.description,
        kind=interview.kind,
        organisation_name=organisation_name,
        deadline=interview.deadline,
        question_count=question_count,
        think_seconds=interview.think_seconds,
        answer_seconds=interview.answer_seconds,
        takes=interview.takes,
        practice_question=interview.practice_question,
    )


async def _latest_sessions(uow: UnitOfWork, participants: Sequence[UUID]) -> dict[UUID, SessionSummary]:
    """The newest sitting of each participant."""
    sessions = await uow.session.scalars(
        select(InterviewSession)
        .where(InterviewSession.participant_id.in_(participants), InterviewSession.deleted_at.is_(None))
        .order_by(InterviewSession.id)
    )
    return {
        session.participant_id: SessionSummary(
            id=session.id,
            status=session.status,
            started_at=session.started_at,
            ended_at=session.ended_at,
            scheduled_start=session.scheduled_start,
        )
        for session in sessions
    }


async def withdraw(uow: UnitOfWork, user_id: UUID, interview_id: UUID) -> CandidateInterview:
    """Take part no longer: consent is taken back, recording stops, what is not over is cancelled.

    What was recorded stays as long as the organisation keeps it. Raises InterviewNotFound.
    """
    mine = Participant.interview_id == interview_id, Participant.user_id == user_id
    organisation_id = await uow.session.scalar(select(Participant.organisation_id).where(*mine))
    if organisation_id is None:
        raise InterviewNotFound
    await uow.act_for(organisation_id)
    participant = await uow.session.scalar(select(Participant).where(*mine).with_for_update())
    if participant is None:
        raise InterviewNotFound
    participant.status = ParticipantStatus.WITHDRAWN
    sessions = await uow.session.scalars(
        select(InterviewSession.id).where(
            InterviewSession.participant_id == participant.id, InterviewSession.deleted_at.is_(None)
        )
    )
    for session_id in sessions.all():
        await withdraw_consent(uow, session_id)
        await cancel_if_open(uow, session_id, reason=WITHDRAWN)
    await uow.session.flush()
    return (await dashboard(uow, user_id, only=participant.id))[0]


async def open_session(uow: UnitOfWork, user_id: UUID, interview_id: UUID) -> InterviewSession:
    """The sitting to go on with; for a one-way interview made on the first call.

    Raises InterviewNotFound, SessionEnded, and InterviewClosed when the deadline passed before.
    """
    participant = await _locked_participation(uow, user_id, interview_id)
    latest = await uow.session.scalar(
        select(InterviewSession)
        .where(InterviewSession.participant_id == participant.id)
        .order_by(InterviewSession.id.desc())
        .limit(1)
    )
    if latest is not None and latest.ended_at is None and latest.status not in OVER:
        return latest
    if latest is not None or participant.status is not ParticipantStatus.ACTIVE:
        raise SessionEnded
    interview = await uow.session.get_one(Interview, interview_id)
    if not takes_answers(interview, uow):
        raise InterviewClosed
    return await create_session(uow, participant, interview)


async def _locked_participation(uow: UnitOfWork, user_id: UUID, interview_id: UUID) -> Participant:
    """The person's part in an interview, for whose organisation they go on; raises InterviewNotFound."""
    own = select(Participant).where(Participant.interview_id == interview_id, Participant.user_id == user_id)
    found = await uow.session.scalar(own)
    if found is None:
        raise InterviewNotFound
    await uow.act_for(found.organisation_id)
    # Two tabs that start together get the same sitting.
    locked = own.with_for_update().execution_options(populate_existing=True)
    participant: Participant | None = await uow.session.scalar(locked)
    if participant is None:
        raise InterviewNotFound
    return participant
