"""Which session runs, and with how much patience."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Timings:
    """Patience of a running session, in seconds."""

    warm_seat_seconds: float = 60.0
    offer_seconds: float = 60.0
    tick_seconds: float = 0.5


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """Which session this is."""

    session_id: str
    kind: Literal["one_way", "live", "panel"]
    candidate_id: str
    status: str
