"""The faces of one stream from look to look: which is which, who is new, who is hidden, who has gone."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from proctoring.detectors.body import Body
from proctoring.detectors.boxes import body, centered_in, grown, near
from proctoring.detectors.changes import Changes, Moving, inside
from proctoring.detectors.hidden import Appearance
from proctoring.detectors.landmarks import Landmarks
from proctoring.detectors.life import Life
from proctoring.detectors.picture import Plane
from proctoring.detectors.roi import Roi
from proctoring.types import Box, Face, Pose

FORGET_AFTER_MS = 3_000
MAX_TRACKS = 5
MAX_LIVES = 3
SURE_SCORE, POSSIBLE_SCORE = 0.6, 0.5
NEW_SCORE, LEAST_SCORE = 0.45, 0.3
"""From which score on a face is told: where none was before, and where one was."""
CLEAR_SCORE = 0.75
HIDDEN_SHARE = 0.25
HALF_HIDDEN, MOST_HIDDEN, HIDDEN_SCORE = 0.6, 0.8, 0.3
"""Of a face that is not found so much may be gone, where a body can be asked and where not; its score."""
BODY_LEFT, BODY_CLEAR = 0.6, 0.75
"""With less left of the face, so much must be left of the body below it, and something move there; so much
where it is too early to tell what moves."""
ALIVE = 1.9
"""Motion from which on a face is somebody's and no picture of a face."""
SAME_PERSON = 0.25
"""A face that overlaps less with where it was may be somebody else's: how it looked says nothing any more."""
ON_THE_MOVE = 0.5
"""A face that overlaps less with where it was at the last look is going somewhere."""
UPHEAVAL, UPHEAVAL_LEVELS, USUAL_FADES = 1.3, 1.5, 0.98
"""How much more than usual a face must have changed since the last look to look again."""
GAZE_NEVER_MS = -1_000_000


@dataclass(slots=True, eq=False)
class Track:
    """A face that is followed."""

    face: Face
    seen_ms: int
    life: Life
    marks: Landmarks | None = None
    marked_ms: int = -1
    followed: Face | None = None
    checked_ms: int = 0
    appearance: Appearance = field(default_factory=Appearance)
    body: Body = field(default_factory=Body)
    gazed_ms: int = GAZE_NEVER_MS
    usual: float | None = None
    lived: bool = False
    restless: bool = True
    place: Roi | None = None
    pose: Pose | None = None
    cells: Moving | None = None

    def stir(self, changes: Changes) -> float | None:
        """Mean change around the face since the last look, in grey levels."""
        since = changes.since
        if since is None:
            return None
        if self.cells is None or self.cells.shape != since.shape:
            self.cells = inside(since, [grown(self.face.box)])
        return float(since[self.cells].mean()) if self.cells.any() else None

    def stirred(self, changes: Changes) -> bool:
        """Whether the face changed much more than it does when its owner merely lives, or goes somewhere."""
        level = self.stir(changes)
        if level is None:
            return False
        if self.restless or self.usual is None:
            return level > UPHEAVAL_LEVELS
        return level > UPHEAVAL * self.usual + UPHEAVAL_LEVELS

    def settle(self, level: float | None) -> None:
        """So much it changed up to a look that found it."""
        if level is not None and not (self.restless and self.usual):
            self.usual = max(level, USUAL_FADES * (self.usual or 0.0))


