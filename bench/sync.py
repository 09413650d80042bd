"""Whether sound and picture of a recording belong together.

`make bench-sync`, or `python -m bench.sync [--seconds 30]`. A page in a real Chromium makes its own camera
and microphone (bench/live/page.js, beepAndFlash): at every full second of one clock the picture is
bright for 100 ms and a tone sounds for 100 ms. Both are published as the web app does, recorded by the real
recorder, finished, and the finished file is decoded: when does a bright picture begin, when does the tone?

Nothing is subtracted. The source hands over a frame at its moment and each ten milliseconds of sound when
they are over, as ideal devices would; how late its timer was at worst is printed (`source late ms`) and is
part of the result. So is what the browser adds: its own clocks, its encoders' delay, and how its sender
reports date a packet. Positive skew: the tone comes after the flash.

The second run is the same with a microphone that gives its first sample five seconds after the first
picture. Prints a table and, last, one line of JSON: median and maximum of the absolute skew, in
milliseconds. Ends with 1 when a median is above 20 ms or a maximum above 80 ms.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.video.frame import VideoFrame

from bench.live.station import station
from tests.chromium import chromium
from tools.bootstrap import browser

SETTLE_SECONDS = 1.0
LATE_AUDIO_SECONDS = 5.0
BRIGHT = 125
LOUD = 0.1
"""Of full scale; the tone has 0.5."""
QUIET_SECONDS = 0.5
"""A tone begins where it was quiet for so long."""
MIN_PAIRS = 5
P50_LIMIT_MS, MAX_LIMIT_MS = 20.0, 80.0


@dataclass(frozen=True, slots=True)
class Result:
    """Skew of one recording in milliseconds, and how late the source was at worst."""

    skews_ms: list[float]
    late_video_ms: float
    late_audio_ms: float

    @property
    def p50(self) -> float:
        """Median of the absolute skew."""
        return median(abs(skew) for skew in self.skews_ms)

    @property
    def largest(self) -> float:
        """Maximum of the absolute skew."""
        return max(abs(skew) for skew in self.skews_ms)

    @property
    def holds(self) -> bool:
        """Whether both limits are kept."""
        return self.p50 <= P50_LIMIT_MS and self.largest <= MAX_LIMIT_MS


def flashes(path: Path) -> list[float]:
    """When the picture turns bright, in seconds of the file."""
    found: list[float] = []
    was_bright = True
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            assert isinstance(frame, VideoFrame)
            bright = float(np.asarray(frame.reformat(format="gray").to_ndarray()).mean()) > BRIGHT
            if bright and not was_bright:
                found.append(frame.time or 0.0)
            was_bright = bright
    return found


def beeps(path: Path) -> list[float]:
    """When a tone begins, in seconds of the file."""
    found: list[float] = []
    last_loud = -QUIET_SECONDS
    with av.open(str(path)) as container:
        for frame in container.decode(audio=0):
            assert isinstance(frame, AudioFrame)
            samples = frame.to_ndarray()
            mono = np.abs(samples.astype(np.float64)).max(axis=0)
            if frame.format.name.startswith("s16"):
                mono /= 32768
            if not frame.format.is_planar:
                mono = mono.reshape(-1, len(frame.layout.channels)).max(axis=1)
            for index in np.flatnonzero(mono > LOUD):
                at = (frame.time or 0.0) + float(index) / frame.sample_rate
                if at - last_loud > QUIET_SECONDS:
                    found.append(at)
                last_loud = at
    return found


def paired(flashes_s: list[float], beeps_s: list[float]) -> list[float]:
    """Skew of each tone from the nearest flash, in milliseconds.

    Raises RuntimeError when there are too few to say anything.
    """
    skews = []
    for beep in beeps_s:
        nearest = min(flashes_s, key=lambda flash: abs(flash - beep), default=None)
        if nearest is not None and abs(beep - nearest) < 0.5:
            skews.append((beep - nearest) * 1000)
    if len(skews) < MIN_PAIRS:
        raise RuntimeError(f"{len(flashes_s)} flashes and {len(beeps_s)} beeps make {len(skews)} pairs")
    return skews


async def run(executable: Path, seconds: float, audio_delay_seconds: float) -> Result:
    """Record the source and measure the file."""
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        async with station(Path(name)) as server, chromium(executable) as chrome:
            page = await server.page(chrome)
            delay_ms = audio_delay_seconds * 1000
            await page.evaluate(f"publish('cam', beepAndFlash({{audioDelayMs: {delay_ms}}}))")
            await asyncio.sleep(seconds + audio_delay_seconds)
            late = await page.evaluate("sourceLate")
            finished = await server.finish("cam")
        found = await asyncio.gather(
            asyncio.to_thread(flashes, finished.path), asyncio.to_thread(beeps, finished.path)
        )
        return Result(paired(*found), late["video"], late["audio"])


async def measure(seconds: float) -> dict[str, object]:
    """Both runs; prints each as it is done."""
    executable = browser.ensure()
    print("run              pairs  mean ms  p50 ms  max ms  source late ms (picture / sound)")
    figures: dict[str, object] = {}
    missed: list[str] = []
    for name, delay_seconds in (("together", 0.0), ("late_audio", LATE_AUDIO_SECONDS)):
        result = await run(executable, seconds, delay_seconds)
        print(
            f"{name:<16} {len(result.skews_ms):>5} {mean(result.skews_ms):>8.1f} {result.p50:>7.1f}"
            f" {result.largest:>7.1f}  {result.late_video_ms:.1f} / {result.late_audio_ms:.1f}",
            flush=True,
        )
        skew = {"av_skew_ms_p50": round(result.p50, 1), "av_skew_ms_max": round(result.largest, 1)}
        figures |= skew if not delay_seconds else {name: skew}
        if not result.holds:
            missed.append(name)
    return figures | {"missed": missed}


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.sync", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=30.0, help="length of each recording")
    given = parser.parse_args()
    figures = asyncio.run(measure(given.seconds))
    print(json.dumps(figures))
    return 1 if figures["missed"] else 0


if __name__ == "__main__":
    sys.exit(main())
