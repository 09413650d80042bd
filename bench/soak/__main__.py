"""An hour of coming and going: is memory flat, and is anything left behind?

`python -m bench.soak [--whole] [--minutes 60] [--peers 8]` prints a line a minute, a table and, last, one
line of JSON; it ends with 1, and names what grew, when resident memory after the warm-up moves by more than
5 % or when a task, thread, descriptor or object of a connection is left after everybody is gone. The server's
part runs in a process of its own: the media plane alone (one room, everything recorded, every peer also a
viewer), or with `--whole` the server as it is, with live sessions, recordings, analysis and database. Peers
send canned media, join, leave, close their tab, vanish without goodbye, and come back.
"""

import argparse
import asyncio
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from pathlib import Path

from aiohttp import ClientSession, TCPConnector

from bench.media.sender import offer_what_chromium_offers
from bench.soak.crowd import Crowd
from bench.soak.figures import SETTLE_SECONDS, Result, Sample, sample
from bench.soak.pairs import Pairs

WHOLE_SETTLE_SECONDS = 40.0
"""Seats stay warm for ten seconds, recordings are finished one after the other."""


@asynccontextmanager
async def running_server(whole: bool) -> AsyncIterator[str]:
    """The server's side in a process of its own; its address."""
    folder = Path(tempfile.mkdtemp(prefix="viva-soak-"))
    folder.chmod(0o755)  # started by root, the embedded PostgreSQL runs under another account
    command = [sys.executable, "-m", "bench.soak", "--serve", str(folder), *(["--whole"] if whole else [])]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    port = b""
    while not port.strip().isdigit():  # the server's log comes the same way
        port = await process.stdout.readline()
        if not port:
            raise SystemExit("the server did not start")
    drain = asyncio.create_task(process.stdout.read())  # a full pipe would stop the server
    try:
        yield f"http://127.0.0.1:{int(port)}"
    finally:
        drain.cancel()
        process.terminate()
        await process.wait()
        shutil.rmtree(folder, ignore_errors=True)


async def run(
    minutes: float, peers: int, *, whole: bool, stay_seconds: tuple[float, float], warm_up_share: float
) -> Result:
    """Let peers come and go for so long."""
    offer_what_chromium_offers()
    async with running_server(whole) as address, _session(address) as http:
        crowd = Pairs(http, address, stay_seconds) if whole else Crowd(http, stay_seconds)
        settle = WHOLE_SETTLE_SECONDS if whole else SETTLE_SECONDS
        await crowd.warm_up()
        before = await _when_empty(http, crowd, settle)
        names_before = await _names(http)
        began = time.monotonic()
        people = [asyncio.create_task(crowd.live(f"peer-{number}")) for number in range(peers)]
        samples = await _watch(http, began, minutes * 60, crowd)
        crowd.stopping.set()
        await asyncio.gather(*people)
        after = await _when_empty(http, crowd, settle, like=before)
        await _tell_what_is_left(http, before, after, names_before)
        done = await crowd.end(http)
    return _result(minutes, peers, crowd, samples, before, after, done, warm_up_share)


async def _names(http: ClientSession) -> dict[str, list[str]]:
    async with http.get("/names") as response:
        names: dict[str, list[str]] = await response.json()
    return names


async def _tell_what_is_left(
    http: ClientSession, before: Sample, after: Sample, names_before: dict[str, list[str]]
) -> None:
    left = {name: count - before.objects[name] for name, count in after.objects.items()}
    print("objects left:", {name: count for name, count in left.items() if count} or "none")
    if after.tasks > before.tasks or after.threads > before.threads:
        for kind, now in (await _names(http)).items():
            print(f"{kind} before:", *names_before[kind], sep="\n  ")
            print(f"{kind} after:", *now, sep="\n  ")


@asynccontextmanager
async def _session(address: str) -> AsyncIterator[ClientSession]:
    # No connection stays open: it would be a task and a descriptor of the server's.
    async with ClientSession(address, connector=TCPConnector(force_close=True)) as http:
        yield http


