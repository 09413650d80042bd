"""Scenes shown to the rules on a virtual clock, and what they made of them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from proctoring.pipeline import Pipeline
from proctoring.rules.history import History
from proctoring.rules.policy import Policy
from proctoring.types import (
    Box,
    EventType,
    Face,
    Heard,
    Incident,
    IncidentChange,
    Noticed,
    Observation,
    Phase,
    Pose,
)

Told = list[tuple[str, int, int | None]]
Scenes = list[tuple[Observation, float]]

BOX, WALL = Box(0.3, 0.2, 0.3, 0.5), Box(0.8, 0.1, 0.1, 0.15)


def face(box: Box = BOX, score: float = 0.9, yaw: float = 0, pitch: float = 0, **known: Any) -> Face:
    """A living face looking straight at the camera, unless told otherwise."""
    measured: dict[str, Any] = {
        "motion": 6.0,
        "hidden": 0.0,
        "brightness": 0.5,
        "pose": Pose(yaw, pitch, 0, 0.9),
    }
    return Face(box, score, 200, **(measured | known))


def seen(*faces: Face, brightness: float = 0.5, **known: Any) -> Observation:
    """A sharp, well-lit picture with these faces, unless told otherwise."""
    measured = {"contrast": 0.2, "dark_share": 0.05, "bright_share": 0.05} | known
    return Observation("s", 0, faces, brightness, "test", "test-1", **measured)


def away(yaw: float = 0, pitch: float = 0) -> Observation:
    """Somebody who looks elsewhere."""
    return seen(face(yaw=yaw, pitch=pitch))


CALM, EMPTY = seen(face()), seen()
BLACK = seen(brightness=0.01, contrast=0.002, dark_share=1.0)
PORTRAIT = face(WALL, 0.8, motion=1.0, pose=None)


class Film:
    """Shows scenes one after the other and keeps what the rules said."""

    def __init__(self, policy: Policy | None = None, history: History | None = None) -> None:
        self.pipeline = Pipeline(policy, history)
        self.now_ms = 0
        self.changes: list[IncidentChange] = []

    def show(self, scene: Observation, seconds: float, every_ms: int = 500) -> "Film":
        """The scene as it is seen for this long."""
        for offset_ms in range(self.now_ms, self.now_ms + round(seconds * 1000), every_ms):
            self.changes += self.pipeline.observe(replace(scene, offset_ms=offset_ms), b"%d" % offset_ms)
        self.now_ms += round(seconds * 1000)
        return self

    def hear(self, level_db: int, seconds: int, muted: bool = False) -> "Film":
        """The microphone for this long."""
        for offset_ms in range(self.now_ms, self.now_ms + seconds * 1000, 1000):
            self.changes += self.pipeline.hear(Heard("s", offset_ms, level_db, muted))
        self.now_ms += seconds * 1000
        return self

    def notice(self, kind: EventType, step: Any, at_ms: int | None = None, /, **details: Any) -> "Film":
        """The browser reports."""
        at_ms = self.now_ms if at_ms is None else at_ms
        self.changes += self.pipeline.notice(Noticed("s", at_ms, kind, step, details))
        return self

    def wait(self, seconds: float) -> "Film":
        """Time passes and nothing comes."""
        self.now_ms += round(seconds * 1000)
        self.changes += self.pipeline.advance(self.now_ms)
        return self

    def end(self) -> list[Incident]:
        """All incidents, in the order in which they were closed."""
        self.changes += self.pipeline.finish(self.now_ms)
        return [change.incident for change in self.changes if change.phase is Phase.CLOSED]


def told(incidents: Iterable[Incident]) -> Told:
    """(type, start, end), sorted by start."""
    return sorted(
        ((each.event_type.value, each.started_ms, each.ended_ms) for each in incidents),
        key=lambda each: each[1],
    )


def told_of(scenes: Scenes) -> Told:
    """What is told of these scenes, each shown for its seconds."""
    film = Film()
    for scene, seconds in scenes:
        film.show(scene, seconds)
    return told(film.end())
