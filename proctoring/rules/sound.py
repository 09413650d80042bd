"""Whether the microphone gives anything."""

from collections.abc import Mapping

from proctoring.rules.policy import Policy
from proctoring.rules.signal import Reading
from proctoring.types import EventType, Heard, Json

DETECTOR = "audio-level"


class MicrophoneSignal:
    """Abnormal while the microphone is switched off, or gives digital silence, which no room does."""

    event_type = EventType.MICROPHONE_MUTED

    def __init__(self, policy: Policy) -> None:
        limits = policy[self.event_type].thresholds
        self._silent_max_db = limits["silent_max_db"]
        self.thresholds: Mapping[str, Json] = dict(limits)

    def read(self, heard: Heard) -> Reading:
        """Judge one second."""
        silent = heard.level_db <= self._silent_max_db
        return Reading(
            heard.offset_ms,
            heard.muted or silent,
            {"level_db": float(heard.level_db)},
            heard.level_db,
            DETECTOR,
            "",
            cause="muted" if heard.muted else "silent",
        )

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """There is no picture of sound."""
        return (0.0,)
