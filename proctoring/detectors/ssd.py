"""MediaPipe's two face detection models in LiteRT: the same answers as its Tasks API at half the cost.

The anchors and the reading of the outputs follow MediaPipe's graphs (SsdAnchorsCalculator,
TensorsToDetectionsCalculator, NonMaxSuppressionCalculator with weights).
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from proctoring.detectors.litert import Model, Tensor
from proctoring.detectors.picture import Rgb, shrink
from proctoring.types import Box, Face

FULL_RANGE_LAYERS = ((48, 1),)
SHORT_RANGE_LAYERS = ((16, 2), (8, 6))
"""(cells across, anchors a cell) of the 192 and the 128 px model."""
SAME_FACE_IOU = 0.3
MAX_CANDIDATES, MAX_FACES = 200, 12
POINTS = 6


class SsdModel:
    """Finds boxes, scores and key points in a picture of any shape."""

    def __init__(self, path: Path, layers: tuple[tuple[int, int], ...], min_score: float) -> None:
        self._model = Model(path)
        self._anchors = _anchors(layers)
        self._min_logit = float(np.log(min_score / (1 - min_score)))

    def run(self, rgb: Rgb, width_px: int) -> tuple[Face, ...]:
        """Faces in descending order of score; `width_px` is the width the picture has at full size."""
        height, width = rgb.shape[:2]
        longer = max(height, width)
        regressors, logits = self._model.run(_letterboxed(rgb, self._model.side))
        likely = np.flatnonzero(logits[:, 0] > self._min_logit)
        if not likely.size:
            return ()
        likely = likely[np.argsort(-logits[likely, 0])][:MAX_CANDIDATES]
        scores = 1 / (1 + np.exp(-np.clip(logits[likely, 0], -100, 100)))
        boxes = _boxes(regressors[likely], self._anchors[likely], self._model.side)
        scale = np.array([longer / width, longer / height])
        pad = np.array([(longer - width) / 2 / width, (longer - height) / 2 / height])
        return tuple(
            _face(values.reshape(-1, 2) * scale - pad, score, width_px)
            for values, score in _blend(boxes, scores)
        )


def _anchors(layers: tuple[tuple[int, int], ...]) -> Tensor:
    centers = []
    for cells, repeats in layers:
        across = (np.arange(cells) + 0.5) / cells
        x, y = np.meshgrid(across, across)
        centers.append(np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), repeats, axis=0))
    return np.concatenate(centers).astype(np.float32)


def _letterboxed(rgb: Rgb, side: int) -> Tensor:
    height, width = rgb.shape[:2]
    scale = side / max(height, width)
    new_width, new_height = round(width * scale), round(height * scale)
    out = np.full((side, side, 3), -1, np.float32)
    left, top = (side - new_width) // 2, (side - new_height) // 2
    inner = out[top : top + new_height, left : left + new_width]
    np.multiply(shrink(rgb, new_width, new_height), 1 / 127.5, out=inner, dtype=np.float32)
    inner -= 1
    return out


def _boxes(raw: Tensor, anchors: Tensor, side: int) -> NDArray[np.float64]:
    """Rows of (left, top), (right, bottom) and six points, relative to the square."""
    points = raw.reshape(-1, 2 + POINTS, 2) / side
    center, size = points[:, 0] + anchors, points[:, 1]
    corners = np.stack([center - size / 2, center + size / 2], axis=1)
    return np.concatenate([corners, points[:, 2:] + anchors[:, None]], axis=1).reshape(len(raw), -1)


def _blend(
    boxes: NDArray[np.float64], scores: NDArray[np.float64]
) -> list[tuple[NDArray[np.float64], float]]:
    """Boxes of one face become one, weighted by their scores; the best score stays."""
    blended: list[tuple[NDArray[np.float64], float]] = []
    left = np.arange(len(scores))
    while left.size and len(blended) < MAX_FACES:
        best = left[0]
        overlap = _iou(boxes[best], boxes[left])
        overlap[0] = 1.0
        same = left[overlap > SAME_FACE_IOU]
        weights = scores[same] / scores[same].sum()
        blended.append((weights @ boxes[same], float(scores[best])))
        left = left[overlap <= SAME_FACE_IOU]
    return blended


def _iou(one: NDArray[np.float64], many: NDArray[np.float64]) -> NDArray[np.float64]:
    across = np.minimum(one[2], many[:, 2]) - np.maximum(one[0], many[:, 0])
    down = np.minimum(one[3], many[:, 3]) - np.maximum(one[1], many[:, 1])
    shared = np.clip(across, 0, None) * np.clip(down, 0, None)
    areas = (many[:, 2] - many[:, 0]) * (many[:, 3] - many[:, 1])
    union = (one[2] - one[0]) * (one[3] - one[1]) + areas - shared
    return np.asarray(shared / np.maximum(union, 1e-9))


def _face(points: NDArray[np.float64], score: float, width_px: int) -> Face:
    (left, top), (right, bottom) = points[:2].tolist()
    box = Box(left, top, right - left, bottom - top)
    return Face(box, score, round(box.width * width_px), tuple((x, y) for x, y in points[2:].tolist()))
