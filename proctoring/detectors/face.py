"""Faces with MediaPipe's models: full range, short range for faces that fill the frame, and a second look.

The full-range model finds candidates in the whole picture. What it is not sure of gets a second look, a
square crop around the candidate, three faces wide, through the same model. Real faces then score .7 to .9,
textures mostly below .5 (docs/PROCTORING.md); no single threshold on the whole picture tells them apart.
Faces too small for the whole picture are found in squares of it (`search`).
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from proctoring.detectors.landmarks import Landmarker
from proctoring.detectors.picture import Picture, Rgb
from proctoring.detectors.ssd import FULL_RANGE_LAYERS, SHORT_RANGE_LAYERS, SsdModel
from proctoring.detectors.textures import KnownTextures
from proctoring.models import ModelFiles
from proctoring.types import Box, Face

CANDIDATE_SCORE = 0.12
"""Small, dim faces score this low in the whole picture; the second look decides."""
TEXTURE_SCORE = 0.4
"""What scores less at the second look is remembered as no face."""
SURE_SCORE = 0.75
NEAR_SURE_SCORE, NEAR_HINT_SCORE = 0.85, 0.4
NEAR_MIN_WIDTH = 0.12
"""Share of the frame's width below which the short-range model is not asked: it sees textures there."""
MAX_SECOND_LOOKS = 3
SECOND_LOOK_SPAN, CLOSER_SPAN = 3.0, 2.2
SECOND_LOOK_SIDE = 256
FILLS_FRAME = 0.4
"""Share of the frame's width from which a second look shows nothing new: its crop is the whole picture."""
SEARCH_SIDE = 192
LEAST_FACE_PX = 24
SEARCH_SCORE = 0.25
"""Candidates in a square are larger than in the whole picture; what scores less there is nothing."""
MERGE_IOU = 0.3
MERGE_INSIDE = 0.6

DARK_MEDIAN, BRIGHT_MEDIAN = 45, 190
DARK_TARGET, BRIGHT_TARGET = 100, 130
GAMMA_RANGE = (0.35, 3.0)


class MediaPipeFaceDetector:
    """Detects faces in pictures of any size; about 4 ms of one core while one clear face is seen.

    The models are MediaPipe's, run by LiteRT: same scores and boxes as its Tasks API (within .02 and 1 % of
    the width), 3.9 ms against 6.0 for a decoded 720p picture, and neither libEGL nor 100 MB of binding.
    """

    name = "mediapipe-face"

    def __init__(self, files: ModelFiles) -> None:
        """Load both models; ValueError, RuntimeError or OSError when that cannot be (proctoring.doctor)."""
        cv2.setNumThreads(1)
        self.model_version = files.version
        self._full = SsdModel(files.full_range, FULL_RANGE_LAYERS, CANDIDATE_SCORE)
        self._short = SsdModel(files.short_range, SHORT_RANGE_LAYERS, CANDIDATE_SCORE)
        self.landmarks = Landmarker(files)

    def detect(
        self,
        picture: Picture,
        known: KnownTextures | None = None,
        expected: Iterable[Box] = (),
        settled: Sequence[Box] = (),
    ) -> tuple[Face, ...]:
        """Faces in descending order of score; boxes are relative to the picture.

        `known` is the stream's memory of textures, which makes a quiet scene cheap; at the `expected` places
        a second look is taken whatever the first one says, at the `settled` ones never: whoever is there is
        known already.
        """
        known = known or KnownTextures()
        rgb = picture.small_rgb()
        known.next_picture(rgb)
        table = exposure_table(rgb)
        even = _apply(table, rgb)
        seen = merge(self._full.run(even, picture.width))
        sure = [face for face in seen if face.score >= SURE_SCORE]
        unsure = [
            face
            for face in seen[len(sure) :]
            if not known.knows(face.box) and not any(_same(face.box, box) for box in settled)
        ]
        near = [] if (sure or settled) and not unsure else self._near(even, picture.width)
        sure += [face for face in near if face.score >= NEAR_SURE_SCORE]
        hints = [
            face
            for face in near
            if NEAR_HINT_SCORE <= face.score < NEAR_SURE_SCORE and not known.knows(face.box)
        ]
        lost = [Face(box, 0.0, round(box.width * picture.width)) for box in expected]
        for face in lost:
            if not any(_same(face.box, other.box) for other in sure):
                sure += self._found_again(picture, face, table)
        for face in (*known.worth_a_look(unsure, MAX_SECOND_LOOKS), *hints[:1]):
            if not any(_same(face.box, other.box) for other in sure):
                sure += self._confirmed(picture, face, table, known)
        return merge(sure)

    def search(
        self, picture: Picture, square: tuple[float, float, int], known: KnownTextures
    ) -> tuple[Face, ...]:
        """Faces in a square of the picture (relative centre, side in px): what is too small in the whole."""
        center_x, center_y, side = square
        rgb = picture.small_rgb()
        table = exposure_table(rgb)
        crop = _apply(table, picture.square_rgb(center_x, center_y, side, SEARCH_SIDE))
        found = [_from_crop(face, picture, center_x, center_y, side) for face in self._full.run(crop, side)]
        likely = [face for face in merge(found)[:MAX_SECOND_LOOKS] if face.width_px >= LEAST_FACE_PX]
        sure = [face for face in likely if face.score >= SURE_SCORE]
        unsure = [face for face in likely[len(sure) :] if face.score >= SEARCH_SCORE]
        unsure = [face for face in unsure if not known.knows(face.box)]
        for face in known.worth_a_look(unsure, MAX_SECOND_LOOKS):
            sure += self._confirmed(picture, face, table, known)
        return merge(sure)

    def close(self) -> None:
        """Nothing to free any more; kept for whoever closes detectors."""

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""
        self.close()

    def _near(self, rgb: Rgb, width_px: int) -> list[Face]:
        """What the short-range model sees; it overrates textures, so small finds do not count."""
        return [face for face in self._short.run(rgb, width_px) if face.box.width >= NEAR_MIN_WIDTH]

    def _found_again(self, picture: Picture, face: Face, table: Rgb | None) -> list[Face]:
        """A face that was here before: a small, dim one is clear in one crop and vague in the next."""
        looks: list[Face] = []
        for span in (SECOND_LOOK_SPAN, CLOSER_SPAN):
            found = self._second_look(picture, face, table, span)
            looks += [found] if found else []
            if found and found.score >= SURE_SCORE:
                break
        return sorted(looks, key=lambda each: each.score)[-1:]

    def _confirmed(self, picture: Picture, face: Face, table: Rgb | None, known: KnownTextures) -> list[Face]:
        """The face as the second look sees it, if it does; what it does not is remembered."""
        fills = face.box.width >= FILLS_FRAME and face.score >= TEXTURE_SCORE
        confirmed = face if fills else self._second_look(picture, face, table)
        if confirmed is None or confirmed.score < TEXTURE_SCORE:
            known.remember(picture.small_rgb(), face.box)
        else:
            known.confirmed()
        return [] if confirmed is None else [confirmed]

    def _second_look(
        self, picture: Picture, face: Face, table: Rgb | None, span: float = SECOND_LOOK_SPAN
    ) -> Face | None:
        center_x, center_y = face.box.x + face.box.width / 2, face.box.y + face.box.height / 2
        side = round(span * max(face.box.width * picture.width, face.box.height * picture.height))
        crop = _apply(table, picture.square_rgb(center_x, center_y, side, SECOND_LOOK_SIDE))
        half = 0.5 / span
        best: Face | None = None
        for found in self._full.run(crop, side):
            off_x = abs(found.box.x + found.box.width / 2 - 0.5)
            off_y = abs(found.box.y + found.box.height / 2 - 0.5)
            fits = max(off_x, off_y) < half < found.box.width < 4 * half
            if fits and (best is None or found.score > best.score):
                best = found
        whole = None if best is None else _from_crop(best, picture, center_x, center_y, side)
        return whole if whole is not None and whole.width_px >= LEAST_FACE_PX else None


