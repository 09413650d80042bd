"""Landmarks of one face: is it still there, and where is the head turned?

MediaPipe's face_landmark model looks at a square turned by the line of the eyes, one and a half times the
face, and gives 468 points in three dimensions. Yaw and pitch follow from the depths of points on opposite
sides (yaw from the place of the nose too), roll from the line of the cheeks.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np

from proctoring.detectors.gaze import Eye, Gaze
from proctoring.detectors.litert import Model, Tensor
from proctoring.detectors.picture import Picture, Plane, Rgb
from proctoring.detectors.roi import SPAN, Roi, turned
from proctoring.models import ModelFiles
from proctoring.types import Pose

LEFT_CHEEK, RIGHT_CHEEK, FOREHEAD, CHIN, NOSE = 234, 454, 10, 152, 1
DEPTH_GAIN, NOSE_GAIN = 1.5, 1.15
ALIGNED_SIDE = 96
LEFT_EYE, RIGHT_EYE = (33, 133), (362, 263)
"""Corners of the eyes on the picture's left and right."""


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What the model saw: `points` in pixels of the picture (x, y, depth), `roi` where to look next time.

    `aligned` is the luma of the square `roi`: eyes level, the face of the same size every time.
    """

    points: Tensor
    pose: Pose
    aligned: Plane
    roi: Roi


class Landmarker:
    """Runs the landmark model, and the iris model when asked; about 1.5 ms, 1.3 more with the gaze."""

    def __init__(self, files: ModelFiles) -> None:
        """Load both models; ValueError or RuntimeError when that cannot be."""
        self._model = Model(files.landmarks)
        self._gaze = Gaze(files.iris)

    def measure(self, picture: Picture, roi: Roi, table: Rgb | None = None, gaze: bool = False) -> Landmarks:
        """Points and pose of the face in the square, however unlikely one is there (`pose.presence`)."""
        side = self._model.side
        crop = turned(picture, roi, side)
        even = crop if table is None else np.asarray(cv2.LUT(crop, table), np.uint8)
        points, presence = self._model.run(even.astype(np.float32) * (1 / 255))
        points = points.reshape(-1, 3)
        likely = 1 / (1 + math.exp(-float(np.clip(presence.ravel()[0], -50, 50))))
        to_picture = np.linalg.inv(np.vstack([roi.matrix(side), [0, 0, 1]]))
        back = to_picture[:2].astype(np.float32)
        depths = points[:, 2] * (roi.side / side)
        whole = np.column_stack([points[:, :2] @ back[:, :2].T + back[:, 2], depths])
        pose = _pose(points, roi.turn, likely)
        if gaze and likely > 0.5:
            looked = self._gaze.measure(picture, _eye(whole, pose.yaw_deg), roi.turn, table)
            if looked is not None:
                pose = Pose(pose.yaw_deg, pose.pitch_deg, pose.roll_deg, pose.presence, *looked)
        following = _roi(whole)
        matrix = following.matrix(ALIGNED_SIDE) @ to_picture
        luma = np.ascontiguousarray(crop[:, :, 1])
        aligned = cv2.warpAffine(luma, matrix, (ALIGNED_SIDE, ALIGNED_SIDE), flags=cv2.INTER_LINEAR)
        return Landmarks(whole, pose, np.asarray(aligned, np.uint8), following)


def _roi(points: Tensor) -> Roi:
    """The square around these points."""
    low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    (x0, y0), (x1, y1) = points[LEFT_EYE[0], :2], points[RIGHT_EYE[1], :2]
    turn = math.atan2(float(y1 - y0), float(x1 - x0))
    center = (low + high) / 2
    return Roi(float(center[0]), float(center[1]), SPAN * max(8.0, float((high - low).max())), turn)


def _pose(points: Tensor, turn: float, presence: float) -> Pose:
    across = points[RIGHT_CHEEK] - points[LEFT_CHEEK]
    down = points[CHIN] - points[FOREHEAD]
    in_plane = math.atan2(float(across[1]), float(across[0]))
    pitch = math.atan2(-float(down[2]), math.hypot(float(down[0]), float(down[1])))
    degrees = [round(math.degrees(angle), 1) for angle in (_yaw(points), pitch, turn + in_plane)]
    return Pose(degrees[0], degrees[1], degrees[2], round(presence, 3))


def _yaw(points: Tensor) -> float:
    """Radians, from the depths of the cheeks and from where the nose is between them.

    The model draws heads less turned than they are; both gains bring it to the turned heads of bench/proctor.
    """
    left, right, nose = points[LEFT_CHEEK], points[RIGHT_CHEEK], points[NOSE]
    across = right - left
    width = max(1e-3, math.hypot(float(across[0]), float(across[1])))
    off = float(np.dot((nose - (left + right) / 2)[:2], across[:2])) / width / (width / 2)
    by_depth = DEPTH_GAIN * math.atan2(float(across[2]), width)
    return min(1.5, max(-1.5, (by_depth + math.atan(NOSE_GAIN * off)) / 2))


def _eye(points: Tensor, yaw_deg: float) -> Eye:
    """The eye that is nearer to the camera: the one the head is not turned towards."""
    right = yaw_deg <= 0
    outer, inner = (RIGHT_EYE[1], RIGHT_EYE[0]) if right else LEFT_EYE
    return Eye(
        (float(points[outer, 0]), float(points[outer, 1])),
        (float(points[inner, 0]), float(points[inner, 1])),
        on_right=right,
    )
