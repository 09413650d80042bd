"""The table of answers to requests that may come twice."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.storage.base import Base, Identified


class KeptAnswer(Identified, Base):
    """What a person's request with an Idempotency-Key was answered with; theirs alone, and gone soon."""

    __tablename__ = "kept_answers"
    __table_args__ = (UniqueConstraint("user_id", "key_hash"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    key_hash: Mapped[bytes]
    request_hash: Mapped[bytes]
    sealed: Mapped[bytes]  # answers may tell codes: only who has the key and our secret can read it
    expires_at: Mapped[datetime] = mapped_column(index=True)
