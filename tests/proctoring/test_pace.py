"""When a frame is looked at; the clock is the recording's."""

from proctoring.worker.pace import Pace

FRAME_MS = 400 / 3


def looks(pace: Pace, seconds: float, stirred: bool = False, lag: float = 0.0, start: int = 0) -> list[int]:
    """Offsets of the looks among frames at 7.5 a second."""
    taken = []
    for index in range(round(seconds * 7.5)):
        offset_ms = start + round(index * FRAME_MS)
        if pace.due(offset_ms, stirred, lag) == "look":
            pace.looked(offset_ms, changed=False)
            taken.append(offset_ms)
    return taken


def test_once_a_second_when_calm() -> None:
    assert len(looks(Pace(), 20)) == 20


def test_the_very_next_frame_when_something_stirs() -> None:
    pace = Pace()
    looks(pace, 5)
    assert pace.due(4_400, stirred=False, lag_seconds=0) is None
    assert pace.due(4_400, stirred=True, lag_seconds=0) == "look"


def test_five_times_a_second_around_a_change_then_calm_again() -> None:
    pace = Pace()
    looks(pace, 4)
    pace.looked(4_000, changed=True)
    after = looks(pace, 6, start=4_133)
    assert 16 <= sum(offset <= 7_600 for offset in after) <= 20
    assert sum(offset > 7_600 for offset in after) <= 6


def test_a_look_comes_soon_after_any_usual_dwell() -> None:
    """No later than half a second after 3 to 6 s: a state opens at the first look after its dwell."""
    pace = Pace()
    looks(pace, 4)
    pace.looked(4_000, changed=True)
    after = looks(pace, 12, start=4_133)
    for dwell_ms in (2_000, 3_000, 4_500, 5_000, 6_000):
        assert min(offset for offset in after if offset >= 4_000 + dwell_ms) <= 4_500 + dwell_ms
    assert sum(offset > 11_000 for offset in after) <= 6


def test_what_never_stops_moving_is_looked_at_twice_a_second() -> None:
    pace = Pace()
    first, later = looks(pace, 5, stirred=True), looks(pace, 60, stirred=True, start=5_000)[100:]
    assert len(first) >= 24
    seconds = (later[-1] - later[0]) / 1000
    assert 1.8 < len(later) / seconds < 3.2
    assert len(looks(pace, 5, start=66_000)) <= 6


def test_behind_it_looks_less_often_and_says_so() -> None:
    pace = Pace()
    pace.looked(0, changed=True)
    assert pace.due(400, stirred=True, lag_seconds=1.5) == "overload"
    assert pace.due(1_000, stirred=True, lag_seconds=1.5) == "look"
    assert pace.due(1_000, stirred=True, lag_seconds=2.5) == "overload"
    assert pace.due(2_000, stirred=True, lag_seconds=2.5) == "look"


def test_offsets_that_go_back_begin_anew() -> None:
    pace = Pace()
    pace.looked(50_000, changed=False)
    assert pace.due(0, stirred=False, lag_seconds=0) == "look"


def test_what_has_moved_all_the_time_leaves_looks_for_a_change() -> None:
    pace = Pace()
    looks(pace, 60, stirred=True)
    pace.looked(60_000, changed=True)
    after = looks(pace, 3.6, stirred=True, start=60_133)
    assert len(after) >= 16
