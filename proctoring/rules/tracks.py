"""Which detected faces belong together over time, and which of them have ever shown life."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from proctoring.rules.policy import Policy
from proctoring.types import Box, EventType, Face

MEMORY_MS = 5000
"""A face not seen for longer is a new one when it comes back."""
LIVELY_LOOKS = 2
"""So many looks in a row have to show life: one may be the encoder's."""
SETTLE_MS = 1000
"""What a face uncovers or enters with is motion too: only what follows counts as life."""
PROVING_MS = 3000
"""For how long a new face may turn out to be alive before it is held for a picture of one."""
MIN_OVERLAP = 0.2
FRESH_MS = 1500
WANDERED_WIDTHS = 0.75
"""A face whose middle has moved this many of its widths hangs on no wall, whatever else is measured."""
SAME_SIZE = 1.5
STILL_SHARE = 0.5
"""Of the motion that counts as life: with less a face is as still as the wall behind it."""
CLEAR_SCORE, CLEAR_PRESENCE = 0.7, 0.5
"""What nobody has seen move is a face if the detector, or the landmark model, is clear about it."""


@dataclass(slots=True, eq=False)
class Track:
    """One face over time."""

    box: Box
    first_ms: int
    last_ms: int
    first: Box
    alive: bool = False
    measured: bool = False
    clear: bool = False
    lively: int = 0
    moving: bool | None = None
    still: bool = False

    @property
    def young(self) -> bool:
        """Whether it has not been there long enough to be held for a picture."""
        return self.last_ms - self.first_ms < PROVING_MS


@dataclass(frozen=True, slots=True)
class Tracked:
    """A face with what its track knew at that moment.

    `alive`: it has shown life, or nobody measures that. `moving`: it shows life at this moment, None while
    that is not known. `clear`: some look at it left little doubt that it is a face at all.
    """

    face: Face
    alive: bool
    moving: bool | None
    young: bool
    clear: bool
    still: bool


class Tracker:
    """Follows faces by the overlap of their boxes.

    A face that moves on a screen cannot be told from a person's; a picture exactly where a person's face was
    a moment before, and as large, is taken for that person.
    """

    def __init__(self, policy: Policy) -> None:
        self._min_motion = policy.threshold(EventType.NO_FACE, "life_min_motion")
        self._min_brightness = policy.threshold(EventType.POOR_LIGHTING, "min_brightness")
        self._tracks: list[Track] = []
        self._measured = False
        self.life_seen = False

    def follow(self, faces: Sequence[Face], offset_ms: int, brightness: float) -> tuple[Tracked, ...]:
        """Tell which faces are known; the largest choose first.

        In a picture that is too dark nothing moves clearly, so no motion is taken for measured there.
        """
        lit = brightness >= self._min_brightness
        self._tracks = [each for each in self._tracks if offset_ms - each.last_ms <= MEMORY_MS]
        free = list(self._tracks)
        found = {}
        for face in sorted(faces, key=lambda each: each.box.area, reverse=True):
            track = _closest(face.box, free, offset_ms)
            if track is None:
                track = Track(face.box, offset_ms, offset_ms, face.box)
                self._tracks.append(track)
            else:
                free.remove(track)
            track.clear = track.clear or _clear(face)
            self._see(track, face.box, face.motion if lit else None, offset_ms)
            alive = track.alive or self._unmeasured(track)
            found[id(face)] = Tracked(face, alive, track.moving, track.young, track.clear, track.still)
        return tuple(found[id(face)] for face in faces)

    def _unmeasured(self, track: Track) -> bool:
        """Whether nobody will say if this face moves: as with all before, or for longer than it takes."""
        return not track.measured and (not self._measured or (track.clear and not track.young))

    def _see(self, track: Track, box: Box, motion: float | None, offset_ms: int) -> None:
        track.box, track.last_ms = box, offset_ms
        if motion is not None:
            track.moving = motion >= self._min_motion
            track.still = motion < STILL_SHARE * self._min_motion
            track.lively = track.lively + 1 if track.moving else 0
        track.measured = track.measured or motion is not None
        self._measured = self._measured or track.measured
        settled = offset_ms - track.first_ms >= SETTLE_MS
        track.alive = track.alive or (
            settled and (track.lively >= LIVELY_LOOKS or (track.clear and _wandered(track)))
        )
        self.life_seen = self.life_seen or track.alive


def _clear(face: Face) -> bool:
    posed = face.pose is not None and face.pose.presence >= CLEAR_PRESENCE
    return posed or face.score >= CLEAR_SCORE


def _wandered(track: Track) -> bool:
    """Whether the face has left the place where it was first seen."""
    first, box = track.first, track.box
    across = abs(first.x + first.width / 2 - box.x - box.width / 2)
    down = abs(first.y + first.height / 2 - box.y - box.height / 2)
    return across >= WANDERED_WIDTHS * first.width or down >= WANDERED_WIDTHS * first.height


def _closest(box: Box, tracks: Iterable[Track], offset_ms: int) -> Track | None:
    best, best_overlap = None, MIN_OVERLAP
    for track in tracks:
        shared = box.intersection(track.box)
        overlap = shared / (box.area + track.box.area - shared) if shared else 0.0
        if overlap > best_overlap and _plausible(box, track, offset_ms):
            best, best_overlap = track, overlap
    return best


def _plausible(box: Box, track: Track, offset_ms: int) -> bool:
    """Whether a face not seen for a while is still about as large; a head does not jump."""
    ratio = max(box.width, track.box.width) / max(1e-6, min(box.width, track.box.width))
    return offset_ms - track.last_ms <= FRESH_MS or ratio <= SAME_SIZE
