"""One observation with what the rules share about it: whose faces these are, and what hinders looking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from proctoring.rules.policy import Policy
from proctoring.rules.tracks import Tracked, Tracker
from proctoring.types import Box, EventType, Observation

Hindrance = Literal["black", "uniform", "blurred", "dark", "bright"]
COVERING: frozenset[Hindrance] = frozenset({"black", "uniform", "blurred"})
HIDDEN_MEMORY_MS = 3000
COVERED_SHARE, COVERED_LEAST = 0.1, 0.006
"""A cover leaves less contrast than this share of the brightness, and this; a dark room has more."""
BLACK_BRIGHTNESS = 0.01
"""A picture this dark shows nobody a room, whatever contrast its coding leaves."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What one observation shows.

    `present` are the faces that count as present, `main` the candidate's among them. `hindrance` says why
    the camera could not show a face even if one were there. `hidden_face` says that something like a face
    is left where the candidate's face was a moment ago.
    """

    observation: Observation
    faces: tuple[Tracked, ...]
    present: tuple[Tracked, ...]
    main: Tracked | None
    life_seen: bool
    hindrance: Hindrance | None
    hidden_face: bool


class Stage:
    """Turns observations into scenes; keeps the faces' tracks."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._tracker = Tracker(policy)
        self._main: tuple[int, Box] | None = None

    def scene(self, observation: Observation) -> Scene:
        """What is known about this observation; they must come in order."""
        policy, offset_ms = self._policy, observation.offset_ms
        faces = self._tracker.follow(observation.faces, offset_ms, observation.brightness)
        present = tuple(each for each in faces if self._is_present(each))
        main = _main(present)
        hidden_face = main is None and self._left_over(faces, offset_ms)
        if main is not None and main.alive:
            self._main = (offset_ms, main.face.box)
        elif hidden_face and self._main is not None:
            self._main = (offset_ms, self._main[1])
        hindrance = None if present else _hindrance(observation, policy)
        return Scene(observation, faces, present, main, self._tracker.life_seen, hindrance, hidden_face)

    def _is_present(self, each: Tracked) -> bool:
        """Whether a face is found, or, dim and doubtful, looks like it did before all the same."""
        policy, hidden = self._policy, each.face.hidden
        most = policy.threshold(EventType.FACE_PARTLY_HIDDEN, "max_hidden_share")
        known = each.alive and hidden is not None and hidden < most
        return known or each.face.score >= policy.present_min_score

    def _left_over(self, faces: Sequence[Tracked], offset_ms: int) -> bool:
        if self._main is None or offset_ms - self._main[0] > HIDDEN_MEMORY_MS:
            return False
        weak = self._policy.threshold(EventType.FACE_PARTLY_HIDDEN, "weak_min_score")
        box = self._main[1]
        return any(
            (each.face.score >= weak or (each.alive and each.face.hidden is not None))
            and each.moving is not False
            and each.face.box.intersection(box) >= 0.3 * box.area
            for each in faces
        )


def _main(present: Sequence[Tracked]) -> Tracked | None:
    return max(present, key=lambda each: (each.alive, each.face.box.area), default=None)


def _hindrance(observation: Observation, policy: Policy) -> Hindrance | None:
    covered = policy[EventType.CAMERA_COVERED].thresholds
    lighting = policy[EventType.POOR_LIGHTING].thresholds
    dark, contrast = observation.dark_share, observation.contrast
    if _featureless(observation, covered["covered_max_contrast"]):
        return "black" if dark is not None and dark >= covered["covered_min_dark_share"] else "uniform"
    # What is dark is never sharp.
    lit = contrast is None or observation.brightness >= lighting["min_brightness"]
    if lit and 0 < observation.sharpness <= covered["covered_max_sharpness"]:
        return "blurred"
    # Brightness alone says nothing of a picture whose contrast nobody measured.
    if contrast is not None and observation.brightness <= lighting["unreadable_max_brightness"]:
        return "dark"
    bright = observation.bright_share
    if bright is not None and bright >= lighting["unreadable_min_bright_share"]:
        return "bright"
    return None


def _featureless(observation: Observation, max_contrast: float) -> bool:
    contrast = observation.contrast
    if contrast is None:
        return False
    if observation.brightness <= BLACK_BRIGHTNESS:
        return contrast <= max_contrast
    return contrast <= min(max_contrast, COVERED_SHARE * observation.brightness + COVERED_LEAST)
