"""A closer look at one followed face: landmarks, head pose, gaze, how much of it is hidden."""

from dataclasses import replace

import numpy as np

from proctoring.detectors.boxes import rounded
from proctoring.detectors.face import exposure_table
from proctoring.detectors.landmarks import ALIGNED_SIDE, Landmarker
from proctoring.detectors.picture import LUMA_BLACK, LUMA_RANGE, Picture
from proctoring.detectors.roi import Roi, turned
from proctoring.detectors.tracks import CLEAR_SCORE, HIDDEN_SHARE, POSSIBLE_SCORE, SURE_SCORE, Track
from proctoring.types import Box, Face, Pose

GAZE_EVERY_MS, SELDOM_GAZE_EVERY_MS = 1_900, 9_900
"""The gaze is evidence of a head that is turned away; of one that is not, now and then is plenty."""
THERE = 0.6
"""Presence from which on the landmark model sees the face it follows."""
POSE_MIN_PX = 48
SAME_PLACE = 0.12
ASKED_PX, DENIED = 100, 0.15
"""A face this wide that the landmark model denies, and the detector doubts, is none."""
STEADY_DEG = 15.0


class CloseUp:
    """Looks at single faces of one stream's pictures."""

    def __init__(self, landmarker: Landmarker) -> None:
        self._landmarker = landmarker
        self.attentive = False

    def follow(self, picture: Picture, track: Track, offset_ms: int) -> Face | None:
        """The face moved and grown as its landmarks have; None when the model sees none there any more."""
        if track.marks is None:
            return None
        before = track.marks.roi
        if not self._mark(picture, track, before, offset_ms):
            return None
        track.followed = _shifted(track.face, before, track.marks.roi, picture)
        return track.followed

    def believes(self, picture: Picture, face: Face) -> bool:
        """Whether the landmark model agrees on what the detector is not sure of; else it is a texture."""
        if face.score >= CLEAR_SCORE or face.width_px < ASKED_PX:
            return True
        table = exposure_table(picture.small_rgb())
        marks = self._landmarker.measure(picture, Roi.of(face, picture), table)
        return marks.pose.presence >= DENIED

    def tell(self, picture: Picture, track: Track, offset_ms: int, *, pose: bool) -> Face:
        """The face as an Observation has it; `pose`: with what its landmarks say."""
        face, believed, hidden = track.face, None, None
        if pose and face.width_px >= POSE_MIN_PX:
            believed, hidden = self._posed(picture, track, offset_ms)
        return replace(
            face,
            box=rounded(face.box),
            score=round(face.score, 3),
            key_points=tuple((round(x, 4), round(y, 4)) for x, y in face.key_points),
            pose=believed,
            motion=track.life.motion,
            hidden=hidden,
            brightness=_brightness(picture, face.box),
        )

    def hidden_share(self, picture: Picture, track: Track) -> float | None:
        """How much is hidden of a face the models no longer recognise, by what is left of it."""
        if track.place is None:
            return None
        crop = np.ascontiguousarray(turned(picture, track.place, ALIGNED_SIDE)[:, :, 1])
        return round(1 - track.appearance.remains(crop), 3)

    def _posed(self, picture: Picture, track: Track, offset_ms: int) -> tuple[Pose | None, float | None]:
        plain = Roi.of(track.face, picture)
        if track.marked_ms != offset_ms or track.marks is None:
            seen = self._mark(picture, track, self._roi(track, plain), offset_ms)
        else:
            followed = track.face is track.followed
            slipped = not followed and self._roi(track, plain) is plain
            seen = track.marks.pose.presence >= THERE and not slipped
        if not seen:
            self._mark(picture, track, plain, offset_ms)
        assert track.marks is not None
        score = track.face.score
        if _believable(track.marks.pose, track.pose, score):
            track.pose = track.marks.pose
            hidden = track.appearance.measure(track.marks.aligned, track.pose)
            if hidden is not None and hidden < HIDDEN_SHARE:
                track.place = track.marks.roi
            return track.pose, hidden
        if score >= SURE_SCORE:
            return None, None
        track.pose = None
        return None, self.hidden_share(picture, track)

    def _roi(self, track: Track, roi: Roi) -> Roi:
        """Where its landmarks were, which is steadier than the detector's box, as long as both agree."""
        last = track.marks.roi if track.marks and track.marks.pose.presence >= THERE else None
        if last is None or max(abs(last.x - roi.x), abs(last.y - roi.y)) > SAME_PLACE * roi.side:
            return roi
        return last if abs(last.side - roi.side) <= 2 * SAME_PLACE * roi.side else roi

    def _mark(self, picture: Picture, track: Track, roi: Roi, offset_ms: int) -> bool:
        """Landmarks of a face; False when the model sees none there."""
        every_ms = GAZE_EVERY_MS if self.attentive else SELDOM_GAZE_EVERY_MS
        gaze = not 0 <= offset_ms - track.gazed_ms < every_ms
        table = exposure_table(picture.small_rgb())
        track.marks = self._landmarker.measure(picture, roi, table, gaze)
        track.marked_ms, track.gazed_ms = offset_ms, offset_ms if gaze else track.gazed_ms
        return track.marks.pose.presence >= THERE


def _believable(pose: Pose, before: Pose | None, score: float) -> bool:
    """Whether a pose is told: of a head turned far the model draws the points well and doubts them."""
    if pose.presence >= THERE:
        return score >= POSSIBLE_SCORE
    if before is None or score < CLEAR_SCORE:
        return False
    return max(abs(pose.yaw_deg - before.yaw_deg), abs(pose.pitch_deg - before.pitch_deg)) <= STEADY_DEG


def _shifted(face: Face, before: Roi, after: Roi, picture: Picture) -> Face:
    grown = after.side / before.side
    off_x, off_y = after.x / picture.width, after.y / picture.height
    from_x, from_y = before.x / picture.width, before.y / picture.height
    box = face.box
    moved = Box(
        off_x + (box.x - from_x) * grown,
        off_y + (box.y - from_y) * grown,
        box.width * grown,
        box.height * grown,
    )
    points = tuple((off_x + (x - from_x) * grown, off_y + (y - from_y) * grown) for x, y in face.key_points)
    return replace(face, box=moved, width_px=round(moved.width * picture.width), key_points=points)


def _brightness(picture: Picture, box: Box) -> float:
    height, width = picture.y.shape
    top, left = max(0, int(box.y * height)), max(0, int(box.x * width))
    cut = picture.y[top : max(top + 1, int((box.y + box.height) * height)) : 8, :]
    cut = cut[:, left : max(left + 1, int((box.x + box.width) * width)) : 8]
    if not cut.size:
        return 0.0
    return round(min(1.0, max(0.0, (float(cut.mean()) - LUMA_BLACK) / LUMA_RANGE)), 3)
