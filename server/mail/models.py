"""The table of mails: an outbox, and a record of what became of each."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Created, Identified, choice


class MailStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


QUEUED_MAIL = "status = 'queued'"


class Mail(Identified, Created, Base):
    """One mail to one address. Mails of accounts belong to no organisation."""

    __tablename__ = "mails"
    __table_args__ = (
        Index("ix_mails_due", "priority", "next_attempt_at", postgresql_where=text(QUEUED_MAIL)),
        Index("ix_mails_invite", "invite_id", "id"),
        Index(
            "ix_mails_failed",
            "invite_id",
            postgresql_where=text("status = 'failed'"),
            postgresql_include=["organisation_id"],
        ),
        Index("ix_mails_organisation", "organisation_id", "id", postgresql_include=["to_email"]),
    )

    organisation_id: Mapped[UUID | None] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    invite_id: Mapped[UUID | None] = mapped_column(ForeignKey("invites.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    to_email: Mapped[str] = mapped_column(String(254))
    sender_name: Mapped[str] = mapped_column(String(200))
    reply_to: Mapped[str | None] = mapped_column(String(254))
    subject: Mapped[str] = mapped_column(String(300))
    html: Mapped[str | None]  # null once it is nobody's business any more: letters carry codes and links
    text: Mapped[str | None]
    status: Mapped[MailStatus] = mapped_column(choice(MailStatus, "status"), default=MailStatus.QUEUED)
    priority: Mapped[int] = mapped_column(SmallInteger)  # 0: somebody waits in front of the screen
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime]
    last_error: Mapped[str | None]  # the mail server's words
    sent_at: Mapped[datetime | None]
