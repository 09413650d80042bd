"""What is kept and what is given up when the worker cannot keep up."""

from proctoring.worker.coverage import OVERLOAD, RESTARTED, UNDECODABLE, Coverage, Degraded
from proctoring.worker.outbox import Outbox
from proctoring.worker.proto import Drain, Frame


def frame(offset_ms: int, keyframe: bool = False, size: int = 10) -> Frame:
    return Frame("s", offset_ms, keyframe, bytes(size))


def filled(pattern: str, outbox: Outbox) -> list[bool]:
    """Put K for a keyframe, d for a delta, ? for a drain."""
    results = []
    for index, symbol in enumerate(pattern):
        if symbol == "?":
            outbox.put_drain(Drain("s", index), 0.0)
        else:
            results.append(outbox.put(frame(index, symbol == "K"), 0.0))
    return results


def contents(outbox: Outbox) -> str:
    symbols = []
    while (item := outbox.pop()) is not None:
        symbols.append("?" if isinstance(item, Drain) else f"{'K' if item.keyframe else 'd'}{item.offset_ms}")
    return " ".join(symbols)


def test_begins_with_a_keyframe() -> None:
    outbox = Outbox()
    assert filled("ddKd", outbox) == [False, False, True, True]
    assert outbox.dropped == 2
    assert contents(outbox) == "K2 d3"


def test_overflow_drops_the_oldest_run_up_to_the_next_keyframe() -> None:
    outbox = Outbox(max_frames=6)
    filled("KddKdd", outbox)
    assert outbox.put(frame(6), 0.0) is False
    assert (outbox.dropped, outbox.needs_keyframe) == (3, False)
    assert contents(outbox) == "K3 d4 d5 d6"


def test_overflow_without_a_later_keyframe_drops_all_and_waits_for_one() -> None:
    outbox = Outbox(max_frames=4)
    filled("Kddd", outbox)
    assert outbox.put(frame(4), 0.0) is False
    assert outbox.needs_keyframe
    assert outbox.put(frame(5), 0.0) is False
    assert outbox.put(frame(6, keyframe=True), 0.0) is True
    assert (contents(outbox), outbox.dropped) == ("K6", 6)


def test_overflow_of_bytes() -> None:
    outbox = Outbox(max_bytes=1000)
    outbox.put(frame(0, keyframe=True, size=600), 0.0)
    outbox.put(frame(1, keyframe=True, size=600), 0.0)
    assert contents(outbox) == "K1"


def test_drains_outlive_what_they_wait_for() -> None:
    outbox = Outbox(max_frames=3)
    filled("Kd?d", outbox)
    outbox.put(frame(4), 0.0)
    assert outbox.drain_tokens() == {2}
    assert contents(outbox) == "?"


def test_restart_goes_on_from_a_waiting_keyframe() -> None:
    outbox = Outbox()
    filled("KdddKd", outbox)
    outbox.pop()
    outbox.restart()
    assert contents(outbox) == "K4 d5"
    assert not outbox.needs_keyframe


def test_restart_keeps_a_queue_nothing_was_taken_from() -> None:
    outbox = Outbox()
    filled("KddKd", outbox)
    outbox.restart()
    assert contents(outbox) == "K0 d1 d2 K3 d4"


def test_restart_without_a_keyframe_waits_for_one() -> None:
    outbox = Outbox()
    filled("Kdd?", outbox)
    outbox.pop()
    outbox.restart()
    assert outbox.needs_keyframe
    assert contents(outbox) == "?"


def test_age() -> None:
    outbox = Outbox()
    assert outbox.age_seconds(10.0) == 0.0
    outbox.put(frame(0, keyframe=True), 8.0)
    assert outbox.age_seconds(10.0) == 2.0


def fed(coverage: Coverage, until_ms: int, start_ms: int = 0) -> None:
    for offset_ms in range(start_ms, until_ms + 1, 133):
        coverage.fed(offset_ms)


def test_regular_observations_are_complete() -> None:
    coverage = Coverage()
    fed(coverage, 5000)
    assert [coverage.observed(offset_ms) for offset_ms in range(0, 5000, 500)] == [None] * 10
    assert coverage.finish() is None


def test_more_than_two_seconds_without_analysis_are_told() -> None:
    coverage = Coverage()
    fed(coverage, 6000)
    coverage.observed(0)
    coverage.note(UNDECODABLE)
    coverage.note(OVERLOAD)
    coverage.note(UNDECODABLE)
    assert coverage.observed(2000) is None
    coverage.note(OVERLOAD)
    assert coverage.observed(4001) == Degraded(2000, 4001, OVERLOAD)


def test_a_restart_is_told_however_quick_it_was() -> None:
    coverage = Coverage()
    fed(coverage, 6000)
    coverage.observed(500)
    coverage.note(RESTARTED)
    coverage.note(OVERLOAD)
    assert coverage.observed(1100) == Degraded(500, 1100, RESTARTED)
    coverage.note(RESTARTED)
    assert coverage.observed(1600) == Degraded(1100, 1600, RESTARTED)
    assert coverage.observed(2100) is None


def test_an_observation_that_says_nothing_new_does_not_hide_a_restart() -> None:
    coverage = Coverage()
    fed(coverage, 3000)
    coverage.observed(1000)
    coverage.note(RESTARTED)
    assert coverage.observed(1000) is None
    assert coverage.observed(1500) == Degraded(1000, 1500, RESTARTED)


def test_a_pause_of_the_input_is_not_the_analysis_fault() -> None:
    coverage = Coverage()
    fed(coverage, 1000)
    coverage.observed(1000)
    fed(coverage, 31_000, start_ms=30_000)
    assert coverage.observed(30_000) is None
    assert coverage.observed(31_000) is None


def test_the_end_counts_too() -> None:
    coverage = Coverage()
    fed(coverage, 9000)
    coverage.observed(1000)
    assert coverage.finish() == Degraded(1000, 8911, UNDECODABLE)


def test_nothing_fed_nothing_missed() -> None:
    assert Coverage().finish() is None
    assert Coverage().observed(500) is None
