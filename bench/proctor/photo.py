"""One photographed face, laid over the astronaut's so that all that is drawn and turned fits it too."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.proctor.face import (
    CHEEKS,
    LANDMARK_MODEL,
    SCALE,
    WORK,
    Face,
    Mask,
    Points,
    Rgb,
    Skull,
    assembled,
    head_of,
    landmarks,
    load,
)

FACE_SHARE, CROP_SPAN = 0.55, 1.5
"""How much of the picture's width a face takes, and of the face the square its points are looked for in."""
MORE_LOOKS = 2
CROWN_ROW, SKULL_ROW, NECK_ROW = 8, 86, 134
"""Rows of the astronaut's square: how far up a head may reach, its widest place, where hair ends for us."""
DEEP = (46.0, 66.0)
BALD_SHARE = 0.6
STRIP = np.s_[20 * SCALE : 54 * SCALE, 76 * SCALE : 138 * SCALE]


def load_photo(path: Path, models_dir: Path) -> Face:
    """The face in a picture; ValueError when the file is no picture."""
    stored = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if stored is None:
        raise ValueError(f"{path} is no picture")
    whole = np.asarray(cv2.cvtColor(stored, cv2.COLOR_BGR2RGB), np.uint8)
    points = _found(whole, models_dir / LANDMARK_MODEL)
    rgb, working = _laid_over(whole, points, load(models_dir).points)
    head = head_of(_cut_out(rgb, working), working)
    return assembled(rgb, head, working, _skull(head), _strip(rgb, head, working))


def _found(whole: Rgb, model: Path) -> Points:
    """Its points, looked for again where the last look saw them."""
    height, width = whole.shape[:2]
    points = landmarks(whole, model, (width / 2, height / 2, CROP_SPAN * FACE_SHARE * width))
    for _ in range(MORE_LOOKS):
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        x, y = ((low + high) / 2).tolist()
        points = landmarks(whole, model, (x, y, CROP_SPAN * float((high - low).max())))
    return points


def _laid_over(whole: Rgb, points: Points, model: Points) -> tuple[Rgb, Points]:
    """Picture and points moved, turned and scaled to where the other face has its points."""
    here, there = (np.ascontiguousarray(each[:, :2], np.float32) for each in (points, model))
    matrix, _ = cv2.estimateAffinePartial2D(here, there, method=cv2.LMEDS)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    rgb = cv2.warpAffine(whole, matrix, (WORK, WORK), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    flat = points[:, :2] @ matrix[:, :2].T + matrix[:, 2]
    return np.asarray(rgb, np.uint8), np.column_stack([flat, points[:, 2] * scale]).astype(np.float32)


def _cut_out(rgb: Rgb, points: Points) -> Mask:
    """GrabCut: the face is person, the upper corners are not, the rest is decided by its colours."""
    small = np.asarray(cv2.resize(rgb, (WORK // 2, WORK // 2), interpolation=cv2.INTER_AREA), np.uint8)
    marks = np.full(small.shape[:2], cv2.GC_PR_BGD, np.uint8)
    cv2.ellipse(marks, (105, 84), (72, 74), 0, 0, 360, cv2.GC_PR_FGD, -1)
    marks[:NECK_ROW, :8] = marks[:NECK_ROW, -8:] = marks[:CROWN_ROW] = cv2.GC_BGD
    hull = cv2.convexHull((points[:, :2] / 2).astype(np.int32))
    cv2.fillConvexPoly(marks, hull, cv2.GC_FGD)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(small, marks, (0, 0, 1, 1), *models, 4, cv2.GC_INIT_WITH_MASK)
    found = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    whole = _with(cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)), hull)
    return np.asarray(cv2.resize(whole, (WORK, WORK), interpolation=cv2.INTER_CUBIC), np.float32)


def _with(found: NDArray[np.uint8] | cv2.typing.MatLike, hull: cv2.typing.MatLike) -> NDArray[np.float32]:
    """Only what hangs together with the face."""
    _, labels = cv2.connectedComponents(np.asarray(found, np.uint8))
    x, y = hull.reshape(-1, 2).mean(axis=0).astype(int)
    return np.asarray(labels == labels[y, x], np.float32)


def _skull(head: Mask) -> Skull:
    """As wide and high as what is seen of the head from in front."""
    rows, columns = (np.flatnonzero((head[: NECK_ROW * SCALE] > 0.5).any(axis=axis)) for axis in (1, 0))
    left, right = float(columns[0]) / SCALE, float(columns[-1]) / SCALE
    down = SKULL_ROW - float(rows[0]) / SCALE
    return ((left + right) / 2, SKULL_ROW, DEEP[0]), ((right - left) / 2 + 1, down + 2, DEEP[1])


def _strip(rgb: Rgb, head: Mask, points: Points) -> Rgb:
    """A patch of hair; skin for who has none."""
    if float((head[STRIP] > 0.5).mean()) >= BALD_SHARE:
        return np.asarray(rgb[STRIP], np.uint8)
    return np.full_like(rgb[STRIP], cheeks_rgb(rgb, points))


def cheeks_rgb(rgb: Rgb, points: Points) -> tuple[int, int, int]:
    """The colour of the cheeks."""
    mask = np.zeros(rgb.shape[:2], np.uint8)
    for cheek in CHEEKS:
        cv2.fillPoly(mask, [points[list(cheek), :2].astype(np.int32)], 1)
    red, green, blue = (round(float(part)) for part in np.median(rgb[mask > 0], axis=0))
    return red, green, blue
