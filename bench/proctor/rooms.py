"""Rooms somebody might sit in: wall, shelf, window, pictures, lamp, plant, sofa."""

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]
WIDTH, HEIGHT = 1280, 720


@lru_cache(maxsize=16)
def room(seed: int) -> Rgb:
    """A room of 1280x720, slightly out of focus, unevenly lit."""
    rng = np.random.default_rng(1000 + seed)
    wall = np.array(
        rng.choice([(200, 192, 178), (176, 186, 190), (160, 150, 140), (214, 210, 204), (120, 132, 140)])
    )
    picture = np.broadcast_to(wall, (HEIGHT, WIDTH, 3)).astype(np.uint8).copy()
    floor = int(rng.integers(540, 640))
    cv2.rectangle(picture, (0, floor), (WIDTH, HEIGHT), _shade(wall, 0.55), -1)
    cv2.rectangle(picture, (0, floor - 12), (WIDTH, floor), _shade(wall, 1.1), -1)
    places = [int(each) for each in rng.permutation([20, 330, 640, 950])]
    things = [_shelf, _window, _pictures, _sofa, _lamp, _plant, _door]
    for place, index in zip(places, rng.permutation(len(things)), strict=False):
        things[int(index)](picture, rng, place, floor)
    rows, columns = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    light = 0.8 + 0.35 * np.exp(-(((columns - rng.integers(WIDTH)) / 700) ** 2 + ((rows - 100) / 500) ** 2))
    mottled = cv2.resize(rng.normal(0, 2.5, (90, 160)).astype(np.float32), (WIDTH, HEIGHT))
    lit = picture * light[..., None] + mottled[..., None]
    blurred = cv2.GaussianBlur(np.clip(lit, 0, 255).astype(np.uint8), (0, 0), float(rng.uniform(0.8, 2.2)))
    return np.asarray(blurred, np.uint8)


def _shade(color: NDArray[np.int64], factor: float) -> tuple[int, int, int]:
    red, green, blue = (int(min(255, part * factor)) for part in color)
    return red, green, blue


def _color(rng: np.random.Generator, low: int = 30, high: int = 210) -> tuple[int, int, int]:
    red, green, blue = (int(part) for part in rng.integers(low, high, 3))
    return red, green, blue


def _shelf(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    wood = _color(rng, 60, 130)
    top = int(rng.integers(40, 160))
    cv2.rectangle(picture, (left, top), (left + 290, floor), wood, -1)
    for row in range(top + 12, floor - 80, 100):
        cv2.rectangle(picture, (left + 10, row), (left + 280, row + 86), _shade(np.array(wood), 0.45), -1)
        x = left + 14
        while x < left + 250:
            wide, tall = int(rng.integers(9, 26)), int(rng.integers(48, 82))
            spine = _color(rng)
            cv2.rectangle(picture, (x, row + 86 - tall), (x + wide, row + 86), spine, -1)
            cv2.rectangle(
                picture,
                (x + 2, row + 96 - tall),
                (x + wide - 2, row + 104 - tall),
                _shade(np.array(spine), 1.5),
                -1,
            )
            x += wide + int(rng.integers(0, 14)) * int(rng.random() < 0.2) + 1


def _window(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    cv2.rectangle(picture, (left, 60), (left + 270, 440), (230, 228, 222), -1)
    cv2.rectangle(picture, (left + 14, 74), (left + 256, 426), (196, 216, 236), -1)
    cv2.rectangle(picture, (left + 14, 300), (left + 256, 426), (130, 160, 120), -1)
    for _ in range(9):
        spot = (left + int(rng.integers(30, 240)), int(rng.integers(280, 420)))
        cv2.circle(picture, spot, int(rng.integers(14, 34)), _color(rng, 70, 140), -1)
    cv2.rectangle(picture, (left, 60), (left + 270, 440), (230, 228, 222), 12)
    cv2.line(picture, (left + 135, 60), (left + 135, 440), (230, 228, 222), 10)
    curtain = _color(rng, 90, 200)
    for offset in range(0, 56, 7):
        fold = _shade(np.array(curtain), 0.8 + 0.3 * ((offset // 7) % 2))
        cv2.rectangle(picture, (left - 20 + offset, 40), (left - 14 + offset, 520), fold, -1)


def _pictures(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    for _ in range(3):
        x, y = left + int(rng.integers(0, 150)), int(rng.integers(60, 260))
        wide, tall = int(rng.integers(80, 140)), int(rng.integers(80, 150))
        cv2.rectangle(picture, (x, y), (x + wide, y + tall), (40, 34, 30), -1)
        cv2.rectangle(picture, (x + 6, y + 6), (x + wide - 6, y + tall - 6), _color(rng, 120, 230), -1)
        for _ in range(4):
            spot = (x + int(rng.integers(20, wide - 20)), y + int(rng.integers(20, tall - 20)))
            axes = (int(rng.integers(6, 18)), int(rng.integers(6, 18)))
            cv2.ellipse(picture, spot, axes, float(rng.integers(180)), 0, 360, _color(rng), -1)


def _sofa(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    cloth = np.array(_color(rng, 50, 170))
    cv2.rectangle(picture, (left, floor - 190), (left + 330, floor + 40), _shade(cloth, 0.9), -1)
    cv2.rectangle(picture, (left - 30, floor - 130), (left + 20, floor + 60), _shade(cloth, 0.75), -1)
    cv2.rectangle(picture, (left + 310, floor - 130), (left + 360, floor + 60), _shade(cloth, 0.75), -1)
    for offset in (20, 165):
        cv2.rectangle(
            picture, (left + offset, floor - 180), (left + offset + 140, floor - 60), _shade(cloth, 1.1), -1
        )
        cv2.ellipse(
            picture, (left + offset + 70, floor - 100), (45, 40), 15, 0, 360, _color(rng, 90, 230), -1
        )


def _lamp(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    x = left + int(rng.integers(60, 180))
    cv2.line(picture, (x, 240), (x, floor + 20), (50, 46, 44), 8)
    cv2.fillPoly(
        picture, [np.array([[x - 50, 140], [x + 50, 140], [x + 80, 250], [x - 80, 250]])], (248, 232, 190)
    )


def _plant(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    x = left + int(rng.integers(80, 200))
    for _ in range(26):
        spot = (x + int(rng.normal(0, 60)), 330 + int(rng.normal(0, 80)))
        leaf = (int(rng.integers(30, 70)), int(rng.integers(80, 150)), int(rng.integers(30, 80)))
        cv2.ellipse(
            picture,
            spot,
            (int(rng.integers(20, 50)), int(rng.integers(6, 16))),
            float(rng.integers(180)),
            0,
            360,
            leaf,
            -1,
        )
    cv2.rectangle(picture, (x - 45, 450), (x + 45, floor + 30), (150, 100, 76), -1)


def _door(picture: Rgb, rng: np.random.Generator, left: int, floor: int) -> None:
    wood = np.array(_color(rng, 120, 220))
    cv2.rectangle(picture, (left, 50), (left + 230, floor), _shade(wood, 0.7), -1)
    cv2.rectangle(picture, (left + 10, 60), (left + 220, floor), _shade(wood, 1.0), -1)
    for top in (100, 330):
        cv2.rectangle(picture, (left + 45, top), (left + 185, top + 180), _shade(wood, 0.88), 5)
    cv2.circle(picture, (left + 205, 330), 9, (90, 84, 70), -1)
