"""Light and sharpness of a whole picture."""

from dataclasses import dataclass

import cv2
import numpy as np

from proctoring.detectors.picture import LUMA_BLACK, LUMA_RANGE, Picture, Plane

BLACK, BURNT = 32, 228
"""Luma of a decoded picture up to which nothing can be seen, and from which nothing more."""

COARSE = (32, 18)


@dataclass(frozen=True, slots=True)
class Scene:
    """What an Observation says about light; see there."""

    brightness: float
    contrast: float
    sharpness: float
    dark_share: float
    bright_share: float


def measure(picture: Picture, samples: Plane) -> Scene:
    """Measure it on samples of the luma; only sharpness needs the picture itself."""
    mean = float(samples.mean())
    # Noise is no contrast: a covered lens shows nothing else.
    coarse = cv2.resize(samples, COARSE, interpolation=cv2.INTER_AREA)
    deviation = float(np.std(coarse, dtype=np.float64))
    return Scene(
        brightness=round(min(1.0, max(0.0, (mean - LUMA_BLACK) / LUMA_RANGE)), 4),
        contrast=round(deviation / LUMA_RANGE, 4),
        sharpness=round(picture.sharpness(), 2),
        dark_share=round(float((samples <= BLACK).mean()), 3),
        bright_share=round(float((samples >= BURNT).mean()), 3),
    )
