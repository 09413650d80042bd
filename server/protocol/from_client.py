"""What a client may say; nothing is taken that is not written here."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from proctoring.types import EventType
from server.protocol.words import Direction, SourceKind, TrackKind

MAX_MESSAGE_BYTES = 256 * 1024

_Ref = Annotated[str, Field(max_length=64)]
_StreamId = UUID


class _Request(BaseModel):
    """Base of what the client may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    ref: _Ref | None = None


class Hello(_Request):
    """First message of a socket."""

    type: Literal["hello"]
    resume_token: Annotated[str, Field(max_length=128)] | None = None
    take_over: bool = False


class Publish(_Request):
    """Offer of a sending PeerConnection."""

    type: Literal["publish"]
    stream_id: _StreamId
    source: SourceKind
    sdp: str


class Subscribe(_Request):
    """Offer of a receiving PeerConnection."""

    type: Literal["subscribe"]
    stream_id: _StreamId
    sdp: str


class Channel(_Request):
    """Offer of a PeerConnection that carries the chat's data channel."""

    type: Literal["channel"]
    stream_id: _StreamId
    sdp: str


class Candidate(_Request):
    """A trickled ICE candidate; null ends them."""

    type: Literal["candidate"]
    stream_id: _StreamId
    direction: Direction
    candidate: Annotated[str, Field(max_length=1024)] | None
    sdp_mid: Annotated[str, Field(max_length=64)] | None = None
    sdp_m_line_index: Annotated[int, Field(ge=0, le=16)] | None = None


class Unpublish(_Request):
    """Close a sending PeerConnection."""

    type: Literal["unpublish"]
    stream_id: _StreamId


class Unsubscribe(_Request):
    """Close a receiving PeerConnection."""

    type: Literal["unsubscribe"]
    stream_id: _StreamId


class Enter(_Request):
    """Leave the device check and enter the room; a live session's candidate knocks."""

    type: Literal["enter"]


class Admit(_Request):
    """Let a waiting candidate into the room."""

    type: Literal["admit"]
    participant_id: UUID


class Remove(_Request):
    """Put somebody out of the session."""

    type: Literal["remove"]
    participant_id: UUID


class AskMute(_Request):
    """Ask somebody to mute a track."""

    type: Literal["ask_mute"]
    participant_id: UUID
    kind: TrackKind


class StartAnswer(_Request):
    """Begin recording the camera as the answer to a question."""

    type: Literal["start_answer"]
    question_id: UUID


class FinishAnswer(_Request):
    """End an answer's recording."""

    type: Literal["finish_answer"]
    video_id: UUID


class Mute(_Request):
    """Tell the others that a track is silent or dark."""

    type: Literal["mute"]
    kind: TrackKind
    muted: bool


class Leave(_Request):
    """Give the seat up."""

    type: Literal["leave"]


class EndSession(_Request):
    """End the session for everybody."""

    type: Literal["end_session"]


class Ping(_Request):
    """Measure the round trip; keeps the socket alive."""

    type: Literal["ping"]
    sent_at_ms: Annotated[float, Field(allow_inf_nan=False)]


NoticeStep = Literal["began", "ended", "happened"]
_Moment = frozenset({"happened"})
_State = frozenset({"began", "ended"})
_Name = Annotated[str, Field(max_length=200)]


class NoticeDetails(BaseModel):
    """What a browser may add to what it noticed; never anything that was copied, pasted or typed."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    label: _Name | None = None
    kind: Literal["camera", "microphone"] | None = None
    name: _Name | None = None
    before: _Name | None = None
    change: Literal["added", "removed", "switched"] | None = None
    length: Annotated[int, Field(ge=0, le=100_000_000)] | None = None
    by: Literal["button", "browser"] | None = None


# What a browser can notice: which steps a type takes, and which details.
NOTICEABLE: dict[EventType, tuple[frozenset[str], frozenset[str]]] = {
    EventType.TAB_SWITCH: (_State, frozenset()),
    EventType.WINDOW_BLUR: (_State, frozenset()),
    EventType.FULLSCREEN_EXIT: (_State, frozenset()),
    EventType.COPY: (_Moment, frozenset({"length"})),
    EventType.PASTE: (_Moment, frozenset({"length"})),
    EventType.MULTIPLE_DISPLAYS: (_State, frozenset()),
    EventType.SCREEN_SHARE_STOPPED: (_Moment, frozenset({"by"})),
    EventType.DEVICE_CHANGED: (_Moment, frozenset({"kind", "change", "name", "before"})),
    EventType.VIRTUAL_CAMERA: (_State, frozenset({"label"})),
}


class Noticed(_Request):
    """The candidate's browser noticed something; `at_ms` is the clock of its pings."""

    type: Literal["noticed"]
    id: UUID
    event_type: EventType
    step: NoticeStep
    at_ms: Annotated[float, Field(allow_inf_nan=False)]
    details: NoticeDetails = NoticeDetails()

    @model_validator(mode="after")
    def _known(self) -> "Noticed":
        if self.event_type not in NOTICEABLE:
            raise ValueError("no browser notices this")
        steps, details = NOTICEABLE[self.event_type]
        if self.step not in steps:
            raise ValueError(f"the step is one of {', '.join(sorted(steps))}")
        if surplus := self.details.model_fields_set - details:
            raise ValueError(f"details has no {', '.join(sorted(surplus))} here")
        return self


ClientMessage = Annotated[
    Hello
    | Publish
    | Subscribe
    | Channel
    | Candidate
    | Unpublish
    | Unsubscribe
    | Enter
    | Admit
    | Remove
    | AskMute
    | StartAnswer
    | FinishAnswer
    | Mute
    | Leave
    | EndSession
    | Noticed
    | Ping,
    Field(discriminator="type"),
]
client_message: TypeAdapter[ClientMessage] = TypeAdapter(ClientMessage)
