"""What a stream's eyes make of changing pictures: life, stillness, loops, hidden faces, small faces."""

import cv2
import numpy as np
import pytest

from proctoring.detectors.changes import Cells, Changes, inside
from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.detectors.hidden import Appearance
from proctoring.detectors.landmarks import Landmarks
from proctoring.detectors.life import Life
from proctoring.detectors.loop import Loop
from proctoring.detectors.picture import Picture
from proctoring.detectors.roi import Roi
from proctoring.detectors.scene import measure
from proctoring.detectors.sight import Seen, Sight
from proctoring.detectors.tiles import Tiles
from proctoring.types import Box, Pose
from tests.proctoring.video import Rgb, faces, room, scene

FRAME_MS = 133


def noisy(rgb: Rgb, seed: int, light: float = 1.0) -> Picture:
    """The picture as a camera sees it: noise that is new every time."""
    noise = np.random.default_rng(seed).normal(0, 3, rgb.shape[:2])[..., None]
    return Picture.from_rgb(np.clip(rgb * light + noise, 0, 255).astype(np.uint8))


def watch(sight: Sight, pictures: list[Picture], start_ms: int = 0) -> Seen:
    """Glance at all, look at every fourth and at the last; what the last look said."""
    seen: Seen | None = None
    for index, picture in enumerate(pictures):
        offset_ms = start_ms + index * FRAME_MS
        sight.glance(picture, offset_ms)
        if index % 4 == 0 or index == len(pictures) - 1:
            seen = sight.look(picture, offset_ms)
    assert seen is not None
    return seen


def test_a_person_moves_and_a_portrait_does_not(detector: MediaPipeFaceDetector) -> None:
    """The person sways by two pixels; light flickers by 2 %, the camera is noisy."""
    pictures = []
    for index in range(24):
        sway = round(2 * np.sin(index * 0.8))
        flicker = 1 + 0.02 * np.sin(index * 2.1)
        pictures.append(noisy(scene((160, 420 + sway, 120), (90, 1000, 100)), index, flicker))
    seen = watch(Sight(detector), pictures)
    person, portrait = sorted(seen.faces, key=lambda face: face.box.x)
    assert person.motion is not None
    assert portrait.motion is not None
    assert person.motion > 2.5
    assert portrait.motion < 1.7


def test_what_passes_in_front_of_a_portrait_for_a_moment_is_not_its_life() -> None:
    box = Box(0.4, 0.3, 0.2, 0.35)
    life = Life(box)
    life.compare_with([Box(0.05, 0.3, 0.2, 0.35)])
    for index in range(17):
        rgb = scene((180, 640, 150)).copy()
        if 5 <= index < 9:
            rgb[:, 500 + 20 * index : 640 + 20 * index] = 40
        life.update(noisy(rgb, index).y, index * FRAME_MS)
    assert life.motion is not None
    assert life.motion < 2


def test_a_frozen_picture_is_still_and_a_noisy_one_is_not() -> None:
    changes = Changes()
    for index in range(10):
        changes.update(noisy(faces(1), index).y, index * FRAME_MS)
    assert changes.still_ms == 0
    for index in range(10, 40):
        changes.update(noisy(faces(1), 9).y, index * FRAME_MS)
    assert changes.still_ms == 29 * FRAME_MS + FRAME_MS
    changes.update(noisy(faces(2), 9).y, 40 * FRAME_MS)
    assert changes.still_ms == 0


def test_a_keyframe_of_a_still_picture_is_no_motion_and_somebody_is() -> None:
    """A keyframe changes the picture by several grey levels everywhere, and so does what sharpens it."""
    picture = noisy(faces(1), 9)
    sharper = noisy(faces(1), 11)
    changes = Changes()
    for index in range(20):
        changes.update(picture.y, index * FRAME_MS)
    changes.update(sharper.y, 20 * FRAME_MS, keyframe=True)
    changes.update(picture.y, 21 * FRAME_MS)
    assert changes.still_ms == 21 * FRAME_MS
    for index in range(22, 30):
        changes.update(picture.y, index * FRAME_MS)
    changes.update(sharper.y, 30 * FRAME_MS)
    assert changes.still_ms == 0
    for index in range(31, 40):
        changes.update(sharper.y, index * FRAME_MS)
    changes.update(noisy(faces(2), 9).y, 40 * FRAME_MS, keyframe=True)
    assert changes.still_ms == 0


