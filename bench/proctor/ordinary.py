"""Hours of ordinary behaviour: what honest people do in front of a camera."""

from dataclasses import dataclass, field

import numpy as np

from bench.proctor.look import Look
from bench.proctor.rooms import WIDTH
from bench.proctor.scene import Actor, Camera, Clip, Held, Track, Truth, steady
from bench.proctor.scripts import candidate, enters, head_y
from proctoring.types import EventType

CLIP_SECONDS = 600.0
SHORT_VISIT_SECONDS = 1.0
ACTIVITIES = (
    *("lean", "lean", "drink", "notes", "notes", "notes", "chin", "chin", "turn", "turn", "turn"),
    *("close", "cloud", "scratch", "slouch", "leave", "visitor", "visitor", "passer_by"),
)


@dataclass
class Script:
    """Tracks under construction; every activity ends where it began."""

    rng: np.random.Generator
    face_px: float
    middle: float
    tracks: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    held: list[tuple[float, float, Held]] = field(default_factory=list)
    visits: list[tuple[float, float]] = field(default_factory=list)
    truths: list[Truth] = field(default_factory=list)

    def track(self, name: str, normal: float) -> Track:
        """The finished track."""
        return tuple(self.tracks.get(name, [(0.0, normal)]))

    def move(
        self, name: str, normal: float, other: float, begin: float, end: float, ease: float = 0.6
    ) -> None:
        """Go to `other` and come back."""
        points = [
            (begin, normal),
            (begin + ease, other),
            (max(begin + ease, end - ease), other),
            (end, normal),
        ]
        self.tracks.setdefault(name, [(0.0, normal)]).extend(points)

    def uniform(self, low: float, high: float) -> float:
        """A number in this range."""
        return float(self.rng.uniform(low, high))

    def lean(self, at: float) -> float:
        """To one side, for a while."""
        end = at + self.uniform(5, 15)
        self.move("x", self.middle, self.middle + self.uniform(-160, 160), at, end, 1.2)
        return end

    def drink(self, at: float) -> float:
        """A cup at the mouth, the head a little back; the lower half of the face is hidden meanwhile."""
        end = at + self.uniform(3.5, 6)
        self.held.append((at + 0.7, end - 0.7, "cup"))
        self.move("pitch", 0, self.uniform(6, 14), at, end, 0.8)
        self.truths.append(Truth(EventType.FACE_PARTLY_HIDDEN, at, end, required=False))
        return end

    def notes(self, at: float) -> float:
        """A look at notes on the desk."""
        end = at + self.uniform(1.5, 4.2)
        self.move("pitch", 0, -self.uniform(18, 32), at, end, 0.4)
        self.move("yaw", 0, self.uniform(-14, 14), at, end, 0.4)
        return end

    def chin(self, at: float) -> float:
        """A hand at the chin."""
        end = at + self.uniform(5, 20)
        self.held.append((at, end, "chin"))
        return end

    def scratch(self, at: float) -> float:
        """A hand across the face."""
        self.held.append((at, at + self.uniform(0.4, 1.1), "hand"))
        return at + 1.2

    def turn(self, at: float) -> float:
        """A turn to the side, to somebody at the door or out of the window."""
        end = at + self.uniform(1.2, 3.0)
        self.move("yaw", 0, self.uniform(22, 52) * float(self.rng.choice([-1, 1])), at, end, 0.4)
        return end

    def close(self, at: float) -> float:
        """Up close to read something."""
        end = at + self.uniform(5, 10)
        near = self.uniform(300, 400)
        self.move("face_px", self.face_px, near, at, end, 1.2)
        self.move("y", head_y(self.face_px), head_y(near), at, end, 1.2)
        return end

    def slouch(self, at: float) -> float:
        """Down in the chair, and further from the camera."""
        end = at + self.uniform(10, 25)
        self.move("y", head_y(self.face_px), head_y(self.face_px) + self.face_px * 0.7, at, end, 1.5)
        self.move("face_px", self.face_px, self.face_px * 0.85, at, end, 1.5)
        return end

    def cloud(self, at: float) -> float:
        """The light goes down and comes back."""
        end = at + self.uniform(15, 30)
        self.move("brightness", 1.0, self.uniform(0.4, 0.75), at, end, 4.0)
        return end

    def leave(self, at: float) -> float:
        """Out of the picture and back: nobody is there."""
        way = (WIDTH - self.middle) / 900
        end = at + 2 * way + self.uniform(7, 18)
        outside = WIDTH + 3 * self.face_px
        more = 3 * self.face_px / 900
        points = [
            (at, self.middle),
            (at + way + more, outside),
            (end - way - more, outside),
            (end, self.middle),
        ]
        self.tracks.setdefault("x", [(0.0, self.middle)]).extend(points)
        track = tuple(points)
        self.truths.append(Truth(EventType.NO_FACE, *beyond(track, WIDTH)))
        return end

    def visitor(self, at: float) -> float:
        """Somebody comes in for a while."""
        end = at + self.uniform(6, 14)
        self.visits.append((at, end))
        self.truths.append(Truth(EventType.MULTIPLE_FACES, at, end))
        return end + 2

    def passer_by(self, at: float) -> float:
        """Somebody walks past, too short to be told."""
        self.visits.append((at, at + SHORT_VISIT_SECONDS))
        self.truths.append(Truth(EventType.MULTIPLE_FACES, at - 0.5, at + 2, required=False))
        return at + 3


