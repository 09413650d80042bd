"""The one real face all people of the bench are made from, with its depth and its parts."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import skimage.data
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
Mask = NDArray[np.float32]
Points = NDArray[np.float32]

LEFT, TOP, SIDE = 120, 0, 210
"""The square of the astronaut's picture (NASA, public domain) that holds the head."""
SCALE = 2
"""Working pixels per pixel of the picture."""
WORK = SIDE * SCALE
FACE_PX = 105 * SCALE
"""How wide the detector sees the face at working size."""
PIVOT = ((225 - LEFT) * SCALE, (112 - TOP) * SCALE, 40.0 * SCALE)
"""What the head turns about: x, y, and depth behind the plane of the picture."""
Skull = tuple[tuple[float, float, float], tuple[float, float, float]]
"""Centre and radii of a head with its hair: across, down, deep; pixels of the picture, not working ones."""
SKULL: Skull = ((225 - LEFT, 86 - TOP, 46), (75, 76, 66))
CHEEKS = ((50, 101, 118, 117), (280, 330, 347, 346))

EYES = (
    (33, 7, 163, 144, 145, 153, 154, 155, 133, 173, 157, 158, 159, 160, 161, 246),
    (263, 249, 390, 373, 374, 380, 381, 382, 362, 398, 384, 385, 386, 387, 388, 466),
)
LIPS_INSIDE = (78, 95, 88, 178, 87, 14, 317, 402, 318, 324, 308, 415, 310, 311, 312, 13, 82, 81, 80, 191)
LIPS_OUTSIDE = (61, 146, 91, 181, 84, 17, 314, 405, 321, 375, 291, 409, 270, 269, 267, 0, 37, 39, 40, 185)
LOWER_FACE = (
    *(6, 50, 117, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152),
    *(377, 400, 378, 379, 365, 397, 288, 361, 323, 346, 280),
)
OVAL = (
    *(10, 338, 297, 332, 284, 251, 389, 356, 454, 323, 361, 288, 397, 365, 379, 378, 400, 377),
    *(152, 148, 176, 149, 150, 136, 172, 58, 132, 93, 234, 127, 162, 21, 54, 103, 67, 109),
)
LANDMARK_MODEL = "face_landmark.tflite"
LANDMARK_SIDE = 192
LANDMARK_CROP = (222, 118, 190)


@dataclass(frozen=True)
class Face:
    """Pixels at working size; masks are 0..1, depths working pixels (negative towards the camera)."""

    rgb: Rgb
    head: Mask
    skin: Mask
    hair: Mask
    back_rgb: Rgb
    back: Mask
    depth: Mask
    back_depth: Mask
    points: Points

    def outline(self, indices: tuple[int, ...]) -> NDArray[np.int32]:
        """The polygon through these landmarks, in 1/16 pixel for OpenCV's `shift=4`."""
        return np.round(self.points[list(indices), :2] * 16).astype(np.int32)

    def center(self, *indices: int) -> tuple[float, float]:
        """The middle of these landmarks."""
        x, y = self.points[list(indices), :2].mean(axis=0)
        return float(x), float(y)


@lru_cache
def load(models_dir: Path) -> Face:
    """Cut the head out of the picture and find its 468 points, with the landmark model in `models_dir`."""
    whole: Rgb = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    points = landmarks(whole, models_dir / LANDMARK_MODEL, LANDMARK_CROP)
    foreground = _cut_out(whole, points)
    square = np.s_[TOP : TOP + SIDE, LEFT : LEFT + SIDE]
    rgb = np.asarray(cv2.resize(whole[square], (WORK, WORK), interpolation=cv2.INTER_CUBIC), np.uint8)
    working = ((points - [LEFT, TOP, 0]) * SCALE).astype(np.float32)
    head = head_of(_scaled(foreground[square]), working)
    strip = rgb[26 * SCALE : 60 * SCALE, 76 * SCALE : 138 * SCALE]
    return assembled(rgb, head, working, SKULL, strip)


