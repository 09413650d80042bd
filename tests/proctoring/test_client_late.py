"""A worker that answers late, or not at all: here one that is stopped without anybody noticing."""

import asyncio
import os
import signal
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from proctoring.worker import process
from proctoring.worker.client import Limits, ProctorClient
from tests.proctoring.feeding import STREAM, Recorder, feed_all, shifted, until
from tests.proctoring.video import clip

RESUME_SECONDS = 3.0


@pytest.fixture(autouse=True)
def unnoticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker may be stopped for a while: it stands for one that is too slow."""
    monkeypatch.setattr(process, "_is_stopped", lambda pid: False)


async def test_drain_survives_a_restart(client: ProctorClient, told: Recorder) -> None:
    assert await client.wait_ready()
    client.open_stream(STREAM, "vp8")
    feed_all(client, clip("1"))
    assert await client.drain(STREAM)
    pid = client.stats.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    feed_all(client, shifted(clip("2222")[1:], 1000))
    waiting = asyncio.create_task(client.drain(STREAM, 20.0))
    await asyncio.sleep(0.2)
    os.kill(pid, signal.SIGKILL)
    assert await waiting is True
    client.close_stream(STREAM)
    assert told.degraded
    assert told.degraded[-1][3] == "worker_restarted"


async def test_a_worker_that_does_not_answer_is_replaced(models_dir: Path, told: Recorder) -> None:
    limits = Limits(ping_every_seconds=0.1, ping_deadline_seconds=1.5)
    client = ProctorClient(
        models_dir, told.on_observation, told.keyframes.append, told.on_degraded, limits=limits
    )
    await client.start()
    try:
        assert await client.wait_ready()
        pid = client.stats.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        await until(lambda: client.stats.ready and client.stats.pid != pid, 20)
        assert not psutil.pid_exists(pid)
    finally:
        await client.stop()


async def test_overload_keeps_the_newest_and_tells(client: ProctorClient, told: Recorder) -> None:
    assert await client.wait_ready()
    client.open_stream(STREAM, "vp8")
    feed_all(client, clip("1"))
    assert await client.drain(STREAM)
    pid = client.stats.pid
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    try:
        for second in range(1, 60):
            feed_all(
                client,
                [replace(each, data=each.data + bytes(20_000)) for each in shifted(clip("1"), 1000 * second)],
            )
        assert client.stats.dropped_frames > 200
        assert client.stats.queued_frames <= 160  # 150 here and a few already there
        feed_all(client, shifted(clip("2"), 60_000))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert await client.drain(STREAM, 20.0)
    newest = told.observations[-1].observation
    assert newest.offset_ms >= 60_000
    assert told.counts()[-1] == 2
    assert "overload" in {reason for _, _, _, reason in told.degraded}
    assert client.stats.restarts == 0


async def test_stop_ends_the_process_and_waiting_drains(client: ProctorClient) -> None:
    assert await client.wait_ready()
    pid = client.stats.pid
    assert pid is not None
    assert psutil.Process(pid).nice() == min(19, psutil.Process().nice() + 5)
    os.kill(pid, signal.SIGSTOP)
    client.open_stream(STREAM, "vp8")
    feed_all(client, clip("1"))
    waiting = asyncio.create_task(client.drain(STREAM, 30.0))
    await asyncio.sleep(0.05)
    os.kill(pid, signal.SIGCONT)
    await client.stop()
    await client.stop()
    await asyncio.wait_for(waiting, 1.0)
    assert not psutil.pid_exists(pid)
