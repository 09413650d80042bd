"""Where an iris is between the corners and the lids of its eye."""

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from proctoring.detectors.litert import Model, Tensor
from proctoring.detectors.picture import Picture, Rgb
from proctoring.detectors.roi import Roi, turned

SPAN = 2.3
"""Side of the square the model looks at, in widths of the eye."""
MIN_EYE_PX = 22
MIN_OPENING = 0.12
"""Height over width below which an eye is shut: its iris cannot be told."""
UPPER_LID, LOWER_LID = 12, 4
CORNERS = (0, 8)


@dataclass(frozen=True, slots=True)
class Eye:
    """One eye in pixels of the picture: its outer and inner corner, and on which side of the face it is."""

    outer: tuple[float, float]
    inner: tuple[float, float]
    on_right: bool


class Gaze:
    """Runs MediaPipe's iris_landmark model; about 1.3 ms."""

    def __init__(self, path: Path) -> None:
        self._model = Model(path)

    def measure(
        self, picture: Picture, eye: Eye, turn: float, table: Rgb | None
    ) -> tuple[float, float] | None:
        """(x, y) of the iris, -1..1, right and down positive; None when the eye is too small or shut."""
        width = math.dist(eye.outer, eye.inner)
        if width < MIN_EYE_PX:
            return None
        x, y = (eye.outer[0] + eye.inner[0]) / 2, (eye.outer[1] + eye.inner[1]) / 2
        crop = turned(picture, Roi(x, y, SPAN * width, turn), self._model.side)
        if not eye.on_right:
            crop = np.ascontiguousarray(crop[:, ::-1])
        even = crop if table is None else np.asarray(cv2.LUT(crop, table), np.uint8)
        outputs = self._model.run(even.astype(np.float32) * (1 / 255))
        contour, iris = sorted(outputs, key=lambda each: -each.size)
        found = _between(contour.reshape(-1, 3)[:, :2], iris.reshape(-1, 3)[0, :2])
        if found is None or eye.on_right:
            return found
        return -found[0], found[1]


def _between(contour: Tensor, iris: Tensor) -> tuple[float, float] | None:
    """The iris relative to corners and lids; the eye looks to the side it is on when x is positive."""
    inner, outer, lower, upper = (contour[index] for index in (*CORNERS, LOWER_LID, UPPER_LID))
    width, opening = float(outer[0] - inner[0]), float(lower[1] - upper[1])
    if width <= 0 or opening < MIN_OPENING * width:
        return None
    x = (float(iris[0]) - float(inner[0] + outer[0]) / 2) / (width / 2)
    y = (float(iris[1]) - float(lower[1] + upper[1]) / 2) / (opening / 2)
    return round(min(1.0, max(-1.0, x)), 2), round(min(1.0, max(-1.0, y)), 2)
