"""What the browser says: states that begin and end, and things that happen at one moment."""

from proctoring.rules.history import History
from proctoring.rules.ledger import Ledger
from proctoring.rules.policy import Policy
from proctoring.types import EventType, IncidentChange, Json, Noticed, Phase

DETECTOR = "browser"
SERIES_LIMIT = 120


class SpanRule:
    """One event type the browser reports; what happens at a moment is a state of no length.

    A state opens an incident once it has lasted `dwell_ms`; one that begins again less than `merge_gap_ms`
    after it ended goes on as the same. Notices may come late: an incident never starts before the last one
    of its type has ended, and never ends before it starts.
    """

    def __init__(self, event_type: EventType, policy: Policy, history: History) -> None:
        self._kind = policy[event_type]
        self._policy = policy
        self.ledger = Ledger(event_type, policy, history, {})
        self._dwell_ms = 0
        self._began_ms: int | None = None
        self._ended_ms: int | None = None
        self._calm_ms = 0
        self._times = 0
        self._details: dict[str, Json] = {}
        self._offsets: list[Json] = []
        self._reported_ms = 0

    @property
    def ended_ms(self) -> int | None:
        """Where what is open has ended so far; None while it lasts or nothing is open."""
        return self._ended_ms

    def notice(self, noticed: Noticed) -> list[IncidentChange]:
        """Take in one report; a state that begins twice or ends without a beginning changes nothing."""
        at_ms = max(0, noticed.offset_ms)
        if noticed.step == "ended":
            return self._end(at_ms)
        changes = self._begin(at_ms, noticed) + self.advance(at_ms)
        return changes + (self._end(at_ms) if noticed.step == "happened" else [])

    def advance(self, now_ms: int) -> list[IncidentChange]:
        """Tell the time: opens what has lasted, closes what has ended long enough ago."""
        if self._began_ms is not None:
            return self._last(now_ms, self._began_ms)
        if self._ended_ms is not None and now_ms - self._ended_ms >= self._kind.merge_gap_ms:
            return self.close()
        return []

    def finish(self, at_ms: int) -> list[IncidentChange]:
        """The recording ended: what lasts until then ends with it."""
        if self._began_ms is not None:
            changes = self.advance(at_ms)
            return changes + self._end(at_ms) + self.close()
        return self.close()

    def close(self) -> list[IncidentChange]:
        """Close what has ended, without waiting for more of the same."""
        if self.ledger.open is None or self._ended_ms is None:
            return []
        ended_ms, self._ended_ms = self._ended_ms, None
        return [self._report(Phase.CLOSED, ended_ms)]

    def _begin(self, at_ms: int, noticed: Noticed) -> list[IncidentChange]:
        if self._began_ms is not None:
            return []
        changes = []
        if self._ended_ms is not None and at_ms - self._ended_ms >= self._kind.merge_gap_ms:
            changes = self.close()
        if self._ended_ms is None:
            self._details, self._offsets, self._times, self._calm_ms = {}, [], 0, 0
        self._began_ms = max(at_ms, self._ended_ms or 0, self.ledger.floor_ms)
        self._dwell_ms = 0 if noticed.step == "happened" else self._kind.dwell_ms
        self._details.update(noticed.details)
        return changes

    def _last(self, now_ms: int, began_ms: int) -> list[IncidentChange]:
        """The state lasts; `began_ms` is cleared from the waiting once it counts."""
        if self.ledger.open is None:
            if now_ms - began_ms < self._dwell_ms:
                return []
            self.ledger.start(began_ms, DETECTOR, "")
            self._count(began_ms)
            return [self._report(Phase.OPENED, now_ms)]
        if self._ended_ms is not None:
            if now_ms - began_ms < self._dwell_ms:
                return []
            self._calm_ms += began_ms - self._ended_ms
            self._ended_ms = None
            self._count(began_ms)
            return [self._report(Phase.UPDATED, now_ms)]
        if now_ms - self._reported_ms < self._policy.update_every_ms:
            return []
        return [self._report(Phase.UPDATED, now_ms)]

    def _end(self, at_ms: int) -> list[IncidentChange]:
        if self._began_ms is None:
            return []
        at_ms = max(at_ms, self._began_ms)
        changes = self._last(at_ms, self._began_ms)
        counted = self.ledger.open is not None and self._ended_ms is None
        self._began_ms = None
        if counted:
            self._ended_ms = at_ms
        if self._kind.merge_gap_ms == 0:
            changes += self.close()
        return changes

    def _count(self, began_ms: int) -> None:
        self._times += 1
        if len(self._offsets) < SERIES_LIMIT:
            self._offsets.append(began_ms)

    def _report(self, phase: Phase, at_ms: int) -> IncidentChange:
        self._reported_ms = at_ms
        measured: dict[str, Json] = {
            "times": self._times,
            "offsets_ms": list(self._offsets),
            "details": dict(self._details),
        }
        return self.ledger.report(phase, at_ms, measured, calm_ms=self._calm_ms)
