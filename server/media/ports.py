"""The seam everything in the media plane hangs on: frames, where they come from and where they go."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:  # it is made of a frame
    from server.media.outgoing import Outgoing

Kind = Literal["audio", "video"]
Codec = Literal["vp8", "h264", "opus"]


@dataclass(slots=True, eq=False)
class EncodedFrame:
    """One encoded picture or one audio packet, exactly as the browser sent it.

    `timestamp_ms` is the capture time on the source's clock: comparable between the audio and the video of
    one source. `payloads` are the RTP payloads as they arrived; `data` is the bitstream (for muxing);
    `outgoing` is kept by the first of its viewers for the others. `layer_sync`: an upper-layer frame
    that refers to the base layer alone. `width` and `height` are set on video keyframes only;
    `audio_level_db` is 0 (loudest) to 127 (silence), audio only.
    """

    kind: Kind
    codec: Codec
    rtp_timestamp: int
    timestamp_ms: float
    keyframe: bool
    data: bytes
    payloads: list[bytes]
    temporal_layer: int | None = None
    width: int = 0
    height: int = 0
    audio_level_db: int | None = None
    layer_sync: bool = False
    outgoing: "Outgoing | None" = None


class Sink(Protocol):
    """Takes frames from a source; returns at once and decides itself what to drop when it cannot keep up."""

    def on_frame(self, frame: EncodedFrame) -> None:
        """Take one frame, in decoding order per kind."""

    def on_source_closed(self) -> None:
        """The source will send nothing more."""


class AnalysisPort(Protocol):
    """Whoever analyses a recording's pictures; `offset_ms` is recording time."""

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        """Take one base-layer frame without blocking."""
