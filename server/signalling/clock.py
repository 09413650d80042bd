"""A browser's clock on the server's, from the pings of one socket."""

from collections import deque

_SAMPLES = 8


class ClientClock:
    """Maps a client's milliseconds to those of the event loop.

    A ping arrives no earlier than it was sent, so the smallest difference of the last eight is the one with
    the least delay in it. No more than eight, to keep up with a clock that stood still while the computer
    slept.
    """

    def __init__(self) -> None:
        self._ahead_ms: deque[float] = deque(maxlen=_SAMPLES)

    def pinged(self, sent_at_ms: float, now_ms: float) -> None:
        """A ping arrived."""
        self._ahead_ms.append(now_ms - sent_at_ms)

    def to_server_ms(self, at_ms: float, now_ms: float) -> float:
        """When something happened, never later than now; without any ping it is now."""
        if not self._ahead_ms:
            return now_ms
        return min(at_ms + min(self._ahead_ms), now_ms)
