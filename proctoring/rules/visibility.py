"""What keeps the camera from showing a face: a cover, the light, a picture that stands still or repeats."""

from collections.abc import Mapping

from proctoring.rules.policy import Policy
from proctoring.rules.scene import COVERING, Scene
from proctoring.rules.signal import Reading
from proctoring.types import EventType, Json, Observation


class CameraCoveredSignal:
    """Abnormal while the picture is black, of one colour or all blur, and shows no face."""

    event_type = EventType.CAMERA_COVERED

    def __init__(self, policy: Policy) -> None:
        self.thresholds: Mapping[str, Json] = dict(policy[self.event_type].thresholds)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading | None:
        """Judge one observation; None where nobody measured what a cover changes."""
        seen = scene.observation
        if seen.contrast is None and seen.dark_share is None and not seen.sharpness:
            return None
        values = {"brightness": seen.brightness}
        values |= {} if seen.contrast is None else {"contrast": seen.contrast}
        values |= {} if seen.dark_share is None else {"dark_share": seen.dark_share}
        values |= {"sharpness": seen.sharpness} if seen.sharpness else {}
        covered = scene.hindrance in COVERING
        return _reading(seen, covered, values, seen.brightness, snapshot, scene.hindrance)

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Any picture will do; a later one shows less of the hand."""
        return (float(into_ms),)


class PoorLightingSignal:
    """Abnormal while the picture is too dark, much of it burnt out, or a face against the light hard to find.

    A covered camera is not badly lit, nor is a dark face that is found.
    """

    event_type = EventType.POOR_LIGHTING

    def __init__(self, policy: Policy) -> None:
        limits = policy[self.event_type].thresholds
        self._min_brightness = limits["min_brightness"]
        self._min_face = limits["min_face_brightness"]
        self._max_bright = limits["max_bright_share"]
        self._min_score = policy.present_min_score
        self.thresholds: Mapping[str, Json] = dict(limits)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading | None:
        """Judge one observation; None where only the mean brightness is known."""
        seen = scene.observation
        if seen.contrast is None and seen.bright_share is None:
            return None
        face = scene.main.face.brightness if scene.main is not None else None
        found = scene.main is not None and scene.main.face.score >= self._min_score
        values = {"brightness": seen.brightness}
        values |= {} if face is None else {"face_brightness": face}
        values |= {} if seen.bright_share is None else {"bright_share": seen.bright_share}
        cause = None if scene.hindrance in COVERING else self._cause(seen, None if found else face)
        return _reading(seen, cause is not None, values, seen.brightness, snapshot, cause)

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Prefer the picture furthest from a middling brightness."""
        return (abs(reading.values["brightness"] - 0.5),)

    def _cause(self, seen: Observation, face: float | None) -> str | None:
        if seen.brightness < self._min_brightness:
            return "dark"
        if seen.bright_share is not None and seen.bright_share > self._max_bright:
            return "bright"
        return "backlight" if face is not None and face < min(self._min_face, seen.brightness / 2) else None


class CameraFrozenSignal:
    """Abnormal while nothing changes although a face is in the picture; an empty room may stand still."""

    event_type = EventType.CAMERA_FROZEN

    def __init__(self, policy: Policy) -> None:
        limits = policy[self.event_type].thresholds
        self._min_still_ms = limits["min_still_ms"]
        self._first_ms: int | None = None
        self.thresholds: Mapping[str, Json] = dict(limits)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading:
        """Judge one observation."""
        seen = scene.observation
        frozen = bool(scene.present) and seen.still_ms >= self._min_still_ms
        values = {"still_ms": float(seen.still_ms)}
        self._first_ms = seen.offset_ms if self._first_ms is None else self._first_ms
        since_ms = max(self._first_ms, seen.offset_ms - seen.still_ms) if frozen else None
        return _reading(seen, frozen, values, seen.still_ms, snapshot, None, since_ms)

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """All pictures are the same."""
        return (0.0,)


class LoopSignal:
    """Abnormal while the picture repeats itself, as a film does that a program plays as a camera."""

    event_type = EventType.VIRTUAL_CAMERA

    def __init__(self, policy: Policy) -> None:
        limits = policy[self.event_type].thresholds
        self._min_loop_ms = limits["min_loop_ms"]
        self.thresholds: Mapping[str, Json] = dict(limits)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading:
        """Judge one observation."""
        seen = scene.observation
        loop_ms = seen.repeats_ms or 0
        values = {"repeats_ms": float(loop_ms)}
        return _reading(seen, loop_ms >= self._min_loop_ms, values, loop_ms, snapshot, "loop")

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Any picture will do."""
        return (0.0,)


def _reading(
    seen: Observation,
    abnormal: bool,
    values: Mapping[str, float],
    level: float,
    snapshot: bytes | None,
    cause: str | None,
    since_ms: int | None = None,
) -> Reading:
    return Reading(
        seen.offset_ms,
        abnormal,
        values,
        round(level, 3),
        seen.detector,
        seen.model_version,
        snapshot,
        cause=cause,
        since_ms=since_ms,
    )
