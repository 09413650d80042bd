"""Shoulders that stay, and those that leave, on drawn pictures."""

import numpy as np
import pytest

from proctoring.detectors.body import Body
from proctoring.detectors.picture import Plane
from proctoring.types import Box

FACE = Box(0.4, 0.3, 0.15, 0.25)


def room(seed: int, shirt: int | None, hands: bool = False, light: float = 1.0) -> Plane:
    """90 x 160 samples of a room with noise, with or without somebody in it."""
    picture = np.linspace(60, 190, 160)[None, :] * np.ones((90, 1))
    if shirt is not None:
        picture[50:, 50:102] = shirt
        picture[27:50, 64:88] = 150
    if hands:
        picture[25:62, 60:92] = 175
    noise = np.random.default_rng(seed).normal(0, 2, picture.shape)
    return np.asarray(np.clip(picture * light + noise, 0, 255), np.uint8)


@pytest.mark.parametrize("light", [1.0, 0.25])
def test_somebody_behind_hands_is_still_there_and_an_empty_chair_is_not(light: float) -> None:
    body = Body()
    body.remember(room(1, 40, light=light), FACE)
    assert body.remains(room(2, 40, light=light)) == 1
    hands, empty = (body.remains(room(3, each, hands=each == 40, light=light)) for each in (40, None))
    assert hands is not None
    assert empty is not None
    assert hands >= 0.6
    assert empty < 0.3


def test_nothing_is_remembered_of_what_is_outside_the_picture() -> None:
    body = Body()
    assert body.remains(room(1, 40)) is None
    body.remember(room(1, 40), Box(0.3, 0.5, 0.3, 0.5))
    assert body.remains(room(1, 40)) is None
