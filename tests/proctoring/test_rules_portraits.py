"""Who is alive: a second person is one, a portrait on the wall and a texture are none."""

import pytest

from proctoring.types import Box, Phase
from tests.proctoring.film import CALM, PORTRAIT, WALL, Film, Scenes, Told, face, seen, told, told_of

UNMEASURED = seen(face(motion=None))
STILL_TEXTURE, FAINT = face(WALL, 0.45, motion=0.8, pose=None), face(WALL, 0.45, motion=1.5, pose=None)
TEXTURES = [
    (seen(face(Box(0.7 + index / 50, 0.2, 0.05, 0.08), score, motion=None, hidden=None, pose=None)), 0.5)
    for index, score in enumerate((0.47, 0.61, 0.58, 0.43, 0.66, 0.61))
]
CASES = [
    pytest.param([(seen(face(), PORTRAIT), 60)], [], id="a portrait on the wall"),
    pytest.param(
        [(seen(face(), PORTRAIT), 10), (seen(PORTRAIT), 5), (seen(face(), PORTRAIT), 9)],
        [("no_face", 10_000, 15_000)],
        id="only the portrait is left",
    ),
    pytest.param([(seen(face(motion=1.0)), 20)], [], id="an unmoving face, and nothing alive so far"),
    pytest.param(
        [(CALM, 10), (seen(face(), face(WALL, 0.8)), 5), (CALM, 9)],
        [("multiple_faces", 10_000, 15_000)],
        id="a living second face",
    ),
    pytest.param(
        [(CALM, 10), (seen(face(), face(WALL, 0.8)), 5), (seen(face(), STILL_TEXTURE), 30), (CALM, 9)],
        [("multiple_faces", 10_000, 15_000)],
        id="a texture where a visitor was",
    ),
    pytest.param(
        [(CALM, 10), (seen(face(), face(WALL, 0.8)), 5), (seen(face(), FAINT), 20), (CALM, 9)],
        [("multiple_faces", 10_000, 35_000)],
        id="a visitor who turns away and keeps almost still",
    ),
    pytest.param(
        [(CALM, 10), (seen(face(), face(WALL, 0.8)), 0.5), (seen(face(), PORTRAIT), 9), (CALM, 9)],
        [],
        id="what a leaning head uncovers moves for a moment",
    ),
    pytest.param(
        [(UNMEASURED, 10), (seen(face(motion=None), face(WALL, 0.8, motion=None)), 5), (UNMEASURED, 9)],
        [("multiple_faces", 10_000, 15_000)],
        id="nobody measures whether anything lives",
    ),
    pytest.param(
        [(seen(face(motion=None), face(WALL, 0.8, motion=None)), 1.5), (seen(face(), PORTRAIT), 20)],
        [],
        id="a portrait that is not measured yet",
    ),
    pytest.param(
        [(CALM, 5), (seen(face(), face(WALL, 0.8, motion=None)), 1.5), (seen(face(), PORTRAIT), 20)],
        [],
        id="a portrait that is found late and not measured yet",
    ),
    pytest.param(
        [(CALM, 5), (seen(face(), face(WALL, 0.8, motion=None)), 2.5), (CALM, 9)],
        [],
        id="a second face that is gone before anybody knows",
    ),
    pytest.param(
        [(CALM, 5), (seen(face(), face(WALL, 0.8, motion=None)), 5), (CALM, 9)],
        [("multiple_faces", 5000, 10_000)],
        id="a second face that is never measured",
    ),
    pytest.param(
        [
            (CALM, 10),
            (seen(PORTRAIT), 1),
            (seen(), 1),
            (seen(face(WALL, 0.8, motion=None)), 1),
            (seen(PORTRAIT), 3),
            (CALM, 9),
        ],
        [("no_face", 10_000, 16_000)],
        id="the portrait is lost and found while nobody is there",
    ),
    pytest.param(
        [(CALM, 5), *TEXTURES, *TEXTURES, (CALM, 9)],
        [("no_face", 5000, 11_000)],
        id="textures that come and go in the empty room",
    ),
    pytest.param(
        [
            (CALM, 10),
            *[(seen(face(), face(WALL, score)), 1) for score in (0.75, 0.5, 0.4, 0.65, 0.4)],
            (CALM, 9),
        ],
        [("multiple_faces", 10_000, 15_000)],
        id="a second face whose score wavers once it was clear",
    ),
]


@pytest.mark.parametrize(("scenes", "expected"), CASES)
def test_portraits(scenes: Scenes, expected: Told) -> None:
    assert told_of(scenes) == expected


def test_a_face_that_walks_in_is_alive_before_it_stands_still() -> None:
    film = Film().show(CALM, 10)
    for step in range(10):
        walking = Box(0.9 - 0.02 * step, 0.1, 0.1, 0.15)
        film.show(seen(face(), face(walking, 0.8, motion=None)), 0.2, 200)
    film.show(seen(face(), face(Box(0.72, 0.1, 0.1, 0.15), 0.8, motion=None)), 0.2, 200)
    assert [change.phase for change in film.changes] == [Phase.OPENED]
    assert told(film.end()) == [("multiple_faces", 10_000, 12_200)]


def test_one_lively_look_makes_no_person_of_a_portrait() -> None:
    film = Film().show(CALM, 5)
    for _ in range(5):
        film.show(seen(face(), PORTRAIT), 4).show(seen(face(), face(WALL, 0.8, motion=2.5)), 0.5)
    assert film.show(seen(face(), PORTRAIT), 4).end() == []


def test_in_the_dark_nobody_is_taken_for_a_portrait() -> None:
    """Living faces measured 0.4 at a tenth of the light: too little to tell."""
    dark = seen(face(motion=0.4), brightness=0.05)
    film = Film().show(CALM, 5).show(seen(brightness=0.08), 8).show(dark, 9)
    assert [each for each in told(film.end()) if each[0] == "no_face"] == [("no_face", 5000, 13_000)]
