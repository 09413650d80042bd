"""How loud a recording is over time.

It is decoded from the finished file and not collected from the audio-level header: the file is what is heard,
it survives a crash, and not every client sends the header. An hour takes some ten seconds of the finishing
process.
"""

import math
from dataclasses import dataclass
from pathlib import Path

import av

MAX_POINTS = 1200
_MIN_INTERVAL_MS = 100
_FLOOR_DB = 60.0


@dataclass(frozen=True, slots=True)
class Waveform:
    """Loudness from 0 (-60 dBFS and below) to 100 (full scale), one value for each `interval_ms`."""

    interval_ms: int
    levels: list[int]


def waveform(path: Path, duration_ms: int) -> Waveform | None:
    """The loudest 20 ms of each interval; None without sound."""
    interval_ms = max(_MIN_INTERVAL_MS, math.ceil(duration_ms / MAX_POINTS / 20) * 20)
    levels = [0] * max(1, math.ceil(duration_ms / interval_ms))
    heard = False
    try:
        with av.open(str(path)) as container:
            for frame in container.decode(audio=0):
                heard = True
                index = min(len(levels) - 1, max(0, int((frame.time or 0.0) * 1000 / interval_ms)))
                levels[index] = max(levels[index], _level(frame))
    except (av.FFmpegError, IndexError):
        pass
    return Waveform(interval_ms, levels) if heard else None


def _level(frame: av.AudioFrame) -> int:
    import numpy as np

    samples = frame.to_ndarray()
    full_scale = 1.0 if samples.dtype.kind == "f" else 32_768.0
    wave = samples.ravel().astype(np.float32) / full_scale
    power = float(np.dot(wave, wave)) / max(1, wave.size)
    if power <= 0:
        return 0
    return round(100 * min(1.0, max(0.0, 1 + 10 * math.log10(power) / _FLOOR_DB)))
