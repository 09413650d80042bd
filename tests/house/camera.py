"""A camera film: real faces, real absences, and in each frame its number, which survives video coding.

The truth about a recording is read from the recording itself: no clock has a say.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
from skimage import data

Picture = npt.NDArray[np.uint8]
Scene = Literal["one_face", "no_face", "two_faces"]

FPS = 15
PLAYED_FPS = 30
"""Chromium plays MJPEG at this rate whatever was meant: each frame is in the file twice."""
BLOCKS, BLOCKS_ACROSS = 16, 40
"""White, black, the number's bits, its checksum; each block is a fortieth of the width."""
BITS, CHECK_BITS = 11, 3
LEAST_CONTRAST = 60
BLACK, WHITE = 16, 240


@dataclass(frozen=True, slots=True)
class Act:
    """A stretch of the film, in seconds."""

    scene: Scene
    seconds: float


@dataclass(frozen=True)
class Film:
    """What the camera sees, over and over."""

    acts: tuple[Act, ...]
    width: int = 640
    height: int = 360

    def __post_init__(self) -> None:
        """A number that came twice in one round would prove nothing."""
        assert self.frames <= 1 << BITS

    @cached_property
    def frames(self) -> int:
        """How many frames there are before it begins again."""
        return len(self._scenes)

    @cached_property
    def _scenes(self) -> tuple[Scene, ...]:
        return tuple(act.scene for act in self.acts for _ in range(round(act.seconds * FPS)))

    def length(self, act: int) -> int:
        """How many frames an act has."""
        return round(self.acts[act].seconds * FPS)

    def scene(self, number: int) -> Scene:
        """What is seen in a frame."""
        return self._scenes[number % self.frames]

    def span(self, scene: Scene) -> tuple[int, int]:
        """The first frame of a scene's first act, and the one after its last."""
        begin = self._scenes.index(scene)
        return begin, next((n for n in range(begin, self.frames) if self._scenes[n] != scene), self.frames)

    def ahead(self, number: int, other: int) -> int:
        """How many frames `number` is ahead of `other`, which is less than half a film away."""
        half = self.frames // 2
        return (number - other + half) % self.frames - half


SHORT = (Act("one_face", 10), Act("no_face", 5), Act("two_faces", 5), Act("one_face", 2))
"""Two people come into a room in the ten seconds; what follows is just long enough to be an incident."""
LONG = (Act("one_face", 10), Act("no_face", 8), Act("two_faces", 8), Act("one_face", 6))


def code_of(number: int) -> list[bool]:
    """The blocks of a number, True for white; one block read wrongly always breaks the checksum."""
    gray = number ^ number >> 1  # one block changes from a frame to the next, and one for the checksum
    check = gray ^ gray >> 3 ^ gray >> 6 ^ gray >> 9
    bits = [bool(gray >> bit & 1) for bit in reversed(range(BITS))]
    return [True, False, *bits, *(bool(check >> bit & 1) for bit in reversed(range(CHECK_BITS)))]


def number_of(blocks: list[bool]) -> int | None:
    """The number that blocks stand for; None when they are damaged."""
    gray = sum(1 << bit for bit, block in enumerate(reversed(blocks[2 : 2 + BITS])) if block)
    number = gray
    for shift in (1, 2, 4, 8):
        number ^= number >> shift
    return number if code_of(number) == blocks else None


def write_number(picture: Picture, number: int) -> None:
    """Draw a frame's number into the upper left corner."""
    size = picture.shape[1] // BLOCKS_ACROSS
    for place, white in enumerate(code_of(number)):
        picture[:size, place * size : (place + 1) * size] = WHITE if white else BLACK


def read_number(luma: Picture) -> int | None:
    """The number in a decoded picture's brightness, at any size; None when it is damaged."""
    size = luma.shape[1] / BLOCKS_ACROSS
    upper, lower = round(size * 0.3), max(round(size * 0.7), round(size * 0.3) + 1)
    seen = [
        float(luma[upper:lower, round((place + 0.3) * size) : round((place + 0.7) * size) or None].mean())
        for place in range(BLOCKS)
    ]
    white, black = seen[0], seen[1]
    if white - black < LEAST_CONTRAST:
        return None
    return number_of([value > (white + black) / 2 for value in seen])


@lru_cache
def _portrait(height: int) -> Picture:
    photograph = np.asarray(data.astronaut())  # type: ignore[no-untyped-call]
    astronaut = cv2.cvtColor(photograph, cv2.COLOR_RGB2BGR)[0:330, 90:370]
    scale = height / astronaut.shape[0]
    return np.asarray(cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache
def _wall(width: int, height: int) -> Picture:
    """A smooth grey wall: what has edges may look like a face, and noise makes the encoder stall."""
    y, x = np.mgrid[0:height, 0:width]
    grey = 150 + 35 * np.sin(x / width * 2) - 40 * (y / height)
    return np.asarray(np.repeat(grey[..., None], 3, axis=2), np.uint8)


def _place(picture: Picture, portrait: Picture, left: float, top: float) -> None:
    x, y = round(left), round(top)
    height = min(portrait.shape[0], picture.shape[0] - y)
    picture[y : y + height, x : x + portrait.shape[1]] = portrait[:height]


def draw(film: Film, number: int) -> Picture:
    """One frame of the film: BGR."""
    width, height = film.width, film.height
    picture: Picture = _wall(width, height).copy()
    scene, sway = film.scene(number), width / 90 * np.sin(number / FPS * 1.3)
    if scene == "one_face":
        _place(picture, _portrait(round(height * 0.78)), width * 0.31 + sway, height * 0.14)
    elif scene == "two_faces":
        _place(picture, _portrait(round(height * 0.72)), width * 0.15 + sway, height * 0.18)
        mirrored = np.ascontiguousarray(_portrait(round(height * 0.61))[:, ::-1])
        _place(picture, mirrored, width * 0.58 - sway, height * 0.26)
    write_number(picture, number)
    return picture


def _jpegs(film: Film) -> Iterator[bytes]:
    for number in range(film.frames):
        done, jpeg = cv2.imencode(".jpg", draw(film, number), [cv2.IMWRITE_JPEG_QUALITY, 88])
        assert done
        yield jpeg.tobytes()


def write_film(path: Path, film: Film) -> Path:
    """Write the film as MJPEG for Chromium's fake camera."""
    with path.open("wb") as file:
        for jpeg in _jpegs(film):
            file.write(jpeg * (PLAYED_FPS // FPS))
    return path.resolve()
