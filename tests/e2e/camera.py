"""Camera files for Chromium: a real face, real absences, and a frame number that survives video coding.

Every frame carries its number as 12 black or white blocks along the lower edge (their complement below), so
that the truth about a recording can be read from the recording itself.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

import cv2
import numpy as np
import numpy.typing as npt
from skimage import data

Picture = npt.NDArray[np.uint8]
Scene = Literal["one_face", "no_face", "two_faces"]

WIDTH, HEIGHT, FPS = 1280, 720, 30
BITS = 12
BLOCK_WIDTH, BLOCK_HEIGHT = WIDTH // 16, 24
CODE_TOP = HEIGHT - 2 * BLOCK_HEIGHT
CODE_LEFT = (WIDTH - BITS * BLOCK_WIDTH) // 2


@dataclass(frozen=True, slots=True)
class Act:
    """A stretch of the film, in seconds."""

    scene: Scene
    seconds: float


STANDARD_FILM = (Act("one_face", 10), Act("no_face", 8), Act("two_faces", 8), Act("one_face", 6))


def scene_at(film: tuple[Act, ...], frame: int) -> Scene:
    """What the film shows in a frame."""
    at = frame / FPS
    for act in film:
        if at < act.seconds:
            return act.scene
        at -= act.seconds
    return film[-1].scene


def start_of(film: tuple[Act, ...], scene: Scene) -> int:
    """The first frame that shows a scene."""
    return next(frame for frame in range(frames_of(film)) if scene_at(film, frame) == scene)


def frames_of(film: tuple[Act, ...]) -> int:
    """How many frames the film has before it begins again."""
    return round(sum(act.seconds for act in film) * FPS)


@lru_cache
def _portrait(height: int) -> Picture:
    photograph = np.asarray(data.astronaut())  # type: ignore[no-untyped-call]
    astronaut = cv2.cvtColor(photograph, cv2.COLOR_RGB2BGR)[0:330, 90:370]
    scale = height / astronaut.shape[0]
    return np.asarray(cv2.resize(astronaut, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


@lru_cache
def _room() -> Picture:
    """An empty room: a wall with a soft gradient, a shelf and a window, nothing that looks like a face."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH]
    wall = 150 + 35 * np.sin(x / WIDTH * 2) - 40 * (y / HEIGHT)
    room = np.stack([wall * 0.95, wall, wall * 1.02], axis=-1).clip(0, 255).astype(np.uint8)
    cv2.rectangle(room, (60, 90), (300, 330), (190, 175, 150), -1)
    cv2.rectangle(room, (60, 90), (300, 330), (90, 85, 80), 6)
    for top in (150, 290, 430):
        cv2.rectangle(room, (1010, top), (1240, top + 14), (70, 95, 120), -1)
    return room


def _place(picture: Picture, portrait: Picture, left: int, top: int) -> None:
    height = min(portrait.shape[0], CODE_TOP - top)
    picture[top : top + height, left : left + portrait.shape[1]] = portrait[:height]


def write_number(picture: Picture, number: int) -> None:
    """Draw a frame's number along the lower edge."""
    for bit in range(BITS):
        left = CODE_LEFT + bit * BLOCK_WIDTH
        value = 235 if number >> bit & 1 else 20
        picture[CODE_TOP : CODE_TOP + BLOCK_HEIGHT, left : left + BLOCK_WIDTH] = value
        picture[CODE_TOP + BLOCK_HEIGHT :, left : left + BLOCK_WIDTH] = 255 - value


@lru_cache
def _grain(index: int) -> Picture:
    """Sensor noise, so that no two frames in a row are equal."""
    noise = np.random.default_rng(index).integers(0, 7, (HEIGHT // 4, WIDTH // 4, 1), dtype=np.uint8)
    grain = cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    return np.asarray(np.repeat(grain[..., None], 3, axis=2), np.uint8)


def draw(film: tuple[Act, ...], frame: int) -> Picture:
    """One frame of the film: BGR, 720x1280x3."""
    picture: Picture = _room().copy()
    scene = scene_at(film, frame)
    sway = round(14 * np.sin(frame / FPS * 1.3))
    if scene == "one_face":
        _place(picture, _portrait(560), 400 + sway, 100)
    elif scene == "two_faces":
        _place(picture, _portrait(520), 200 + sway, 130)
        _place(picture, np.ascontiguousarray(_portrait(440)[:, ::-1]), 740 - sway, 190)
    picture = np.asarray(cv2.add(picture, _grain(frame % 8)), np.uint8)
    write_number(picture, frame)
    return picture


def read_number(luma: npt.NDArray[np.uint8]) -> int | None:
    """The frame number in a decoded picture's luma plane, at any resolution; None when it is damaged."""
    height, width = luma.shape
    block_width, block_height = width / 16, height * BLOCK_HEIGHT / HEIGHT
    left, top = (width - BITS * block_width) / 2, height * CODE_TOP / HEIGHT
    number = 0
    for bit in range(BITS):
        x = round(left + (bit + 0.5) * block_width)
        upper = float(luma[round(top + block_height * 0.5), x - 2 : x + 3].mean())
        lower = float(luma[min(height - 1, round(top + block_height * 1.5)), x - 2 : x + 3].mean())
        if abs(upper - lower) < 60:
            return None
        number |= (upper > lower) << bit
    return number


def write_film(path: Path, film: tuple[Act, ...] = STANDARD_FILM, quality: int = 88) -> Path:
    """Write the film as MJPEG for Chromium's fake camera; a finished file is used again."""
    if path.exists():
        return path
    draft = path.with_suffix(".part")
    with draft.open("wb") as file:
        for frame in range(frames_of(film)):
            done, jpeg = cv2.imencode(".jpg", draw(film, frame), [cv2.IMWRITE_JPEG_QUALITY, quality])
            assert done
            file.write(jpeg.tobytes())
    draft.rename(path)
    return path
