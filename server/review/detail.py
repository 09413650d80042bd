"""One session as a whole, as the person asking may see it."""

from datetime import datetime
from uuid import UUID

from server.accounts.models import Organisation, User
from server.accounts.schemas import PersonRef
from server.evidence import service as evidence
from server.evidence.policies import preview_rules
from server.evidence.schemas import IntegrityScore, ProctoringEvent
from server.evidence.scoring import scores_of
from server.interviews.models import Interview, InterviewKind
from server.interviews.schemas import InterviewQuestion
from server.interviews.service import questions_of
from server.recordings.reading import videos_of, waveforms_of
from server.recordings.schemas import Video, Waveform
from server.scheduling.consent import consent_text, standing_consent
from server.scheduling.models import InterviewSession, SessionMode, SessionStatus, SessionType
from server.scheduling.schemas import Interviewer, SessionRole
from server.scheduling.service import SessionAccess, panels_of
from server.schemas import Output
from server.storage.db import UnitOfWork


class SessionInterview(Output):
    id: UUID
    title: str
    description: str
    kind: InterviewKind
    think_seconds: int
    answer_seconds: int
    takes: int
    practice_question: bool
    deadline: datetime | None


class SessionOrganisation(Output):
    id: UUID
    name: str


class SessionCandidate(PersonRef):
    email: str


class SessionConsent(Output):
    """What has to be agreed to, and whether it was; `given_at` is null when another version was agreed to."""

    required_version: str
    text: str
    event_types: list[str]
    retention_days: int
    given_at: datetime | None


class SessionDetail(Output):
    id: UUID
    status: SessionStatus
    kind: InterviewKind
    type: SessionType
    mode: SessionMode
    interview: SessionInterview
    organisation: SessionOrganisation
    candidate: SessionCandidate
    interviewers: list[Interviewer]
    questions: list[InterviewQuestion]
    consent: SessionConsent
    videos: list[Video]
    scheduled_start: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    my_role: SessionRole
    server_time: datetime


class Review(Output):
    """What a reviewer's desk shows; there is no score where nothing was recorded or watched for."""

    session: SessionDetail
    videos: list[Video]
    waveforms: list[Waveform]
    events: list[ProctoringEvent]
    score: IntegrityScore | None


async def session_detail(uow: UnitOfWork, granted: SessionAccess) -> SessionDetail:
    """The session with everything around it, in a fixed number of queries."""
    session = granted.session
    interview = await uow.session.get_one(Interview, session.interview_id)
    organisation = await uow.session.get_one(Organisation, session.organisation_id)
    candidate = await uow.session.get_one(User, session.candidate_id)
    videos = await videos_of(uow, session.id)
    return SessionDetail(
        id=session.id,
        status=session.status,
        kind=interview.kind,
        type=session.type,
        mode=session.mode,
        interview=_interview(interview),
        organisation=SessionOrganisation(id=organisation.id, name=organisation.name),
        candidate=SessionCandidate(id=candidate.id, full_name=candidate.full_name, email=candidate.email),
        interviewers=(await panels_of(uow, [session.id])).get(session.id, []),
        questions=(await questions_of(uow, [interview])).get(interview.id, []),
        consent=await _consent(uow, session),
        videos=[Video.of(video, for_candidate=granted.is_candidate) for video in videos],
        scheduled_start=session.scheduled_start,
        started_at=session.started_at,
        ended_at=session.ended_at,
        my_role=granted.role,
        server_time=uow.now,
    )


def _interview(interview: Interview) -> SessionInterview:
    return SessionInterview(
        id=interview.id,
        title=interview.title,
        description=interview.description,
        kind=interview.kind,
        think_seconds=interview.think_seconds,
        answer_seconds=interview.answer_seconds,
        takes=interview.takes,
        practice_question=interview.practice_question,
        deadline=interview.deadline,
    )


async def _consent(uow: UnitOfWork, session: InterviewSession) -> SessionConsent:
    required = await consent_text(uow, session.organisation_id)
    given = await standing_consent(uow, session)
    rules = await preview_rules(uow, session)
    current = given is not None and given.text_version == required.version
    return SessionConsent(
        required_version=required.version,
        text=required.text,
        event_types=[kind.value for kind in rules.event_types],
        retention_days=required.retention_days,
        given_at=given.given_at if given is not None and current else None,
    )


async def review_of(uow: UnitOfWork, granted: SessionAccess) -> Review:
    """The session with its timeline."""
    detail = await session_detail(uow, granted)
    events = await evidence.events_of(uow, granted.session.id)
    waveforms = await waveforms_of(uow, granted.session.id)
    session = granted.session
    recorded = {session.id} if detail.videos else set()
    scores = await scores_of(uow, [session], recorded)
    return Review(
        session=detail,
        videos=detail.videos,
        waveforms=waveforms,
        events=events,
        score=scores.get(session.id),
    )
