"""What a real Chromium sends to real rooms, and what comes out of them: one function for each figure.

No accounts and no screens here: pages publish and watch as the web app does (page.js), through a server
process of rooms and recorders alone. The end-to-end tests run the same for a shorter time.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import mean, quantiles
from typing import Any

from playwright.async_api import Page

from bench.live.station import Station, relayed, station
from bench.network import Conditions
from tests.chromium import chromium

FULL_SIZE = (1280, 720)
BOTTLENECK_KBPS = 600
BOTTLENECK = Conditions(rate_kbps=BOTTLENECK_KBPS, queue_ms=300)
THIN = Conditions(rate_kbps=900, queue_ms=300)
"""Less than the 1.5 Mbit/s of the camera, more than its base layer takes."""
RECORDED_WITHIN_SECONDS = 30.0
NOTE_PICTURES = """() => {
  window.shownAt = [];
  const note = (now) => { window.shownAt.push(now / 1000); video.requestVideoFrameCallback(note); };
  video.requestVideoFrameCallback(note);
}"""


@dataclass(frozen=True, slots=True)
class FullSize:
    """When the encoder first made 1280x720, in seconds after joining, and what followed."""

    after_seconds: float | None
    held: bool
    received: set[tuple[int, int]]
    fps: float
    kbps: float


@dataclass(frozen=True, slots=True)
class Squeezed:
    """A stream behind a bottleneck, after it had time to settle."""

    longest_pause_seconds: float
    fps: float
    kbps: float
    dropped_share: float
    ended: str | None


@dataclass(frozen=True, slots=True)
class Watched:
    """Two viewers of one stream, one of them behind a thin line: pictures a second, after settling."""

    thin_fps: float
    wide_fps: float
    longest_pause_seconds: float
    dropped_share: float


@dataclass(frozen=True, slots=True)
class GlassToGlass:
    """From a picture's making to its being shown by somebody else, in milliseconds."""

    p50_ms: float
    p95_ms: float
    frames: int
    unreadable: int


@asynccontextmanager
async def rooms() -> AsyncIterator[Station]:
    """Rooms and recorders, with a folder that goes with them."""
    with tempfile.TemporaryDirectory(prefix="viva-bench-") as name:
        async with station(Path(name)) as running:
            yield running


async def publish(page: Page, stream_id: str = "cam") -> float:
    """Publish camera and microphone; when that began, in Unix seconds."""
    joined_at_ms: float = await page.evaluate(
        "async (id) => { const media = await camera(); return publish(id, media); }", stream_id
    )
    return joined_at_ms / 1000


async def recorded(server: Station, stream_id: str = "cam") -> dict[str, Any]:
    """The facts of a stream once something of it is recorded.

    Raises TimeoutError when nothing is for 30 s.
    """
    async with asyncio.timeout(RECORDED_WITHIN_SECONDS):
        while (facts := await server.facts(stream_id))["recorded_at"] is None:
            await asyncio.sleep(0.1)
    return facts


async def full_size(executable: Path, film: Path, wait_seconds: float, hold_seconds: float) -> FullSize:
    """Wait for 1280x720 without a bottleneck, then watch it for `hold_seconds`."""
    async with rooms() as server, chromium(executable, camera=film) as browser:
        page = await server.page(browser)
        joined_at = await publish(page)
        after = await _until_full(page, wait_seconds)
        sizes = await _sizes_sent(page, hold_seconds)
        facts = await server.facts("cam")
    held_from = joined_at + (after or 0) + 1.5  # figures of the second in which it grew are of both sizes
    last = facts["stats"][-1][1]
    return FullSize(
        after_seconds=after,
        held=set(sizes) == {FULL_SIZE},
        received={(s["width"], s["height"]) for at, s in facts["stats"] if at > held_from},
        fps=last["fps"],
        kbps=last["kbps"],
    )


async def _size_sent(page: Page) -> tuple[int, int] | None:
    sending = await page.evaluate("sending()")
    return (sending["frameWidth"], sending["frameHeight"]) if sending and sending["frameWidth"] else None


async def _until_full(page: Page, seconds: float) -> float | None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while (now := loop.time() - began) < seconds:
        if await _size_sent(page) == FULL_SIZE:
            return now
        await asyncio.sleep(0.1)
    return None


async def _sizes_sent(page: Page, seconds: float) -> list[tuple[int, int]]:
    """What the encoder makes, four times a second."""
    loop, found = asyncio.get_running_loop(), []
    until = loop.time() + seconds
    while loop.time() < until:
        if size := await _size_sent(page):
            found.append(size)
        await asyncio.sleep(0.25)
    return found


