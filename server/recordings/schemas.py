"""What the videos API takes and gives."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from server.recordings.models import EndReason, InterviewVideo, VideoContainer, VideoSource, VideoStatus
from server.schemas import LINES, Input, Output
from server.web import API


class Segment(Output):
    """A stretch between two interruptions; `offset_ms` is where it begins in the finished video."""

    index: int
    offset_ms: int
    duration_ms: int | None
    started_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None


class Video(Output):
    """One recording; facts about the file are null until it is finished."""

    id: UUID
    session_id: UUID
    question_id: UUID | None
    participant_id: UUID
    source: VideoSource
    status: VideoStatus
    container: VideoContainer | None
    video_codec: str | None
    audio_codec: str | None
    width: int | None
    height: int | None
    duration_ms: int | None
    bytes: int | None
    sha256: str | None
    started_at: datetime
    ended_at: datetime | None
    uploaded_at: datetime | None
    take_number: int
    is_selected: bool
    feedback: str | None
    error: str | None
    file_url: str
    thumbnail_url: str | None
    segments: list[Segment]

    @classmethod
    def of(cls, video: InterviewVideo, *, for_candidate: bool = False) -> "Video":
        """A video whose segments are loaded; the candidate does not see what reviewers wrote."""
        url = f"{API}/videos/{video.id}"
        return cls(
            id=video.id,
            session_id=video.session_id,
            question_id=video.question_id,
            participant_id=video.participant_id,
            source=video.source,
            status=video.status,
            container=video.container,
            video_codec=video.video_codec,
            audio_codec=video.audio_codec,
            width=video.width,
            height=video.height,
            duration_ms=video.duration_ms,
            bytes=video.bytes,
            sha256=video.sha256,
            started_at=video.started_at,
            ended_at=video.ended_at,
            uploaded_at=video.uploaded_at,
            take_number=video.take_number,
            is_selected=video.is_selected,
            feedback=None if for_candidate else video.feedback,
            error=video.error,
            file_url=f"{url}/file",
            thumbnail_url=f"{url}/thumbnail" if video.thumbnail_key else None,
            segments=[
                Segment(
                    index=segment.index,
                    offset_ms=segment.offset_ms,
                    duration_ms=segment.duration_ms,
                    started_at=segment.started_at,
                    ended_at=segment.ended_at,
                    end_reason=segment.end_reason,
                )
                for segment in video.segments
            ],
        )


class Waveform(Output):
    """How loud a video is: one value for each `interval_ms`, 0 (-60 dBFS and below) to 100 (full scale)."""

    video_id: UUID
    interval_ms: int
    levels: list[int]


class ChangeVideo(Input):
    feedback: str | None = Field(None, max_length=5000, pattern=LINES)
