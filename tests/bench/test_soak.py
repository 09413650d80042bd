"""The short form of `bench/soak.py`: many joins in half a minute, and nothing is left behind."""

import asyncio
import json
import subprocess
import sys

import pytest


@pytest.mark.slow
@pytest.mark.timeout(240)
async def test_nothing_is_left_of_peers_that_came_and_went() -> None:
    given = ["--minutes", "0.6", "--peers", "8", "--stay-seconds", "0.5", "2", "--warm-up-share", "0.4"]
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
