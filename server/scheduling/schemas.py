"""What the sessions API takes and gives."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from server.accounts.schemas import Name, PersonRef
from server.interviews.models import InterviewKind, ParticipantStatus
from server.scheduling.models import PanelRole, SessionStatus
from server.schemas import Input, Output

SessionRole = Literal["candidate", "interviewer", "reviewer", "recruiter", "admin"]


class SessionSummary(Output):
    id: UUID
    status: SessionStatus
    started_at: datetime | None
    ended_at: datetime | None
    scheduled_start: datetime | None


class InterviewSummary(Output):
    """An interview as the candidate sees it on the dashboard."""

    id: UUID
    title: str
    description: str
    kind: InterviewKind
    organisation_name: str
    deadline: datetime | None
    question_count: int
    think_seconds: int
    answer_seconds: int
    takes: int
    practice_question: bool


class CandidateInterview(Output):
    """One interview I take part in, and my sitting; `answered_count` questions of it have an answer."""

    participant_id: UUID
    status: ParticipantStatus
    joined_at: datetime
    completed_at: datetime | None
    interview: InterviewSummary
    session: SessionSummary | None
    answered_count: int = 0


class CandidateInterviews(Output):
    items: list[CandidateInterview]
    next_cursor: str | None = None


class CandidateInvitation(Output):
    """An open invitation of my own confirmed address; `expires_at` is the last moment to begin."""

    id: UUID
    title: str
    kind: InterviewKind
    organisation_name: str
    expires_at: datetime


class CandidateInvitations(Output):
    items: list[CandidateInvitation]
    next_cursor: str | None = None


class Interviewer(PersonRef):
    panel_role: PanelRole


class GiveConsent(Input):
    version: str = Field(max_length=40)
    full_name: Name


class ConsentGiven(Output):
    id: UUID
    given_at: datetime
    text_version: str
