"""The life of a session: which status may follow which."""

from server.errors import InvalidTransition
from server.scheduling.models import SessionStatus

S = SessionStatus

TRANSITIONS: dict[SessionStatus, frozenset[SessionStatus]] = {
    S.SCHEDULED: frozenset({S.CONFIRMED, S.RESCHEDULED, S.CANCELLED, S.NO_SHOW}),
    # Rescheduled behaves as scheduled: it waits for confirmation, and may move again.
    S.RESCHEDULED: frozenset({S.CONFIRMED, S.RESCHEDULED, S.CANCELLED, S.NO_SHOW}),
    S.CONFIRMED: frozenset({S.IN_PROGRESS, S.RESCHEDULED, S.CANCELLED, S.NO_SHOW}),
    S.IN_PROGRESS: frozenset({S.COMPLETED, S.CANCELLED, S.NO_SHOW}),
    S.NO_SHOW: frozenset({S.CANCELLED}),
    S.COMPLETED: frozenset(),
    S.CANCELLED: frozenset(),
}

OVER = frozenset({S.COMPLETED, S.CANCELLED, S.NO_SHOW})
"""Nothing is recorded any more in these."""


def check_transition(current: SessionStatus, wanted: SessionStatus) -> None:
    """Raise InvalidTransition, naming both, when `wanted` may not follow `current`."""
    if wanted not in TRANSITIONS[current]:
        raise InvalidTransition(f"A session that is {current} cannot become {wanted}.")
