"""Identity, number and severity of the incidents of one event type: what all rules report through."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import uuid4

from proctoring.rules.history import History
from proctoring.rules.policy import Policy
from proctoring.types import EventType, Incident, IncidentChange, Json, Phase


@dataclass(slots=True)
class Ledger:
    """Opens, reports and closes the incidents of one type, one after the other.

    `floor_ms` is where the last one ended: none starts before it.
    """

    event_type: EventType
    policy: Policy
    history: History
    limits: Mapping[str, Json]
    floor_ms: int = 0
    open: Incident | None = None
    nth: int = 0

    def start(self, started_ms: int, detector: str, model_version: str) -> Incident:
        """A new incident, not reported yet."""
        if self.open is not None:
            raise RuntimeError(f"a {self.event_type} is open already")
        kind = self.policy[self.event_type]
        self.nth = self.history.next_of(self.event_type)
        self.open = Incident(
            incident_id=uuid4(),
            event_type=self.event_type,
            severity=kind.severity(0, self.nth),
            started_ms=max(started_ms, self.floor_ms),
            ended_ms=None,
            measured={},
            thresholds={
                "dwell_ms": kind.dwell_ms,
                "end_after_ms": kind.end_after_ms,
                "merge_gap_ms": kind.merge_gap_ms,
                "min_share": self.policy.min_share,
                "policy_version": self.policy.version,
                **self.limits,
            },
            detector=detector,
            model_version=model_version,
        )
        return self.open

    def report(
        self,
        phase: Phase,
        until_ms: int,
        measured: Mapping[str, Json],
        *,
        calm_ms: int = 0,
        snapshot: tuple[bytes | None, int | None] = (None, None),
    ) -> IncidentChange:
        """The open incident as it is by `until_ms`; the last report ends it there."""
        incident = self.open
        if incident is None:
            raise RuntimeError(f"no {self.event_type} is open")
        until_ms = max(until_ms, incident.started_ms)
        length_ms = until_ms - incident.started_ms
        ended = phase is Phase.CLOSED
        if ended:
            self.open, self.floor_ms = None, until_ms
        current = replace(
            incident,
            ended_ms=until_ms if ended else None,
            severity=self.policy[self.event_type].severity(length_ms - calm_ms, self.nth),
            measured={"duration_ms": length_ms, "calm_ms": calm_ms, "nth_in_session": self.nth, **measured},
            snapshot=snapshot[0],
            snapshot_offset_ms=snapshot[1],
        )
        return IncidentChange(phase, current)
