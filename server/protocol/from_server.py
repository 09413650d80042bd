"""What the server says, replies and news."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from server.protocol.words import Direction, LeaveReason, Place, RecordingState, Role, SourceKind, TrackKind


class _Answer(BaseModel):
    """Base of what the server says; `ref` repeats the request's."""

    model_config = ConfigDict(frozen=True)

    ref: str | None = None


class MutedState(BaseModel):
    """Which of a participant's tracks are muted."""

    audio: bool = False
    video: bool = False


class ParticipantInfo(BaseModel):
    """A participant as the others see them."""

    participant_id: str
    full_name: str
    role: Role
    place: Place
    connected: bool
    muted: MutedState


class StreamInfo(BaseModel):
    """A stream that may be subscribed to."""

    stream_id: str
    participant_id: str
    source: SourceKind
    has_audio: bool
    has_video: bool


class RecordingInfo(BaseModel):
    """State of one recording; `offset_ms` is its length so far."""

    video_id: str
    question_id: str | None
    participant_id: str
    state: RecordingState
    offset_ms: int
    error: str | None = None


class RoomState(BaseModel):
    """The whole truth about a room for one participant."""

    participants: list[ParticipantInfo]
    streams: list[StreamInfo]
    recordings: list[RecordingInfo]
    session_status: str
    server_time: datetime


class IceServer(BaseModel):
    """A STUN or TURN server as RTCPeerConnection wants it."""

    urls: list[str]
    username: str | None = None
    credential: str | None = None


class Welcome(_Answer):
    """Reply to `hello`."""

    type: Literal["welcome"] = "welcome"
    participant_id: str
    resume_token: str
    resumed: bool
    role: Role
    ice_servers: list[IceServer]
    room: RoomState


class Answer(_Answer):
    """Reply to an offer."""

    type: Literal["answer"] = "answer"
    stream_id: str
    direction: Direction
    sdp: str


class Waiting(_Answer):
    """Reply to `enter`: an interviewer has to admit the candidate first."""

    type: Literal["waiting"] = "waiting"
    ice_servers: list[IceServer]
    room: RoomState


class Entered(_Answer):
    """Reply to `enter`, or the news that one was admitted."""

    type: Literal["entered"] = "entered"
    ice_servers: list[IceServer]
    room: RoomState


class ParticipantJoined(_Answer):
    """Somebody entered the room, or waits to be admitted."""

    type: Literal["participant_joined"] = "participant_joined"
    participant: ParticipantInfo


class ParticipantChanged(_Answer):
    """Somebody lost or regained the connection, muted, or was admitted."""

    type: Literal["participant_changed"] = "participant_changed"
    participant: ParticipantInfo


class ParticipantLeft(_Answer):
    """Somebody is gone for good."""

    type: Literal["participant_left"] = "participant_left"
    participant_id: str
    reason: LeaveReason


class MuteAsked(_Answer):
    """An interviewer asks the addressee to mute a track."""

    type: Literal["mute_asked"] = "mute_asked"
    kind: TrackKind
    by: str


class StreamAdded(_Answer):
    """A stream can be subscribed to."""

    type: Literal["stream_added"] = "stream_added"
    stream: StreamInfo


class StreamRemoved(_Answer):
    """A stream is gone."""

    type: Literal["stream_removed"] = "stream_removed"
    stream_id: str


class StreamStatsMessage(_Answer):
    """What the server receives of the addressee's stream."""

    type: Literal["stream_stats"] = "stream_stats"
    stream_id: str
    width: int
    height: int
    fps: float
    kbps: int
    audio_level_db: int
    packets_lost: int


class Speaking(_Answer):
    """Who speaks now."""

    type: Literal["speaking"] = "speaking"
    participant_id: str | None


class RecordingMessage(_Answer, RecordingInfo):
    """A recording changed its state."""

    type: Literal["recording"] = "recording"


class IncidentMessage(_Answer):
    """A proctoring event was opened, updated or closed; interviewers only."""

    type: Literal["incident"] = "incident"
    event: dict[str, Any]
    phase: Literal["opened", "updated", "closed"]


class SessionEnded(_Answer):
    """The session is over for everybody."""

    type: Literal["session_ended"] = "session_ended"
    ended_at: datetime
    reason: str


class Noted(_Answer):
    """Reply to `noticed`; `kept` says that the timeline holds it, or will if it lasts."""

    type: Literal["noted"] = "noted"
    id: str
    kept: bool


class Pong(_Answer):
    """Reply to `ping`."""

    type: Literal["pong"] = "pong"
    sent_at_ms: float
    server_time: datetime


class Bye(_Answer):
    """The seat is given up; the socket closes."""

    type: Literal["bye"] = "bye"


class ErrorMessage(_Answer):
    """A refusal with a stable code."""

    type: Literal["error"] = "error"
    error: str
    detail: str
    fatal: bool = False


ServerMessage = (
    Welcome
    | Answer
    | Waiting
    | Entered
    | ParticipantJoined
    | ParticipantChanged
    | ParticipantLeft
    | MuteAsked
    | StreamAdded
    | StreamRemoved
    | StreamStatsMessage
    | Speaking
    | RecordingMessage
    | IncidentMessage
    | SessionEnded
    | Noted
    | Pong
    | Bye
    | ErrorMessage
)
