"""Tables of proctoring events and policies."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Identified, OrganisationOwned, choice


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Verdict(StrEnum):
    NONE = "none"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class ProctoringPolicy(Identified, Created, OrganisationOwned, Base):
    """What is watched for and how strictly; a change is a new version, so old events keep their reasons."""

    __tablename__ = "proctoring_policies"
    __table_args__ = (
        UniqueConstraint("organisation_id", "interview_id", "version", postgresql_nulls_not_distinct=True),
    )

    interview_id: Mapped[UUID | None] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    version: Mapped[int]
    rules: Mapped[dict[str, Any]] = mapped_column(JSONB)  # evidence.rules.PolicyRules
    is_default: Mapped[bool] = mapped_column(default=False, server_default="false")  # nobody chose it
    withdrawn_at: Mapped[datetime | None]  # an interview's own that no longer holds
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))


class SessionPolicy(OrganisationOwned, Base):
    """The policy a session runs under, fixed when it is first asked for."""

    __tablename__ = "session_policies"

    session_id: Mapped[UUID] = mapped_column(
        ForeignKey("interview_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    policy_id: Mapped[UUID] = mapped_column(
        ForeignKey("proctoring_policies.id", ondelete="RESTRICT"), index=True
    )


class ProctoringEvent(Identified, Created, OrganisationOwned, Base):
    """One incident: when in the recording, how long, and the measured values that raised it."""

    __tablename__ = "proctoring_events"
    __table_args__ = (
        Index(None, "session_id", "severity"),
        Index(None, "session_id", "offset_ms"),
        Index("ix_proctoring_events_open", "video_id", postgresql_where=text("is_open")),
        Index(None, "video_id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("interview_sessions.id", ondelete="CASCADE"))
    video_id: Mapped[UUID | None] = mapped_column(ForeignKey("interview_videos.id", ondelete="CASCADE"))
    question_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("interview_questions.id", ondelete="SET NULL")
    )
    event_type: Mapped[str] = mapped_column(String(40))
    severity: Mapped[Severity] = mapped_column(choice(Severity, "severity"))
    detected_at: Mapped[datetime]
    offset_ms: Mapped[int] = mapped_column(BigInteger)
    duration_seconds: Mapped[float]
    is_open: Mapped[bool]
    snapshot_key: Mapped[str | None]
    snapshot_offset_ms: Mapped[int | None] = mapped_column(BigInteger)
    measured: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    thresholds: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    detector: Mapped[str] = mapped_column(String(80), default="", server_default="")
    model_version: Mapped[str] = mapped_column(String(120), default="", server_default="")
    flagged: Mapped[bool] = mapped_column(default=True, server_default="true")
    reviewed: Mapped[bool] = mapped_column(default=False, server_default="false")
    reviewed_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    reviewed_at: Mapped[datetime | None]
    reviewer_notes: Mapped[str | None]
    verdict: Mapped[Verdict] = mapped_column(choice(Verdict, "verdict"), default=Verdict.NONE)