def beyond(track: Track, limit: float) -> tuple[float, float]:
    """From when to when a track is over a limit; raises ValueError when it never is."""
    from bench.proctor.scene import value

    seconds = np.arange(track[0][0], track[-1][0], 0.01)
    over = [float(second) for second in seconds if value(track, float(second)) > limit]
    if not over:
        raise ValueError("the track stays below the limit")
    return over[0], over[-1]


def ordinary(number: int, seconds: float = CLIP_SECONDS) -> Clip:
    """One stretch of ordinary behaviour; every second one has somebody's portrait on the wall."""
    rng = np.random.default_rng(9000 + number)
    face_px, middle = float(rng.uniform(110, 230)), float(rng.uniform(480, 720))
    script = Script(rng, face_px, middle)
    now = 14.0
    while now < seconds - 40:
        if not script.visits and not script.truths and now > seconds / 3:
            name = "leave"
        else:
            name = str(rng.choice(ACTIVITIES))
        now = getattr(script, name)(now) + float(rng.uniform(5, 16))
    seed = 9000 + number
    me = candidate(seed, face_px, middle)
    me = Actor(
        look=me.look, seed=seed, face_px=script.track("face_px", face_px), x=script.track("x", middle),
        y=script.track("y", head_y(face_px)), yaw=script.track("yaw", 0), pitch=script.track("pitch", 0),
        held=tuple(script.held),
    )  # fmt: skip
    actors = [me]
    if script.visits:
        other = candidate(seed + 500, float(rng.uniform(70, 120)), 1080 if middle < 620 else 170)
        actors.insert(0, enters(other, script.visits))
    if number % 2 == 0:
        size = (50, 70, 100)[number // 2 % 3]
        left = 60 if middle >= 620 else 1060
        frame = (left, 40, left + round(size * 2.2), 40 + round(size * 2.6))
        actors.insert(
            0,
            Actor(
                Look.random(seed + 900), seed + 900, steady(size), steady(left + size * 1.1),
                steady(40 + size * 1.2), alive=False, frame=frame,
            ),
        )  # fmt: skip
    camera = Camera(brightness=script.track("brightness", 1.0), noise=float(rng.uniform(2, 5)))
    return Clip(
        f"ordinary-{number}", seconds, seed, tuple(actors), tuple(script.truths), camera, 40 + number,
        axis="ordinary", condition=(("portrait", "yes" if number % 2 == 0 else "no"),), core=True,
    )  # fmt: skip


def hours(minutes: float) -> list[Clip]:
    """So many minutes of it."""
    whole, rest = divmod(minutes * 60, CLIP_SECONDS)
    clips = [ordinary(number) for number in range(int(whole))]
    return clips + ([ordinary(int(whole), rest)] if rest >= 90 else [])
