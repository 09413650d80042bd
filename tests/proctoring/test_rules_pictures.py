"""What a picture shows of the one who should be there: gone, covered, dark, hidden, frozen, looking away."""

import pytest

from proctoring.rules.history import History
from proctoring.types import Pose, Severity
from tests.proctoring.film import (
    BLACK,
    CALM,
    EMPTY,
    WALL,
    Film,
    Scenes,
    Told,
    away,
    face,
    seen,
    told,
    told_of,
)

CASES = [
    pytest.param([(CALM, 60)], [], id="calm"),
    pytest.param([(CALM, 5), (EMPTY, 5), (CALM, 9)], [("no_face", 5000, 10_000)], id="gone"),
    # explained absence
    pytest.param([(CALM, 5), (BLACK, 1.5), (CALM, 9)], [], id="covered below its dwell"),
    pytest.param([(CALM, 5), (BLACK, 5), (CALM, 9)], [("camera_covered", 5000, 10_000)], id="covered"),
    pytest.param(
        [(CALM, 5), (seen(contrast=0.01), 5), (CALM, 9)], [("camera_covered", 5000, 10_000)], id="one colour"
    ),
    pytest.param(
        [(CALM, 5), (seen(contrast=0.031), 5), (CALM, 9)], [("no_face", 5000, 10_000)], id="a plain wall"
    ),
    pytest.param(
        [(CALM, 5), (seen(sharpness=1.0), 5), (CALM, 9)], [("camera_covered", 5000, 10_000)], id="all blur"
    ),
    pytest.param(
        [(CALM, 5), (seen(brightness=0.025, contrast=0.0134, dark_share=1.0, sharpness=1.5), 8), (CALM, 15)],
        [("poor_lighting", 5000, 13_000)],
        id="a dark room keeps its contrast, and nothing in it is sharp",
    ),
    pytest.param(
        [(CALM, 5), (seen(brightness=0.013, contrast=0.002, dark_share=0.9), 5), (CALM, 9)],
        [("camera_covered", 5000, 10_000)],
        id="covered, though not quite black",
    ),
    pytest.param(
        [(CALM, 5), (seen(brightness=0.0, contrast=0.0061, dark_share=1.0), 5), (CALM, 9)],
        [("camera_covered", 5000, 10_000)],
        id="black, with what coding leaves of a picture",
    ),
    pytest.param([(CALM, 5), (seen(sharpness=2.1), 5), (CALM, 9)], [("no_face", 5000, 10_000)], id="sharp"),
    pytest.param(
        [(CALM, 5), (EMPTY, 5), (BLACK, 5), (CALM, 9)],
        [("no_face", 5000, 10_000), ("camera_covered", 10_000, 15_000)],
        id="gone, then covered",
    ),
    # light
    pytest.param([(seen(face(), brightness=0.09), 4.5), (CALM, 15)], [], id="dark below its dwell"),
    pytest.param([(seen(face(), brightness=0.09), 6), (CALM, 15)], [("poor_lighting", 0, 6000)], id="dark"),
    pytest.param([(seen(face(), brightness=0.1), 6), (CALM, 15)], [], id="dim is not dark"),
    pytest.param(
        [(seen(face(), bright_share=0.51), 6), (CALM, 15)], [("poor_lighting", 0, 6000)], id="burnt out"
    ),
    pytest.param(
        [(CALM, 5), (seen(face(score=0.45, brightness=0.09)), 6), (CALM, 15)],
        [("poor_lighting", 5000, 11_000)],
        id="backlight",
    ),
    pytest.param([(seen(face(brightness=0.05)), 20)], [], id="dark skin that is found is no bad light"),
    pytest.param(
        [(CALM, 5), (seen(face(score=0.45, brightness=0.09), brightness=0.15), 6), (CALM, 15)],
        [],
        id="a dim face in a dim room is not against the light",
    ),
    pytest.param([(seen(face(brightness=None)), 6), (CALM, 15)], [], id="nobody measured the face's light"),
    pytest.param(
        [(CALM, 5), (seen(brightness=0.02), 8), (CALM, 15)],
        [("poor_lighting", 5000, 13_000)],
        id="too dark to see anybody",
    ),
    pytest.param(
        [(CALM, 5), (seen(brightness=0.08), 8), (CALM, 15)],
        [("no_face", 5000, 13_000), ("poor_lighting", 5000, 13_000)],
        id="dark, but a face would be seen",
    ),
    pytest.param(
        [(CALM, 5), (seen(brightness=0.0, contrast=None, dark_share=None, bright_share=None), 8), (CALM, 9)],
        [("no_face", 5000, 13_000)],
        id="nobody measured why",
    ),
    # partly hidden
    pytest.param([(CALM, 5), (seen(face(hidden=0.5)), 2.5), (CALM, 9)], [], id="a hand for 2.5 s"),
    pytest.param(
        [(CALM, 5), (seen(face(hidden=0.5)), 5), (CALM, 9)],
        [("face_partly_hidden", 5000, 10_000)],
        id="a mask",
    ),
    pytest.param([(CALM, 5), (seen(face(hidden=0.34)), 5), (CALM, 9)], [], id="a hand on the chin"),
    pytest.param([(seen(face(hidden=None)), 20)], [], id="nobody measured what is hidden"),
    pytest.param(
        [(CALM, 5), (seen(face(hidden=0.5), brightness=0.12), 5), (CALM, 9)],
        [],
        id="in dim light noise looks like a hand",
    ),
    pytest.param(
        [(CALM, 5), (seen(face(score=0.45, hidden=None)), 5), (CALM, 9)],
        [("face_partly_hidden", 5000, 10_000)],
        id="too little of the face is left to count as one",
    ),
    pytest.param(
        [(CALM, 5), (seen(face(WALL, 0.45, hidden=None)), 5), (CALM, 9)],
        [("no_face", 5000, 10_000)],
        id="something like a face elsewhere",
    ),
    pytest.param([(CALM, 5), (seen(face(score=0.3)), 9), (CALM, 9)], [], id="dim, but just as before"),
    pytest.param(
        [(CALM, 5), (seen(face(score=0.3, hidden=0.86)), 5), (CALM, 9)],
        [("face_partly_hidden", 5000, 10_000)],
        id="nothing of the face is left, but the eyes say it is there",
    ),
    pytest.param(
        [(CALM, 5), (seen(face(score=0.45, motion=1.0, hidden=None)), 5), (CALM, 9)],
        [("no_face", 5000, 10_000)],
        id="something like a face where the face was, but dead",
    ),
    # frozen
    pytest.param([(CALM, 5), (seen(face(), still_ms=1000), 3), (CALM, 9)], [], id="still below its dwell"),
    pytest.param(
        [(CALM, 5), (seen(face(), still_ms=1000), 6), (CALM, 9)],
        [("camera_frozen", 4000, 11_000)],
        id="frozen, since before that was known",
    ),
    pytest.param([(CALM, 5), (seen(face(), still_ms=999), 6), (CALM, 9)], [], id="nearly still"),
    pytest.param(
        [(CALM, 5), (seen(still_ms=9000), 6), (CALM, 9)],
        [("no_face", 5000, 11_000)],
        id="an empty still room",
    ),
    # loop
    pytest.param(
        [(CALM, 5), (seen(face(), repeats_ms=5000), 6), (CALM, 20)],
        [("virtual_camera", 5000, 11_000)],
        id="a film that repeats",
    ),
    pytest.param([(CALM, 5), (seen(face(), repeats_ms=4999), 6), (CALM, 20)], [], id="too short a loop"),
]


