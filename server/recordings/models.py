"""Tables of recorded videos and their segments."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from server.storage.base import Base, Created, Identified, OrganisationOwned, choice


class VideoSource(StrEnum):
    CAMERA = "camera"
    SCREEN = "screen"


class VideoStatus(StrEnum):
    RECORDING = "recording"
    FINALISING = "finalising"
    READY = "ready"
    RECOVERED = "recovered"
    FAILED = "failed"


class VideoContainer(StrEnum):
    WEBM = "webm"
    MATROSKA = "matroska"


class EndReason(StrEnum):
    FINISHED = "finished"
    CONNECTION_LOST = "connection_lost"
    CRASH = "crash"
    RESOLUTION = "resolution"
    ERROR = "error"


UNFINISHED = "status IN ('recording', 'finalising')"


class InterviewVideo(Identified, Created, OrganisationOwned, Base):
    """One recording of one source: an answer, or a whole live session."""

    __tablename__ = "interview_videos"
    __table_args__ = (
        Index(
            "uq_interview_videos_running",
            "session_id",
            "participant_id",
            "source",
            unique=True,
            postgresql_where=text("status = 'recording'"),
        ),
        Index("ix_interview_videos_unfinished", "status", postgresql_where=text(UNFINISHED)),
        Index(None, "session_id", "question_id"),
        Index(None, "organisation_id", "id"),
    )

    session_id: Mapped[UUID] = mapped_column(ForeignKey("interview_sessions.id", ondelete="CASCADE"))
    question_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("interview_questions.id", ondelete="SET NULL")
    )
    participant_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="RESTRICT"), index=True)
    source: Mapped[VideoSource] = mapped_column(choice(VideoSource, "source"))
    status: Mapped[VideoStatus] = mapped_column(choice(VideoStatus, "status"), default=VideoStatus.RECORDING)
    storage_key: Mapped[str | None]
    thumbnail_key: Mapped[str | None]
    working_path: Mapped[str | None]  # folder of the unfinished recording, under the data folder
    container: Mapped[VideoContainer | None] = mapped_column(choice(VideoContainer, "container"))
    video_codec: Mapped[str | None] = mapped_column(String(20))
    audio_codec: Mapped[str | None] = mapped_column(String(20))
    width: Mapped[int | None]
    height: Mapped[int | None]
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    sha256: Mapped[str | None] = mapped_column(String(64))
    # Up to 1200 numbers that only the review wants.
    waveform: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True), deferred=True)
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    uploaded_at: Mapped[datetime | None]
    take_number: Mapped[int] = mapped_column(default=1)
    is_selected: Mapped[bool] = mapped_column(default=False)
    feedback: Mapped[str | None]
    error: Mapped[str | None]

    segments: Mapped[list["RecordingSegment"]] = relationship(
        order_by="RecordingSegment.index", lazy="raise", passive_deletes=True, cascade="all, delete-orphan"
    )


class RecordingSegment(Identified, OrganisationOwned, Base):
    """A stretch of a recording between two interruptions."""

    __tablename__ = "recording_segments"
    __table_args__ = (UniqueConstraint("video_id", "index"),)

    video_id: Mapped[UUID] = mapped_column(ForeignKey("interview_videos.id", ondelete="CASCADE"))
    index: Mapped[int]
    key: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    offset_ms: Mapped[int] = mapped_column(BigInteger)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)
    end_reason: Mapped[EndReason | None] = mapped_column(choice(EndReason, "end_reason"))
