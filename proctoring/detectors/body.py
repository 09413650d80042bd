"""Are the shoulders still where they were? Who hides behind two hands is there, an empty chair is empty."""

import cv2
import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.picture import Plane
from proctoring.types import Box

Cells = NDArray[np.float32]

ACROSS, DOWN = 8, 5
REACH, NECK, LENGTH = 1.2, 0.15, 1.6
"""The part below a face that is compared, in its widths to either side and its heights below the chin."""
TOLERANCE_SHARE, LEAST_LEVELS = 0.2, 3.0
"""How far a cell's mean may move: a share of the picture's contrast, and grey levels at least."""


class Body:
    """What was below a face when it was last clearly seen."""

    def __init__(self) -> None:
        self._place: Box | None = None
        self._cells: Cells | None = None

    def remember(self, samples: Plane, face: Box) -> None:
        """The face is clearly seen here; too close to the picture's lower edge nothing is remembered."""
        chin = face.y + face.height
        top, bottom = chin + NECK * face.height, min(1.0, chin + LENGTH * face.height)
        middle = face.x + face.width / 2
        left, right = max(0.0, middle - REACH * face.width), min(1.0, middle + REACH * face.width)
        self._place = self._cells = None
        if bottom - top >= 0.3 * face.height and right - left >= face.width:
            self._place = Box(left, top, right - left, bottom - top)
            self._cells = _cells(samples, self._place)

    def remains(self, samples: Plane) -> float | None:
        """Share 0..1 of it that looks as it did; None when nothing is remembered."""
        if self._place is None or self._cells is None:
            return None
        tolerance = max(LEAST_LEVELS, TOLERANCE_SHARE * float(samples.std()))
        same = np.abs(_cells(samples, self._place) - self._cells) <= tolerance
        return float(same.mean())


def _cells(samples: Plane, place: Box) -> Cells:
    height, width = samples.shape
    top, left = min(height - 1, int(place.y * height)), min(width - 1, int(place.x * width))
    bottom = max(top + 1, round((place.y + place.height) * height))
    right = max(left + 1, round((place.x + place.width) * width))
    cut = np.ascontiguousarray(samples[top:bottom, left:right])
    return np.asarray(cv2.resize(cut, (ACROSS, DOWN), interpolation=cv2.INTER_AREA), np.float32)
