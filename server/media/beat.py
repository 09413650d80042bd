"""Timers of all connections that go off together, with the reading of the ports.

Waking a process costs more than most of what it does then (20 µs, cold caches). Reports, feedback and flushes
can wait some milliseconds; on one grid fifty recordings wake the process as often as one does, and the more
there is to do at once, the less of it is done with cold caches: beats of 60 ms instead of 20 cost six
recordings a quarter less, and a fifth less with what came from one peer taken together (`bench-media`).
"""

import asyncio
from collections.abc import Callable

BEAT_SECONDS = 0.06


def seconds_to_beat(now_seconds: float, seconds: float, beat_seconds: float = BEAT_SECONDS) -> float:
    """How long it is to the beat nearest to `seconds` from now, the next one at the earliest.

    A timer that went off late keeps its period: the nearest beat is counted from, not the next.
    """
    beats = max(round((now_seconds + seconds) / beat_seconds), int(now_seconds / beat_seconds + 0.25) + 1)
    return beats * beat_seconds - now_seconds


def call_on_beat(
    loop: asyncio.AbstractEventLoop, seconds: float, callback: Callable[[], object]
) -> asyncio.TimerHandle:
    """Like `loop.call_later`, at most half a beat sooner or later."""
    return loop.call_later(seconds_to_beat(loop.time(), seconds), callback)
