"""The fixed words of the protocol, on both sides."""

from typing import Literal

Direction = Literal["publish", "subscribe", "channel"]
SourceKind = Literal["camera", "screen"]
Role = Literal["candidate", "interviewer", "observer"]
Place = Literal["checking", "waiting", "in_room"]
TrackKind = Literal["audio", "video"]
LeaveReason = Literal["left", "timeout", "replaced", "removed", "ended"]
RecordingState = Literal["starting", "recording", "finalising", "ready", "failed"]
