"""Our answers are MediaPipe's: its Tasks API, running the same model files, looks at the same pictures."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

import cv2
import numpy as np
import pytest
import skimage.data
from numpy.typing import NDArray

from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.detectors.picture import Picture
from proctoring.detectors.roi import Roi
from proctoring.detectors.ssd import FULL_RANGE_LAYERS, SHORT_RANGE_LAYERS, SsdModel
from proctoring.models import ModelFiles
from proctoring.rules.policy import Policy
from proctoring.types import Box
from tests.proctoring import record_face_mesh
from tests.proctoring.video import Rgb, faces, room, scene
from tools.bootstrap import mediapipe as runtime
from tools.bootstrap import models

MIN_SCORE = 0.3
DEFAULT_SCORE = 0.5
"""From which MediaPipe counts a face unless told otherwise."""
COUNTED = Policy().second_face_min_score
SIDES = {"full range": 192, "short range": 128}
TEMPLE_TO_TEMPLE = (record_face_mesh.POINTS.index(234), record_face_mesh.POINTS.index(454))

Pixels = tuple[int, int, int, int]
"""Left, top, width, height."""
Scene = Callable[[], Rgb]


@dataclass(frozen=True, slots=True)
class Told:
    """A face as MediaPipe tells it: its box in whole pixels, points relative to the picture."""

    score: float
    pixels: Pixels
    points: list[tuple[float, float]]


Look = Callable[[Rgb], list[Told]]


@pytest.fixture(scope="module")
def theirs(model_files: ModelFiles) -> Iterator[dict[str, Look]]:
    """Both models in MediaPipe's own runtime."""
    runtime.ensure()
    if lacking := runtime.missing_packages(models.folder()):
        pytest.skip(f"MediaPipe cannot load here: it lacks {', '.join(lacking)}")
    import mediapipe as mp
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.vision import FaceDetector, FaceDetectorOptions

    def look(detector: Any, rgb: Rgb) -> list[Told]:
        image = mp.Image(image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        return sorted(
            (_told(found) for found in detector.detect(image).detections), key=lambda face: -face.score
        )

    with ExitStack() as stack:
        looks: dict[str, Look] = {}
        for name, path in (("full range", model_files.full_range), ("short range", model_files.short_range)):
            options = FaceDetectorOptions(
                base_options=BaseOptions(model_asset_path=str(path)), min_detection_confidence=MIN_SCORE
            )
            detector = FaceDetector.create_from_options(options)
            stack.callback(detector.close)
            looks[name] = lambda rgb, detector=detector: look(detector, rgb)  # type: ignore[misc]
        yield looks


@pytest.fixture(scope="module")
def ours(model_files: ModelFiles) -> dict[str, SsdModel]:
    """Both models as production runs them."""
    return {
        "full range": SsdModel(model_files.full_range, FULL_RANGE_LAYERS, MIN_SCORE),
        "short range": SsdModel(model_files.short_range, SHORT_RANGE_LAYERS, MIN_SCORE),
    }


def _told(found: Any) -> Told:
    box = found.bounding_box
    pixels = (box.origin_x, box.origin_y, box.width, box.height)
    return Told(found.categories[0].score, pixels, [(point.x, point.y) for point in found.keypoints])


def dimmed(factor: float) -> Rgb:
    return np.asarray(np.clip(scene((180, 640, 100)) * factor, 0, 255), np.uint8)


def photograph() -> Rgb:
    whole: Rgb = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(whole)


def at_places(*widths: int) -> dict[str, Scene]:
    return {
        f"{width} px at {x}": partial(scene, (width, x, 40)) for width in widths for x in (300, 640, 1000)
    }


# A real face of several sizes at several places, in several lights and shapes of pictures.
ONE_FACE: dict[str, Scene] = {
    **at_places(100, 140, 180, 240, 320, 420),
    **{f"light {factor}": partial(dimmed, factor) for factor in (0.25, 0.5)},
    **{
        f"portrait, {width} px": partial(scene, (width, 360, 200), width=720, height=1280)
        for width in (120, 240, 400)
    },
    "the whole photograph": photograph,
}
# Nobody, several people, faces that are cut off or hard to see.
OTHERS: dict[str, Scene] = {
    "nobody": room,
    "black": lambda: np.zeros((720, 1280, 3), np.uint8),
    "two": partial(faces, 2),
    "three": partial(scene, (180, 250, 100), (140, 700, 150), (90, 1100, 200)),
    **at_places(60, 80, 560, 650),
    **{f"light {factor}": partial(dimmed, factor) for factor in (0.15, 1.6)},
}


def of_the_models_size(rgb: Rgb, side: int) -> Rgb:
    """The picture as large as the model sees it: nobody has to scale it, so nobody can differ in how."""
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    size = (round(width * scale), round(height * scale))
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def as_told(box: Box, rgb: Rgb) -> Pixels:
    """Our box as MediaPipe would tell it: beginning in the picture, and no larger than the picture."""
    height, width = rgb.shape[:2]
    left, top = max(0, int(box.x * width)), max(0, int(box.y * height))
    return left, top, min(int(box.width * width), width), min(int(box.height * height), height)


@pytest.mark.parametrize("model", SIDES)
@pytest.mark.parametrize("picture", ONE_FACE | OTHERS)
def test_a_model_gives_the_same_answers(
    theirs: dict[str, Look], ours: dict[str, SsdModel], model: str, picture: str
) -> None:
    rgb = of_the_models_size((ONE_FACE | OTHERS)[picture](), SIDES[model])
    told, found = theirs[model](rgb), ours[model].run(rgb, rgb.shape[1])
    assert len(told) == len(found)
    for their, our in zip(told, found, strict=True):
        assert our.score == pytest.approx(their.score, abs=0.002)
        assert as_told(our.box, rgb) == pytest.approx(their.pixels, abs=1)
        assert np.array(our.key_points) == pytest.approx(np.array(their.points), abs=0.002)


def overlap(one: Pixels, other: Pixels) -> float:
    first, second = Box(*one), Box(*other)
    shared = first.intersection(second)
    return shared / (first.area + second.area - shared)


@pytest.mark.parametrize("picture", ONE_FACE)
def test_one_face_is_one_face_to_both(
    theirs: dict[str, Look], detector: MediaPipeFaceDetector, picture: str
) -> None:
    """The whole detector on a decoded picture; MediaPipe scales it in another way: wider bounds."""
    rgb = ONE_FACE[picture]()
    (their,) = [face for face in theirs["full range"](rgb) if face.score >= DEFAULT_SCORE]
    (our,) = [face for face in detector.detect(Picture.from_rgb(rgb)) if face.score >= COUNTED]
    assert overlap(as_told(our.box, rgb), their.pixels) > 0.75
    assert our.score == pytest.approx(their.score, abs=0.25)


@pytest.mark.parametrize("picture", OTHERS)
def test_no_face_that_mediapipe_counts_is_missed(
    theirs: dict[str, Look], detector: MediaPipeFaceDetector, picture: str
) -> None:
    rgb = OTHERS[picture]()
    found = detector.detect(Picture.from_rgb(rgb))
    for their in theirs["full range"](rgb):
        if their.score >= DEFAULT_SCORE:
            same = [face for face in found if overlap(as_told(face.box, rgb), their.pixels) > 0.5]
            assert [face.score > their.score - 0.2 for face in same] == [True]


@pytest.mark.parametrize("picture", record_face_mesh.PICTURES)
def test_landmarks_are_where_mediapipes_own_graph_sees_them(
    detector: MediaPipeFaceDetector, picture: str
) -> None:
    """On the first look and when following; MediaPipe begins at another box: another square."""
    rgb = Picture.from_rgb(record_face_mesh.PICTURES[picture]())
    expected: NDArray[np.float64] = np.array(record_face_mesh.recorded()[picture])
    left, right = TEMPLE_TO_TEMPLE
    width = float(np.hypot(*(expected[right] - expected[left])[:2]))
    first = detector.landmarks.measure(rgb, Roi.of(detector.detect(rgb)[0], rgb))
    for marks in (first, detector.landmarks.measure(rgb, first.roi)):
        off = np.abs(marks.points[record_face_mesh.POINTS] - expected) / width
        assert marks.pose.presence > 0.9
        assert np.hypot(off[:, 0], off[:, 1]).mean() < 0.02
        assert np.hypot(off[:, 0], off[:, 1]).max() < 0.08
        assert off[:, 2].mean() < 0.015
