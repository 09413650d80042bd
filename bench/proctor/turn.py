"""Turning the head: where each pixel of a turned head comes from."""

import math
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.proctor.face import PIVOT, WORK, Face, Mask

STEP_DEG = 2.0
"""Poses are rendered in these steps; what lies between is the same picture."""
MAP_SIDE = 320
"""Side of the maps, which are scaled to the size that is shown."""
GROWN = 121
"""Gaps between front and back up to this wide are filled."""
SPLAT = 3
"""Points per pixel and direction: enough to leave no holes where the surface turns away."""


@dataclass(frozen=True)
class Turned:
    """Source x and y of front and back of the head, and what each covers (0..1); MAP_SIDE square.

    `whole` is both, and the gap between them, which is hair.
    """

    front_x: Mask
    front_y: Mask
    front: Mask
    back_x: Mask
    back_y: Mask
    back: Mask
    whole: Mask


def stepped(degrees: float) -> int:
    """The number of steps nearest to an angle."""
    return round(degrees / STEP_DEG)


class Turner:
    """Maps of one head, made once per pose."""

    def __init__(self, face: Face, poses: int = 250) -> None:
        """Keeps so many poses, of 3 MB each."""
        self._face = face
        self.at = lru_cache(maxsize=poses)(self._at)

    def _at(self, yaw_steps: int, pitch_steps: int) -> Turned:
        yaw, pitch = (math.radians(steps * STEP_DEG) for steps in (yaw_steps, pitch_steps))
        face = self._face
        front_x, front_y, front = _splat(face.depth, face.head > 0.3, yaw, pitch)
        back_x, back_y, back = _splat(face.back_depth, face.back > 0.5, yaw, pitch)
        whole = _bridged(np.maximum(front, back))
        return Turned(front_x, front_y, front, back_x, back_y, back, whole)


def _bridged(covered: Mask) -> Mask:
    """Close gaps up to GROWN wide; at a quarter of the size, since large kernels are slow."""
    small = np.pad(cv2.resize(covered, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA), GROWN // 4)
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (GROWN // 4, GROWN // 4))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel)[
        GROWN // 4 : -(GROWN // 4), GROWN // 4 : -(GROWN // 4)
    ]
    return np.maximum(covered, cv2.resize(closed, covered.shape[::-1], interpolation=cv2.INTER_LINEAR) ** 2)


def _splat(depth: Mask, shown: NDArray[np.bool_], yaw: float, pitch: float) -> tuple[Mask, Mask, Mask]:
    """Draw every point of a surface where the turn puts it, far ones first."""
    side = MAP_SIDE * SPLAT // 2
    spread = np.linspace(0, WORK - 1, side, dtype=np.float32)
    columns, rows = np.meshgrid(spread, spread)
    z = cv2.resize(depth, (side, side), interpolation=cv2.INTER_LINEAR)
    wanted = np.asarray(
        cv2.resize(shown.astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST), np.bool_
    )
    u, v, x, y = columns[wanted], rows[wanted], columns[wanted] - PIVOT[0], rows[wanted] - PIVOT[1]
    deep = z[wanted] - PIVOT[2]
    x, deep = x * math.cos(yaw) - deep * math.sin(yaw), x * math.sin(yaw) + deep * math.cos(yaw)
    y, deep = y * math.cos(pitch) + deep * math.sin(pitch), deep * math.cos(pitch) - y * math.sin(pitch)
    zoom = MAP_SIDE / WORK
    column = np.clip(np.round((x + PIVOT[0]) * zoom), 0, MAP_SIDE - 1).astype(np.int64)
    row = np.clip(np.round((y + PIVOT[1]) * zoom), 0, MAP_SIDE - 1).astype(np.int64)
    order = np.argsort(-deep, kind="stable")
    place = row[order] * MAP_SIDE + column[order]
    covered = np.zeros(MAP_SIDE * MAP_SIDE, np.float32)
    source_x, source_y = np.zeros_like(covered), np.zeros_like(covered)
    covered[place], source_x[place], source_y[place] = 1, u[order], v[order]
    flat = (covered, source_x, source_y)
    return _closed(*(each.reshape(MAP_SIDE, MAP_SIDE) for each in flat))


def _closed(covered: Mask, x: Mask, y: Mask) -> tuple[Mask, Mask, Mask]:
    """Fill the holes, and smooth the outline a little."""
    whole = np.asarray(cv2.morphologyEx(covered, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.float32)
    known = covered.copy()
    for _ in range(4):
        weight = cv2.blur(known, (5, 5))
        fill = (known == 0) & (weight > 0)
        for values in (x, y):
            values[fill] = (cv2.blur(values * known, (5, 5)) / np.maximum(weight, 1e-6))[fill]
        known[fill] = 1
    smooth = cv2.GaussianBlur(cv2.erode(whole, np.ones((3, 3), np.uint8)), (0, 0), 0.9)
    return (
        np.asarray(cv2.medianBlur(x, 3), np.float32),
        np.asarray(cv2.medianBlur(y, 3), np.float32),
        np.asarray(smooth, np.float32),
    )