async def bottleneck(executable: Path, film: Path, seconds: float, settled_after: float) -> Squeezed:
    """Publish through 600 kbit/s; what is received after the first `settled_after` seconds."""
    async with rooms() as server, chromium(executable, camera=film) as browser:
        page = await server.page(browser)
        async with relayed(page, up=BOTTLENECK) as relays:
            joined_at = await publish(page)
            await asyncio.sleep(seconds)
            facts = await server.facts("cam")
            tally = relays.running[0].up.tally
    begin, end = joined_at + settled_after, joined_at + seconds
    times = [begin, *(at for at in facts["frames_at"] if begin < at < end), end]
    return Squeezed(
        longest_pause_seconds=max(later - earlier for earlier, later in pairwise(times)),
        fps=(len(times) - 2) / (end - begin),
        kbps=mean(stats["kbps"] for at, stats in facts["stats"] if at > begin),
        dropped_share=tally.overflowed / (tally.overflowed + tally.passed),
        ended=facts["ended"],
    )


async def first_frames(executable: Path, film: Path, joins: int) -> list[float]:
    """Seconds from joining to the first recorded frame, of so many streams one after the other."""
    took = []
    async with rooms() as server, chromium(executable, camera=film) as browser:
        page = await server.page(browser)
        for index in range(joins):
            joined_at = await publish(page, f"cam-{index}")
            facts = await recorded(server, f"cam-{index}")
            took.append(facts["recorded_at"] - joined_at)
            await page.evaluate("pc.close()")
    return took


async def late_joiners(executable: Path, film: Path, joins: int) -> list[dict[str, float]]:
    """Milliseconds until a viewer of a running stream is answered, connected and shown a picture."""
    took = []
    async with (
        rooms() as server,
        chromium(executable, camera=film) as first,
        chromium(executable) as second,
    ):
        await publish(await server.page(first))
        await recorded(server)
        await asyncio.sleep(3)
        for index in range(joins):
            page = await server.page(second)
            took.append(await page.evaluate("(who) => watch('cam', who)", f"viewer-{index}"))
            await asyncio.sleep(0.7)
            await page.evaluate("pc.close()")  # else it is sent to until its silence is noticed
            await page.close()
    return took


async def glass_to_glass(executable: Path, seconds: float) -> GlassToGlass:
    """A camera that films a clock, and a viewer who reads it."""
    async with rooms() as server, chromium(executable) as first, chromium(executable) as second:
        sender = await server.page(first)
        await sender.evaluate("publish('cam', clockCamera())")
        await recorded(server)
        viewer = await server.page(second)
        await viewer.evaluate("watch('cam', 'viewer')")
        await asyncio.sleep(3)
        found = await viewer.evaluate(f"glassToGlass({seconds})")
    latencies = found["latencies"]
    p50, p95 = (quantiles(latencies, n=20)[index] for index in (9, 18))
    return GlassToGlass(p50, p95, len(latencies), found["unreadable"])


async def thin_viewer(executable: Path, film: Path, seconds: float, settled_after: float) -> Watched:
    """Watch one stream through 900 kbit/s and, beside it, through a clear line."""
    async with (
        rooms() as server,
        chromium(executable, camera=film) as sending,
        chromium(executable) as watching,
    ):
        camera, thin, wide = [await server.page(each) for each in (sending, watching, watching)]
        await publish(camera)
        await recorded(server)
        async with relayed(thin, down=THIN) as relays:
            for page, who in ((thin, "thin"), (wide, "wide")):
                await page.evaluate("(who) => watch('cam', who)", who)
                await page.evaluate(NOTE_PICTURES)
            await asyncio.sleep(seconds)
            few, many = [await _shown(page, settled_after) for page in (thin, wide)]
            tally = relays.running[0].down.tally
    span = seconds - settled_after
    return Watched(
        thin_fps=len(few) / span,
        wide_fps=len(many) / span,
        longest_pause_seconds=max((later - earlier for earlier, later in pairwise(few)), default=span),
        dropped_share=tally.overflowed / (tally.overflowed + tally.passed),
    )


async def _shown(page: Page, settled_after: float) -> list[float]:
    """When the page showed a picture, in seconds of its clock, after things have settled."""
    times: list[float] = await page.evaluate("window.shownAt")
    return [at for at in times if at - times[0] > settled_after]
