"""What is painted over a face: lids, glasses, masks, another skin."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.proctor.face import EYES, LIPS_INSIDE, LOWER_FACE, WORK, Face, Mask
from bench.proctor.look import Expression, Look


def soft(mask: Any, sigma: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)


def premultiplied(picture: NDArray[np.float32], covered: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = np.clip(covered, 0, 1)[..., None]
    return np.asarray(np.clip(np.dstack([picture * share, share * 255]), 0, 255), np.uint8)


def rgb_of(lab: tuple[float, ...]) -> tuple[int, int, int]:
    pixel = cv2.cvtColor(np.array([[lab]], np.float32), cv2.COLOR_LAB2RGB)[0, 0]
    red, green, blue = (round(float(part) * 255) for part in np.clip(pixel, 0, 1))
    return red, green, blue


def not_inside(face: Face) -> Mask:
    """Everything but eyes and teeth, which keep their colour."""
    inside = np.zeros((WORK, WORK), np.float32)
    for indices in (*EYES, LIPS_INSIDE):
        cv2.fillPoly(inside, [face.outline(indices)], 1.0, shift=4)
    return np.asarray(1 - cv2.GaussianBlur(cv2.dilate(inside, np.ones((3, 3))), (0, 0), 1.0), np.float32)


def tinted(
    rgb: NDArray[np.uint8] | NDArray[np.float32],
    where: Mask,
    target: tuple[float, float, float],
    highlights: bool,
) -> NDArray[np.float32]:
    """Move the region's typical colour to `target` (CIELAB), keeping how it varies."""
    lab = cv2.cvtColor(np.asarray(rgb, np.float32) / 255, cv2.COLOR_RGB2LAB)
    typical = np.median(lab[where > 0.8], axis=0)
    away = lab - typical
    factor = target[0] / max(typical[0], 1.0)
    light = away[..., 0]
    scaled = np.where(light > 0, light * (1.0 if highlights else factor), light * factor)
    moved = np.dstack([target[0] + scaled, target[1] + away[..., 1] * 0.8, target[2] + away[..., 2] * 0.8])
    tinted = cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB) * 255
    share = where[..., None]
    return np.asarray(np.clip(tinted, 0, 255) * share + rgb * (1 - share), np.float32)


def lids_shut(face: Face, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Skin over the eyes, a dark line where the lashes meet."""
    for indices in EYES:
        lid = np.zeros((WORK, WORK), np.float32)
        cv2.fillPoly(lid, [face.outline(indices)], 1.0, shift=4)
        cover = soft(cv2.dilate(lid, np.ones((5, 5))), 1.5)[..., None]
        x, y = face.center(*indices)
        above = rgb[round(y) - 16 : round(y) - 12, round(x) - 10 : round(x) + 10].reshape(-1, 3).mean(axis=0)
        rgb = np.asarray(rgb * (1 - cover) + above * 0.93 * cover, np.float32)
        line = face.outline(indices[:9])
        cv2.polylines(rgb, [line], False, (above * 0.35).tolist(), 2, cv2.LINE_AA, shift=4)
    return np.asarray(rgb, np.float32)


def warped(face: Face, look: Look, expression: Expression) -> tuple[Mask, Mask]:
    """Where each pixel comes from once jaw, nose, eyes, mouth and irises have moved."""
    rows, columns = np.mgrid[0:WORK, 0:WORK].astype(np.float32)
    x, y = columns.copy(), rows.copy()
    for center, radius, amount in (
        (face.center(152, 17), 62.0, look.jaw),
        (face.center(1, 5), 26.0, look.nose),
        (face.center(*EYES[0]), 26.0, look.eyes),
        (face.center(*EYES[1]), 26.0, look.eyes),
    ):
        across, down = columns - center[0], rows - center[1]
        near = np.exp(-(across**2 + down**2) / (2 * radius**2))
        x -= across * near * amount
        y -= down * near * amount * 0.6
    if expression.mouth:
        mouth_x, mouth_y = face.center(13, 14)
        below = 1 / (1 + np.exp(np.clip((mouth_y - rows) / 3, -50, 50)))
        near = np.exp(-((columns - mouth_x) ** 2) / (2 * 46.0**2)) * np.exp(
            -np.clip(rows - mouth_y - 60, 0, None) / 12
        )
        y -= expression.mouth * 6.0 * below * near
    if expression.gaze:
        for indices in EYES:
            eye = np.zeros((WORK, WORK), np.float32)
            cv2.fillPoly(eye, [face.outline(indices)], 1.0, shift=4)
            x -= expression.gaze * 2.6 * cv2.GaussianBlur(eye, (0, 0), 2.0)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def masked(face: Face, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """A cloth mask from the bridge of the nose to under the chin, with folds."""
    area = np.zeros((WORK, WORK), np.float32)
    cv2.fillPoly(area, [face.outline(LOWER_FACE)], 1.0, shift=4)
    cover = soft(cv2.dilate(area, np.ones((5, 5))), 1.2)[..., None]
    rows, columns = np.mgrid[0:WORK, 0:WORK].astype(np.float32)
    x, _ = face.center(1)
    shade = 1.0 - 0.35 * np.clip(np.abs(columns - x) / 110, 0, 1) ** 2 + 0.05 * np.sin(rows / 5)
    return np.asarray(rgb * (1 - cover) + np.array([150, 185, 205]) * shade[..., None] * cover, np.float32)


def with_glasses(face: Face, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Dark frames, temples, and a faint reflection on each lens."""
    (left_x, left_y), (right_x, right_y) = (face.center(*indices) for indices in EYES)
    drawn = np.clip(rgb, 0, 255).astype(np.uint8)
    shine = drawn.copy()
    for x, y in ((left_x, left_y), (right_x, right_y)):
        middle = (round(x), round(y) + 4)
        cv2.ellipse(
            shine, (middle[0] - 8, middle[1] - 6), (14, 5), -35, 0, 360, (235, 240, 245), -1, cv2.LINE_AA
        )
        cv2.ellipse(shine, middle, (34, 26), 0, 0, 360, (30, 26, 28), 5, cv2.LINE_AA)
    bridge = (round(left_x) + 33, round(left_y) + 1), (round(right_x) - 33, round(right_y) + 1)
    cv2.line(shine, *bridge, (30, 26, 28), 5, cv2.LINE_AA)
    for x, y, side in ((left_x, left_y, -1), (right_x, right_y, 1)):
        start = (round(x) + side * 34, round(y))
        cv2.line(shine, start, (start[0] + side * 34, start[1] - 4), (30, 26, 28), 4, cv2.LINE_AA)
    reflected = cv2.addWeighted(shine, 0.85, drawn, 0.15, 0)
    return np.asarray(reflected, np.float32)