@pytest.mark.parametrize(("scenes", "expected"), CASES)
def test_pictures(scenes: Scenes, expected: Told) -> None:
    assert told_of(scenes) == expected


@pytest.mark.parametrize("every_ms", [200, 500, 1000])
def test_the_rate_of_observations_changes_nothing(every_ms: int) -> None:
    film = Film().show(CALM, 5, every_ms).show(EMPTY, 6, every_ms)
    opened_ms = [change.incident.measured["duration_ms"] for change in film.changes]
    assert opened_ms[0] == 3000
    assert told(film.show(CALM, 9, every_ms).end()) == [("no_face", 5000, 11_000)]


def test_a_slip_weighs_as_much_as_it_lasts() -> None:
    """One miss at 5 fps is nothing; one miss that stood for a second of three is 33 % and too much."""
    quick = Film().show(CALM, 5)
    for _ in range(6):
        quick.show(EMPTY, 0.8, 200).show(CALM, 0.2, 200)
    assert told(quick.show(CALM, 9).end()) == [("no_face", 5000, 10_800)]
    slow = Film().show(CALM, 5)
    for _ in range(6):
        slow.show(EMPTY, 1, 500).show(CALM, 1, 1000)
    assert told(slow.show(CALM, 9).end()) == []


# --- looking away


@pytest.mark.parametrize(
    ("yaw", "pitch", "seconds", "found"),
    [
        (29, 0, 8, False),
        (30, 0, 8, True),
        (-31, 0, 8, True),
        (0, -24, 8, False),
        (0, -26, 8, True),
        (45, 0, 4.5, False),
    ],
)
def test_looking_away(yaw: float, pitch: float, seconds: float, found: bool) -> None:
    incidents = Film().show(CALM, 11).show(away(yaw, pitch), seconds).show(CALM, 9).end()
    assert told(incidents) == ([("looking_away", 11_000, 19_000)] if found else [])


def test_who_sits_askew_is_measured_from_there() -> None:
    film = Film().show(away(yaw=25), 11).show(away(yaw=-4), 20).show(away(yaw=60), 8)
    (incident,) = film.show(away(yaw=25), 9).end()
    assert told([incident]) == [("looking_away", 31_000, 39_000)]
    assert incident.measured["yaw_deg"] == {"min": 35, "mean": 35, "max": 35}
    assert incident.measured["usual_yaw_deg"] == {"min": 25, "mean": 25, "max": 25}
    assert incident.severity is Severity.LOW


def test_nothing_is_said_before_or_without_a_pose() -> None:
    assert Film().show(away(yaw=60), 9).end() == []
    unposed = seen(face(pose=None))
    assert Film().show(unposed, 30).end() == []
    doubtful = seen(face(pose=Pose(60, 0, 0, 0.4)))
    assert Film().show(CALM, 11).show(doubtful, 20).end() == []


def test_a_look_around_at_the_start_does_not_spoil_the_calibration() -> None:
    history = History()
    film = Film(history=history).show(CALM, 4).show(away(yaw=50), 3).show(CALM, 6)
    assert history.calibration.known
    assert history.calibration.yaw_deg == 0
    assert film.end() == []


def test_the_calibration_lasts_for_the_session() -> None:
    history = History()
    Film(history=history).show(away(yaw=20), 11).end()
    assert told(Film(history=history).show(away(yaw=55), 8).end()) == [("looking_away", 0, 8000)]


def test_the_edge_of_the_band_does_not_flicker() -> None:
    film = Film().show(CALM, 11).show(away(yaw=32), 6).show(away(yaw=28), 4).show(away(yaw=32), 4)
    assert told(film.show(CALM, 9).end()) == [("looking_away", 11_000, 25_000)]
