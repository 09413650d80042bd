"""What is past its organisation's retention, some of it at a time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, case, delete, func, or_, select

from server.accounts.models import Organisation
from server.accounts.organisation import settings_of
from server.interviews.models import Interview, Invite, Participant
from server.mail.models import Mail, MailStatus
from server.recordings.models import InterviewVideo
from server.retention.models import DeletionReason
from server.retention.service import put_on_the_way_out
from server.scheduling.models import Consent, InterviewSession
from server.storage.base import first_id_at
from server.storage.db import UnitOfWork

BATCH = 100
"""Sessions, invites, participants or mails of one transaction."""
LETTERS_KEPT = timedelta(days=30)
"""Mails about accounts, which belong to no organisation: their links are good for three days at most."""


async def organisations(uow: UnitOfWork) -> Sequence[tuple[UUID, datetime]]:
    """Every organisation, and the moment before which what happened there is past its retention."""
    found = await uow.session.scalars(select(Organisation).order_by(Organisation.id))
    return [
        (organisation.id, uow.now - timedelta(days=settings_of(organisation).retention_days))
        for organisation in found
    ]


async def mark_sessions(uow: UnitOfWork, organisation_id: UUID, before: datetime) -> int:
    """Put expired sessions on the way out; how many there were, BATCH meaning there may be more.

    Whoever agreed to fewer days than the organisation keeps things now is held to those.
    """
    last = _last_of_session()
    promised = select(func.min(Consent.retention_days))
    of_session = promised.where(Consent.session_id == InterviewSession.id).correlate(InterviewSession)
    fewest = await uow.session.scalar(promised.where(Consent.organisation_id == organisation_id))
    latest = before if fewest is None else max(before, uow.now - timedelta(days=fewest))
    found = await uow.session.scalars(
        select(InterviewSession.id)
        .join(Interview, Interview.id == InterviewSession.interview_id)
        .where(
            InterviewSession.organisation_id == organisation_id,
            InterviewSession.id < first_id_at(latest),  # what is younger cannot have ended before
            InterviewSession.deleted_at.is_(None),
            or_(
                last < before,
                last + func.make_interval(0, 0, 0, of_session.scalar_subquery()) < uow.now,
            ),
        )
        .order_by(InterviewSession.id)
        .limit(BATCH)
    )
    expired = found.all()
    for session_id in expired:
        await put_on_the_way_out(uow, session_id, reason=DeletionReason.RETENTION)
    return len(expired)


async def expired_sessions(uow: UnitOfWork, organisation_id: UUID, before: datetime) -> int:
    """How many sessions were over before then."""
    return (
        await uow.session.scalar(
            select(func.count())
            .select_from(InterviewSession)
            .join(Interview, Interview.id == InterviewSession.interview_id)
            .where(
                InterviewSession.organisation_id == organisation_id,
                InterviewSession.deleted_at.is_(None),
                _last_of_session() < before,
            )
        )
        or 0
    )


def _last_of_session() -> ColumnElement[datetime]:
    """When the session ended; for one that nobody ended when something last happened or could have begun."""
    newest_video = (
        select(func.max(InterviewVideo.started_at))
        .where(InterviewVideo.session_id == InterviewSession.id)
        .correlate(InterviewSession)
        .scalar_subquery()
    )
    could_begin = case((InterviewSession.started_at.is_(None), Interview.deadline))
    return func.coalesce(
        InterviewSession.ended_at,
        func.greatest(
            InterviewSession.created_at,
            InterviewSession.started_at,
            InterviewSession.scheduled_end,
            newest_video,
            could_begin,
        ),
    )


async def delete_people_without_sessions(uow: UnitOfWork, organisation_id: UUID, before: datetime) -> int:
    """Forget some who joined and never came, with their invites; how many."""
    found = await uow.session.execute(
        select(Participant.id, Participant.invite_id)
        .join(Interview, Interview.id == Participant.interview_id)
        .where(
            Participant.organisation_id == organisation_id,
            Participant.joined_at < before,
            or_(Interview.deadline.is_(None), Interview.deadline < before),
            ~select(InterviewSession.id).where(InterviewSession.participant_id == Participant.id).exists(),
        )
        .order_by(Participant.id)
        .limit(BATCH)
        .with_for_update(of=Participant, skip_locked=True)
    )
    rows = found.all()
    await forget_participants(uow, [participant for participant, _ in rows], [invite for _, invite in rows])
    return len(rows)


async def forget_participants(
    uow: UnitOfWork, participants: Sequence[UUID], invites: Sequence[UUID | None]
) -> None:
    """Delete participants and the invitations they came by; mails go with their invitation."""
    await uow.session.execute(delete(Participant).where(Participant.id.in_(participants)))
    named = [invite for invite in invites if invite is not None]
    await uow.session.execute(delete(Invite).where(Invite.id.in_(named)))


async def delete_invites(uow: UnitOfWork, organisation_id: UUID, before: datetime) -> int:
    """Delete some old invitations that nobody came by; how many."""
    old = (
        select(Invite.id)
        .where(
            Invite.organisation_id == organisation_id,
            Invite.id < first_id_at(before),
            func.greatest(Invite.created_at, Invite.expires_at) < before,
            ~select(Participant.id).where(Participant.invite_id == Invite.id).exists(),
        )
        .order_by(Invite.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = await uow.session.scalars(delete(Invite).where(Invite.id.in_(old)).returning(Invite.id))
    return len(gone.all())


async def delete_mails(uow: UnitOfWork, organisation_id: UUID | None, before: datetime) -> int:
    """Delete some old mails that have left, or never will, of an organisation or of nobody's; how many."""
    whose = (
        Mail.organisation_id.is_(None) if organisation_id is None else Mail.organisation_id == organisation_id
    )
    old = (
        select(Mail.id)
        .where(
            whose,
            Mail.id < first_id_at(before),
            Mail.created_at < before,
            Mail.status != MailStatus.QUEUED,
        )
        .order_by(Mail.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    gone = await uow.session.scalars(delete(Mail).where(Mail.id.in_(old)).returning(Mail.id))
    return len(gone.all())
