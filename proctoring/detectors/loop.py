"""Does the picture repeat itself? A recorded loop played by a virtual camera does; a person never does.

Strict on purpose: the last P milliseconds must equal the P before them over their whole length, in every
part, with clear motion in every part, and P is at least five seconds. Equal but for what the decoder in
haste makes of it: a loop differs by up to 0.06 of its motion's energy, gestures merely alike by 0.3 and more.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Print = NDArray[np.float32]

MIN_LOOP_MS, MAX_LOOP_MS = 5_000, 40_000
MAX_PRINTS = 700
ACROSS, DOWN = 16, 9
CHECK_EVERY_MS = 4_000
MIN_MOTION = 1.0
"""Variance over time of the liveliest tenth of the picture, in grey levels squared."""
SAME_SHARE, SAME_SHARE_OF_PART = 0.1, 0.35
"""Share of the motion's energy that may differ between two rounds, and between two parts of them."""
PART_MS = 1_000
LIVELY_CELLS = 15
"""The tenth of the picture that moves most."""
LAGS = 3
SHORTEST_SWING_MS = 600


class Loop:
    """Keeps a fingerprint of every decoded picture of the last 80 seconds, 800 kB."""

    def __init__(self) -> None:
        self._times = np.zeros(2 * MAX_PRINTS)
        self._prints = np.zeros((2 * MAX_PRINTS, ACROSS * DOWN), np.float32)
        self._first = self._end = 0
        self._checked_ms = 0
        self.repeats_ms: int | None = None

    def update(self, means: Print, offset_ms: int) -> None:
        """Take in a decoded picture as the means of its cells, most often 16 x 9 of them."""
        if self._end > self._first and offset_ms <= self._times[self._end - 1]:
            self._first = self._end = 0
        if self._end == len(self._times):
            self._make_room()
        if means.shape != (DOWN, ACROSS):
            means = np.asarray(cv2.resize(means, (ACROSS, DOWN), interpolation=cv2.INTER_AREA), np.float32)
        self._times[self._end], self._prints[self._end] = offset_ms, means.ravel()
        self._end += 1
        while offset_ms - self._times[self._first] > 2 * MAX_LOOP_MS or self._end - self._first > MAX_PRINTS:
            self._first += 1
        if abs(offset_ms - self._checked_ms) >= CHECK_EVERY_MS:
            self._checked_ms = offset_ms
            self.repeats_ms = self._find()

    def _make_room(self) -> None:
        kept = self._end - self._first
        self._times[:kept] = self._times[self._first : self._end]
        self._prints[:kept] = self._prints[self._first : self._end]
        self._first, self._end = 0, kept

    def _find(self) -> int | None:
        times, prints = self._times[self._first : self._end], self._prints[self._first : self._end]
        if len(times) < 2 or times[-1] - times[0] < 2 * MIN_LOOP_MS:
            return None
        known = self.repeats_ms
        if known is not None and times[-1] - times[0] >= 2 * known and _repeats(times, prints, known):
            return known
        return next((lag for lag in _lags(times, prints) if _is_loop(times, prints, lag)), None)


def _lags(times: NDArray[np.float64], prints: Print) -> list[int]:
    """How long ago the picture looked most as it does now."""
    ages = times[-1] - times
    old = np.flatnonzero((ages >= MIN_LOOP_MS) & (ages <= min(MAX_LOOP_MS, ages[0] / 2)))
    if not old.size:
        return []
    # A few pictures in a row tell more than one.
    steps = range(0, min(8, int(old[0]) + 1), 2)
    distances = sum(np.square(prints[old - step] - prints[-1 - step]).mean(axis=1) for step in steps)
    order = old[np.argsort(distances)]
    return [round(float(ages[index])) for index in order[:LAGS]]


def _is_loop(times: NDArray[np.float64], prints: Print, lag: int) -> bool:
    """Whether it repeats, and not because something in it swings: a fan, a foot, a pen."""
    parts = range(2, lag // SHORTEST_SWING_MS + 1)
    return _repeats(times, prints, lag) and not any(_repeats(times, prints, lag / part) for part in parts)


def _repeats(times: NDArray[np.float64], prints: Print, lag: float) -> bool:
    """Part by part: most pictures that do not repeat are told from the first."""
    recent = np.flatnonzero(times > times[-1] - lag)
    part = ((times[recent] - times[recent[0]]) // PART_MS).astype(int)
    usual = prints[recent[0] :].mean(axis=0)
    energy, differs = 0.0, 0.0
    for number in range(part[-1] + 1):
        chosen = recent[part == number]
        if len(chosen) < 3:
            continue
        now = prints[chosen]
        moves = np.square(now - usual).mean(axis=0)
        lively = np.argpartition(moves, -LIVELY_CELLS)[-LIVELY_CELLS:]
        motion = float(moves[lively].mean())
        if float(now[:, lively].var(axis=0).mean()) < MIN_MOTION / 4:
            return False
        before = _interpolated(times, prints, times[chosen] - lag, lively)
        difference = float(np.square(now[:, lively] - before).mean())
        if difference > SAME_SHARE_OF_PART * motion:
            return False
        energy, differs = energy + motion, differs + difference
    return energy > 0 and differs < SAME_SHARE * energy


def _interpolated(
    times: NDArray[np.float64], prints: Print, at: NDArray[np.float64], cells: NDArray[np.intp]
) -> NDArray[np.float64]:
    """Some cells at times between those of two pictures."""
    after = np.clip(np.searchsorted(times, at), 1, len(times) - 1)
    share = np.clip((at - times[after - 1]) / (times[after] - times[after - 1]), 0, 1)[:, None]
    return np.asarray(prints[after - 1][:, cells] * (1 - share) + prints[after][:, cells] * share)
