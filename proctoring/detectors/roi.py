"""A turned square around a face or an eye, and how it is cut out of a picture."""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.picture import Picture, Rgb
from proctoring.types import Face

SPAN = 1.5
"""Side of the square the landmark model looks at, in faces."""


@dataclass(frozen=True, slots=True)
class Roi:
    """Where a face is looked for: centre and side in pixels, turned clockwise by `turn` radians."""

    x: float
    y: float
    side: float
    turn: float

    @classmethod
    def of(cls, face: Face, picture: Picture) -> "Roi":
        """Around a detected face, turned by its eyes."""
        width, height = picture.width, picture.height
        turn = 0.0
        if len(face.key_points) >= 2:
            (x0, y0), (x1, y1) = face.key_points[:2]
            turn = math.atan2((y1 - y0) * height, (x1 - x0) * width)
        side = SPAN * max(face.box.width * width, face.box.height * height)
        x, y = face.box.x + face.box.width / 2, face.box.y + face.box.height / 2
        return cls(x * width, y * height, side, turn)

    def matrix(self, out_side: int) -> NDArray[np.float64]:
        """The 2 x 3 matrix from pixels of the picture to pixels of the turned square."""
        scale = out_side / self.side
        cos, sin = scale * math.cos(self.turn), scale * math.sin(self.turn)
        half = out_side / 2
        return np.array(
            [
                [cos, sin, half - cos * self.x - sin * self.y],
                [-sin, cos, half + sin * self.x - cos * self.y],
            ]
        )


def turned(picture: Picture, roi: Roi, out_side: int) -> Rgb:
    """The turned square in RGB, scaled to `out_side`; black outside of the picture."""
    reach = roi.side * (abs(math.cos(roi.turn)) + abs(math.sin(roi.turn)))
    around = max(16, 2 * round(min(reach, 4.0 * max(picture.width, picture.height)) / 2))
    upright_side = min(around, 2 * round(out_side * reach / roi.side / 2))
    # square_rgb cuts at even pixels: use the place it really cut.
    left = 2 * round((roi.x - around / 2) / 2)
    top = 2 * round((roi.y - around / 2) / 2)
    crop = picture.square_rgb(roi.x / picture.width, roi.y / picture.height, around, upright_side)
    scale = upright_side / around
    moved = Roi((roi.x - left) * scale, (roi.y - top) * scale, roi.side * scale, roi.turn)
    return np.asarray(
        cv2.warpAffine(crop, moved.matrix(out_side), (out_side, out_side), flags=cv2.INTER_LINEAR), np.uint8
    )
