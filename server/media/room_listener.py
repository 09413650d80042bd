"""What a room announces to whoever put it up."""

from typing import Protocol

from server.media.publication import StreamEnd, StreamStats
from server.media.source import Source


class RoomListener(Protocol):
    """Whoever runs the room; called on the event loop, must not block."""

    def stream_started(self, source: Source) -> None:
        """A published stream is connected."""

    def stream_ended(self, source: Source, reason: StreamEnd) -> None:
        """A published stream is gone."""

    def stream_stats(self, source: Source, stats: StreamStats) -> None:
        """Once a second for each published stream."""

    def speaking(self, participant_id: str | None) -> None:
        """Another participant speaks now, or nobody."""