def exposure_table(rgb: Rgb) -> Rgb | None:
    """A 256-entry table that evens out a dark or over-exposed picture; None when it is fine as it is."""
    median = float(np.median(rgb[::4, ::4, 1]))
    if DARK_MEDIAN <= median <= BRIGHT_MEDIAN:
        return None
    target = DARK_TARGET if median < DARK_MEDIAN else BRIGHT_TARGET
    level = min(max(median, 2.0), 250.0) / 255
    gamma = min(max(math.log(target / 255) / math.log(level), GAMMA_RANGE[0]), GAMMA_RANGE[1])
    return np.asarray(255 * (np.arange(256) / 255) ** gamma, dtype=np.uint8)


def merge(faces: Iterable[Face]) -> tuple[Face, ...]:
    """Keep the best of boxes that show the same face: overlapping, or one mostly inside the other."""
    kept: list[Face] = []
    for face in sorted(faces, key=lambda each: each.score, reverse=True):
        if not any(_same(face.box, other.box) for other in kept):
            kept.append(face)
    return tuple(kept)


def _same(first: Box, second: Box) -> bool:
    shared = first.intersection(second)
    union = first.area + second.area - shared
    smaller = min(first.area, second.area)
    return union > 0 and (shared / union > MERGE_IOU or (smaller > 0 and shared / smaller > MERGE_INSIDE))


def _apply(table: Rgb | None, rgb: Rgb) -> Rgb:
    return rgb if table is None else np.asarray(cv2.LUT(rgb, table), dtype=np.uint8)


def _from_crop(face: Face, picture: Picture, center_x: float, center_y: float, side: int) -> Face:
    """A face found in a square around a relative point, in units of the whole picture."""
    scale_x, scale_y = side / picture.width, side / picture.height
    left, top = center_x - scale_x / 2, center_y - scale_y / 2
    box = face.box
    whole = Box(left + box.x * scale_x, top + box.y * scale_y, box.width * scale_x, box.height * scale_y)
    points = tuple((left + x * scale_x, top + y * scale_y) for x, y in face.key_points)
    return replace(face, box=whole, width_px=round(whole.width * picture.width), key_points=points)
