"""How the candidate's face is held: turned away, or partly hidden."""

from collections.abc import Mapping

from proctoring.rules.history import History
from proctoring.rules.policy import Policy
from proctoring.rules.scene import Scene
from proctoring.rules.signal import Reading
from proctoring.types import EventType, Json, Pose

BACK_SHARE = 0.93
"""A head that was away is back inside this share of the band, so that its edge does not flicker."""
DIM_BRIGHTNESS = 0.15
"""Below it noise hides what a hand would: a face that is found then is not compared with before."""


class LookingAwaySignal:
    """Abnormal while the head is turned out of a band around how this candidate sits.

    The band's middle is measured during the first ten seconds with a face, once a session; until then, and
    where no pose was measured, nothing is said. The gaze is measured, not judged.
    """

    event_type = EventType.LOOKING_AWAY

    def __init__(self, policy: Policy, history: History) -> None:
        limits = policy[self.event_type].thresholds
        self._yaw, self._pitch = limits["max_yaw_deg"], limits["max_pitch_deg"]
        self._presence = limits["min_pose_presence"]
        self._hold_ms = policy.hold_ms
        self._calibration = history.calibration
        self._posed_ms: int | None = None
        self._away = False
        self.thresholds: Mapping[str, Json] = dict(limits)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading | None:
        """Judge one observation; `yaw_deg` and `pitch_deg` count from how the candidate usually sits."""
        pose = scene.main.face.pose if scene.main is not None else None
        if pose is None or pose.presence < self._presence:
            self._posed_ms = None
            return None
        seen = scene.observation
        if not self._calibration.known:
            self._calibrate(pose, seen.offset_ms)
            return None
        yaw = pose.yaw_deg - self._calibration.yaw_deg
        pitch = pose.pitch_deg - self._calibration.pitch_deg
        turned = max(abs(yaw) / self._yaw, abs(pitch) / self._pitch)
        self._away = turned >= (BACK_SHARE if self._away else 1.0)
        values = {"yaw_deg": yaw, "pitch_deg": pitch, "usual_yaw_deg": self._calibration.yaw_deg}
        values["usual_pitch_deg"] = self._calibration.pitch_deg
        if pose.gaze_x is not None and pose.gaze_y is not None:
            values |= {"gaze_x": pose.gaze_x, "gaze_y": pose.gaze_y}
        return Reading(
            seen.offset_ms,
            self._away,
            values,
            round(yaw, 1),
            seen.detector,
            seen.model_version,
            snapshot,
            cause="sideways" if abs(yaw) / self._yaw >= abs(pitch) / self._pitch else "up_or_down",
        )

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Prefer the picture in which the head is turned most."""
        turned = abs(reading.values["yaw_deg"]) / self._yaw
        return (max(turned, abs(reading.values["pitch_deg"]) / self._pitch),)

    def _calibrate(self, pose: Pose, offset_ms: int) -> None:
        held_ms = 0 if self._posed_ms is None else min(offset_ms - self._posed_ms, self._hold_ms)
        self._posed_ms = offset_ms
        self._calibration.add(pose, held_ms)


class FacePartlyHiddenSignal:
    """Abnormal while too large a share of the candidate's face does not look like it did before.

    Something like a face where the candidate's was a moment ago, too weak to count as one, is hidden too.
    """

    event_type = EventType.FACE_PARTLY_HIDDEN

    def __init__(self, policy: Policy) -> None:
        limits = policy[self.event_type].thresholds
        self._max_share = limits["max_hidden_share"]
        self.thresholds: Mapping[str, Json] = dict(limits)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading | None:
        """Judge one observation; None while nobody measured, False once nobody is there."""
        seen, main = scene.observation, scene.main
        hidden = main.face.hidden if main is not None else None
        dim = seen.contrast is not None and seen.brightness < DIM_BRIGHTNESS
        if main is not None and (hidden is None or dim):
            return None
        best = max((each.face.score for each in scene.faces), default=0.0)
        values = {"score": main.face.score if main is not None else best}
        values |= {} if hidden is None else {"hidden_share": hidden}
        abnormal = scene.hidden_face or (hidden is not None and hidden >= self._max_share)
        level = round(hidden, 2) if hidden is not None else float(scene.hidden_face)
        return Reading(seen.offset_ms, abnormal, values, level, seen.detector, seen.model_version, snapshot)

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Prefer the picture in which most is hidden."""
        return (reading.level,)
