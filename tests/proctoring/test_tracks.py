"""Who is hidden and who has gone, where no model finds a face any more."""

import numpy as np
import pytest

from proctoring.detectors.changes import Changes
from proctoring.detectors.picture import Plane
from proctoring.detectors.tracks import Tracks
from proctoring.types import Box, Face

FACE = Face(Box(0.4, 0.3, 0.15, 0.25), 0.95, 192)
LITTLE_LEFT = 0.85


def picture(seed: int, *, shirt: bool = True, hands: bool = False) -> Plane:
    """720p luma of a room with somebody in it, perhaps behind their hands."""
    luma = np.linspace(60, 190, 1280)[None, :] * np.ones((720, 1))
    if shirt:
        luma[400:, 400:816] = 40
    if hands:
        luma[200:430, 480:736] = 160 + 40 * np.sin(np.arange(256) / 20 + seed)
    return np.asarray(luma + np.random.default_rng(seed).normal(0, 2, luma.shape), np.uint8)


@pytest.mark.parametrize(
    ("shirt", "moves", "stays"),
    [
        pytest.param(True, None, True, id="hands come up: too early to tell what moves"),
        pytest.param(True, True, True, id="hands that move"),
        pytest.param(True, False, False, id="a jacket on a chair"),
        pytest.param(False, None, False, id="gone"),
        pytest.param(False, True, False, id="gone, and a curtain moves"),
    ],
)
def test_who_is_behind_hands_stays_as_long_as_the_body_does(
    shirt: bool, moves: bool | None, stays: bool
) -> None:
    changes = Changes()
    tracks = Tracks(changes)
    changes.update(picture(0), 0)
    tracks.match((FACE,), 0, None, hidden=False, is_face=lambda _: True, hidden_share=lambda _: None)
    [track] = tracks
    assert changes.now is not None
    track.body.remember(changes.now, FACE.box)
    for index in range(1, 4 if moves is None else 20):
        luma = picture(index, shirt=shirt, hands=moves is not False)
        changes.update(luma, index * 133)
        tracks.live(luma, index * 133)
    tracks.keep_hidden(index * 133, lambda _: LITTLE_LEFT)
    assert bool(tracks.seen_at(index * 133)) is stays
