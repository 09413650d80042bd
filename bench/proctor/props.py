"""What is held in front of a face, and what hangs or stands around it."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.proctor.person import Sprite
from bench.proctor.rooms import Rgb
from bench.proctor.scene import Held

HELD_PX = 120


def mount(picture: Rgb, frame: tuple[int, int, int, int], screen: bool) -> None:
    """A picture frame, or the bezel and the lit surface of a screen, around and under `frame`."""
    left, top, right, bottom = frame
    rim = max(4, (right - left) // (24 if screen else 16))
    color = (22, 22, 24) if screen else (70, 48, 30)
    cv2.rectangle(picture, (left - rim, top - rim), (right + rim, bottom + rim), color, -1)
    inner = picture[top:bottom, left:right]
    tall = inner.shape[0]
    shade = np.linspace(0, 1, tall, dtype=np.float32)[:, None, None]
    near, far = (
        (np.array([150, 170, 190]), np.array([96, 110, 130]))
        if screen
        else (
            np.array([206, 196, 176]),
            np.array([150, 140, 124]),
        )
    )
    inner[:] = np.broadcast_to(near * (1 - shade) + far * shade, inner.shape).astype(np.uint8)


@lru_cache(maxsize=64)
def held(kind: Held, skin: tuple[int, int, int]) -> Sprite:
    """The thing at the face, its anchor where the head turns."""
    side, zoom = round(HELD_PX * 3.2), HELD_PX / 100
    color = np.zeros((side, side, 3), np.uint8)
    cover = np.zeros((side, side), np.uint8)
    middle = side // 2
    if kind == "cup":
        _cup(color, cover, middle, zoom, skin)
    elif kind == "chin":
        _hand(color, cover, (middle + round(14 * zoom), middle + round(74 * zoom)), zoom * 0.8, skin, -20)
    elif kind == "hand":
        _hand(color, cover, (middle + round(6 * zoom), middle + round(44 * zoom)), zoom * 1.15, skin, 10)
    else:
        for across, turn in ((-24, -14), (24, 14)):
            _hand(
                color,
                cover,
                (middle + round(across * zoom), middle + round(36 * zoom)),
                zoom * 1.35,
                skin,
                turn,
            )
    grain = np.random.default_rng(3).normal(0, 3, color.shape)
    soft = cv2.GaussianBlur(cover, (0, 0), max(0.8, zoom))
    share = soft[..., None] / 255
    lit = np.clip(cv2.GaussianBlur(color, (0, 0), max(0.6, zoom * 0.8)) + grain, 0, 255)
    rgba = np.dstack([lit * share, soft]).astype(np.uint8)
    return Sprite(np.ascontiguousarray(rgba), (float(middle), float(middle)), HELD_PX)


def _shade(skin: tuple[int, int, int], factor: float) -> tuple[int, int, int]:
    red, green, blue = (int(min(255, part * factor)) for part in skin)
    return red, green, blue


def _limb(
    color: Rgb,
    cover: NDArray[np.uint8],
    begin: tuple[int, int],
    end: tuple[int, int],
    thick: int,
    skin: tuple[int, int, int],
) -> None:
    for part, share in ((1.0, 0.72), (0.8, 0.88), (0.5, 1.0)):
        cv2.line(color, begin, end, _shade(skin, share), max(1, round(thick * part)), cv2.LINE_AA)
    cv2.line(cover, begin, end, 255, thick, cv2.LINE_AA)


def _hand(
    color: Rgb,
    cover: NDArray[np.uint8],
    palm: tuple[int, int],
    zoom: float,
    skin: tuple[int, int, int],
    turn_deg: float,
) -> None:
    """A forearm, a palm, four fingers and a thumb, pointing up."""

    def at(across: float, down: float) -> tuple[int, int]:
        angle = np.deg2rad(turn_deg)
        x = across * np.cos(angle) - down * np.sin(angle)
        y = across * np.sin(angle) + down * np.cos(angle)
        return palm[0] + round(float(x) * zoom), palm[1] + round(float(y) * zoom)

    def thick(width: float) -> int:
        return max(1, round(width * zoom))

    _limb(color, cover, at(2, 150), at(0, 16), thick(34), skin)
    _limb(color, cover, at(-9, 12), at(-9, -8), thick(30), skin)
    _limb(color, cover, at(9, 12), at(9, -8), thick(30), skin)
    for across, length in ((-18, 40), (-6, 50), (6, 47), (18, 34)):
        _limb(color, cover, at(across, -12), at(across * 1.15, -12 - length), thick(12), skin)
    _limb(color, cover, at(20, 8), at(38, -20), thick(13), skin)


def _cup(color: Rgb, cover: NDArray[np.uint8], middle: int, zoom: float, skin: tuple[int, int, int]) -> None:
    def at(across: float, down: float) -> tuple[int, int]:
        return middle + round(across * zoom), middle + round(down * zoom)

    _limb(color, cover, at(60, 160), at(34, 66), round(30 * zoom), skin)
    for offset, share in ((0, 0.8), (6, 0.95), (12, 1.0)):
        shade = _shade((196, 60, 48), share)
        cv2.rectangle(color, at(-24 + offset, 26), at(22 - offset // 2, 84), shade, -1)
    cv2.ellipse(
        color, at(-1, 26), (max(1, round(23 * zoom)), max(1, round(6 * zoom))), 0, 0, 360, (120, 34, 28), -1
    )
    cv2.rectangle(cover, at(-24, 26), at(22, 84), 255, -1)
    cv2.ellipse(cover, at(-1, 26), (max(1, round(23 * zoom)), max(1, round(6 * zoom))), 0, 0, 360, 255, -1)
    for down in (40, 50, 60, 70):
        _limb(color, cover, at(-8, down), at(28, down + 3), max(1, round(10 * zoom)), skin)
