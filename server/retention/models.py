"""Tables of what is on its way out: sessions being deleted, and people who asked to be forgotten."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Identified, OrganisationOwned, choice


class DeletionReason(StrEnum):
    RETENTION = "retention"
    ERASURE = "erasure"


class ErasureRequest(Identified, Base):
    """A person's wish to be forgotten; without a foreign key, so that it outlives the account."""

    __tablename__ = "erasure_requests"
    __table_args__ = (
        Index("uq_erasure_requests_open", "user_id", unique=True, postgresql_where=text("done_at IS NULL")),
    )

    user_id: Mapped[UUID]
    requested_at: Mapped[datetime]
    due_at: Mapped[datetime]
    done_at: Mapped[datetime | None]


class Deletion(Identified, Created, OrganisationOwned, Base):
    """A session whose files and then rows are being deleted; it outlives the session for a while.

    What was written late (a file on its way into the store) is found by it.
    """

    __tablename__ = "deletions"
    __table_args__ = (
        Index("ix_deletions_next_attempt_at", "next_attempt_at"),
        Index("ix_deletions_erasure_id", "erasure_id"),
    )

    session_id: Mapped[UUID] = mapped_column(unique=True)  # no foreign key: the session goes first
    erasure_id: Mapped[UUID | None] = mapped_column(ForeignKey("erasure_requests.id", ondelete="SET NULL"))
    reason: Mapped[DeletionReason] = mapped_column(choice(DeletionReason, "reason"))
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    last_error: Mapped[str | None]
    rows_gone_at: Mapped[datetime | None]
