"""Does a face move by itself? A portrait on a wall changes as much as the wall, a person always more.

Measured in the same place of every decoded picture, on a small grid of means, each picture brought to the
same light and contrast. A cell's change is its median deviation over the last two seconds, so that what
passes in front for a moment does not count; the face's change is that of its livelier half. About 15 µs a
place and picture, and 0.15 ms whenever somebody asks.
"""

from collections import deque

import cv2
import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.picture import Plane
from proctoring.types import Box

Patch = NDArray[np.float32]

SIDE = 12
WINDOW_MS = 2200
FULL_AFTER_MS = 1200
CELL_QUANTILE = 0.6
LEAST_NOISE = 0.35
"""Grey levels: what rounding and the encoder alone change."""
MOVED_AWAY = 0.3
REFERENCES = 2


class Life:
    """Follows one face, and places of the background that should be as still as a portrait."""

    def __init__(self, box: Box) -> None:
        self._anchor = box
        self._places = [box]
        self._history: deque[tuple[int, list[Patch]]] = deque()
        self._motion: float | None = None
        self._measured = False

    def follow(self, box: Box, again: bool = False) -> None:
        """The face was seen here: measure there once it has clearly moved, or when it was away."""
        off_x = abs(box.x + box.width / 2 - self._anchor.x - self._anchor.width / 2)
        off_y = abs(box.y + box.height / 2 - self._anchor.y - self._anchor.height / 2)
        grown = max(box.width / self._anchor.width, self._anchor.width / box.width)
        moved = max(off_x / box.width, off_y / box.height, grown - 1) > MOVED_AWAY
        if moved or again:
            self._anchor = box
            self._places = [box]
            self._history.clear()
            self._motion, self._measured = None, True

    def needs_references(self) -> bool:
        """Whether nothing is known yet that the face could be compared with."""
        return len(self._places) == 1

    def compare_with(self, places: list[Box]) -> None:
        """Places of the same size where nobody is."""
        self._places = [self._anchor, *places[:REFERENCES]]
        self._history.clear()

    def update(self, y: Plane, offset_ms: int) -> None:
        """Take in a decoded picture."""
        if self._history and not 0 <= offset_ms - self._history[-1][0] <= WINDOW_MS:
            self._history.clear()
        self._history.append((offset_ms, [_patch(y, place) for place in self._places]))
        while offset_ms - self._history[0][0] > WINDOW_MS:
            self._history.popleft()
        self._measured = False

    @property
    def motion(self) -> float | None:
        """Change of the face in multiples of the background's; None until a second was seen."""
        if self._measured:
            return self._motion
        self._measured = True
        if len(self._history) >= 5 and self._history[-1][0] - self._history[0][0] >= FULL_AFTER_MS:
            changes = _changes(np.array([patches for _, patches in self._history]))
            # Where the whole picture shakes the background says so; where it is all people, the least does.
            noise = max(LEAST_NOISE, float(np.median(changes[1:])) if len(changes) > 1 else LEAST_NOISE)
            self._motion = round(float(changes[0]) / noise, 2)
        return self._motion


def _patch(y: Plane, box: Box) -> Patch:
    height, width = y.shape
    left, top = int(max(0.0, box.x) * width), int(max(0.0, box.y) * height)
    right = min(width, max(left + SIDE, round((box.x + box.width) * width)))
    bottom = min(height, max(top + SIDE, round((box.y + box.height) * height)))
    left, top = min(left, width - SIDE), min(top, height - SIDE)
    # Thinned out first: a mean of 64 samples a cell is as good as one of 600.
    step = max(1, min(right - left, bottom - top) // (SIDE * 8))
    # Whole samples a cell: averaging areas with parts of pixels costs five times as much.
    wide, tall = (SIDE * max(1, length // step // SIDE) for length in (right - left, bottom - top))
    cut = y[top : top + tall * step : step, left : left + wide * step : step]
    cut = cut if step == 1 else np.ascontiguousarray(cut)
    return np.asarray(cv2.resize(cut, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)


def _changes(patches: NDArray[np.float32]) -> NDArray[np.float32]:
    """Change of the livelier half of each place's cells over time, in grey levels."""
    flat = patches.reshape(*patches.shape[:2], -1).transpose(1, 2, 0)
    means, deviations = flat.mean(axis=1, keepdims=True), flat.std(axis=1, keepdims=True)
    gain = np.clip(_middle(deviations) / np.maximum(deviations, 1.0), 0.7, 1.4)
    even = np.ascontiguousarray((flat - means) * gain)
    deviation = np.sort(_middle(np.abs(even - _middle(even)))[..., 0], axis=-1)
    return np.asarray(deviation[:, int(CELL_QUANTILE * (deviation.shape[-1] - 1))], np.float32)


def _middle(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """The median along the last axis; sorting these few is much quicker than numpy's own median."""
    middle = rows.shape[-1] // 2
    return np.asarray(np.sort(rows, axis=-1)[..., middle : middle + 1], np.float32)