def test_changes_of_light_are_no_motion_and_somebody_is() -> None:
    changes = Changes()
    changes.update(noisy(faces(1), 1).y, 0)
    changes.looked()
    changes.update(noisy(faces(1), 2, 0.85).y, FRAME_MS)
    assert changes.moved is not None
    assert not changes.moved.any()
    changes.update(noisy(faces(2), 3, 0.85).y, 2 * FRAME_MS)
    assert changes.moved is not None
    assert changes.moved.any()
    newcomer = inside(changes.moved, [Box(0.55, 0.1, 0.4, 0.9)])
    assert not (changes.moved & ~newcomer).any()


def means(picture: Picture) -> Cells:
    changes = Changes()
    changes.update(picture.y, 0)
    assert changes.means is not None
    return changes.means


@pytest.mark.parametrize(
    ("length", "off", "repeats"),
    [(46, 0, True), (46, 6, True), (46, 14, False), (None, 0, False), (20, 0, False)],
)
def test_only_a_long_loop_that_moves_is_a_loop(length: int | None, off: float, repeats: bool) -> None:
    """46 pictures are 6.1 s; 20 are 2.7 s, which somebody tapping a pen may do.

    `off`, grey levels of a part of the picture: 6 is more than a decoder in haste makes of another round, 14
    a gesture that is merely alike.
    """
    loop = Loop()
    drift = np.random.default_rng(5)
    path = np.cumsum(np.random.default_rng(4).normal(0, 14, (140, 2)), axis=0)
    for index in range(130):
        x, y = path[index if length is None else index % length]
        rgb = room(640, 360)
        left, top = int(300 + x) % 560, int(150 + y) % 280
        rgb[top : top + 80, left : left + 80] = 220
        parts = cv2.resize(drift.normal(0, off, (9, 16)), (640, 360), interpolation=cv2.INTER_NEAREST)
        picture = noisy(np.clip(rgb + parts[..., None], 0, 255).astype(np.uint8), index)
        loop.update(means(picture), index * FRAME_MS)
    if repeats:
        assert loop.repeats_ms == pytest.approx(46 * FRAME_MS, abs=2 * FRAME_MS)
    else:
        assert loop.repeats_ms is None


def test_a_still_room_is_no_loop() -> None:
    loop = Loop()
    for index in range(130):
        loop.update(means(noisy(room(640, 360), index)), index * FRAME_MS)
    assert loop.repeats_ms is None


def marks(detector: MediaPipeFaceDetector, rgb: Rgb) -> Landmarks:
    picture = Picture.from_rgb(rgb)
    (face, *_) = detector.detect(picture)
    first = detector.landmarks.measure(picture, Roi.of(face, picture))
    return detector.landmarks.measure(picture, first.roi, gaze=True)


def test_a_frontal_face_is_level_and_present(detector: MediaPipeFaceDetector) -> None:
    found = marks(detector, scene((300, 640, 20)))
    assert found.pose.presence > 0.9
    assert abs(found.pose.yaw_deg) < 8
    assert abs(found.pose.roll_deg) < 8
    assert found.pose.gaze_x is not None
    assert abs(found.pose.gaze_x) < 0.5


def test_a_tilted_head_rolls_clockwise(detector: MediaPipeFaceDetector) -> None:
    turn = cv2.getRotationMatrix2D((640, 250), -20, 1.0)
    rgb = np.asarray(cv2.warpAffine(scene((250, 640, 20)), turn, (1280, 720)), np.uint8)
    level = marks(detector, scene((250, 640, 20))).pose
    assert 12 < marks(detector, rgb).pose.roll_deg - level.roll_deg < 28


def test_where_nobody_is_there_is_no_face(detector: MediaPipeFaceDetector) -> None:
    picture = Picture.from_rgb(room())
    found = detector.landmarks.measure(picture, Roi(640, 300, 300, 0.0))
    assert found.pose.presence < 0.5


def test_a_hand_hides_and_speaking_does_not(detector: MediaPipeFaceDetector) -> None:
    plain = marks(detector, scene((250, 640, 20)))
    appearance = Appearance()
    assert appearance.measure(plain.aligned, plain.pose) is None, "there is nothing to compare with"
    assert appearance.measure(plain.aligned, plain.pose) == 0
    bright = np.clip(plain.aligned * 1.3, 0, 255).astype(np.uint8)
    assert (appearance.measure(bright, plain.pose) or 0) < 0.1
    covered = plain.aligned.copy()
    covered[48:, 15:81] = 120
    hidden = appearance.measure(covered, plain.pose)
    assert hidden is not None
    assert 0.3 < hidden < 0.8
    assert appearance.remains(plain.aligned) > 0.9
    assert 0.2 < appearance.remains(covered) < 0.8
    assert appearance.remains(np.full_like(plain.aligned, 90)) == 0


