"""What somebody is told of themselves, as it stands in the file they download."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from server.evidence.models import Severity, Verdict
from server.interviews.models import ParticipantStatus
from server.mail.models import MailStatus
from server.recordings.models import VideoSource, VideoStatus
from server.scheduling.models import SessionStatus


class Working(BaseModel):
    organisation: str
    role: str


class TakingPart(BaseModel):
    organisation: str
    interview: str
    status: ParticipantStatus
    joined_at: datetime
    completed_at: datetime | None


class Letter(BaseModel):
    kind: str
    subject: str
    status: MailStatus
    created_at: datetime
    sent_at: datetime | None


class SignInOfMine(BaseModel):
    at: datetime
    address: str | None
    device: str | None


class Deed(BaseModel):
    at: datetime
    action: str
    address: str | None


class AboutMe(BaseModel):
    """The account, and what hangs on it."""

    id: UUID
    email: str
    full_name: str
    locale: str
    timezone: str
    created_at: datetime
    last_login_at: datetime | None
    works_for: list[Working]
    takes_part_in: list[TakingPart]
    mails: list[Letter]
    sign_ins: list[SignInOfMine]
    actions: list[Deed]


class Agreement(BaseModel):
    text_version: str
    text: str
    full_name: str
    given_at: datetime
    withdrawn_at: datetime | None
    address: str | None


class Recorded(BaseModel):
    """A recording; `file` and `picture` are names in the archive."""

    source: VideoSource
    status: VideoStatus
    question: str | None
    take_number: int
    counts: bool
    started_at: datetime
    duration_ms: int | None
    bytes: int | None
    sha256: str | None
    file: str | None
    picture: str | None


class NoticedSign(BaseModel):
    """A mark on the timeline, and what a person made of it."""

    type: str
    severity: Severity
    at: datetime
    offset_ms: int
    duration_seconds: float
    measured: dict[str, Any]
    verdict: Verdict
    picture: str | None


class SessionOfMine(BaseModel):
    organisation: str
    interview: str
    status: SessionStatus
    started_at: datetime | None
    ended_at: datetime | None
    consents: list[Agreement]
    recordings: list[Recorded]
    noticed: list[NoticedSign]


class SessionContent(BaseModel):
    """One session, and the stored files that belong to it by their names in the archive."""

    session: SessionOfMine
    files: dict[str, str]  # name -> key