def assembled(rgb: Rgb, head: Mask, working: Points, skull: Skull, strip: Rgb) -> Face:
    """A face out of its pixels, what of them is head, its points, its skull, and a patch of its hair."""
    skin = _skin(rgb, head, working)
    back_rgb, back = _back(rgb, head, skin, skull, strip)
    front_depth, back_depth = _depths(working, skull)
    hair = np.asarray(np.clip(head - skin, 0, 1), np.float32)
    return Face(rgb, head, skin, hair, back_rgb, back, front_depth, back_depth, working)


def landmarks(whole: Rgb, model: Path, crop: tuple[float, float, float]) -> Points:
    """468 points in pixels of the picture, looked for in a square of it (centre and side)."""
    from ai_edge_litert.interpreter import Interpreter  # type: ignore[import-untyped,unused-ignore]

    x, y, side = crop
    zoom, half = LANDMARK_SIDE / side, LANDMARK_SIDE / 2
    shown = cv2.warpAffine(
        whole, np.array([[zoom, 0, half - x * zoom], [0, zoom, half - y * zoom]]), (LANDMARK_SIDE,) * 2
    )
    interpreter: Any = Interpreter(str(model))
    interpreter.allocate_tensors()
    interpreter.set_tensor(interpreter.get_input_details()[0]["index"], np.float32(shown[None] / 255))
    interpreter.invoke()
    outputs = [interpreter.get_tensor(each["index"]) for each in interpreter.get_output_details()]
    found = max(outputs, key=np.size).reshape(-1, 3)[:468] / zoom
    return np.asarray(found + np.array([x - side / 2, y - side / 2, 0]), np.float32)


def _cut_out(whole: Rgb, points: Points) -> Mask:
    """GrabCut: what is person, what is the studio behind her."""
    marks = np.full(whole.shape[:2], cv2.GC_BGD, np.uint8)
    marks[5:230, 130:320] = cv2.GC_PR_BGD
    cv2.ellipse(marks, (225, 70), (80, 64), 0, 0, 360, cv2.GC_PR_FGD, -1)
    cv2.ellipse(marks, (225, 62), (55, 38), 0, 0, 360, cv2.GC_FGD, -1)
    cv2.fillConvexPoly(marks, cv2.convexHull(points[:, :2].astype(np.int32)), cv2.GC_FGD)
    cv2.setRNGSeed(1)
    models = np.zeros((1, 65)), np.zeros((1, 65))
    cv2.grabCut(whole, marks, (0, 0, 1, 1), *models, 4, cv2.GC_INIT_WITH_MASK)
    found = np.isin(marks, (cv2.GC_FGD, cv2.GC_PR_FGD)).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.float32)


def _scaled(mask: NDArray[np.float32]) -> Mask:
    return np.asarray(cv2.resize(mask, (WORK, WORK), interpolation=cv2.INTER_CUBIC), np.float32)


def _filled(points: Points, indices: tuple[int, ...]) -> Mask:
    mask = np.zeros((WORK, WORK), np.float32)
    cv2.fillPoly(mask, [np.round(points[list(indices), :2] * 16).astype(np.int32)], 1.0, shift=4)
    return mask


def _soft(mask: NDArray[np.float32], sigma: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)


def head_of(foreground: Mask, points: Points) -> Mask:
    """Hair, ears and face down to the jaw; the neck belongs to the body."""
    oval = cv2.dilate(_filled(points, OVAL), np.ones((7, 7), np.uint8))
    above = np.zeros_like(foreground)
    above[: (134 - TOP) * SCALE] = 1
    kept = np.maximum(oval, above) * (foreground > 0.5)
    return _soft(np.asarray(cv2.erode(kept, np.ones((3, 3), np.uint8)), np.float32), 1.2)


