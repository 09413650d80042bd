"""What looked like a face and was none: spares second looks at a background that does not change."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.picture import Rgb
from proctoring.types import Box, Face

Patch = NDArray[np.int16]

PATCH_SIDE = 12
MAX_DIFFERENCE = 6.0
"""Mean difference in grey levels up to which a place is unchanged; noise makes 1, a face above 15."""
MAX_AGE_PICTURES = 20
MAX_PLACES = 32
SAME_PLACE_IOU = 0.3
IN_VAIN = 6
"""After so many second looks in a row that found nobody, textures that move get one a search."""


@dataclass(frozen=True, slots=True)
class _Place:
    box: Box
    patch: Patch
    seen_at: int


class KnownTextures:
    """Places of one stream that were looked at twice and are no face; forgotten when they change or age."""

    def __init__(self) -> None:
        self._places: deque[_Place] = deque(maxlen=MAX_PLACES)
        self._pictures = self._in_vain = 0

    @property
    def places(self) -> int:
        """How many places are known."""
        return len(self._places)

    def next_picture(self, rgb: Rgb) -> None:
        """Begin with a new picture: forget what is old or has changed."""
        self._pictures += 1
        kept = [place for place in self._places if self._holds(place, rgb)]
        self._places = deque(kept, maxlen=MAX_PLACES)

    def knows(self, box: Box) -> bool:
        """Whether this place was found to be no face."""
        return any(_overlap(place.box, box) > SAME_PLACE_IOU for place in self._places)

    def worth_a_look(self, faces: Sequence[Face], most: int) -> Sequence[Face]:
        """The first so many; only one of them, by turns, where second looks keep finding nobody."""
        best = faces[:most]
        return best if self._in_vain < IN_VAIN or not best else [best[self._in_vain % len(best)]]

    def confirmed(self) -> None:
        """A second look found somebody."""
        self._in_vain = 0

    def remember(self, rgb: Rgb, box: Box) -> None:
        """The second look found no face here."""
        self._in_vain += 1
        self._places.append(_Place(box, _patch(rgb, box), self._pictures))

    def _holds(self, place: _Place, rgb: Rgb) -> bool:
        if self._pictures - place.seen_at > MAX_AGE_PICTURES:
            return False
        return float(np.abs(_patch(rgb, place.box) - place.patch).mean()) <= MAX_DIFFERENCE


def _overlap(first: Box, second: Box) -> float:
    shared = first.intersection(second)
    union = first.area + second.area - shared
    return shared / union if union > 0 else 0.0


def _patch(rgb: Rgb, box: Box) -> Patch:
    height, width = rgb.shape[:2]
    left, top = max(0, int(box.x * width)), max(0, int(box.y * height))
    right = max(left + 1, min(width, round((box.x + box.width) * width)))
    bottom = max(top + 1, min(height, round((box.y + box.height) * height)))
    cut = rgb[min(top, height - 1) : bottom, min(left, width - 1) : right, 1]
    return cv2.resize(cut, (PATCH_SIDE, PATCH_SIDE), interpolation=cv2.INTER_AREA).astype(np.int16)