async def _watch(http: ClientSession, began: float, seconds: float, crowd: Crowd | Pairs) -> list[Sample]:
    samples: list[Sample] = []
    every = min(15.0, seconds / 20)
    said = 0.0
    while (elapsed := time.monotonic() - began) < seconds:
        await asyncio.sleep(min(every, max(0.1, seconds - elapsed)))
        samples.append(await sample(http))
        if elapsed - said >= 60:
            said, now = elapsed, samples[-1]
            print(
                f"{elapsed / 60:6.1f} min  {now.rss_mb:7.1f} MB  {now.tasks:4} tasks  {now.threads:3} threads"
                f"  {now.fds:4} fds  {crowd.joins:5} joins",
                flush=True,
            )
    return samples


async def _when_empty(
    http: ClientSession, crowd: Crowd | Pairs, settle_seconds: float, like: Sample | None = None
) -> Sample:
    """The server when nothing is left, or when everybody has been gone for longer than it takes to notice."""
    deadline = time.monotonic() + settle_seconds
    await crowd.empty(http)
    while True:
        await asyncio.sleep(0.5)
        now = await sample(http)
        if like is None:
            if time.monotonic() > deadline - settle_seconds / 2:
                return now
        elif now.like(like) or time.monotonic() > deadline:
            return now


def _result(
    minutes: float,
    peers: int,
    crowd: Crowd | Pairs,
    samples: list[Sample],
    before: Sample,
    after: Sample,
    done: dict[str, int],
    warm_up_share: float,
) -> Result:
    warm = samples[int(len(samples) * warm_up_share) :]
    tenth = max(2, len(samples) // 10)
    start = statistics.median(one.rss_mb for one in warm[:tenth])
    end = statistics.median(one.rss_mb for one in warm[-tenth:])
    objects_left = sum(max(0, count - before.objects[name]) for name, count in after.objects.items())
    return Result(
        minutes=round(minutes, 2),
        peers=peers,
        joins=crowd.joins,
        failed_joins=crowd.failed_joins,
        frames=done["frames"],
        recordings=done["recordings"],
        rss_mb_start=round(start, 1),
        rss_mb_end=round(end, 1),
        rss_mb_max=round(max(one.rss_mb for one in warm), 1),
        rss_drift_pct=round((end - start) / start * 100, 2),
        tasks_left=after.tasks - before.tasks,
        threads_left=after.threads - before.threads,
        fds_left=after.fds - before.fds,
        sockets_left=after.sockets - before.sockets,
        objects_left=objects_left,
    )


def be_server(folder: Path, whole: bool) -> None:
    """Be the server's side; the media plane alone loads nothing else of the server."""
    if whole:
        from bench.soak.house import serve
    else:
        from bench.soak.rooms import serve
    serve(folder)


def main() -> int:
    """Run and print; the exit status is 1 when memory moved or something was left."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--peers", type=int, default=8)
    parser.add_argument("--whole", action="store_true", help="the whole server instead of the media plane")
    parser.add_argument("--stay-seconds", type=float, nargs=2, default=(3.0, 40.0), metavar=("LEAST", "MOST"))
    parser.add_argument(
        "--warm-up-share", type=float, default=0.1, help="share of the run that is not compared"
    )
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve is not None:
        be_server(given.serve, given.whole)
        return 0
    least, most = given.stay_seconds
    run_for = run(
        given.minutes,
        given.peers,
        whole=given.whole,
        stay_seconds=(least, most),
        warm_up_share=given.warm_up_share,
    )
    result = asyncio.run(run_for)
    for name, value in asdict(result).items():
        print(f"{name:<16} {value}")
    for failure in result.failures():
        print(f"FAILED: {failure}", file=sys.stderr)
    print(json.dumps(asdict(result)))
    return 1 if result.failures() else 0


if __name__ == "__main__":
    sys.exit(main())