def _skin(rgb: Rgb, head: Mask, points: Points) -> Mask:
    """What has the colour of the cheeks, near the face; neither eyes nor teeth."""
    lab = cv2.cvtColor(rgb.astype(np.float32) / 255, cv2.COLOR_RGB2LAB)
    oval = _filled(points, OVAL)
    cheeks = sum((_filled(points, cheek) for cheek in CHEEKS), np.zeros_like(oval))
    typical = np.median(lab[cheeks > 0], axis=0)
    away = lab - typical
    alike = (np.abs(away[..., 1:]).max(axis=2) < 14) & (away[..., 0] > -30)
    near = cv2.dilate(oval, np.ones((41, 41), np.uint8))
    lower = np.zeros_like(oval)
    lower[(88 - TOP) * SCALE :] = 1
    found = (alike & (near > 0)).astype(np.float32) * np.maximum(lower, oval)
    found = cv2.morphologyEx(found, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    _, labels = cv2.connectedComponents(found.astype(np.uint8))
    nose = points[5, :2].astype(int)
    ears = np.zeros_like(found)
    ears[(112 - TOP) * SCALE :] = 1
    found = found * np.maximum(labels == labels[nose[1], nose[0]], ears)
    found = np.maximum(found, _filled(points, LIPS_OUTSIDE))
    found = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    for part in (*EYES, LIPS_INSIDE):
        found = found * (1 - _filled(points, part))
    return _soft(np.asarray(found * head, np.float32), 1.5)


def _back(rgb: Rgb, head: Mask, skin: Mask, skull: Skull, strip: Rgb) -> tuple[Rgb, Mask]:
    """The back of the head: an ellipse of hair, the face painted over with hair from above it."""
    (x, y, _), (across, down, _) = skull
    center, radii = (round(x * SCALE), round((y + 4) * SCALE)), (across * SCALE - 6, (down - 2) * SCALE)
    outline = np.zeros((WORK, WORK), np.float32)
    cv2.ellipse(outline, center, (round(radii[0]), round(radii[1])), 0, 0, 360, 1.0, -1)
    outline[(122 - TOP) * SCALE :] = 0
    tile = np.vstack([strip, strip[::-1], strip, strip[::-1]])
    tile = np.hstack([tile[:, ::-1], tile, tile[:, ::-1]])
    filler = np.asarray(cv2.resize(tile, (WORK, WORK), interpolation=cv2.INTER_AREA), np.float32) * 0.8
    keep = (head * (1 - np.clip(_soft(skin, 6) * 3, 0, 1)))[..., None]
    return np.asarray(rgb * keep + filler * (1 - keep), np.uint8), _soft(outline, 1.5)


def _depths(points: Points, skull_of: Skull) -> tuple[Mask, Mask]:
    """Depth in front (face from its landmarks, hair as an ellipsoid) and behind."""
    rows, columns = np.mgrid[0:WORK, 0:WORK].astype(np.float32) / SCALE
    (x, y, z), (across, down, deep) = skull_of
    inner = np.clip(1 - ((columns - x) / across) ** 2 - ((rows - y) / down) ** 2, 0, 1)
    # Hair falls back from the face faster than an ellipsoid would.
    skull, back = (z - deep * inner**0.85) * SCALE, (z + deep * np.sqrt(inner)) * SCALE
    weights, values = np.zeros((WORK, WORK), np.float32), np.zeros((WORK, WORK), np.float32)
    for px, py, pz in points:
        column, row = round(float(px)), round(float(py))
        if 0 <= column < WORK and 0 <= row < WORK:
            weights[row, column] += 1
            values[row, column] += pz
    face = np.zeros_like(weights)
    for sigma in (24.0, 12.0, 6.0, 3.5):
        share = _soft(weights, sigma)
        rough = _soft(values, sigma) / np.maximum(share, 1e-9)
        trust = np.clip(share * sigma * sigma * 8, 0, 1)
        face = rough * trust + face * (1 - trust)
    inside = _soft(_filled(points, OVAL), 4)
    # The jaw hangs in front of the skull's lower end: there the face's own depth goes on.
    lower = np.clip((rows - 120) / 15, 0, 1)
    inside = np.maximum(inside, lower)
    return np.asarray(face * inside + skull * (1 - inside), np.float32), np.asarray(back, np.float32)
