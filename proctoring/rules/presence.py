"""Who is in the picture: nobody (no_face) or somebody else too (multiple_faces)."""

from collections.abc import Mapping

from proctoring.rules.policy import Policy
from proctoring.rules.scene import Scene
from proctoring.rules.signal import Reading
from proctoring.rules.tracks import Tracked
from proctoring.types import EventType, Json

WELL_INSIDE_MS = 1500
KNOWN_SHARE = 0.6
"""A living face that was clear before is still one at this share of the score a new one needs."""


class NoFaceSignal:
    """Abnormal while no face reaches the score that counts as present, and nothing hinders looking.

    Once anything alive has been seen, a face that never showed life does not count as present.
    """

    event_type = EventType.NO_FACE

    def __init__(self, policy: Policy) -> None:
        self.thresholds: Mapping[str, Json] = dict(policy[self.event_type].thresholds)

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading:
        """Judge one observation; the value `best_score` is what came closest to a face."""
        seen = scene.observation
        best = max((each.face.score for each in scene.faces if _counts(each, scene)), default=0.0)
        faces = sum(_counts(each, scene) for each in scene.present)
        explained = scene.hindrance is not None or scene.hidden_face
        values = {"best_score": best, "brightness": seen.brightness, "sharpness": seen.sharpness}
        return face_reading(scene, faces == 0 and not explained, values, faces, snapshot)

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Prefer a picture well after the start, where nobody is half out of the frame any more."""
        return (float(min(into_ms, WELL_INSIDE_MS)), -reading.values["best_score"])


def _counts(each: Tracked, scene: Scene) -> bool:
    """Whether this may be the person in front of the camera rather than a picture on the wall."""
    new = each.young and each.clear and each.moving is not False
    return each.alive or new or not scene.life_seen


class MultipleFacesSignal:
    """Abnormal while at least two faces are plausible by score and size, and both alive.

    A new face counts provisionally until it has had the time to move; no incident opens on that alone.
    """

    event_type = EventType.MULTIPLE_FACES

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        limits = policy[self.event_type].thresholds
        motion = policy.threshold(EventType.NO_FACE, "life_min_motion")
        self.thresholds: Mapping[str, Json] = {**limits, "life_min_motion": motion}

    def read(self, scene: Scene, snapshot: bytes | None) -> Reading:
        """Judge one observation; `second_score` is the weakest plausible face beside the best one."""
        plausible = sorted(
            (each for each in scene.faces if self._is_plausible(each) and (each.alive or each.young)),
            key=lambda each: each.face.score,
            reverse=True,
        )
        values = {"first_score": plausible[0].face.score if plausible else 0.0}
        if len(plausible) > 1:
            last = plausible[-1].face
            values |= {"second_score": last.score, "second_width": last.box.width}
        else:
            others = sorted((each.face.score for each in scene.faces), reverse=True)[1:2]
            values |= {"second_score": max(others, default=0.0)}
        certain = sum(each.alive for each in plausible) > 1
        return face_reading(scene, len(plausible) > 1, values, len(plausible), snapshot, certain)

    def snapshot_quality(self, reading: Reading, into_ms: int) -> tuple[float, ...]:
        """Prefer the picture with most faces, then the one whose weakest face is clearest."""
        return (reading.level, reading.values["second_score"])

    def _is_plausible(self, each: Tracked) -> bool:
        policy, face = self._policy, each.face
        # Where somebody was a texture may look a little like a face, and does not move.
        share = KNOWN_SHARE if each.alive and each.clear and not each.still else 1.0
        sure = face.score >= share * policy.second_face_min_score
        return sure and face.box.width >= policy.second_face_min_width


def face_reading(
    scene: Scene,
    abnormal: bool,
    values: Mapping[str, float],
    faces: int,
    snapshot: bytes | None,
    certain: bool = True,
) -> Reading:
    """A reading whose curve counts faces."""
    seen = scene.observation
    return Reading(
        offset_ms=seen.offset_ms,
        abnormal=abnormal,
        values=values,
        level=faces,
        detector=seen.detector,
        model_version=seen.model_version,
        snapshot=snapshot,
        faces=faces,
        certain=certain,
    )
