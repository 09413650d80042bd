"""What counts, for how long, and how bad it is: the visible numbers behind every incident."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from proctoring.types import EventType, Severity

Preset = Literal["off", "gentle", "standard", "strict", "custom"]
SeveritySteps = tuple[tuple[int, Severity], ...]
"""(from this length in ms, severity), ascending; the first entry starts at 0."""
RepeatSteps = tuple[tuple[int, int], ...]
"""(from the n-th incident of this type in a session, steps the severity rises), ascending."""


@dataclass(frozen=True, slots=True)
class TypePolicy:
    """One event type: whether it is raised, how long it takes, how bad it is and what it weighs.

    A state opens an incident once it has lasted `dwell_ms`, and ends it once it has been gone for
    `end_after_ms`; two whose gap is shorter than `merge_gap_ms` become one. `points` is what an incident of
    each severity takes off the integrity score, `most_points` what all of this type together may take.
    """

    enabled: bool
    dwell_ms: int
    end_after_ms: int
    merge_gap_ms: int
    severities: SeveritySteps
    repeats: RepeatSteps = ()
    thresholds: Mapping[str, float] = field(default_factory=dict)
    points: Mapping[Severity, float] = field(default_factory=dict)
    most_points: float = 0

    def severity(self, length_ms: int, nth: int = 1) -> Severity:
        """How bad the `nth` incident of a session is once it has lasted this long."""
        steps_up = max((steps for from_nth, steps in self.repeats if nth >= from_nth), default=0)
        rank = severity_at(self.severities, length_ms).rank + steps_up
        return list(Severity)[min(rank, len(Severity) - 1)]


def _standard() -> Mapping[EventType, TypePolicy]:
    from proctoring.rules.presets import STANDARD  # the presets are policies themselves

    return STANDARD


@dataclass(frozen=True, slots=True)
class Policy:
    """Every number of the rules; frozen and versioned, so a session can keep the one it ran under.

    `min_share`: which part of a run, by time, must agree, so one missed detection changes nothing.
    `min_observations`: the fewest a run may consist of. `hold_ms`: for how long an observation stands at
    most when no newer one comes. `pending_gap_ms`: a longer silence forgets a run that has not opened.
    `max_gap_ms`: a longer silence closes an open incident at its last observation. `update_every_ms`: how
    often an open incident is reported again.
    """

    version: str = "standard"
    preset: Preset = "standard"
    types: Mapping[EventType, TypePolicy] = field(default_factory=_standard)
    min_share: float = 0.7
    min_observations: int = 3
    hold_ms: int = 1500
    pending_gap_ms: int = 2500
    max_gap_ms: int = 5000
    update_every_ms: int = 1000

    def __getitem__(self, event_type: EventType) -> TypePolicy:
        return self.types[event_type]

    def threshold(self, event_type: EventType, name: str) -> float:
        """One limit of one event type."""
        return self.types[event_type].thresholds[name]

    @property
    def event_types(self) -> list[EventType]:
        """The types that are raised, in the order of the vocabulary."""
        return [kind for kind in EventType if self.types[kind].enabled]

    @property
    def present_min_score(self) -> float:
        """From which detector score on a face counts as present, 0..1."""
        return self.threshold(EventType.NO_FACE, "present_min_score")

    @property
    def second_face_min_score(self) -> float:
        """From which detector score on a second face counts, 0..1."""
        return self.threshold(EventType.MULTIPLE_FACES, "second_face_min_score")

    @property
    def second_face_min_width(self) -> float:
        """From which share of the picture's width on a second face counts."""
        return self.threshold(EventType.MULTIPLE_FACES, "second_face_min_width")


def severity_at(steps: SeveritySteps, length_ms: int) -> Severity:
    """The severity an incident of this length has reached."""
    reached = steps[0][1]
    for from_ms, severity in steps:
        if length_ms >= from_ms:
            reached = severity
    return reached


def only(policy: Policy, wanted: Iterable[EventType]) -> Mapping[EventType, TypePolicy]:
    """The policy's types with all but the wanted ones switched off."""
    chosen = frozenset(wanted)
    return {kind: replace(each, enabled=kind in chosen) for kind, each in policy.types.items()}
