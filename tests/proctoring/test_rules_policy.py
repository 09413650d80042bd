"""What a policy decides: which types are raised, how severe they are, and what an incident says of it."""

import pytest

from proctoring.rules.history import History
from proctoring.rules.policy import Policy, only
from proctoring.rules.presets import PRESETS, STANDARD, THRESHOLDS, preset
from proctoring.types import EventType, Severity
from tests.proctoring.film import BLACK, CALM, EMPTY, WALL, Film, away, face, seen, told


@pytest.mark.parametrize("kind", list(EventType))
def test_what_is_switched_off_is_not_raised(kind: EventType) -> None:
    film = Film(Policy(types=only(Policy(), set(EventType) - {kind})))
    film.show(CALM, 11).show(EMPTY, 5).show(BLACK, 5).show(away(60), 8).show(seen(face(), face(WALL)), 5)
    film.show(seen(face(hidden=0.6), still_ms=9000, repeats_ms=8000), 8).show(
        seen(face(), brightness=0.05), 8
    )
    film.hear(-127, 15)
    for each in EventType:
        film.notice(each, "happened", label="ManyCam")
    film.changes += film.pipeline.degraded(0, 1000, "overload")
    found = {incident.event_type for incident in film.end()}
    assert found == set(EventType) - {kind, EventType.CONNECTION_LOST}


def test_repetition_raises_the_severity_over_recordings() -> None:
    history = History()
    severities = []
    for _ in range(5):
        film = Film(history=history).show(CALM, 5).show(EMPTY, 4).show(CALM, 9)
        (incident,) = film.end()
        severities.append((incident.severity, incident.measured["nth_in_session"]))
    assert severities == [*((Severity.MEDIUM, n) for n in (1, 2, 3)), (Severity.HIGH, 4), (Severity.HIGH, 5)]


@pytest.mark.parametrize(
    ("length_ms", "nth", "expected"),
    [
        (9999, 3, "medium"),
        (10_000, 3, "high"),
        (9999, 4, "high"),
        (10_000, 4, "critical"),
        (60_000, 4, "critical"),
    ],
)
def test_severity_by_length_and_number(length_ms: int, nth: int, expected: str) -> None:
    assert STANDARD[EventType.NO_FACE].severity(length_ms, nth) == expected


def test_the_gap_inside_a_merged_incident_makes_it_no_worse() -> None:
    film = Film().show(CALM, 5).show(EMPTY, 4).show(CALM, 2.5).show(EMPTY, 4).show(CALM, 9)
    (incident,) = film.end()
    assert told([incident]) == [("no_face", 5000, 15_500)]
    assert (incident.severity, incident.measured["merged"]) == (Severity.MEDIUM, 2)
    assert (incident.measured["duration_ms"], incident.measured["calm_ms"]) == (10_500, 2500)


def test_presets_get_stricter_and_know_every_type_and_limit() -> None:
    policies = {name: preset(name) for name in PRESETS}
    assert policies["off"].event_types == []
    assert policies["standard"] == Policy()
    for policy in policies.values():
        assert list(policy.types) == list(EventType)
        for kind, each in policy.types.items():
            assert set(each.thresholds) == set(THRESHOLDS.get(kind, {}))
            assert each.severities[0][0] == 0
    for kind in EventType:
        gentle, standard, strict = (policies[name][kind] for name in ("gentle", "standard", "strict"))
        assert gentle.dwell_ms >= standard.dwell_ms >= strict.dwell_ms
        assert gentle.most_points <= standard.most_points <= strict.most_points
    for unwilling in (EventType.CONNECTION_LOST, EventType.ANALYSIS_DEGRADED):
        assert all(policy[unwilling].most_points == 0 for policy in policies.values())


def test_an_incident_keeps_its_reasons() -> None:
    (incident,) = Film().show(CALM, 5).show(EMPTY, 5).show(CALM, 9).end()
    assert (incident.detector, incident.model_version) == ("test", "test-1")
    assert incident.thresholds["dwell_ms"] == 3000
    assert incident.thresholds["present_min_score"] == 0.55
    assert incident.thresholds["policy_version"] == "standard"
    assert incident.measured["brightness"] == {"min": 0.5, "mean": 0.5, "max": 0.5}
    assert incident.snapshot == b"%d" % (incident.snapshot_offset_ms or 0)
    assert 5000 <= (incident.snapshot_offset_ms or 0) < 10_000
