"""Tables of sessions, their panels and consents."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Identified, OrganisationOwned, choice


class SessionStatus(StrEnum):
    SCHEDULED = "scheduled"
    CONFIRMED = "confirmed"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    RESCHEDULED = "rescheduled"


class SessionType(StrEnum):
    PHONE = "phone"
    VIDEO = "video"
    IN_PERSON = "in_person"
    TECHNICAL = "technical"
    PANEL = "panel"
    ASSESSMENT = "assessment"
    FINAL = "final"
    CULTURE_FIT = "culture_fit"
    CASE_STUDY = "case_study"
    BEHAVIORAL = "behavioral"


class SessionMode(StrEnum):
    VIDEO = "video"
    PHONE = "phone"
    IN_PERSON = "in_person"
    AI = "ai"


class MeetingProvider(StrEnum):
    VIVA = "viva"
    ZOOM = "zoom"
    TEAMS = "teams"
    MEET = "meet"
    WEBEX = "webex"
    CUSTOM = "custom"


class PanelRole(StrEnum):
    LEAD = "lead"
    MEMBER = "member"
    OBSERVER = "observer"


class InterviewSession(Identified, Created, OrganisationOwned, Base):
    """One candidate's sitting. While `ended_at` is empty videos may be added; afterwards none."""

    __tablename__ = "interview_sessions"
    __table_args__ = (
        Index(
            "uq_interview_sessions_open",
            "participant_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND status NOT IN ('cancelled', 'no_show')"),
        ),
        Index(None, "organisation_id", "id"),
        Index(
            "ix_interview_sessions_ended",
            "organisation_id",
            "ended_at",
            postgresql_include=["candidate_id"],
        ),
        Index(
            "ix_interview_sessions_progress",
            "interview_id",
            "participant_id",
            postgresql_include=[
                "status",
                "started_at",
                "ended_at",
                "event_count",
                "unreviewed_count",
                "organisation_id",
                "candidate_id",
            ],
        ),
        Index(None, "candidate_id"),
        Index(None, "participant_id", "id"),
    )

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("participants.id", ondelete="CASCADE"))
    candidate_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    organizer_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    type: Mapped[SessionType] = mapped_column(choice(SessionType, "type"), default=SessionType.VIDEO)
    mode: Mapped[SessionMode] = mapped_column(choice(SessionMode, "mode"), default=SessionMode.VIDEO)
    status: Mapped[SessionStatus] = mapped_column(
        choice(SessionStatus, "status"), default=SessionStatus.SCHEDULED
    )
    scheduled_start: Mapped[datetime | None]
    scheduled_end: Mapped[datetime | None]
    timezone: Mapped[str] = mapped_column(String(64), default="UTC", server_default="UTC")
    candidate_timezone: Mapped[str | None] = mapped_column(String(64))
    meeting_provider: Mapped[MeetingProvider] = mapped_column(
        choice(MeetingProvider, "meeting_provider"), default=MeetingProvider.VIVA
    )
    meeting_url: Mapped[str | None]
    meeting_id: Mapped[str | None] = mapped_column(String(200))
    meeting_password: Mapped[str | None] = mapped_column(String(200))
    location: Mapped[str | None]
    preparation_notes: Mapped[str | None]
    interview_guide: Mapped[str | None]
    meeting_notes: Mapped[str | None]
    reschedule_count: Mapped[int] = mapped_column(default=0, server_default="0")
    confirmed_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    cancellation_reason: Mapped[str | None]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    event_count: Mapped[int] = mapped_column(default=0, server_default="0")  # counted by evidence/service.py
    unreviewed_count: Mapped[int] = mapped_column(default=0, server_default="0")
    reminder_sent_1day: Mapped[datetime | None]
    reminder_sent_1hour: Mapped[datetime | None]
    reminder_sent_15min: Mapped[datetime | None]
    calendar_uid: Mapped[str | None] = mapped_column(String(200))
    calendar_sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    deleted_at: Mapped[datetime | None]  # nobody finds it any more; its files, then its rows go
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class SessionInterviewer(OrganisationOwned, Base):
    """A member of the session's panel."""

    __tablename__ = "session_interviewers"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("interview_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    panel_role: Mapped[PanelRole] = mapped_column(choice(PanelRole, "panel_role"), default=PanelRole.MEMBER)


class ConsentVersion(Identified, Created, OrganisationOwned, Base):
    """A text an organisation once had its candidates agree to, and from when on; the newest one holds."""

    __tablename__ = "consent_versions"
    __table_args__ = (UniqueConstraint("organisation_id", "version"),)

    version: Mapped[str] = mapped_column(String(40))
    text: Mapped[str]  # with {organisation} and {retention_days} as they were written
    retention_days: Mapped[int]
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class Consent(Identified, OrganisationOwned, Base):
    """A candidate's agreement to one text, with the text as it was shown."""

    __tablename__ = "consents"
    __table_args__ = (
        Index(
            "uq_consents_standing",
            "session_id",
            "user_id",
            unique=True,
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("interview_sessions.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    text_version: Mapped[str] = mapped_column(String(40))
    text: Mapped[str]
    retention_days: Mapped[int | None]  # as the text promised
    full_name: Mapped[str] = mapped_column(String(200))  # as typed beneath the text
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    ip: Mapped[str | None] = mapped_column(String(45))
