"""What is stored about a person, as they may read it.

What others think of them (feedback, notes) is not theirs and left out.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from server.accounts.models import AuditEntry, Membership, Organisation, RefreshToken, User
from server.evidence.models import ProctoringEvent
from server.interviews.models import Interview, InterviewQuestion, Participant
from server.mail.models import Mail
from server.recordings.models import InterviewVideo
from server.recordings.service import SUFFIXES
from server.retention.mydata_schemas import (
    AboutMe,
    Agreement,
    Deed,
    Letter,
    NoticedSign,
    Recorded,
    SessionContent,
    SessionOfMine,
    SignInOfMine,
    TakingPart,
    Working,
)
from server.scheduling.models import Consent, InterviewSession
from server.storage.db import UnitOfWork

NEWEST = 1000
"""Rows of a kind that grows without end: mails, sign-ins, entries of the audit log."""


async def about(uow: UnitOfWork, user_id: UUID) -> AboutMe:
    """The account in seven queries."""
    user = await uow.session.get_one(User, user_id)
    works = await uow.session.execute(
        select(Organisation.name, Membership.role)
        .join(Membership, Membership.organisation_id == Organisation.id)
        .where(Membership.user_id == user_id)
    )
    takes_part = await uow.session.execute(
        select(Participant, Interview.title, Organisation.name)
        .join(Interview, Interview.id == Participant.interview_id)
        .join(Organisation, Organisation.id == Participant.organisation_id)
        .where(Participant.user_id == user_id)
        .order_by(Participant.id)
    )
    return AboutMe(
        id=user.id,
        email=user.email,
        full_name=user.full_name,
        locale=user.locale,
        timezone=user.timezone,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
        works_for=[Working(organisation=name, role=role.value) for name, role in works],
        takes_part_in=[
            TakingPart(
                organisation=organisation,
                interview=title,
                status=participant.status,
                joined_at=participant.joined_at,
                completed_at=participant.completed_at,
            )
            for participant, title, organisation in takes_part
        ],
        mails=await _mails(uow, user.email),
        sign_ins=await _sign_ins(uow, user_id),
        actions=await _actions(uow, user_id),
    )


async def _mails(uow: UnitOfWork, email: str) -> list[Letter]:
    found = await uow.session.scalars(
        select(Mail).where(Mail.to_email == email).order_by(Mail.id.desc()).limit(NEWEST)
    )
    return [
        Letter(
            kind=mail.kind,
            subject=mail.subject,
            status=mail.status,
            created_at=mail.created_at,
            sent_at=mail.sent_at,
        )
        for mail in found
    ]


async def _sign_ins(uow: UnitOfWork, user_id: UUID) -> list[SignInOfMine]:
    found = await uow.session.scalars(
        select(RefreshToken)
        .where(RefreshToken.user_id == user_id)
        .order_by(RefreshToken.id.desc())
        .limit(NEWEST)
    )
    return [SignInOfMine(at=one.created_at, address=one.ip, device=one.user_agent) for one in found]


async def _actions(uow: UnitOfWork, user_id: UUID) -> list[Deed]:
    found = await uow.session.scalars(
        select(AuditEntry).where(AuditEntry.actor_id == user_id).order_by(AuditEntry.id.desc()).limit(NEWEST)
    )
    return [Deed(at=entry.at, action=entry.action, address=entry.ip) for entry in found]


async def sessions(uow: UnitOfWork, user_id: UUID) -> Sequence[UUID]:
    """The sittings of a candidate, oldest first."""
    found = await uow.session.scalars(
        select(InterviewSession.id)
        .where(InterviewSession.candidate_id == user_id, InterviewSession.deleted_at.is_(None))
        .order_by(InterviewSession.id)
    )
    return found.all()


async def content(uow: UnitOfWork, session_id: UUID) -> SessionContent | None:
    """One sitting in four queries; None when it was deleted meanwhile."""
    found = await uow.session.execute(
        select(InterviewSession, Interview.title, Organisation.name)
        .join(Interview, Interview.id == InterviewSession.interview_id)
        .join(Organisation, Organisation.id == InterviewSession.organisation_id)
        .where(InterviewSession.id == session_id, InterviewSession.deleted_at.is_(None))
    )
    row = found.one_or_none()
    if row is None:
        return None
    session, title, organisation = row
    files: dict[str, str] = {}
    consents = await uow.session.scalars(
        select(Consent).where(Consent.session_id == session_id).order_by(Consent.given_at)
    )
    mine = SessionOfMine(
        organisation=organisation,
        interview=title,
        status=session.status,
        started_at=session.started_at,
        ended_at=session.ended_at,
        consents=[
            Agreement(
                text_version=consent.text_version,
                text=consent.text,
                full_name=consent.full_name,
                given_at=consent.given_at,
                withdrawn_at=consent.withdrawn_at,
                address=consent.ip,
            )
            for consent in consents
        ],
        recordings=await _recordings(uow, session_id, files),
        noticed=await _noticed(uow, session_id, files),
    )
    return SessionContent(session=mine, files=files)


async def _recordings(uow: UnitOfWork, session_id: UUID, files: dict[str, str]) -> list[Recorded]:
    rows = await uow.session.execute(
        select(InterviewVideo, InterviewQuestion.text)
        .outerjoin(InterviewQuestion, InterviewQuestion.id == InterviewVideo.question_id)
        .where(InterviewVideo.session_id == session_id)
        .order_by(InterviewVideo.started_at, InterviewVideo.id)
    )
    recorded = []
    for number, (video, question) in enumerate(rows, start=1):
        suffix = SUFFIXES[video.container] if video.container else "webm"
        recorded.append(
            Recorded(
                source=video.source,
                status=video.status,
                question=question,
                take_number=video.take_number,
                counts=video.is_selected,
                started_at=video.started_at,
                duration_ms=video.duration_ms,
                bytes=video.bytes,
                sha256=video.sha256,
                file=_name(files, f"recording-{number}.{suffix}", video.storage_key),
                picture=_name(files, f"recording-{number}.jpg", video.thumbnail_key),
            )
        )
    return recorded


async def _noticed(uow: UnitOfWork, session_id: UUID, files: dict[str, str]) -> list[NoticedSign]:
    events = await uow.session.scalars(
        select(ProctoringEvent)
        .where(ProctoringEvent.session_id == session_id)
        .order_by(ProctoringEvent.detected_at, ProctoringEvent.id)
    )
    return [
        NoticedSign(
            type=event.event_type,
            severity=event.severity,
            at=event.detected_at,
            offset_ms=event.offset_ms,
            duration_seconds=event.duration_seconds,
            measured=event.measured,
            verdict=event.verdict,
            picture=_name(files, f"noticed-{number}.jpg", event.snapshot_key),
        )
        for number, event in enumerate(events, start=1)
    ]


def _name(files: dict[str, str], name: str, key: str | None) -> str | None:
    if key is None:
        return None
    files[name] = key
    return name
