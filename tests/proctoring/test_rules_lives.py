"""Whatever comes in, in whatever order: incidents live properly, and none is lost."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proctoring.pipeline import BROWSER_TYPES, Pipeline
from proctoring.rules.history import History
from proctoring.rules.policy import Policy
from proctoring.rules.presets import preset
from proctoring.types import (
    EventType,
    Heard,
    Incident,
    IncidentChange,
    Noticed,
    Observation,
    Phase,
)
from tests.proctoring.film import WALL, face, seen

SCENES = [
    seen(face()),
    seen(),
    seen(face(), face(WALL, 0.8)),
    seen(face(), face(WALL, 0.8, motion=1.0)),
    seen(face(WALL, motion=1.0)),
    seen(face(motion=None)),
    seen(face(yaw=45)),
    seen(face(hidden=0.6)),
    seen(face(score=0.45)),
    seen(contrast=0.01, brightness=0.0, dark_share=1.0),
    seen(face(), brightness=0.05),
    seen(face(), still_ms=9000),
    seen(face(), repeats_ms=8000),
    seen(contrast=None, dark_share=None, bright_share=None),
]
_NOTICED = st.builds(
    Noticed,
    st.just("s"),
    st.just(0),
    st.sampled_from([*BROWSER_TYPES, EventType.VIRTUAL_CAMERA]),
    st.sampled_from(["began", "began", "ended", "happened"]),
    st.sampled_from([{}, {"label": "OBS Virtual Camera"}, {"label": "FaceTime HD"}, {"displays": 2}]),
)
_HEARD = st.builds(Heard, st.just("s"), st.just(0), st.sampled_from([-127, -127, -40]), st.booleans())
# (what, every so many ms, how often, and how much too late): something is told several times over.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(SCENES)
        | st.sampled_from(SCENES)
        | _HEARD
        | _NOTICED
        | st.sampled_from(["advance", "degraded"]),
        st.sampled_from([200, 500, 500, 1000, 1000, 133, 2000, -700, 6000]),
        st.sampled_from([1, 2, 5, 8, 12, 25]),
        st.sampled_from([0, 0, 0, -4000]),
    ),
    max_size=30,
)
POLICIES = st.sampled_from([preset("standard"), preset("gentle"), preset("strict"), preset("off")])


def tell(pipeline: Pipeline, what: object, at_ms: int, from_ms: int) -> list[IncidentChange]:
    """Hand one thing to the pipeline at this moment."""
    match what:
        case Observation():
            kept = {name: getattr(what, name) for name in what.__slots__}
            return pipeline.observe(Observation(**(kept | {"offset_ms": at_ms})), b"jpeg")
        case Heard():
            return pipeline.hear(Heard("s", at_ms, what.level_db, what.muted))
        case Noticed():
            return pipeline.notice(Noticed("s", at_ms, what.event_type, what.step, what.details))
        case "degraded":
            return pipeline.degraded(from_ms, at_ms, "overload")
        case _:
            return pipeline.advance(at_ms)


@settings(max_examples=250, deadline=None)
@given(steps=STEPS, tail_ms=st.integers(min_value=0, max_value=20_000), policy=POLICIES)
def test_incidents_never_overlap_or_vanish(
    steps: list[tuple[object, int, int, int]], tail_ms: int, policy: Policy
) -> None:
    """Per type no overlap, no negative length, nothing opened that is not closed once, nothing invented."""
    history = History()
    pipeline = Pipeline(policy, history)
    changes: list[IncidentChange] = []
    now_ms, first_ms, last_ms = 5000, 1_000_000_000, 0
    for what, gap_ms, times, late_ms in steps:
        for _ in range(times):
            now_ms = max(0, now_ms + gap_ms)
            at_ms = max(0, now_ms + late_ms) if isinstance(what, Noticed) else now_ms
            first_ms = min(first_ms, at_ms, at_ms - abs(gap_ms) if what == "degraded" else at_ms)
            last_ms = max(last_ms, at_ms)
            changes += tell(pipeline, what, at_ms, at_ms - abs(gap_ms))
    end_ms = last_ms + tail_ms
    changes += pipeline.finish(end_ms)
    incidents = check_lives(changes)
    assert {incident.event_type for incident in incidents} <= set(policy.event_types)
    assert sum(history.counts.values()) == len(incidents)
    for incident in incidents:
        assert incident.started_ms >= min(first_ms, end_ms)
        assert incident.ended_ms is not None
        assert incident.ended_ms <= end_ms
    assert pipeline.finish(end_ms + 60_000) == []
    assert pipeline.advance(end_ms + 60_000) == []


def check_lives(changes: list[IncidentChange]) -> list[Incident]:
    """Each incident is opened first, closed last and once; those of one type do not overlap."""
    lives: dict[object, list[IncidentChange]] = {}
    for change in changes:
        lives.setdefault(change.incident.incident_id, []).append(change)
    by_type: dict[EventType, list[Incident]] = {}
    for life in lives.values():
        phases = [change.phase for change in life]
        assert phases[0] is Phase.OPENED
        assert phases[-1] is Phase.CLOSED
        assert set(phases[1:-1]) <= {Phase.UPDATED}
        assert all(
            (change.incident.ended_ms is None) == (change.phase is not Phase.CLOSED) for change in life
        )
        assert len({change.incident.started_ms for change in life}) == 1
        ranks = [change.incident.severity.rank for change in life[:-1]]
        assert ranks == sorted(ranks)
        final = life[-1].incident
        assert final.ended_ms is not None
        assert final.ended_ms >= final.started_ms
        by_type.setdefault(final.event_type, []).append(final)
    for incidents in by_type.values():
        incidents.sort(key=lambda incident: (incident.started_ms, incident.ended_ms))
        for earlier, later in pairwise(incidents):
            assert earlier.ended_ms is not None
            assert earlier.ended_ms <= later.started_ms
    return [incident for incidents in by_type.values() for incident in incidents]


HAPPENS: dict[EventType, list[object]] = {
    EventType.NO_FACE: [seen()],
    EventType.MULTIPLE_FACES: [seen(face(), face(WALL, 0.8))],
    EventType.LOOKING_AWAY: [seen(face(yaw=45))],
    EventType.FACE_PARTLY_HIDDEN: [seen(face(hidden=0.6))],
    EventType.CAMERA_COVERED: [seen(contrast=0.01, brightness=0.0, dark_share=1.0)],
    EventType.CAMERA_FROZEN: [seen(face(), still_ms=9000)],
    EventType.POOR_LIGHTING: [seen(face(), brightness=0.05)],
    EventType.VIRTUAL_CAMERA: [seen(face(), repeats_ms=8000)],
    EventType.MICROPHONE_MUTED: [Heard("s", 0, -127, False)],
    EventType.ANALYSIS_DEGRADED: ["degraded"],
    **{kind: [Noticed("s", 0, kind, "began"), "advance"] for kind in BROWSER_TYPES},
}
"""What has to go on for an incident of each type."""


@pytest.mark.parametrize("kind", HAPPENS)
def test_every_type_lives_properly(kind: EventType) -> None:
    """Twice, with a pause, and once more up to the end of the recording: none overlaps, none stays open."""
    pipeline = Pipeline(preset("standard"))
    changes, now_ms = [], 0

    def go_on(what: object, times: int) -> None:
        nonlocal now_ms
        for _ in range(times):
            now_ms += 500
            changes.extend(tell(pipeline, what, now_ms, now_ms - 500))

    for _ in range(3):
        go_on(seen(face()), 40)
        first, *then = HAPPENS[kind]
        go_on(first, 1 if then else 40)
        go_on(then[0] if then else first, 40 if then else 1)
        if kind in BROWSER_TYPES:
            go_on(Noticed("s", 0, kind, "ended"), 1)
    changes += pipeline.finish(now_ms)
    own = [incident for incident in check_lives(changes) if incident.event_type is kind]
    assert len(own) >= (1 if kind is EventType.ANALYSIS_DEGRADED else 2)


def test_no_type_is_left_out() -> None:
    """All but the one that the recording raises itself."""
    assert set(HAPPENS) == set(EventType) - {EventType.CONNECTION_LOST}
