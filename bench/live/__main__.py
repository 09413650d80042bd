"""How soon and how smoothly a real Chromium is seen, heard and recorded.

`make bench-live`, or `python -m bench.live [--quick]`. Each figure is taken through a relay of ours
where a line is thin, on loopback where it is not; `back again` goes through the screens of the web app
(`make bench` builds it), whose network is a cable that is pulled for nine seconds. Prints a table with the
limits each figure is held to, and, last, one line of JSON. Ends with 1 when a limit is missed.
"""

import argparse
import asyncio
import json
import operator
import sys
import tempfile
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from bench.live import measures
from bench.live.back_again import back_again
from tests.e2e.camera import Act, write_film
from tools.bootstrap import browser

FILM = (Act("one_face", 4),)
"""A face under sensor noise."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, and the limit it is held to."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the limit is kept."""
        keeps: Callable[[float, float], bool] = operator.ge if self.at_least else operator.le
        return keeps(self.value, self.limit)

    def line(self) -> str:
        """A row of the table."""
        limit = f"{'>=' if self.at_least else '<='} {self.limit:g}"
        return f"{self.name:<38} {self.value:>9.3f}  {limit:>9}  {'' if self.holds else 'MISSED'}".rstrip()


async def figures(executable: Path, film: Path, thoroughly: bool) -> AsyncIterator[Figure]:
    """Everything, one after the other."""
    full = await measures.full_size(executable, film, 30.0, 15.0 if thoroughly else 5.0)
    yield Figure("seconds_to_720p", full.after_seconds or float("inf"), 5.0)
    yield Figure("held_720p", full.held and full.received == {measures.FULL_SIZE}, 1, at_least=True)
    joins = 10 if thoroughly else 3
    yield Figure("join_to_first_frame_s", max(await measures.first_frames(executable, film, joins)), 1.0)
    shown = [one["shown"] for one in await measures.late_joiners(executable, film, joins)]
    yield Figure("late_joiner_first_picture_s_p50", median(shown) / 1000, 0.5)
    yield Figure("late_joiner_first_picture_s", max(shown) / 1000, 0.5)
    glass = await measures.glass_to_glass(executable, 20.0 if thoroughly else 5.0)
    yield Figure("glass_to_glass_ms_p50", glass.p50_ms, 150.0)
    yield Figure("glass_to_glass_ms_p95", glass.p95_ms, 150.0)
    squeezed = await measures.bottleneck(executable, film, 40.0 if thoroughly else 15.0, 10.0)
    yield Figure("bottleneck_longest_pause_s", squeezed.longest_pause_seconds, 1.0)
    yield Figure("bottleneck_fps", squeezed.fps, 5.0, at_least=True)
    watched = await measures.thin_viewer(executable, film, 20.0 if thoroughly else 10.0, 6.0)
    yield Figure("thin_viewer_longest_pause_s", watched.longest_pause_seconds, 1.0)
    yield Figure("thin_viewer_fps", watched.thin_fps, 5.0, at_least=True)
    yield Figure("viewer_beside_it_fps", watched.wide_fps, 15.0, at_least=True)
    # Once the browser is told that its network is gone, once it has to find out.
    outages = [await back_again(executable, film, told) for told in (False, True)]
    yield Figure("reconnect_s", max(outages), 3.0)


async def measure(thoroughly: bool) -> list[Figure]:
    """All figures; prints each as it is taken."""
    executable = browser.ensure()
    found = []
    print(f"{'figure':<38} {'measured':>9}  {'limit':>9}")
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        film = await asyncio.to_thread(write_film, Path(name) / "film.mjpeg", FILM)
        async for figure in figures(executable, film, thoroughly):
            print(figure.line(), flush=True)
            found.append(figure)
    return found


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.live",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--quick", action="store_true", help="everything for a shorter time")
    found = asyncio.run(measure(not parser.parse_args().quick))
    missed = [figure.name for figure in found if not figure.holds]
    print(json.dumps({figure.name: round(figure.value, 3) for figure in found} | {"missed": missed}))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
