"""The rules' edges on a virtual clock: offsets in, incidents out, nothing waits."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from proctoring.pipeline import Pipeline
from proctoring.rules.policy import Policy, severity_at
from proctoring.types import (
    Box,
    EventType,
    Face,
    IncidentChange,
    Observation,
    Phase,
    Severity,
)

STEP_MS = 500


def observation(
    offset_ms: int, faces: int, score: float = 0.9, second: float = 0.8, width: float = 0.1
) -> Observation:
    """One observation with this many faces; all but the first have the `second` score and `width`."""
    shown = [
        Face(Box(0.1 + 0.2 * n, 0.2, width if n else 0.2, 0.2), second if n else score, 100)
        for n in range(faces)
    ]
    return Observation("s", offset_ms, tuple(shown), 0.5, "test", "test-1", width=1280, height=720)


def play(
    pattern: str, pipeline: Pipeline | None = None, start_ms: int = 0, finish: bool = True
) -> list[IncidentChange]:
    """Observe one digit (the number of faces) every 500 ms; a dot is a moment without observation."""
    pipeline = pipeline or Pipeline()
    changes: list[IncidentChange] = []
    for index, symbol in enumerate(pattern):
        if symbol != ".":
            offset_ms = start_ms + index * STEP_MS
            changes += pipeline.observe(
                observation(offset_ms, int(symbol)), b"%d:%d" % (offset_ms, int(symbol))
            )
    return changes + (pipeline.finish(start_ms + len(pattern) * STEP_MS) if finish else [])


def closed(changes: Iterable[IncidentChange]) -> list[tuple[str, int, int | None]]:
    """(type, start, end) of what was closed."""
    return [
        (str(change.incident.event_type), change.incident.started_ms, change.incident.ended_ms)
        for change in changes
        if change.phase is Phase.CLOSED
    ]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        pytest.param("1" * 20, [], id="one face is calm"),
        pytest.param("11000000" + "1" * 6, [], id="2.5 s without a face is below the dwell of 3 s"),
        pytest.param("110000000" + "1" * 6, [("no_face", 1000, 4500)], id="3.0 s without a face reaches it"),
        pytest.param("00000000" + "1" * 6, [("no_face", 0, 4000)], id="from the first frame on"),
        pytest.param("11000000000", [("no_face", 1000, 5500)], id="still open at the end of the recording"),
        pytest.param(
            "1100000001", [("no_face", 1000, 4500)], id="recovery has begun when the recording ends"
        ),
        pytest.param(
            "1101000000" + "1" * 6, [("no_face", 1000, 5000)], id="one hit while pending does not delay it"
        ),
        pytest.param("110000000100000" + "1" * 6, [("no_face", 1000, 7500)], id="one hit does not split it"),
        pytest.param(
            "1100000001100" + "1" * 6, [("no_face", 1000, 6500)], id="1 s of normality does not end it"
        ),
        pytest.param(
            "110000000011111100000000" + "1" * 5,
            [("no_face", 1000, 5000), ("no_face", 8000, 12000)],
            id="3 s of normality do",
        ),
        pytest.param(
            "11000000001111100000000" + "1" * 5,
            [("no_face", 1000, 11500)],
            id="2.5 s between two make one of them",
        ),
        pytest.param(
            "110000000011111000111100000000" + "1" * 5,
            [("no_face", 1000, 5000), ("no_face", 11_000, 15_000)],
            id="what is too short to be one bridges no gap",
        ),
        pytest.param("10" * 20, [], id="every second detection missed is not absence"),
        pytest.param("111011101110111", [], id="single misses never add up"),
        pytest.param(
            "1101100110" + "0" * 10, [("no_face", 4500, 10000)], id="start is the run's, not a flicker's"
        ),
        pytest.param("11222211111", [], id="1.5 s with two faces is below the dwell of 2 s"),
        pytest.param("112222211111", [("multiple_faces", 1000, 3500)], id="2.0 s with two faces reaches it"),
        pytest.param(
            "11221222" + "1" * 5, [("multiple_faces", 1000, 4000)], id="second face missed once, pending"
        ),
        pytest.param("1122222122222" + "1" * 5, [("multiple_faces", 1000, 6500)], id="missed once, open"),
        pytest.param("1121112111211121112", [], id="a face popping up now and then is nobody"),
        pytest.param(
            "11000000002222222" + "1" * 5,
            [("no_face", 1000, 5000), ("multiple_faces", 5000, 8500)],
            id="both, one after the other",
        ),
    ],
)
def test_presence(pattern: str, expected: list[tuple[str, int, int]]) -> None:
    assert sorted(closed(play(pattern)), key=lambda each: each[1]) == expected


def test_opens_at_dwell_and_closes_after_hysteresis() -> None:
    pipeline = Pipeline()
    assert play("1100000", pipeline, finish=False) == [], "2.0 s into absence"
    assert pipeline.observe(observation(3500, 0)) == []
    (opened,) = pipeline.observe(observation(4000, 0))
    assert (opened.phase, opened.incident.started_ms, opened.incident.ended_ms) == (Phase.OPENED, 1000, None)
    assert play("111", pipeline, start_ms=4500, finish=False) == [], "1.0 s of normality"
    assert play("111", pipeline, start_ms=6000, finish=False) == [], "ended, but it might go on"
    (ended,) = pipeline.observe(observation(7500, 1))
    assert (ended.phase, ended.incident.ended_ms) == (Phase.CLOSED, 4500)
    assert ended.incident.incident_id == opened.incident.incident_id
    assert ended.incident.measured["duration_ms"] == 3500


def test_updates_come_once_a_second_and_severity_rises() -> None:
    changes = play("0" * 150, finish=False)
    phases = [change.phase for change in changes]
    assert phases[0] is Phase.OPENED
    assert set(phases[1:]) == {Phase.UPDATED}
    lengths = [int(str(change.incident.measured["duration_ms"])) for change in changes]
    assert all(later - earlier == 1000 for earlier, later in pairwise(lengths))
    ranks = [change.incident.severity.rank for change in changes]
    assert ranks == sorted(ranks)
    assert changes[0].incident.severity is Severity.MEDIUM
    assert changes[-1].incident.severity is Severity.CRITICAL
    series = changes[-1].incident.measured["series"]
    assert isinstance(series, list)
    assert len(series) <= 120


@pytest.mark.parametrize(
    ("length_ms", "expected"), [(0, "medium"), (9999, "medium"), (10_000, "high"), (60_000, "critical")]
)
def test_severity_steps(length_ms: int, expected: str) -> None:
    assert severity_at(Policy()[EventType.NO_FACE].severities, length_ms) == expected


@pytest.mark.parametrize(
    ("second", "width", "found"),
    [(0.6, 0.1, True), (0.59, 0.1, False), (0.9, 0.03, True), (0.9, 0.029, False)],
)
def test_a_second_face_must_be_plausible(second: float, width: float, found: bool) -> None:
    pipeline = Pipeline()
    changes = [
        change
        for index in range(8)
        for change in pipeline.observe(observation(index * STEP_MS, 2, second=second, width=width))
    ]
    assert bool(changes) is found
    if found:
        measured = changes[0].incident.measured
        assert measured["faces"] == 2
        assert measured["second_score"] == {"min": second, "mean": second, "max": second}
        assert changes[0].incident.thresholds["second_face_min_score"] == 0.6
        assert changes[0].incident.thresholds["dwell_ms"] == 2000


@pytest.mark.parametrize(("score", "found"), [(0.54, True), (0.55, False)])
def test_a_weak_face_is_not_a_present_one(score: float, found: bool) -> None:
    pipeline = Pipeline()
    changes = [
        change
        for index in range(8)
        for change in pipeline.observe(observation(index * STEP_MS, 1, score=score))
    ]
    assert bool(changes) is found


def test_a_short_silence_keeps_an_open_incident_and_says_so() -> None:
    (incident,) = [
        c.incident for c in play("00000000" + "." * 8 + "000" + "1" * 5) if c.phase is Phase.CLOSED
    ]
    assert (incident.started_ms, incident.ended_ms) == (0, 9500)
    assert incident.measured["unobserved_ms"] == 4500


def test_a_long_silence_is_not_filled_in() -> None:
    changes = play("00000000" + "." * 12 + "0" * 8 + "1" * 5)
    assert closed(changes) == [("no_face", 0, 3500), ("no_face", 10_000, 14_000)]
    first = next(change.incident for change in changes if change.phase is Phase.CLOSED)
    assert first.measured["ended_by_gap"] is True


def test_a_camera_that_pauses_is_nobodys_absence() -> None:
    """A frozen page sends nothing for 20 s, in which only time passes."""
    pipeline = Pipeline()
    changes = play("1" * 8, pipeline, finish=False)
    for now_ms in range(4_000, 24_000, 1_000):
        changes += pipeline.advance(now_ms)
    assert changes + play("1" * 8, pipeline, start_ms=24_000) == []


def test_silence_does_not_count_as_dwell() -> None:
    assert play("100.......00111111") == []
    assert closed(play("1000.....0111111")) == [], (
        "three observations, but not for three seconds without a pause"
    )


def test_time_passing_without_observations_closes() -> None:
    pipeline = Pipeline()
    play("0" * 8, pipeline, finish=False)
    assert pipeline.advance(8500) == []
    assert closed(pipeline.advance(8501)) == [("no_face", 0, 3500)]
    assert pipeline.finish(20_000) == []
    assert pipeline.observe(observation(30_000, 0)) == [], "nothing counts after the end"


def test_finish_long_after_the_last_observation_does_not_invent() -> None:
    pipeline = Pipeline()
    play("0" * 8, pipeline, finish=False)
    assert closed(pipeline.finish(60_000)) == [("no_face", 0, 3500)]


def test_old_and_repeated_offsets_are_ignored() -> None:
    pipeline = Pipeline()
    play("1111", pipeline, finish=False)
    for offset_ms in (0, 500, 1500):
        assert pipeline.observe(observation(offset_ms, 0)) == []
    assert pipeline.finish(2000) == []


def test_no_face_snapshot_is_well_inside() -> None:
    (opened,) = play("11" + "0" * 7, finish=False)
    assert opened.incident.snapshot_offset_ms is not None
    assert opened.incident.snapshot_offset_ms - opened.incident.started_ms >= 1500
    assert opened.incident.snapshot == b"%d:0" % opened.incident.snapshot_offset_ms


def test_multiple_faces_snapshot_shows_most_faces_at_their_clearest() -> None:
    pipeline = Pipeline()
    changes: list[IncidentChange] = []
    for index, (faces, second) in enumerate(
        [(2, 0.7), (2, 0.95), (2, 0.8), (3, 0.65), (3, 0.7), (2, 0.9), (2, 0.9)]
    ):
        changes += pipeline.observe(observation(index * STEP_MS, faces, second=second), b"%d" % index)
    changes += pipeline.finish(4000)
    assert changes[-1].incident.snapshot == b"4"
    assert changes[-1].incident.measured["faces"] == 3


def test_snapshot_never_comes_from_a_recovered_moment() -> None:
    (incident,) = [c.incident for c in play("1" + "2" * 6 + "1" * 5) if c.phase is Phase.CLOSED]
    assert incident.snapshot is not None
    assert incident.snapshot.endswith(b":2")


def test_degraded_spans_become_incidents_that_never_overlap() -> None:
    pipeline = Pipeline()
    first = pipeline.degraded(1000, 4000, "worker_restarted")
    second = pipeline.degraded(3000, 16_000, "overload")
    assert [change.phase for change in first] == [Phase.OPENED, Phase.CLOSED]
    assert closed(first + second) == [("analysis_degraded", 1000, 4000), ("analysis_degraded", 4000, 16_000)]
    assert first[1].incident.measured["reason"] == "worker_restarted"
    assert [change.incident.severity for change in (first[1], second[1])] == [Severity.LOW, Severity.MEDIUM]
    assert pipeline.degraded(2000, 3000, "overload") == []


def test_a_degraded_span_leaves_an_open_incident_open() -> None:
    pipeline = Pipeline()
    changes = play("0" * 8, pipeline, finish=False)
    changes += pipeline.degraded(3500, 6500, "worker_restarted")
    changes += play("000" + "1" * 5, pipeline, start_ms=6500)
    assert closed(changes) == [("analysis_degraded", 3500, 6500), ("no_face", 0, 8000)]
