"""What a rule reads out of an observation: the seam between dwell logic and what an event type means."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from proctoring.rules.scene import Scene
from proctoring.types import EventType, Json


@dataclass(frozen=True, slots=True)
class Reading:
    """One observation as one rule sees it: whether it is abnormal, and by which values.

    `level` is the figure of the curve shown beside an incident, `cause` one word where a type has several.
    With `certain` False a run may grow on it, but no incident opens yet. `since_ms` says that the state has
    lasted since before this reading.
    """

    offset_ms: int
    abnormal: bool
    values: Mapping[str, float]
    level: float
    detector: str
    model_version: str
    snapshot: bytes | None = None
    faces: int | None = None
    cause: str | None = None
    certain: bool = True
    since_ms: int | None = None
    details: Mapping[str, Json] = field(default_factory=dict)

    @property
    def from_ms(self) -> int:
        """Since when the state is known to last."""
        return self.offset_ms if self.since_ms is None else min(self.since_ms, self.offset_ms)


class Signal(Protocol):
    """Gives one event type its meaning."""

    @property
    def event_type(self) -> EventType:
        """The type of incident raised."""

    @property
    def thresholds(self) -> Mapping[str, Json]:
        """The limits that are compared with; stored with every incident."""

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """How well the picture shows the incident, `into_ms` after its start; greater is better."""


class PictureSignal(Signal, Protocol):
    """A signal that comes from the camera's picture."""

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading | None:
        """Judge one observation; None where what it takes was not measured."""
