"""Spans of a recording nobody analysed, told as incidents so that silence is never mistaken for calm."""

from proctoring.rules.history import History
from proctoring.rules.ledger import Ledger
from proctoring.rules.policy import Policy
from proctoring.types import EventType, IncidentChange, Phase

DETECTOR = "proctor-worker"


class DegradedRule:
    """Turns reported spans into `analysis_degraded` incidents that never overlap each other."""

    def __init__(self, policy: Policy, history: History) -> None:
        self._ledger = Ledger(EventType.ANALYSIS_DEGRADED, policy, history, {})

    def span(self, from_ms: int, until_ms: int, reason: str) -> list[IncidentChange]:
        """Open and close an incident for the part of the span that is not told yet, if any is left."""
        if until_ms <= max(from_ms, self._ledger.floor_ms):
            return []
        self._ledger.start(from_ms, DETECTOR, "")
        measured = {"reason": reason}
        return [self._ledger.report(phase, until_ms, measured) for phase in (Phase.OPENED, Phase.CLOSED)]
