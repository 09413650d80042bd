"""Which part of a recording was fed and never analysed."""

from collections import deque
from dataclasses import dataclass

INPUT_PAUSE_MS = 1000
"""A longer step between two fed frames is a pause of the input (connection lost), not of the analysis."""
MAX_UNSEEN_MS = 2000
RESTARTED, OVERLOAD, UNDECODABLE = "worker_restarted", "overload", "undecodable"
_RANK = {UNDECODABLE: 0, OVERLOAD: 1, RESTARTED: 2}


@dataclass(frozen=True, slots=True)
class Degraded:
    """A span without analysis, and the gravest reason known."""

    from_ms: int
    until_ms: int
    reason: str


class Coverage:
    """Compares fed with observed offsets of one stream; pauses of the input do not count."""

    def __init__(self) -> None:
        self._seen_ms: int | None = None
        self._fed_ms: int | None = None
        self._pauses: deque[tuple[int, int]] = deque(maxlen=1000)
        self._reason: str | None = None

    def fed(self, offset_ms: int) -> None:
        """A frame came in."""
        if self._fed_ms is None or self._seen_ms is None:
            self._seen_ms = self._fed_ms = offset_ms
        if offset_ms - self._fed_ms > INPUT_PAUSE_MS:
            self._pauses.append((self._fed_ms, offset_ms))
        self._fed_ms = max(self._fed_ms, offset_ms)

    def note(self, reason: str) -> None:
        """Something went wrong since the last observation; the gravest is told."""
        if self._reason is None or _RANK[reason] > _RANK[self._reason]:
            self._reason = reason

    def observed(self, offset_ms: int) -> Degraded | None:
        """The frame at this offset was analysed; returns the span before it when too much of it was not.

        After a restart any span is too much: a quick machine has a new worker before one is missed, and the
        timeline says so all the same.
        """
        if self._seen_ms is None or offset_ms <= self._seen_ms:
            return None
        from_ms, reason = self._seen_ms, self._reason
        self._seen_ms, self._reason = offset_ms, None
        limit_ms = 0 if reason == RESTARTED else MAX_UNSEEN_MS
        unseen_ms = offset_ms - from_ms - self._paused_ms(from_ms, offset_ms)
        if unseen_ms <= limit_ms:
            return None
        return Degraded(from_ms, offset_ms, reason or UNDECODABLE)

    def finish(self) -> Degraded | None:
        """The stream ends: the span at its end that was never analysed, if it matters."""
        return None if self._fed_ms is None else self.observed(self._fed_ms)

    def _paused_ms(self, from_ms: int, until_ms: int) -> int:
        while self._pauses and self._pauses[0][1] <= from_ms:
            self._pauses.popleft()
        return sum(max(0, min(end, until_ms) - max(start, from_ms)) for start, end in self._pauses)