class Tracks:
    """The followed faces, the one seen last and largest first."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._tracks: list[Track] = []
        self._bodies: Moving | None = None

    def __iter__(self) -> Iterator[Track]:
        """The tracks in order."""
        return iter(self._tracks)

    @property
    def first(self) -> Track | None:
        """The candidate's, as far as one can tell."""
        return self._tracks[0] if self._tracks else None

    def clear(self) -> None:
        """Forget everybody."""
        self._tracks.clear()
        self._bodies = None

    def seen_at(self, offset_ms: int) -> list[Track]:
        """Those the look at this offset found."""
        return [track for track in self._tracks if track.seen_ms == offset_ms]

    def live(self, y: Plane, offset_ms: int) -> None:
        """Take in the luma of a decoded picture: do the faces move by themselves?"""
        for track in self._tracks[:MAX_LIVES]:
            track.life.update(y, offset_ms)

    def outside(self, moved: Moving) -> Moving:
        """Cells that moved where no known body is."""
        if self._bodies is None or self._bodies.shape != moved.shape:
            self._bodies = inside(moved, [part for track in self._tracks for part in body(track.face.box)])
        return np.asarray(moved & ~self._bodies, np.bool_)

    def match(
        self,
        faces: tuple[Face, ...],
        offset_ms: int,
        looked_ms: int | None,
        *,
        hidden: bool,
        is_face: Callable[[Face], bool],
        hidden_share: Callable[[Track], float | None],
    ) -> None:
        """Tell who is who; `hidden`: the last look saw a hidden face; a new one has to pass `is_face`.

        A vague one where somebody was has to be that person's by what can be seen of it: empty chairs and
        curtains score as much.
        """
        left = [face for face in faces if face.score >= LEAST_SCORE]
        for track, found in _pairs(self._tracks, left):
            left.remove(found)
            best = found
            # What hands leave of a face says that it is there, not where.
            vague = best.score < NEW_SCORE or (hidden and best.score < CLEAR_SCORE)
            if best.score < NEW_SCORE and track.place and not self._is_left_of(track, hidden_share(track)):
                continue
            if vague or not near(best.box, track.face.box):
                best = replace(track.face, score=best.score)
            fit = _fit(best.box, track.face.box)
            track.restless = fit < ON_THE_MOVE
            if fit < SAME_PERSON:
                track.appearance = Appearance()
            track.life.follow(best.box, again=track.seen_ms != looked_ms)
            track.face, track.seen_ms = best, offset_ms
        new = [face for face in left if face.score >= NEW_SCORE and is_face(face)]
        self._tracks += [Track(face, offset_ms, Life(face.box), checked_ms=offset_ms) for face in new]
        self._tracks = [track for track in self._tracks if 0 <= offset_ms - track.seen_ms <= FORGET_AFTER_MS]
        self._tracks.sort(key=lambda track: (-track.seen_ms, -track.face.box.area))
        del self._tracks[MAX_TRACKS:]
        self._bodies = None
        for track in self._tracks:
            track.cells = None
            if track.life.needs_references():
                track.life.compare_with(self._quiet_places(track.face.box))

    def keep_hidden(self, offset_ms: int, hidden_share: Callable[[Track], float | None]) -> None:
        """A face that nobody finds, and of which enough is still to be seen, is hidden, not gone."""
        if not self._tracks or self.seen_at(offset_ms):
            return
        track = self._tracks[0]
        if self._is_left_of(track, hidden_share(track)):
            track.seen_ms = offset_ms
            track.face = replace(track.face, score=HIDDEN_SCORE)

    def _is_left_of(self, track: Track, hidden: float | None) -> bool:
        """Whether what is not hidden of a face is enough to say that it is there."""
        return hidden is not None and (hidden <= HALF_HIDDEN or self._sits_there(track, hidden))

    def _sits_there(self, track: Track, hidden: float) -> bool:
        """Whether the body below a face that little is left of is there, and something still lives there."""
        assert self._changes.now is not None
        remains = track.body.remains(self._changes.now)
        if remains is None:
            return hidden <= MOST_HIDDEN
        if remains < BODY_LEFT:
            return False
        motion = track.life.motion
        return remains >= BODY_CLEAR if motion is None else motion >= ALIVE

    def _quiet_places(self, box: Box) -> list[Box]:
        """Places as large as the face where nobody is, the most textured first."""
        samples, moving = self._changes.now, self._changes.moving
        if samples is None:
            return []
        bodies = [part for track in self._tracks for part in body(track.face.box)]
        places: list[tuple[float, Box]] = []
        height, width = samples.shape
        for y in np.linspace(0, max(0.0, 1 - box.height), 4):
            for x in np.linspace(0, max(0.0, 1 - box.width), 6):
                place = Box(float(x), float(y), box.width, box.height)
                if any(place.intersection(part) > 0 for part in bodies):
                    continue
                if moving is not None and bool((moving & inside(moving, [place])).any()):
                    continue
                cut = samples[
                    int(y * height) : max(int(y * height) + 1, int((y + box.height) * height)),
                    int(x * width) : max(int(x * width) + 1, int((x + box.width) * width)),
                ]
                places.append((float(cut.std()), place))
        places.sort(key=lambda each: -each[0])
        return [place for _, place in places]


def _pairs(tracks: list[Track], faces: list[Face]) -> list[tuple[Track, Face]]:
    """Who is who, those that fit best first: who walks past a portrait does not become it."""
    fits = [
        (_fit(track.face.box, face.box), face.score, track, face)
        for track in tracks
        for face in faces
        if near(face.box, track.face.box)
        or (face.score < SURE_SCORE and centered_in(face.box, track.face.box))
    ]
    pairs: list[tuple[Track, Face]] = []
    for _, _, track, face in sorted(fits, key=lambda each: each[:2], reverse=True):
        if not any(track is taken or face is gone for taken, gone in pairs):
            pairs.append((track, face))
    return pairs


def seen_again(face: Face, found: Sequence[Face]) -> bool:
    """Whether one of the faces just found is this one."""
    return any(near(face.box, other.box) and face.box.intersection(other.box) > 0 for other in found)


def _fit(first: Box, second: Box) -> float:
    """Overlap over union, to a tenth: what fits about as well is decided by the score."""
    shared = first.intersection(second)
    union = first.area + second.area - shared
    return round(shared / union, 1) if union > 0 else 0.0
