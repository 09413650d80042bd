"""How long the lists take when there is much in them.

`make bench-api`, or `python -m bench.api [--requests 40] [--invites 100000] …`. A PostgreSQL of its own is
filled with 1,000 interviews, 100,000 invites and 100,000 videos, nine tenths of them of one organisation,
with the sessions, people, mails, incidents and audit entries that belong to them. Then every list of the API
is asked over HTTP, under row-level security, one request after the other, each page in its turn: the first
page, the largest there is, pages in the middle and at the end, and with every filter it has, searches that
find nothing too. A list or filter nobody asks for here is an error. What counts is the time from the
request's arrival in the application to its finished answer. Prints a table and, last, one line of JSON; the
exit status is 1 when a list takes longer than 50 ms (p95).
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from bench.api.fill import Size, fill
from bench.api.lists import WAYS, forgotten
from bench.api.measure import Measured, measure, pages_of, served
from server.logs import configure_logging
from server.serve import settle
from server.settings import Settings
from server.storage.running import running_database

LIMIT_MS = 50.0
LINE = "{0.route:<36} {0.who:<14} {0.page:<52} {0.rows:>4} {0.queries:>7} {0.p50_ms:>8.1f} {0.p95_ms:>8.1f}"


async def run(size: Size, requests: int, only: str) -> list[Measured]:
    """Fill, serve, ask; a line for each page."""
    with tempfile.TemporaryDirectory(prefix="viva-bench-api-") as folder:
        place = Path(folder)
        place.chmod(0o755)  # started by root, the embedded PostgreSQL runs under another account
        settings = Settings(data_dir=place, web_dir=place / "no-web", redis_url=None, log_level="warning")
        configure_logging(settings)
        async with running_database(settings) as database:
            began = time.monotonic()
            await fill(database, size)
            print(f"filled in {time.monotonic() - began:.0f} s")
            async with served(settings) as house:
                settle()
                asked = [page for name in WAYS if only in name for page in await pages_of(house, name)]
                found = await measure(house, asked, requests)
    print(f"{'list':<36} {'as':<14} {'page':<52} rows queries   p50 ms   p95 ms")
    for measured in found:
        print(LINE.format(measured))
    return found


def result_of(found: list[Measured], size: Size, requests: int) -> dict[str, object]:
    """The slowest page of each list, and of all of them."""
    slowest: dict[str, float] = {}
    for each in found:
        slowest[each.route] = max(each.p95_ms, slowest.get(each.route, 0.0))
    return {
        **{name: getattr(size, name) for name in ("interviews", "invites", "videos")},
        "requests_per_page": requests,
        "pages": len(found),
        "worst_p95_ms": max(slowest.values()),
        "p95_ms": slowest,
    }


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.api", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for each in ("interviews", "invites", "videos"):
        parser.add_argument(f"--{each}", type=int, default=getattr(Size(), each))
    parser.add_argument("--requests", type=int, default=40, help="how often each page is asked for")
    parser.add_argument("--only", default="", help="lists whose operation's name contains this")
    given = parser.parse_args()
    if missing := forgotten():
        print("bench/api/lists.py asks for too little or too much:", *missing, file=sys.stderr)
        return 1
    size = Size(interviews=given.interviews, invites=given.invites, videos=given.videos)
    result = result_of(uvloop.run(run(size, given.requests, given.only)), size, given.requests)
    print(json.dumps(result))
    return 0 if float(str(result["worst_p95_ms"])) <= LIMIT_MS else 1


if __name__ == "__main__":
    sys.exit(main())
