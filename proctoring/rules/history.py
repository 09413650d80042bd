"""What a session's earlier recordings have left behind for the rules of the next."""

from collections import Counter
from dataclasses import dataclass, field
from statistics import median

from proctoring.types import EventType, Pose

CALIBRATION_MS = 10_000
CALIBRATION_POSES = 5


@dataclass(slots=True)
class Calibration:
    """How the candidate sits when the session begins: the median pose of ten seconds with a face."""

    held_ms: int = 0
    yaws: list[float] = field(default_factory=list)
    pitches: list[float] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether enough has been seen."""
        return self.held_ms >= CALIBRATION_MS and len(self.yaws) >= CALIBRATION_POSES

    @property
    def yaw_deg(self) -> float:
        """Where the head is turned when nothing is the matter, in degrees."""
        return median(self.yaws)

    @property
    def pitch_deg(self) -> float:
        """How the head is tilted when nothing is the matter, in degrees."""
        return median(self.pitches)

    def add(self, pose: Pose, held_ms: int) -> None:
        """Count a pose that was the newest one for `held_ms`."""
        if self.known:
            return
        self.held_ms += held_ms
        self.yaws.append(pose.yaw_deg)
        self.pitches.append(pose.pitch_deg)


@dataclass(slots=True)
class History:
    """One per session: how many incidents of each type there were, and how the candidate sits."""

    counts: Counter[EventType] = field(default_factory=Counter)
    calibration: Calibration = field(default_factory=Calibration)

    def next_of(self, event_type: EventType) -> int:
        """Count one more incident and say which it is, from 1."""
        self.counts[event_type] += 1
        return self.counts[event_type]
