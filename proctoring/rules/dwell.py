"""Dwell, hysteresis and merging: turns readings of one signal into incidents that have a start and an end."""

from proctoring.rules.evidence import Evidence, Run
from proctoring.rules.history import History
from proctoring.rules.ledger import Ledger
from proctoring.rules.policy import Policy
from proctoring.rules.signal import Reading, Signal
from proctoring.types import IncidentChange, Phase


class DwellRule:
    """One event type of one stream.

    Opens when the abnormal state has lasted `dwell_ms`, starting at its first reading. It ends at the first
    reading of a normality that lasts `end_after_ms`; if the state comes back, for `dwell_ms` and less than
    `merge_gap_ms` after that end, the incident goes on, otherwise it is closed. Time is the readings'
    offset, nothing else.
    """

    def __init__(self, signal: Signal, policy: Policy, history: History) -> None:
        self._signal = signal
        self._kind = policy[signal.event_type]
        self._policy = policy
        self.ledger = Ledger(signal.event_type, policy, history, signal.thresholds)
        self._pending = Run(True, policy)
        self._recovery = Run(False, policy, min_observations=2)
        self._evidence = Evidence(signal, 0, policy.hold_ms)
        self._ended_ms: int | None = None
        self._calm_ms = 0
        self._merged = 0
        self._reported_ms = 0
        self._last_ms: int | None = None

    def take(self, reading: Reading) -> list[IncidentChange]:
        """Take in one reading; one that is not newer than the last is ignored."""
        if self._last_ms is not None and reading.offset_ms <= self._last_ms:
            return []
        changes = self.advance(reading.offset_ms)
        self._last_ms = reading.offset_ms
        if self.ledger.open is None:
            return changes + self._watch(reading)
        if self._ended_ms is not None:
            return changes + self._linger(reading, self._ended_ms)
        return changes + self._follow(reading)

    def advance(self, now_ms: int) -> list[IncidentChange]:
        """Tell the time: closes what has ended, and what no reading has confirmed for `max_gap_ms`."""
        silence_ms = 0 if self._last_ms is None else now_ms - self._last_ms
        if silence_ms > self._policy.pending_gap_ms:
            self._pending.clear()
        if self.ledger.open is None:
            return []
        if self._ended_ms is not None:
            return self._close_if_over(now_ms, self._ended_ms)
        if silence_ms <= self._policy.max_gap_ms:
            return []
        recovered_ms = self._recovery.start_ms
        if recovered_ms is not None:
            return [self._close(recovered_ms)]
        return [self._close(self._last_ms or 0, lost_sight=True)]

    def finish(self, at_ms: int) -> list[IncidentChange]:
        """The stream ended: close what is open, at its end, at its recovery, at `at_ms` or when last seen."""
        changes = self.advance(at_ms)
        self._pending.clear()
        self._last_ms = max(at_ms, self._last_ms or 0)
        if self.ledger.open is None:
            return changes
        ended_ms = self._recovery.start_ms if self._ended_ms is None else self._ended_ms
        return [*changes, self._close(at_ms if ended_ms is None else min(ended_ms, at_ms))]

    def _watch(self, reading: Reading) -> list[IncidentChange]:
        """Nothing is open."""
        return [self._open(reading)] if self._began(reading) else []

    def _open(self, reading: Reading) -> IncidentChange:
        """The pending run is an incident."""
        first = self._pending.readings[0]
        started_ms = self.ledger.start(first.from_ms, reading.detector, reading.model_version).started_ms
        self._evidence = Evidence(self._signal, started_ms, self._policy.hold_ms, first.offset_ms)
        self._calm_ms, self._merged = 0, 0
        self._take_pending()
        return self._report(Phase.OPENED, reading.offset_ms)

    def _follow(self, reading: Reading) -> list[IncidentChange]:
        """An incident is open and lasts."""
        self._recovery.add(reading)
        ended = self._recovery.lasted(self._kind.end_after_ms)
        for each in self._recovery.release():
            self._evidence.add(each)
        if ended:
            self._ended_ms = self._recovery.readings[0].offset_ms
            self._recovery.clear()
            return self._close_if_over(reading.offset_ms, self._ended_ms)
        due = reading.offset_ms - self._reported_ms >= self._policy.update_every_ms
        if self._recovery.readings or not due:
            return []
        return [self._report(Phase.UPDATED, reading.offset_ms)]

    def _linger(self, reading: Reading, ended_ms: int) -> list[IncidentChange]:
        """An incident has ended and waits for one that is close enough to be the same."""
        began = self._began(reading)
        first = self._pending.readings[0] if self._pending.readings else None
        start_ms = None if first is None else max(first.from_ms, ended_ms)
        if start_ms is not None and start_ms - ended_ms >= self._kind.merge_gap_ms:
            change = self._close(ended_ms)
            return [change, *([self._open(reading)] if began else [])]
        if not began or start_ms is None:
            return self._close_if_over(reading.offset_ms, ended_ms)
        self._ended_ms = None
        self._calm_ms += start_ms - ended_ms
        self._merged += 1
        self._evidence.last_ms = start_ms
        self._take_pending()
        return [self._report(Phase.UPDATED, reading.offset_ms)]

    def _began(self, reading: Reading) -> bool:
        self._pending.add(reading)
        lasted = self._pending.lasted(self._kind.dwell_ms) and reading.certain
        self._pending.release()
        return lasted

    def _take_pending(self) -> None:
        for each in self._pending.readings:
            self._evidence.add(each)
        self._pending.clear()

    def _close_if_over(self, now_ms: int, ended_ms: int) -> list[IncidentChange]:
        waiting = bool(self._pending.readings) or now_ms - ended_ms < self._kind.merge_gap_ms
        return [] if waiting else [self._close(ended_ms)]

    def _close(self, end_ms: int, lost_sight: bool = False) -> IncidentChange:
        if self._ended_ms is None and self._recovery.start_ms is None:
            for each in self._recovery.readings:
                self._evidence.add(each)
        self._recovery.clear()
        self._ended_ms = None
        return self._report(Phase.CLOSED, end_ms, lost_sight=lost_sight)

    def _report(self, phase: Phase, at_ms: int, lost_sight: bool = False) -> IncidentChange:
        self._reported_ms = at_ms
        measured = self._evidence.measured()
        if self._merged:
            measured["merged"] = self._merged + 1
        if lost_sight:
            measured["ended_by_gap"] = True
        snapshot = self._evidence.snapshot
        return self.ledger.report(phase, at_ms, measured, calm_ms=self._calm_ms, snapshot=snapshot)
