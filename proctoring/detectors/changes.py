"""Where a picture changes, measured on every decoded one: samples on a grid, compared cell by cell.

A cell moves when it changed clearly more than the quieter cells, which show the camera's noise. A change of
exposure, which scales all of them, is taken out first. About 0.06 ms a picture.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.picture import Plane
from proctoring.types import Box

Cells = NDArray[np.float32]
Moving = NDArray[np.bool_]

SAMPLES_ACROSS = 160
CELL = 10
"""Samples on a cell's side: 80 px of a 720p picture."""
TIMES_NOISE, LEVELS = 3.0, 2.5
QUIET_QUANTILE = 0.25
STILL_LEVELS, STILL_CELL_LEVELS = 0.35, 1.6
"""Mean change of a picture, and of its liveliest cell, up to which it counts as the same picture."""
REFRESH_LEVELS = 2.6
"""The encoder sends a still picture anew now and then: one frame that changes everywhere, and little."""
KEYFRAME_LEVELS, KEYFRAME_MS = 10.0, 500
"""A keyframe, and what sharpens it, changes the picture by as much for so long, though nothing moved."""
DRIFT_LEVELS, DRIFT_MS = 4.5, 1_000


def samples(y: Plane) -> Plane:
    """Every n-th luma value, so that about SAMPLES_ACROSS remain on the longer side.

    Not those at the edges of a codec's blocks, where a decoder in haste is furthest off.
    """
    step = max(1, round(max(y.shape) / SAMPLES_ACROSS))
    first = step // 2 + 1 if step > 2 else 0
    return np.ascontiguousarray(y[first::step, first::step])


class Changes:
    """Compares each picture of one stream with the one before, and with the one last looked at."""

    def __init__(self) -> None:
        self._last: _Grid | None = None
        self._looked: _Grid | None = None
        self._still: _Grid | None = None
        self._still_ms = self._still_since_ms = 0
        self._was_same = False
        self._renewed_ms: int | None = None
        self.now: Plane | None = None
        self.means: Cells | None = None
        self.moving: Moving | None = None
        self.moved: Moving | None = None
        self.since: Cells | None = None
        self.noise = 0.0
        self.still_ms = 0

    def update(self, y: Plane, offset_ms: int, keyframe: bool = False) -> None:
        """Take in a decoded picture: `moving` since the last one, `moved` since the last look.

        Both are None where there is nothing to compare with, as at the start or after a change of size.
        """
        current = _Grid(samples(y))
        if self._last is None or self._last.samples.shape != current.samples.shape:
            self._last = self._looked = self.moving = self.moved = self.since = None
            self._still, self.still_ms = current, 0
            self._still_ms = self._still_since_ms = offset_ms
        else:
            change = _change(current, self._last)
            self.noise = _quiet(change)
            self.moving = change > TIMES_NOISE * self.noise + LEVELS
            if self._looked is not None:
                self.since = change if self._looked is self._last else _change(current, self._looked)
                self.moved = self.since > TIMES_NOISE * _quiet(self.since) + LEVELS
            self._watch_stillness(current, change, offset_ms, keyframe)
        self._last, self.now, self.means = current, current.samples, current.means

    def looked(self) -> None:
        """The present picture is looked at: what moves is measured from here on."""
        self._looked = self._last
        self.moved = self.since = None

    def _watch_stillness(self, current: "_Grid", change: Cells, offset_ms: int, keyframe: bool) -> None:
        assert self._still is not None
        liveliest = float(change.max())
        same = liveliest < STILL_CELL_LEVELS and float(change.mean()) < STILL_LEVELS
        if keyframe:
            self._renewed_ms = offset_ms if self._was_same else None
        renewed = self._renewed_ms is not None and offset_ms - self._renewed_ms <= KEYFRAME_MS
        refreshed = self._was_same and liveliest < REFRESH_LEVELS
        if renewed and liveliest < KEYFRAME_LEVELS:
            self._still, self._still_ms = current, offset_ms
        # The encoder goes on polishing a picture that stands still: a slow drift is no motion, within limits.
        elif not (same or refreshed) or float(_change(current, self._still).max()) > DRIFT_LEVELS:
            self._still, self._still_ms, self._still_since_ms = current, offset_ms, offset_ms
        elif offset_ms - self._still_ms >= DRIFT_MS:
            self._still, self._still_ms = current, offset_ms
        self._was_same = same
        self.still_ms = max(0, offset_ms - self._still_since_ms)


class _Grid:
    """Samples of a picture and their mean in each cell."""

    __slots__ = ("means", "samples")

    def __init__(self, of: Plane) -> None:
        self.samples = of
        self.means = _cells(of)


def inside(moving: Moving | Cells, boxes: list[Box]) -> Moving:
    """Which cells have their centre in one of the boxes."""
    rows, columns = moving.shape
    y, x = (np.arange(rows) + 0.5) / rows, (np.arange(columns) + 0.5) / columns
    covered = np.zeros(moving.shape, np.bool_)
    for box in boxes:
        across = (x >= box.x) & (x <= box.x + box.width)
        down = (y >= box.y) & (y <= box.y + box.height)
        covered |= down[:, None] & across[None, :]
    return covered


def around(moving: Moving) -> Box:
    """The rectangle around all cells that move; the whole picture when none does."""
    rows, columns = np.flatnonzero(moving.any(axis=1)), np.flatnonzero(moving.any(axis=0))
    if not rows.size:
        return Box(0.0, 0.0, 1.0, 1.0)
    height, width = moving.shape
    left, top = int(columns[0]) / width, int(rows[0]) / height
    return Box(left, top, (int(columns[-1]) + 1) / width - left, (int(rows[-1]) + 1) / height - top)


def _cells(pixels: NDArray[np.uint8] | cv2.typing.MatLike) -> Cells:
    height, width = pixels.shape
    rows, columns = max(1, height // CELL), max(1, width // CELL)
    even = pixels[: rows * CELL, : columns * CELL].astype(np.float32)
    return np.asarray(cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def _change(current: _Grid, before: _Grid) -> Cells:
    """Mean change of each cell in grey levels, a common change of exposure taken out."""
    ratios = ((before.means + 8) / (current.means + 8)).ravel()
    gain = float(np.partition(ratios, ratios.size // 2)[ratios.size // 2])
    now = current.samples
    if abs(gain - 1) > 0.01:
        now = np.asarray(cv2.convertScaleAbs(now, alpha=gain, beta=8 * gain - 8), np.uint8)
    return _cells(cv2.absdiff(now, before.samples))


def _quiet(change: Cells) -> float:
    flat = change.ravel()
    index = int(QUIET_QUANTILE * (flat.size - 1))
    return float(np.partition(flat, index)[index])
