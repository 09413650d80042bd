"""The real models on a real face."""

import cv2
import numpy as np
import pytest

from proctoring.detectors.face import MediaPipeFaceDetector, exposure_table, merge
from proctoring.detectors.picture import Picture, fit
from proctoring.detectors.textures import KnownTextures
from proctoring.rules.policy import Policy
from proctoring.types import Box, Face
from tests.proctoring.video import Rgb, faces, room, scene

POLICY = Policy()


def seen(detector: MediaPipeFaceDetector, rgb: Rgb) -> list[Face]:
    """Faces the default policy would count."""
    found = detector.detect(Picture.from_rgb(rgb))
    return [face for face in found if face.score >= POLICY.second_face_min_score]


def exposed(rgb: Rgb, factor: float) -> Rgb:
    noise = np.random.default_rng(3).normal(0, 4, rgb.shape)
    return np.clip(rgb * factor + noise, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_counts_faces(detector: MediaPipeFaceDetector, count: int) -> None:
    assert len(seen(detector, faces(count))) == count


def test_box_and_key_points_are_where_the_face_is(detector: MediaPipeFaceDetector) -> None:
    (face,) = seen(detector, scene((180, 420, 100)))
    assert abs(face.box.x + face.box.width / 2 - 420 / 1280) < 0.05
    assert 130 <= face.width_px <= 230
    right_eye, left_eye, nose, mouth = face.key_points[:4]
    assert right_eye[0] < nose[0] < left_eye[0]
    assert right_eye[1] < nose[1] < mouth[1]
    assert all(face.box.x < x < face.box.x + face.box.width for x, _ in (right_eye, left_eye, nose, mouth))


@pytest.mark.parametrize("width", [60, 80, 120, 200, 300, 400, 500])
def test_face_widths(detector: MediaPipeFaceDetector, width: int) -> None:
    (face,) = seen(detector, scene((width, 640, 40)))
    assert 0.6 * width < face.width_px < 1.5 * width


def test_a_face_that_fills_the_frame(detector: MediaPipeFaceDetector) -> None:
    assert len(seen(detector, scene((650, 640, 0)))) == 1


def test_a_small_second_face_beside_a_large_one(detector: MediaPipeFaceDetector) -> None:
    assert len(seen(detector, scene((280, 420, 40), (70, 1050, 120)))) == 2


@pytest.mark.parametrize("factor", [0.15, 0.25, 0.5, 1.0, 1.6, 2.0])
def test_light(detector: MediaPipeFaceDetector, factor: float) -> None:
    assert len(seen(detector, exposed(scene((180, 640, 100)), factor))) == 1


@pytest.mark.parametrize("factor", [0.1, 0.5, 1.0, 1.6])
def test_an_empty_room_in_any_light(detector: MediaPipeFaceDetector, factor: float) -> None:
    assert seen(detector, exposed(room(), factor)) == []


@pytest.mark.parametrize("size", [(640, 360), (720, 1280), (322, 242)])
def test_other_sizes_and_portrait(detector: MediaPipeFaceDetector, size: tuple[int, int]) -> None:
    width, height = size
    face_px = min(size) // 4
    assert len(seen(detector, scene((face_px, width // 2, 10), width=width, height=height))) == 1


def test_black_and_white_frames(detector: MediaPipeFaceDetector) -> None:
    for level in (0, 255):
        assert seen(detector, np.full((720, 1280, 3), level, np.uint8)) == []


def test_exposure_is_left_alone_when_it_is_fine() -> None:
    assert exposure_table(faces(1)) is None
    dark = exposure_table(np.full((90, 160, 3), 12, np.uint8))
    bright = exposure_table(np.full((90, 160, 3), 230, np.uint8))
    assert dark is not None
    assert bright is not None
    assert dark[12] > 40
    assert bright[230] < 210


def test_merge_keeps_the_best_of_one_face() -> None:
    wide, same = Face(Box(0.4, 0.4, 0.2, 0.2), 0.5, 1), Face(Box(0.42, 0.4, 0.2, 0.2), 0.9, 1)
    inside, apart = Face(Box(0.45, 0.45, 0.05, 0.05), 0.7, 1), Face(Box(0.8, 0.1, 0.1, 0.1), 0.6, 1)
    assert merge([wide, same, inside, apart]) == (same, apart)


def test_picture_measures() -> None:
    grey = Picture.from_rgb(np.full((360, 640, 3), 128, np.uint8))
    assert grey.brightness() == pytest.approx(0.5, abs=0.02)
    assert grey.sharpness() < 1
    assert Picture.from_rgb(faces(1)).sharpness() > 100
    assert fit(1280, 720, 640) == (640, 360)
    assert fit(720, 1280, 640) == (360, 640)
    assert fit(320, 240, 640) == (320, 240)
    rgb = faces(1)
    small = cv2.resize(rgb, (320, 180), interpolation=cv2.INTER_AREA).astype(int)
    assert np.abs(Picture.from_rgb(rgb).small_rgb() - small).mean() < 3


def test_closing_twice_is_fine(model_files: object) -> None:
    from proctoring.models import ModelFiles

    assert isinstance(model_files, ModelFiles)
    face_detector = MediaPipeFaceDetector(model_files)
    face_detector.close()
    face_detector.close()


def test_a_quiet_background_is_looked_at_once(detector: MediaPipeFaceDetector) -> None:
    """Textures cost second looks only until they are known; a person who then comes in is seen at once."""
    known = KnownTextures()
    empty, person = busy_room(), busy_room()
    person[150:450, 500:800] = scene((105, 150, 0), width=300, height=300)
    looks: list[int] = []
    for _ in range(8):
        before = known.places
        assert not [face for face in detector.detect(Picture.from_rgb(empty), known) if face.score >= 0.6]
        looks.append(known.places - before)
    assert looks[0] > 0
    assert looks[-1] == 0
    assert [face.score >= 0.6 for face in detector.detect(Picture.from_rgb(person), known)][:1] == [True]


def test_textures_are_forgotten_when_they_change_and_with_time() -> None:
    known, box = KnownTextures(), Box(0.4, 0.4, 0.2, 0.2)
    dark, light = np.full((90, 160, 3), 50, np.uint8), np.full((90, 160, 3), 70, np.uint8)
    known.remember(dark, box)
    known.next_picture(dark)
    assert known.knows(Box(0.42, 0.4, 0.2, 0.2))
    assert not known.knows(Box(0.1, 0.1, 0.2, 0.2))
    known.next_picture(light)
    assert not known.knows(box)
    known.remember(dark, Box(0.9, 0.9, 0.3, 0.3))
    for _ in range(21):
        known.next_picture(dark)
    assert known.places == 0


def busy_room() -> Rgb:
    """A background with many things that a little resemble faces."""
    coarse = np.random.default_rng(1).integers(60, 180, (18, 32), dtype=np.uint8)
    grey = cv2.resize(coarse, (1280, 720), interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)


def test_a_face_too_small_for_the_whole_picture_is_found_in_a_square_of_it(
    detector: MediaPipeFaceDetector,
) -> None:
    picture = Picture.from_rgb(exposed(scene((45, 1000, 300)), 0.5))
    known = KnownTextures()
    (face,) = detector.search(picture, (0.75, 0.5, 480), known)
    assert face.score >= 0.6
    assert abs(face.box.x + face.box.width / 2 - 1000 / 1280) < 0.03
    assert 25 < face.width_px < 75
    assert all(face.score < 0.5 for face in detector.search(picture, (0.2, 0.5, 480), known))
