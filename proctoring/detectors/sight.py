"""The eyes of one stream: a glance at every decoded picture, a look at those that are worth it.

A glance costs 0.15 ms and says whether something changed. A look finds out what: faces that are known are
followed by their landmarks, which costs a third of finding them anew; the whole picture is searched every
two seconds, and squares of it, for faces too small for that, in turn. Where something begins to move both
are searched at once; what goes on moving gets one search a look. Where for long nothing but what is known
has moved, searches are seldom: they would find what the last one found.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from proctoring.detectors import scene
from proctoring.detectors.base import Detector
from proctoring.detectors.changes import Changes, Moving, around
from proctoring.detectors.closeup import THERE, CloseUp
from proctoring.detectors.face import merge
from proctoring.detectors.loop import Loop
from proctoring.detectors.picture import Picture
from proctoring.detectors.textures import KnownTextures
from proctoring.detectors.tiles import Tiles, around_motion
from proctoring.detectors.tracks import (
    ALIVE,
    HIDDEN_SHARE,
    POSSIBLE_SCORE,
    SURE_SCORE,
    Track,
    Tracks,
    seen_again,
)
from proctoring.types import Face, Pose

SEARCH_EVERY_MS, SELDOM_SEARCH_EVERY_MS = 1_900, 5_900
TILE_EVERY_MS, SELDOM_TILE_EVERY_MS = 3_900, 7_900
SETTLED_AFTER_MS = 12_000
"""So long nothing new may have moved, and nobody come or gone, before searches are seldom."""
CHECK_EVERY_MS = 3_800
"""A face that its landmarks follow is found anew by the detector this often."""
NEWS_MS = 2_000
"""What has moved for longer where nobody is known is searched by turns."""
TURNED_DEG, BACK_DEG = 20.0, 14.0
DARK = 0.12
STILL_MS = 3_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look found; `doubtful`: something is or may be wrong, `changed`: something is not as it was."""

    faces: tuple[Face, ...]
    scene: scene.Scene
    still_ms: int
    repeats_ms: int | None
    thorough: bool
    doubtful: bool
    changed: bool


