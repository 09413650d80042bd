"""Counts over the sessions that run in this process; nothing in them says who takes part."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from server.media.source import SourceKind
from server.protocol.words import Role

RecordingFigure = Literal["starting", "recording", "interrupted"]


@dataclass(slots=True)
class Figures:
    """What there is now; `frames_dropped` and `flood_dropped` go on counting after their session is gone.

    `degraded` are recordings that nobody has looked at for a while although pictures come in.
    """

    rooms: int = 0
    connected: Counter[Role] = field(default_factory=Counter)
    away: int = 0
    published: Counter[SourceKind] = field(default_factory=Counter)
    viewers: int = 0
    recordings: Counter[RecordingFigure] = field(default_factory=Counter)
    degraded: int = 0
    frames_dropped: int = 0
    flood_dropped: int = 0

    def remember(self, ended: "Figures") -> None:
        """Go on counting from what a session that is gone had counted."""
        self.frames_dropped += ended.frames_dropped
        self.flood_dropped += ended.flood_dropped
