"""How often a stream is looked at: once a second while it is calm, five times a second around a change."""

CALM_MS, CLOSE_MS, TIRED_MS = 1_000, 200, 500
ALERT_MS, WANING_MS = 3_600, 6_600
"""So long after a change, until the usual dwell times have passed, looks are close, then twice a second."""
LOOKS_IN_STOCK, LOOKS_A_SECOND = 90.0, 1.5
RESERVED_LOOKS = 20.0
"""What merely moves leaves so many for what changes who is there."""
SAMPLING_WHEN_BEHIND = ((1.0, 0), (2.0, 1_000), (float("inf"), 2_000))
"""(up to this lag in seconds, at least this many ms between looks): less often, never not at all."""
SLACK_MS = 40
"""Frames come every 133 ms, not exactly."""


class Pace:
    """Decides for each decoded frame whether it is looked at.

    What goes on changing for ten seconds is looked at twice a second until it has been calm for a while: a
    television in the background must not cost the others.
    """

    def __init__(self) -> None:
        self._looked_ms: int | None = None
        self._changed_ms: int | None = None
        self._stock, self._stocked_ms = LOOKS_IN_STOCK, 0

    def due(self, offset_ms: int, stirred: bool, lag_seconds: float) -> str | None:
        """`look`, None, or `overload` when it should be looked at and there is no time."""
        if self._looked_ms is None or offset_ms < self._looked_ms:
            return "look"
        wanted_ms = self._wanted_ms(offset_ms, stirred)
        since_ms = offset_ms - self._looked_ms + SLACK_MS
        # In slots of time, or 5 a second would be 3.75: every second frame.
        if since_ms < wanted_ms and offset_ms // wanted_ms == self._looked_ms // wanted_ms:
            return None
        least_ms = next(every_ms for lag, every_ms in SAMPLING_WHEN_BEHIND if lag_seconds <= lag)
        return "look" if since_ms >= least_ms else "overload"

    def looked(self, offset_ms: int, changed: bool) -> None:
        """This frame was looked at; `changed`: it is worth looking closer for a while."""
        if self._looked_ms is not None and offset_ms > self._looked_ms:
            self._stock = min(
                LOOKS_IN_STOCK, self._stock + LOOKS_A_SECOND * (offset_ms - self._looked_ms) / 1000
            )
        least = 0.0 if self._alert(offset_ms) else min(self._stock, RESERVED_LOOKS)
        self._stock = max(least, self._stock - 1)
        self._looked_ms = offset_ms
        if changed:
            self._changed_ms = offset_ms

    def _wanted_ms(self, offset_ms: int, stirred: bool) -> int:
        since_ms = WANING_MS if self._changed_ms is None else offset_ms - self._changed_ms
        if not stirred and since_ms >= WANING_MS:
            return CALM_MS
        alert = self._alert(offset_ms)
        close = self._stock >= (1 if alert else RESERVED_LOOKS + 1)
        return CLOSE_MS if close and (stirred or alert) else TIRED_MS

    def _alert(self, offset_ms: int) -> bool:
        return self._changed_ms is not None and offset_ms - self._changed_ms <= ALERT_MS