def test_a_head_turned_for_the_first_time_is_not_called_hidden() -> None:
    appearance = Appearance()
    look = np.random.default_rng(1).integers(0, 255, (96, 96), dtype=np.uint8)
    other = np.random.default_rng(2).integers(0, 255, (96, 96), dtype=np.uint8)
    assert appearance.measure(look, Pose(0, 0, 0, 1.0)) is None
    assert appearance.measure(other, Pose(40, 0, 0, 1.0)) is None


def test_a_still_second_person_of_60_px_in_dim_light_is_found(
    detector: MediaPipeFaceDetector,
) -> None:
    rgb = scene((180, 420, 100), (60, 1050, 150))
    seen = watch(Sight(detector), [noisy(rgb, index, 0.35) for index in range(24)])
    assert [face.width_px > 100 for face in seen.faces if face.score >= 0.6] in ([True, False], [False, True])
    assert seen.thorough


def test_tiles_cover_everything_and_changed_ones_come_first() -> None:
    tiles = Tiles(1280, 720)
    assert not tiles.thorough(0)
    squares = []
    for offset_ms in range(0, 6000, 1000):
        square = tiles.next([], offset_ms)
        assert square is not None
        squares.append(square)
    assert len(set(squares)) == 6
    assert tiles.thorough(6000)
    moving = np.zeros((9, 16), np.bool_)
    moving[1, 15] = True
    tiles.changed(moving)
    assert not tiles.thorough(6000)
    square = tiles.next([], 7000)
    assert square is not None
    assert square[0] > 0.7
    assert square[1] < 0.5


@pytest.mark.parametrize(("level", "dark", "bright"), [(0, 1.0, 0.0), (255, 0.0, 1.0), (128, 0.0, 0.0)])
def test_light_of_a_scene(level: int, dark: float, bright: float) -> None:
    picture = Picture.from_rgb(np.full((360, 640, 3), level, np.uint8))
    light = measure(picture, picture.y[2::4, 2::4])
    assert (light.dark_share, light.bright_share) == (dark, bright)
    assert light.contrast == 0
    assert light.brightness == pytest.approx(level / 255, abs=0.01)
    assert light.sharpness < 1


def test_somebody_who_leans_in_stays_one_person(detector: MediaPipeFaceDetector) -> None:
    pictures = [noisy(scene((150 + 2 * index, 640, 100)), index) for index in range(24)]
    seen = watch(Sight(detector), pictures)
    assert len([face for face in seen.faces if face.score >= 0.6]) == 1


def beside(sway_px: int, index: int, *, second: bool) -> Picture:
    """The candidate, and perhaps somebody who leaves a chair behind that is as light as they are."""
    picture = room()
    picture[:, 700:1200] = 130
    picture[:, :700] = scene((180, 420 + sway_px, 100))[:, :700]
    if second:
        picture[150:464, 793 - sway_px : 1107 - sway_px] = scene((110, 950, 150))[150:464, 793:1107]
    return noisy(picture, index)


def test_who_leaves_beside_a_moving_candidate_is_gone_at_the_next_search(
    detector: MediaPipeFaceDetector,
) -> None:
    """Both sway so much that an empty chair changes the picture no more than that."""
    sight = Sight(detector)
    both = [beside(round(25 * np.sin(index * 0.9)), index, second=True) for index in range(32)]
    assert len(watch(sight, both).faces) == 2
    alone = [beside(80, index, second=False) for index in range(17)]
    assert len(watch(sight, alone, 32 * FRAME_MS).faces) == 1


def test_noise_is_no_contrast_and_a_dark_room_keeps_its_own() -> None:
    generator = np.random.default_rng(5)
    covered = np.asarray(np.clip(generator.normal(19, 1.5, (90, 160)), 0, 255), np.uint8)
    room = covered + np.repeat(np.repeat(np.array([[0, 12], [6, 0]], np.uint8), 45, axis=0), 80, axis=1)
    blank = Picture.from_rgb(np.zeros((360, 640, 3), np.uint8))
    assert measure(blank, covered).contrast < 0.003
    assert measure(blank, np.asarray(room, np.uint8)).contrast > 0.015
