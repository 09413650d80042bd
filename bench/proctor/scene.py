"""What a clip consists of: people and how they move, the camera, and what is true when."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from bench.proctor.look import Look
from proctoring.types import EventType

FPS = 7.5
Track = tuple[tuple[float, float], ...]
"""(second, value), ascending: held before the first and after the last, eased in between."""
Held = Literal["hand", "hands", "cup", "chin"]
Span = tuple[float, float]


def value(track: Track, second: float) -> float:
    """The track's value at this second."""
    if second <= track[0][0]:
        return track[0][1]
    for (before, old), (after, new) in pairwise(track):
        if second < after:
            share = (second - before) / (after - before)
            return old + (new - old) * share * share * (3 - 2 * share)
    return track[-1][1]


def steady(constant: float) -> Track:
    """A track that never changes."""
    return ((0.0, constant),)


@dataclass(frozen=True)
class Actor:
    """Somebody, or a picture of somebody (`alive` False); x and y say where the head is, in pixels.

    `yaw` and `pitch` are degrees, added to a living head's own small movements. `frame` cuts the actor to a
    rectangle: a portrait or a screen. `held` lists what is in front of the face, and when.
    """

    look: Look
    seed: int
    face_px: Track
    x: Track
    y: Track
    yaw: Track = ((0.0, 0.0),)
    pitch: Track = ((0.0, 0.0),)
    alive: bool = True
    lively: float = 1.0
    frame: tuple[int, int, int, int] | None = None
    held: tuple[tuple[float, float, Held], ...] = ()


@dataclass(frozen=True)
class Camera:
    """The light and the camera; noise and blur are sigmas in grey levels and pixels.

    `backlight` 0..1 moves light from the person to what is behind. While `covered` something lies over the
    lens, while `frozen` the last picture is sent again and again; `loop` seconds are played over and over.
    """

    brightness: Track = ((0.0, 1.0),)
    noise: float = 3.0
    blur: Track = ((0.0, 0.0),)
    backlight: float = 0.0
    flicker: float = 0.012
    covered: tuple[Span, ...] = ()
    frozen: tuple[Span, ...] = ()
    loop: float | None = None


@dataclass(frozen=True)
class Truth:
    """What should be raised, and from when to when; `required` False: raising it is right, missing it too."""

    event_type: EventType
    from_s: float
    until_s: float
    required: bool = True


@dataclass(frozen=True)
class Clip:
    """One film with its truth; `condition` says what is varied, `tests` which type it measures.

    `source` is the file of a film that is not made here.
    """

    name: str
    seconds: float
    seed: int
    actors: tuple[Actor, ...]
    truths: tuple[Truth, ...] = ()
    camera: Camera = field(default_factory=Camera)
    room: int = 0
    tests: EventType | None = None
    axis: str = ""
    condition: tuple[tuple[str, float | str], ...] = ()
    core: bool = False
    source: str = ""

    @property
    def ordinary(self) -> bool:
        """Part of the hours of ordinary behaviour."""
        return self.axis == "ordinary"
