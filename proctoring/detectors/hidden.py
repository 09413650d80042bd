"""How much of a face does not look like this face did before: a hand, a sheet of paper, a mask.

Compared with the face's own earlier looks, cell by cell in the turned square the landmark model saw, so
that beard, glasses and skin play no part. A look is remembered for each way the head is turned.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.picture import Plane
from proctoring.types import Pose

Look = NDArray[np.float32]

SIDE = 48
MARGIN = 6
CELLS = 6
CELL = (SIDE - 2 * MARGIN) // CELLS
NEAR_DEG = 10.0
"""Looks of a head turned further away than this are not compared."""
APART_DEG, TURN_DEG = 9.0, 22.0
MAX_LOOKS = 8
LEVEL_SHARE, LEAST_LEVELS = 0.5, 16.0
"""How far a cell's mean may move: a share of the face's own contrast, and grey levels at least."""
MIN_LIKENESS = 0.25
MIN_TEXTURE = 7.0
LEARN_BELOW, LEARN_RATE = 0.12, 0.15
SURE_PRESENCE = 0.9
SURE_LIKENESS, MIN_TEXTURED = 0.6, 6
WANDER = (-6, -4, -2, 0, 2, 4, 6)
SHIFTS = ((0, 2), (0, -2), (2, 0), (-2, 0))


@dataclass(slots=True)
class _Known:
    yaw_deg: float
    pitch_deg: float
    look: Look


class Appearance:
    """The looks of one face."""

    def __init__(self) -> None:
        self._known: list[_Known] = []
        self._trusted: Pose | None = None

    def measure(self, aligned: Plane, pose: Pose) -> float | None:
        """Share 0..1 of the face that has changed; None when it was never seen turned like this."""
        look = np.asarray(cv2.resize(aligned, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
        nearest = min(self._known, key=lambda known: _apart(known, pose), default=None)
        if nearest is None or _apart(nearest, pose) > NEAR_DEG:
            self._learn(look, pose)
            return None
        hidden = min(_hidden(look, known.look) for known in self._known if _apart(known, pose) <= NEAR_DEG)
        if hidden > LEARN_BELOW:
            self._trusted = None
        else:
            self._trusted = pose
            if _apart(nearest, pose) > APART_DEG:
                self._learn(look, pose)
            else:
                nearest.look += LEARN_RATE * (look - nearest.look)
        return round(hidden, 3)

    def remains(self, aligned: Plane) -> float:
        """Share 0..1 of the face's structure that can still be seen at this place, however it is turned."""
        look = np.asarray(cv2.resize(aligned, (SIDE, SIDE), interpolation=cv2.INTER_AREA), np.float32)
        return round(max((_seen(look, known.look) for known in self._known[:2]), default=0.0), 3)

    def _learn(self, look: Look, pose: Pose) -> None:
        """Remember a look: the first one, and those a head turned to from a look that was in order.

        A hand makes the models see a head turned somewhere else, all at once.
        """
        if self._known and (self._trusted is None or _apart(self._trusted, pose) > TURN_DEG):
            return
        if pose.presence >= SURE_PRESENCE and len(self._known) < MAX_LOOKS:
            self._known.append(_Known(pose.yaw_deg, pose.pitch_deg, look))
            self._trusted = pose


def _apart(known: _Known | Pose, pose: Pose) -> float:
    return max(abs(known.yaw_deg - pose.yaw_deg), abs(known.pitch_deg - pose.pitch_deg))


def _hidden(look: Look, known: Look) -> float:
    """Share of cells that changed in level or lost their structure; the best of a few small shifts."""
    hidden = _changed(look, known)
    if hidden <= LEARN_BELOW:
        return hidden
    shifted = (_changed(look, np.roll(known, shift, axis=(0, 1))) for shift in SHIFTS)
    return min(hidden, *shifted)


def _changed(look: Look, known: Look) -> float:
    now, before = _cells(look), _cells(known)
    # Light may have changed: the middle half of the cells says by how much.
    means_now, means_before = now.mean(axis=1), before.mean(axis=1)
    gain = float(np.clip(np.median((means_now + 8) / (means_before + 8)), 0.4, 2.5))
    contrast = float(means_before.std()) * gain
    level = np.abs(means_now - means_before * gain) > max(LEAST_LEVELS, LEVEL_SHARE * 2 * contrast)
    now_flat = now - means_now[:, None]
    before_flat = before - means_before[:, None]
    textured = before_flat.std(axis=1) >= MIN_TEXTURE
    product = (now_flat * before_flat).mean(axis=1)
    likeness = product / np.maximum(now_flat.std(axis=1) * before_flat.std(axis=1), 1e-3)
    lost = textured & (likeness < MIN_LIKENESS)
    return float((level | lost).mean())


def _seen(look: Look, known: Look) -> float:
    """Share of textured cells that are still there, the best of some shifts: a head never keeps still."""
    before = _cells(known)
    before = before - before.mean(axis=1, keepdims=True)
    deviation = before.std(axis=1)
    textured = deviation >= MIN_TEXTURE
    if int(textured.sum()) < MIN_TEXTURED:
        return 0.0
    before, deviation = before[textured], deviation[textured]
    best = 0.0
    for down in WANDER:
        for across in WANDER:
            now = _cells(np.roll(look, (down, across), axis=(0, 1)))[textured]
            now = now - now.mean(axis=1, keepdims=True)
            likeness = (now * before).mean(axis=1) / np.maximum(now.std(axis=1) * deviation, 1e-3)
            best = max(best, float((likeness >= SURE_LIKENESS).mean()))
    return best


def _cells(look: Look) -> Look:
    inner = look[MARGIN : SIDE - MARGIN, MARGIN : SIDE - MARGIN]
    return inner.reshape(CELLS, CELL, CELLS, CELL).swapaxes(1, 2).reshape(CELLS * CELLS, CELL * CELL)