class Sight:
    """What is known of one stream's picture; of bounded size."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._closeup = CloseUp(detector.landmarks)
        self._changes = Changes()
        self._tracks = Tracks(self._changes)
        self._loop = Loop()
        self._known = KnownTextures()
        self._tiles: Tiles | None = None
        self._looked_ms: int | None = None
        self._searched_ms: int | None = None
        self._tiled_ms: int | None = None
        self._moving_since_ms: int | None = None
        self._unsettled_ms = 0
        self._whole_last = False
        self._state: tuple[object, ...] = ()
        self._turned = False
        self._hidden = 0.0
        self._usual: tuple[float, float] | None = None

    def glance(self, picture: Picture, offset_ms: int, keyframe: bool = False) -> bool:
        """Take in a decoded picture; True when it should be looked at now."""
        if self._tiles is None or self._tiles.size != (picture.width, picture.height):
            self._tiles = Tiles(picture.width, picture.height)
            self._tracks.clear()
            self._searched_ms = None
        self._changes.update(picture.y, offset_ms, keyframe)
        if self._changes.means is not None:
            self._loop.update(self._changes.means, offset_ms)
        self._tracks.live(picture.y, offset_ms)
        moved = self._changes.moved
        if moved is None:
            return self._searched_ms is None
        outside = self._tracks.outside(moved)
        if not outside.any():
            return any(track.stirred(self._changes) for track in self._tracks)
        self._tiles.changed(outside)
        return True

    def look(self, picture: Picture, offset_ms: int) -> Seen:
        """Find out what is in the picture that was glanced at last."""
        assert self._changes.now is not None
        stirs = [(track, track.stir(self._changes)) for track in self._tracks]
        found = self._find(picture, offset_ms)
        hidden = self._hidden >= HIDDEN_SHARE
        is_face, share = partial(self._believes, picture), partial(self._closeup.hidden_share, picture)
        self._tracks.match(
            found, offset_ms, self._looked_ms, hidden=hidden, is_face=is_face, hidden_share=share
        )
        self._looked_ms = offset_ms
        self._tracks.keep_hidden(offset_ms, share)
        present = self._tracks.seen_at(offset_ms)
        for track, level in stirs:
            if track.seen_ms == offset_ms:
                track.settle(level)
        told = [self._tell(picture, track, offset_ms) for track in present]
        light = scene.measure(picture, self._changes.now)
        self._changes.looked()
        return self._seen(present, tuple(sorted(told, key=lambda face: -face.score)), light, offset_ms)

    # Where faces are

    def _find(self, picture: Picture, offset_ms: int) -> tuple[Face, ...]:
        assert self._tiles is not None
        moved = self._changes.moved
        outside = None if moved is None else self._tracks.outside(moved)
        moving = outside is not None and bool(outside.any())
        followed, lost = self._follow(picture, offset_ms, moved)
        news = self._is_news(moving, offset_ms)
        by_turns = moving and not self._whole_last
        first = self._tracks.first
        missed = any(track.lived or track is first or track.stirred(self._changes) for track in lost)
        if moving or missed or self._unsettled_ms > offset_ms:
            self._unsettled_ms = offset_ms
        settled = self._is_settled(offset_ms)
        search_every_ms = SELDOM_SEARCH_EVERY_MS if settled else SEARCH_EVERY_MS
        whole = missed or news or by_turns or self._due(self._searched_ms, search_every_ms, offset_ms)
        if whole:
            faces = self._search(picture, offset_ms, followed, lost)
        else:  # nobody was looked for: who was there a moment ago is not gone yet
            faces = [face for _, face in followed]
            faces += [track.face for track in lost if track.seen_ms == self._looked_ms]
        square = moving and (news or not whole)
        if square and outside is not None:
            place = around_motion(around(outside), picture.width, picture.height)
            faces += self._detector.search(picture, place, self._known)
        tile_every_ms = SELDOM_TILE_EVERY_MS if settled else TILE_EVERY_MS
        if self._due(self._tiled_ms, tile_every_ms, offset_ms) or (
            self._tiles.unsearched and not whole and not square
        ):
            faces += self._search_tile(picture, offset_ms, faces)
        self._whole_last = whole
        return merge(faces)

    def _follow(
        self, picture: Picture, offset_ms: int, moved: Moving | None
    ) -> tuple[list[tuple[Track, Face]], list[Track]]:
        """The known faces where they are now, and those that have to be searched for."""
        followed: list[tuple[Track, Face]] = []
        lost: list[Track] = []
        for track in self._tracks:
            face = self._followed(picture, track, offset_ms, moved)
            if face is None or track.seen_ms != self._looked_ms or track.face.score < SURE_SCORE:
                lost.append(track)
            else:
                followed.append((track, face))
        return followed, lost

    def _followed(self, picture: Picture, track: Track, offset_ms: int, moved: Moving | None) -> Face | None:
        if track.marks is not None:
            return self._closeup.follow(picture, track, offset_ms)
        level = track.stir(self._changes)
        still = moved is not None and (track.cells is None or not (moved & track.cells).any())
        if still:
            return track.face
        if level is None or not track.lived or track.stirred(self._changes):
            return None
        # A small second person lives where it is, which needs no search of its own: the next one asks.
        track.checked_ms = offset_ms - CHECK_EVERY_MS
        return track.face

    def _search(
        self, picture: Picture, offset_ms: int, followed: list[tuple[Track, Face]], lost: list[Track]
    ) -> list[Face]:
        """Search the whole picture; a followed face is asked about again from time to time only."""
        self._searched_ms = offset_ms
        asked = [track for track, _ in followed if self._due(track.checked_ms, CHECK_EVERY_MS, offset_ms)]
        for track in asked:
            track.checked_ms = offset_ms
        settled = [face for track, face in followed if track not in asked]
        expected = [track.face.box for track in (*lost, *asked)]
        boxes = [face.box for face in settled]
        found = self._detector.detect(picture, self._known, expected, boxes)
        # Landmarks may slip off a face that moves quickly: where the detector sees it is where it is.
        return [*(face for face in settled if not seen_again(face, found)), *found]

    def _search_tile(self, picture: Picture, offset_ms: int, faces: Sequence[Face]) -> tuple[Face, ...]:
        assert self._tiles is not None
        self._tiled_ms = offset_ms
        turn = self._tiles.next([face.box for face in faces], offset_ms)
        return () if turn is None else self._detector.search(picture, turn, self._known)

    def _is_news(self, moving: bool, offset_ms: int) -> bool:
        """Whether something began to move a moment ago where nobody is known."""
        if not moving:
            self._moving_since_ms = None
            return False
        if self._moving_since_ms is None or self._moving_since_ms > offset_ms:
            self._moving_since_ms = offset_ms
        return offset_ms - self._moving_since_ms <= NEWS_MS

    def _is_settled(self, offset_ms: int) -> bool:
        """Whether for long nothing has moved but at most one known person."""
        people = sum(track.lived for track in self._tracks)
        return people <= 1 and offset_ms - self._unsettled_ms > SETTLED_AFTER_MS

    def _due(self, last_ms: int | None, every_ms: int, offset_ms: int) -> bool:
        return last_ms is None or not 0 <= offset_ms - last_ms < every_ms

    def _believes(self, picture: Picture, face: Face) -> bool:
        believed = self._closeup.believes(picture, face)
        if not believed:
            self._known.remember(picture.small_rgb(), face.box)
        return believed

    # What is told

    def _tell(self, picture: Picture, track: Track, offset_ms: int) -> Face:
        assert self._changes.now is not None
        first = track is self._tracks.first
        face = self._closeup.tell(picture, track, offset_ms, pose=first)
        track.lived |= (face.motion or 0.0) >= ALIVE
        if first and face.score >= SURE_SCORE and (face.hidden or 0.0) < HIDDEN_SHARE:
            track.body.remember(self._changes.now, face.box)
        return face

    def _seen(self, present: list[Track], told: tuple[Face, ...], light: scene.Scene, offset_ms: int) -> Seen:
        assert self._tiles is not None
        self._hidden = max((face.hidden or 0.0 for face in told), default=0.0)
        self._turned = self._is_turned(told[0].pose if told else None)
        self._closeup.attentive = self._turned
        state = _state(told, light, self._turned)
        changed, self._state = state != self._state, state
        if changed:
            self._unsettled_ms = offset_ms
        return Seen(
            faces=told,
            scene=light,
            still_ms=self._changes.still_ms,
            repeats_ms=self._loop.repeats_ms,
            thorough=self._tiles.thorough(offset_ms),
            doubtful=self._doubtful(present, light),
            changed=changed,
        )

    def _doubtful(self, present: list[Track], light: scene.Scene) -> bool:
        """Whether this is anything but clearly one person in good order; the policy decides elsewhere."""
        people = [track for track in present if track.lived or track.life.motion is None]
        sure = sum(track.face.score >= SURE_SCORE for track in people)
        possible = sum(track.face.score >= POSSIBLE_SCORE for track in people)
        if not sure == possible == 1 or light.brightness < DARK or self._changes.still_ms > STILL_MS:
            return True
        return self._turned or self._hidden >= HIDDEN_SHARE

    def _is_turned(self, pose: Pose | None) -> bool:
        """Turned away from where this head usually is."""
        if pose is None or pose.presence < THERE:
            return False
        yaw, pitch = self._usual or (pose.yaw_deg, pose.pitch_deg)
        limit_deg = BACK_DEG if self._turned else TURNED_DEG
        turned = max(abs(pose.yaw_deg - yaw), abs(pose.pitch_deg - pitch)) > limit_deg
        rate = 0.002 if turned else 0.05
        self._usual = (yaw + rate * (pose.yaw_deg - yaw), pitch + rate * (pose.pitch_deg - pitch))
        return turned


def _state(faces: tuple[Face, ...], light: scene.Scene, turned: bool) -> tuple[object, ...]:
    """What makes it worth looking closer for a while when it changes."""
    sure = sum(face.score >= SURE_SCORE for face in faces)
    possible = sum(face.score >= POSSIBLE_SCORE for face in faces)
    hidden = any((face.hidden or 0.0) >= HIDDEN_SHARE for face in faces)
    return sure, possible, turned, hidden, light.brightness < DARK
