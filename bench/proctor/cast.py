"""People out of a folder of photographed (or generated) faces, each with the measured colour of its skin.

The folder holds pictures and `labels.csv` (file, label, ita_degrees). Only frontal, evenly lit faces are
taken, those whose file begins with `origin-`: of the others the light decides the measured colour.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, Literal

from bench.proctor.look import Look
from bench.proctor.report import PHOTOGRAPHED
from bench.proctor.scene import Actor, Camera, Clip, Truth, steady
from bench.proctor.scripts import absence, candidate, dim, glance, leaves, length, spans, visit
from proctoring.types import EventType

LABELS, FRONTAL = "labels.csv", "origin-"
IN_SUNGLASSES = ("origin-5l.jpg",)
"""What was measured in the middle of this face is no skin."""
Skin = Literal["dark", "middle", "light"]
SKINS: tuple[Skin, ...] = ("dark", "middle", "light")
DARK_BELOW, LIGHT_ABOVE = -30.0, 28.0
"""Individual typology angle in degrees, after Chardon et al. (1991)."""
PER_SKIN, TURNED_PER_SKIN, PORTRAITS = 12, 3, 6


@dataclass(frozen=True, slots=True)
class Photo:
    """One face of the folder: its file, and the individual typology angle of its middle in degrees."""

    file: str
    ita_degrees: float

    @property
    def skin(self) -> Skin:
        """Which third of the colours it belongs to."""
        if self.ita_degrees < DARK_BELOW:
            return "dark"
        return "light" if self.ita_degrees > LIGHT_ABOVE else "middle"


def read(folder: Path) -> list[Photo]:
    """The frontal faces of a folder, darkest first; ValueError when it is none or lacks a class of skin."""
    labels = folder / LABELS
    if not labels.is_file():
        raise ValueError(f"{folder} has no {LABELS} with the columns file, label, ita_degrees")
    with labels.open(encoding="utf-8", newline="") as lines:
        try:
            rows = [(str(row["file"]), float(row["ita_degrees"] or "nan")) for row in csv.DictReader(lines)]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{labels}: {error!r}") from error
    found = [Photo(file, ita) for file, ita in rows if _is_frontal(file) and ita == ita]
    lost = [each.file for each in found if not (folder / each.file).is_file()]
    if lost:
        raise ValueError(f"{labels} names {lost[0]}, which is not there")
    if {each.skin for each in found} != set(SKINS):
        raise ValueError(f"{labels} needs frontal faces (file {FRONTAL}…) of dark, middle and light skin")
    return sorted(found, key=lambda each: (each.ita_degrees, each.file))


def _is_frontal(file: str) -> bool:
    return file.startswith(FRONTAL) and file not in IN_SUNGLASSES


def chosen(photos: Sequence[Photo], skin: Skin, most: int) -> list[Photo]:
    """So many of a class of skin, spread over all of it."""
    own = [each for each in photos if each.skin == skin]
    return own if len(own) <= most else [own[index * len(own) // most] for index in range(most)]


def photographed(photos: Sequence[Photo]) -> Iterator[Clip]:
    """The same scripts for each class of skin: leave, come in, turn away; and pictures on the wall."""
    for skin in SKINS:
        numbers = count()
        for photo in chosen(photos, skin, PER_SKIN):
            yield from _comings_and_goings(photo, next(numbers))
        for photo in chosen(photos, skin, TURNED_PER_SKIN):
            number = next(numbers)
            me = person(photo, 1200 + number, 170)
            given = _given(photo, 1.0)
            yield glance(f"photo-turned-{photo.file}", 1200 + number, me, yaw=40, **given)
    for number, photo in enumerate([each for skin in SKINS for each in chosen(photos, skin, PORTRAITS // 3)]):
        yield _portrait(photo, 1300 + number)


def person(photo: Photo, seed: int, face_px: float = 180, x: float = 560) -> Actor:
    """Somebody with this face in front of the camera."""
    return replace(candidate(seed, face_px, x), look=Look.of_photo(photo.file, seed))


def _comings_and_goings(photo: Photo, number: int) -> Iterator[Clip]:
    """Alone in good light and beside somebody in weak light, or the other way round."""
    seed = 1100 + number
    for kind, brightness in zip(
        ("no_face", "multiple_faces"), (1.0, 0.4)[:: (1, -1)[number % 2]], strict=True
    ):
        given = _given(photo, brightness)
        name = f"photo-{kind}-{photo.file}"
        if kind == "no_face":
            clip = absence(name, seed, person(photo, seed, 150), **given)
        else:
            clip = visit(name, seed, (person(photo, seed + 60, 80, 1030),), person(photo, seed, 160), **given)
        yield replace(clip, truths=(*clip.truths, *dim(brightness)))


def _given(photo: Photo, brightness: float) -> dict[str, Any]:
    return {
        "camera": Camera(brightness=steady(brightness)),
        "axis": PHOTOGRAPHED,
        "condition": (("skin", photo.skin), ("brightness", brightness)),
        "core": True,
    }


def _portrait(photo: Photo, seed: int) -> Clip:
    """Its picture on the wall behind somebody who leaves: nobody is there then."""
    size = (60, 90, 140)[seed % 3]
    frame = (1060 - round(size * 1.2), 60, 1060 + round(size * 1.2), 60 + round(size * 2.4))
    look = Look.of_photo(photo.file, seed)
    shown = Actor(look, seed, steady(size), steady(1060), steady(60 + size * 1.15), alive=False, frame=frame)
    those = spans(2, 10.0, 20.0)
    truths = tuple(Truth(EventType.NO_FACE, *span) for span in those)
    actors = (shown, leaves(candidate(seed, 170, 480), those))
    return Clip(
        f"photo-portrait-{photo.file}", length(those), seed, actors,
        truths, room=seed % 12, tests=EventType.NO_FACE, axis="photograph on the wall",
        condition=(("width_px", size),), core=True,
    )  # fmt: skip
