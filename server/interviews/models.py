"""Tables of interviews, questions, invites and participants."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Edited, Identified, OrganisationOwned, choice


class InterviewKind(StrEnum):
    ONE_WAY = "one_way"
    LIVE = "live"
    PANEL = "panel"


class InterviewStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    COMPLETED = "completed"


class InviteStatus(StrEnum):
    PENDING = "pending"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    EXPIRED = "expired"
    REVOKED = "revoked"


class ParticipantStatus(StrEnum):
    ACTIVE = "active"
    COMPLETED = "completed"
    WITHDRAWN = "withdrawn"


class Interview(Identified, Created, Edited, OrganisationOwned, Base):
    """What candidates are invited to."""

    __tablename__ = "interviews"
    __table_args__ = (
        CheckConstraint("takes >= 1", name="takes"),
        CheckConstraint("think_seconds >= 0 AND answer_seconds > 0", name="times"),
        CheckConstraint("duration_minutes > 0", name="duration"),
    )

    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(default="", server_default="")
    recruiter_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    status: Mapped[InterviewStatus] = mapped_column(
        choice(InterviewStatus, "status"), default=InterviewStatus.ACTIVE
    )
    kind: Mapped[InterviewKind] = mapped_column(choice(InterviewKind, "kind"))
    deadline: Mapped[datetime | None]
    think_seconds: Mapped[int]
    answer_seconds: Mapped[int]
    takes: Mapped[int] = mapped_column(default=1)
    practice_question: Mapped[bool] = mapped_column(default=False, server_default="false")
    duration_minutes: Mapped[int | None]
    interview_guide: Mapped[str] = mapped_column(default="", server_default="")
    share_settings: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it from the class


class InterviewInterviewer(OrganisationOwned, Base):
    """An interviewer every session of this interview gets on its panel."""

    __tablename__ = "interview_interviewers"

    interview_id: Mapped[UUID] = mapped_column(
        ForeignKey("interviews.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)  # the first one leads


class InterviewQuestion(Identified, OrganisationOwned, Base):
    """A question as this interview asks it."""

    __tablename__ = "interview_questions"
    __table_args__ = (UniqueConstraint("interview_id", "order_index", deferrable=True, initially="DEFERRED"),)

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    question_id: Mapped[UUID | None] = mapped_column(  # whose text was copied
        ForeignKey("questions.id", ondelete="SET NULL"), index=True
    )
    text: Mapped[str] = mapped_column(String(500))
    order_index: Mapped[int]
    think_seconds: Mapped[int | None]  # null: the interview's
    answer_seconds: Mapped[int | None]


OPEN_INVITE = "status = 'pending'"
LIVE_INVITE = "status IN ('pending', 'accepted')"


class Invite(Identified, Created, OrganisationOwned, Base):
    """An invitation of one e-mail address to one interview, by a six-digit code or a link."""

    __tablename__ = "invites"
    __table_args__ = (
        Index("uq_invites_open_code", "code_hash", unique=True, postgresql_where=text(OPEN_INVITE)),
        Index(
            "uq_invites_live_email", "interview_id", "email", unique=True, postgresql_where=text(LIVE_INVITE)
        ),
        Index("ix_invites_code", "code_hash"),
        Index("ix_invites_open_email", "email", postgresql_where=text(OPEN_INVITE)),
        Index(None, "interview_id", "id"),
        Index(None, "organisation_id", "created_at"),
        Index("ix_invites_due", "expires_at", postgresql_where=text(OPEN_INVITE)),
        Index(
            "ix_invites_progress",
            "interview_id",
            postgresql_include=["id", "status", "opened_at", "accepted_at", "created_at", "organisation_id"],
        ),
    )

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    invited_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    accepted_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    email: Mapped[str] = mapped_column(String(254))  # case-folded
    name: Mapped[str | None] = mapped_column(String(200))  # to greet them by, where the list had one
    code_hash: Mapped[bytes]  # keyed, so that a stolen table gives no codes
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    status: Mapped[InviteStatus] = mapped_column(choice(InviteStatus, "status"), default=InviteStatus.PENDING)
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]  # when somebody first followed its link
    accepted_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class Participant(Identified, OrganisationOwned, Base):
    """A person who accepted an invitation to an interview."""

    __tablename__ = "participants"
    __table_args__ = (
        UniqueConstraint("interview_id", "user_id"),
        Index(
            "ix_participants_progress",
            "interview_id",
            postgresql_include=["joined_at", "organisation_id", "user_id"],
        ),
    )

    interview_id: Mapped[UUID] = mapped_column(ForeignKey("interviews.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    invite_id: Mapped[UUID | None] = mapped_column(ForeignKey("invites.id", ondelete="SET NULL"))
    status: Mapped[ParticipantStatus] = mapped_column(
        choice(ParticipantStatus, "status"), default=ParticipantStatus.ACTIVE
    )
    joined_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
