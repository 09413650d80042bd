"""What an incident is made of: runs of readings, and the figures and picture kept of them."""

from collections import Counter
from itertools import pairwise

from proctoring.rules.policy import Policy
from proctoring.rules.signal import Reading, Signal
from proctoring.types import Json

SERIES_LIMIT = 120
"""Points of the curve shown beside an incident; longer ones keep every second, fourth … point."""
BREAK_MS = 400
"""A run ends once at least two readings in a row disagree for this long."""


class Run:
    """Readings since a state may have begun, starting with one that shows it.

    A single reading that disagrees does not break a run. What falls out of it is handed to `release`.
    """

    def __init__(self, wanted: bool, policy: Policy, min_observations: int | None = None) -> None:
        self._wanted = wanted
        self._min_share = policy.min_share
        self._hold_ms = policy.hold_ms
        self._min_observations = min_observations or policy.min_observations
        self._released: list[Reading] = []
        self.readings: list[Reading] = []

    @property
    def start_ms(self) -> int | None:
        """Since when the run's state lasts; None while there is no run or its last reading disagrees."""
        return self.readings[0].from_ms if self.readings and self._agrees(self.readings[-1]) else None

    def add(self, reading: Reading) -> None:
        """Take in a reading, as part of the run or as what breaks it."""
        if self._agrees(reading) or (self.readings and not self._breaks(reading)):
            self.readings.append(reading)
            return
        self._released += [*self.readings, reading]
        self.readings = []

    def lasted(self, length_ms: int) -> bool:
        """Whether the state has been there for this long; moves the start on while too little agrees."""
        while self.start_ms is not None:
            if self.readings[-1].offset_ms - self.start_ms < length_ms:
                return False
            if len(self.readings) < self._min_observations and length_ms > 0:
                return False
            if self._share() >= self._min_share:
                return True
            flags = [self._agrees(reading) for reading in self.readings]
            keep_from = flags.index(True, flags.index(False))
            self._released += self.readings[:keep_from]
            self.readings = self.readings[keep_from:]
        return False

    def release(self) -> list[Reading]:
        """What has left the run since the last call, in order."""
        released, self._released = self._released, []
        return released

    def clear(self) -> None:
        """Forget everything."""
        self.readings, self._released = [], []

    def _agrees(self, reading: Reading) -> bool:
        return reading.abnormal is self._wanted

    def _breaks(self, reading: Reading) -> bool:
        """Whether this reading and those before it disagree for too long to be a slip."""
        first = reading
        for earlier in reversed(self.readings):
            if self._agrees(earlier):
                break
            first = earlier
        return reading.offset_ms - first.offset_ms >= BREAK_MS

    def _share(self) -> float:
        """Which part of the run agrees, by time: a reading stands until the next one, at most `hold_ms`."""
        agreed, total = 0, 0
        for reading, following in pairwise(self.readings):
            held_ms = min(following.offset_ms - reading.offset_ms, self._hold_ms)
            total += held_ms
            agreed += held_ms if self._agrees(reading) else 0
        return agreed / total if total else 1.0


class Evidence:
    """Running figures of one incident; constant in size however long it lasts."""

    def __init__(self, signal: Signal, started_ms: int, hold_ms: int, seen_ms: int | None = None) -> None:
        self._signal = signal
        self._started_ms = started_ms
        self._hold_ms = hold_ms
        self._count = 0
        self._abnormal = 0
        self._unobserved_ms = 0
        self._faces: tuple[int, int] | None = None
        self._causes: Counter[str] = Counter()
        self._details: dict[str, Json] = {}
        self._sums: dict[str, tuple[int, float, float, float]] = {}
        self._series: list[Reading] = []
        self._every = 1
        self._best: tuple[tuple[float, ...], int, bytes] | None = None
        self.last_ms = started_ms if seen_ms is None else max(started_ms, seen_ms)

    def add(self, reading: Reading) -> None:
        """Count one reading that belongs to the incident."""
        gap_ms = reading.offset_ms - self.last_ms
        self._unobserved_ms += gap_ms if gap_ms > self._hold_ms else 0
        self.last_ms = reading.offset_ms
        self._add_to_series(reading)
        self._count += 1
        if reading.abnormal:
            self._add_values(reading)
            self._consider_snapshot(reading)

    @property
    def snapshot(self) -> tuple[bytes | None, int | None]:
        """The picture that shows the incident best, and its offset."""
        return (None, None) if self._best is None else (self._best[2], self._best[1])

    def measured(self) -> dict[str, Json]:
        """The figures as stored: counts, min / mean / max of each value, and a thinned-out curve."""
        figures: dict[str, Json] = {
            "observations": self._count,
            "abnormal_observations": self._abnormal,
            "unobserved_ms": self._unobserved_ms,
            **self._details,
        }
        if self._faces is not None:
            fewest, most = self._faces
            figures["faces"] = most if most > 1 else fewest
        if self._causes:
            figures["cause"] = self._causes.most_common(1)[0][0]
        for name, (count, total, least, most_of) in self._sums.items():
            mean = round(total / count, 3)
            figures[name] = {"min": round(least, 3), "mean": mean, "max": round(most_of, 3)}
        figures["series"] = [[reading.offset_ms, reading.level] for reading in self._series]
        return figures

    def _add_values(self, reading: Reading) -> None:
        self._abnormal += 1
        if reading.faces is not None:
            fewest, most = self._faces or (reading.faces, reading.faces)
            self._faces = (min(fewest, reading.faces), max(most, reading.faces))
        if reading.cause is not None:
            self._causes[reading.cause] += 1
        self._details.update(reading.details)
        for name, value in reading.values.items():
            count, total, least, most_of = self._sums.get(name, (0, 0.0, value, value))
            self._sums[name] = (count + 1, total + value, min(least, value), max(most_of, value))

    def _add_to_series(self, reading: Reading) -> None:
        if self._count % self._every:
            return
        if len(self._series) >= SERIES_LIMIT:
            self._series = self._series[::2]
            self._every *= 2
            if self._count % self._every:
                return
        self._series.append(reading)

    def _consider_snapshot(self, reading: Reading) -> None:
        if reading.snapshot is None:
            return
        quality = self._signal.snapshot_quality(reading, reading.offset_ms - self._started_ms)
        if self._best is None or quality > self._best[0]:
            self._best = (quality, reading.offset_ms, reading.snapshot)
