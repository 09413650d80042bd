"""The short form of `make soak`: two minutes of joins, and nothing is left behind."""

import asyncio
import json
import subprocess
import sys
from dataclasses import replace

import pytest

from bench.soak.figures import Result

CALM = Result(
    minutes=2,
    peers=8,
    joins=100,
    failed_joins=0,
    frames=1000,
    recordings=100,
    rss_mb_start=100.0,
    rss_mb_end=104.0,
    rss_mb_max=105.0,
    rss_drift_pct=4.0,
    tasks_left=0,
    threads_left=0,
    fds_left=0,
    sockets_left=0,
    objects_left=0,
)


def test_what_grew_is_named() -> None:
    assert CALM.failures() == []
    grew = replace(CALM, rss_mb_end=106.0, rss_drift_pct=6.0, tasks_left=2, threads_left=1, fds_left=3)
    assert grew.failures() == [
        "resident memory moved by 6.0 % (100.0 to 106.0 MB)",
        "2 tasks left behind",
        "1 threads left behind",
        "3 descriptors left behind",
    ]
    assert replace(CALM, joins=0).failures() == ["nobody ever joined"]


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_nothing_is_left_of_peers_that_came_and_went() -> None:
    given = ["--minutes", "2", "--peers", "8", "--stay-seconds", "0.5", "2", "--warm-up-share", "0.4"]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.soak", *given, stdout=subprocess.PIPE
    )
    out, _ = await process.communicate()
    result = json.loads(out.decode().splitlines()[-1])
    left = ("tasks_left", "threads_left", "fds_left", "sockets_left", "objects_left")
    assert {name: result[name] for name in left} == dict.fromkeys(left, 0)
    assert result["joins"] > 30
    assert result["recordings"] > 20
    assert abs(result["rss_drift_pct"]) <= 5
    assert process.returncode == 0
