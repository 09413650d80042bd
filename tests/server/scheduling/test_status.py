"""The life of a session, as a table."""

from itertools import product

import pytest

from server.errors import InvalidTransition
from server.scheduling.models import SessionStatus as S
from server.scheduling.status import TRANSITIONS, check_transition

ALLOWED = {
    (S.SCHEDULED, S.CONFIRMED),
    (S.CONFIRMED, S.IN_PROGRESS),
    (S.IN_PROGRESS, S.COMPLETED),
    (S.RESCHEDULED, S.CONFIRMED),
    *(
        (status, S.CANCELLED)
        for status in (S.SCHEDULED, S.RESCHEDULED, S.CONFIRMED, S.IN_PROGRESS, S.NO_SHOW)
    ),
    *((status, S.NO_SHOW) for status in (S.SCHEDULED, S.RESCHEDULED, S.CONFIRMED, S.IN_PROGRESS)),
    *((status, S.RESCHEDULED) for status in (S.SCHEDULED, S.CONFIRMED, S.RESCHEDULED)),
}


@pytest.mark.parametrize(("current", "wanted"), list(product(S, S)))
def test_every_pair_of_states(current: S, wanted: S) -> None:
    if (current, wanted) in ALLOWED:
        check_transition(current, wanted)
    else:
        with pytest.raises(InvalidTransition) as refused:
            check_transition(current, wanted)
        assert current.value in str(refused.value.detail)
        assert wanted.value in str(refused.value.detail)


def test_every_state_is_in_the_table() -> None:
    assert set(TRANSITIONS) == set(S)
