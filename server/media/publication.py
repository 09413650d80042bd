"""A stream on its way into a room: whether it lives, and what is received of it."""

from dataclasses import dataclass
from typing import Literal

from server.media.connection import MediaConnection
from server.media.source import Source, SourceKind

StreamEnd = Literal["unpublished", "replaced", "connection_lost"]
_CONNECT_TIMEOUT_MS = 20_000.0
# A screen on which nothing moves may send nothing for a while.
_SILENT_TIMEOUT_MS: dict[SourceKind, float] = {"camera": 6_000.0, "screen": 30_000.0}
_ALIVE_MS = 300.0  # a page that is loaded again is silent for longer than that


@dataclass(frozen=True, slots=True)
class StreamStats:
    """What the server received of a stream in the last second."""

    stream_id: str
    width: int
    height: int
    fps: float
    kbps: int
    audio_level_db: int
    loudest_db: int | None
    packets_lost: int


@dataclass(slots=True, eq=False)
class Publication:
    """A source with the connection it comes over; times are milliseconds of the event loop's clock."""

    source: Source
    connection: MediaConnection
    since_ms: float
    connected: bool = False
    counted: tuple[int, int, float] = (0, 0, 0.0)

    def on_connected(self, now_ms: float) -> None:
        """The first packet may come from now on."""
        self.connected = True
        self.since_ms = self.source.last_packet_ms = now_ms

    def same_as(self, participant_id: str, kind: SourceKind) -> bool:
        """Whether it is that participant's camera, or screen."""
        return (self.source.participant_id, self.source.kind) == (participant_id, kind)

    def alive(self, now_ms: float) -> bool:
        """Whether packets are coming in at this moment."""
        return now_ms - self.source.last_packet_ms < _ALIVE_MS

    def lost(self, now_ms: float) -> bool:
        """Whether it never connected in time, or has been silent for too long."""
        if not self.connected:
            return now_ms - self.since_ms > _CONNECT_TIMEOUT_MS
        return now_ms - self.source.last_packet_ms > _SILENT_TIMEOUT_MS[self.source.kind]

    def measure(self, now_ms: float) -> StreamStats:
        """What was received since it was measured last."""
        source = self.source
        frames, octets, at_ms = self.counted
        seconds = max(0.001, (now_ms - (at_ms or self.since_ms)) / 1000)
        self.counted = (source.video_frames, source.octets, now_ms)
        return StreamStats(
            stream_id=source.stream_id,
            width=source.width,
            height=source.height,
            fps=round((source.video_frames - frames) / seconds, 1),
            kbps=round((source.octets - octets) * 8 / seconds / 1000),
            audio_level_db=source.audio_level_db,
            loudest_db=source.take_loudest(),
            packets_lost=source.packets_lost,
        )
