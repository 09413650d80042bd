"""What a living head does all the time: sway, small turns, blinking, speaking, looking about."""

import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from bench.proctor.look import Expression

LONGEST_SECONDS = 1300
BLINK_SECONDS = 0.2
SYLLABLE_SECONDS = 0.27


@dataclass(frozen=True)
class Moment:
    """Deviations at one moment: shifts in face widths, angles in degrees."""

    x: float
    y: float
    roll_deg: float
    yaw_deg: float
    pitch_deg: float
    expression: Expression


class Life:
    """The small movements of one person; the same seed moves the same way."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self._waves = [
            [(float(rng.uniform(0.05, 0.55)), float(rng.uniform(0, 6.3))) for _ in range(3)] for _ in range(5)
        ]
        self._blinks = np.cumsum(rng.exponential(3.2, LONGEST_SECONDS // 2) + 0.6)
        self._glances = [int(each) for each in rng.choice([0, 0, 0, -1, 1, 2, -2], LONGEST_SECONDS)]
        turns = np.cumsum(rng.uniform(3, 15, LONGEST_SECONDS // 4))
        self._speaking = turns
        self._mouth = [int(each) for each in rng.choice([0, 1, 2, 1, 0], 7919)]

    def at(self, second: float) -> Moment:
        """What the head does at this second."""
        x, y, roll, yaw, pitch = (
            sum(math.sin(6.283 * speed * second + phase) for speed, phase in waves) / 3
            for waves in self._waves
        )
        blink = int(np.searchsorted(self._blinks, second, side="right"))
        shut = blink > 0 and second - self._blinks[blink - 1] < BLINK_SECONDS
        speaks = int(np.searchsorted(self._speaking, second)) % 2 == 1
        mouth = self._mouth[int(second / SYLLABLE_SECONDS) % len(self._mouth)] if speaks else 0
        gaze = self._glances[int(second / 1.3) % len(self._glances)]
        return Moment(
            0.09 * x, 0.05 * y, 2.5 * roll, 7.0 * yaw, 5.0 * pitch, Expression(int(shut), mouth, gaze)
        )


@lru_cache(maxsize=64)
def life(seed: int) -> Life:
    """The life of this seed."""
    return Life(seed)
