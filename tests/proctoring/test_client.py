"""The worker process for real: started, fed, killed, restarted, stopped."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from proctoring.types import EventType, Phase
from proctoring.worker.client import Limits, ObservationMessage, ProctorClient
from tests.proctoring.feeding import STREAM, Recorder, feed_all, play, play_live, shifted, until
from tests.proctoring.video import clip, lively_clip

RESUME_SECONDS = 3.0


CALM_MS = 1_000
"""A calm picture is looked at once a second: an end may be noticed that late."""


async def test_incidents_from_encoded_frames(client: ProctorClient, told: Recorder) -> None:
    film = lively_clip("11000001122221111")
    client.open_stream(STREAM, "vp8")
    feed_all(client, film[:15])  # before the worker is ready: nothing of it is lost
    assert await client.wait_ready()
    await play(client, film[15:])
    assert await client.drain(STREAM, 30.0)
    told.changes += told.pipeline.finish(17_000)
    client.close_stream(STREAM)
    ((start, end),) = told.closed(EventType.NO_FACE)
    assert end is not None
    assert abs(start - 2000) <= 500
    assert abs(end - 7000) <= CALM_MS
    ((start, end),) = told.closed(EventType.MULTIPLE_FACES)
    assert end is not None
    assert abs(start - 9000) <= 500
    assert abs(end - 13_000) <= CALM_MS
    for change in told.changes:
        incident = change.incident
        assert incident.snapshot is not None
        assert incident.snapshot[:2] == b"\xff\xd8"
        assert incident.snapshot_offset_ms is not None
        assert incident.started_ms <= incident.snapshot_offset_ms
        assert incident.detector == "mediapipe-face"
        assert incident.model_version.startswith("mediapipe-0.10.21/")
    assert told.degraded == []
    assert client.stats.observations == len(told.observations) > 17
    assert client.stats.dropped_frames == 0


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_killed_or_stopped_in_the_middle(
    client: ProctorClient, told: Recorder, how: signal.Signals
) -> None:
    """An incident that was open survives, analysis resumes within 3 s, and the gap is in the timeline."""
    assert await client.wait_ready()
    client.open_stream(STREAM, "vp8")
    await play(client, clip("00000"))
    await client.drain(STREAM)
    assert told.changes[0].phase is Phase.OPENED
    opened = told.changes[0].incident.incident_id
    seen_before, first_pid = len(told.observations), client.stats.pid
    assert first_pid is not None
    os.kill(first_pid, how)
    killed = time.monotonic()
    feeder = asyncio.create_task(play_live(client, told, "0", killed, start_ms=5000))
    try:
        await until(lambda: len(told.observations) > seen_before, 10)
    finally:
        feeder.cancel()
    assert told.arrived[seen_before] - killed < RESUME_SECONDS
    assert told.keyframes[-1] == STREAM
    assert (client.stats.restarts, client.stats.ready) == (1, True)
    assert client.stats.pid != first_pid
    assert not psutil.pid_exists(first_pid)
    last_before = told.observations[seen_before - 1].observation.offset_ms
    first_after = told.observations[seen_before].observation.offset_ms
    assert told.degraded == [(STREAM, last_before, first_after, "worker_restarted")]
    last_ms = told.observations[-1].observation.offset_ms + 500
    feed_all(client, shifted(clip("111"), last_ms))
    assert await client.drain(STREAM)
    told.changes += told.pipeline.finish(last_ms + 3000)
    assert {c.incident.incident_id for c in told.changes if c.incident.event_type is EventType.NO_FACE} == {
        opened
    }
    assert len(told.closed(EventType.NO_FACE)) == 1
    assert told.closed(EventType.ANALYSIS_DEGRADED) == [(last_before, first_after)]


async def test_a_worker_that_grows_too_large_is_replaced(models_dir: Path, told: Recorder) -> None:
    limits = Limits(ping_every_seconds=0.1, memory_bytes=20 * 1024 * 1024)
    client = ProctorClient(
        models_dir, told.on_observation, told.keyframes.append, told.on_degraded, limits=limits
    )
    await client.start()
    try:
        await until(lambda: client.stats.restarts >= 2, 30)
    finally:
        await client.stop()


async def test_without_models_it_keeps_trying_and_reports_the_gap(tmp_path: Path, told: Recorder) -> None:
    client = ProctorClient(tmp_path, told.on_observation, told.keyframes.append, told.on_degraded)
    await client.start()
    try:
        client.open_stream(STREAM, "vp8")
        feed_all(client, clip("111"))
        await until(lambda: client.stats.restarts >= 1, 30)
        assert not client.stats.ready
        assert await client.drain(STREAM, 0.1) is False
        client.close_stream(STREAM)
        ((_, from_ms, until_ms, _),) = told.degraded
        assert (from_ms, until_ms) == (0, clip("111")[-1].offset_ms)
    finally:
        await client.stop()


async def test_corrupt_frames_cost_only_themselves(client: ProctorClient, told: Recorder) -> None:
    client.open_stream(STREAM, "vp8")
    for index, each in enumerate(clip("1111")):
        client.feed(STREAM, each.offset_ms, each.data, each.keyframe)
        if index % 5 == 2:
            client.feed(STREAM, each.offset_ms + 1, os.urandom(300), keyframe=index % 2 == 0)
            client.feed(STREAM, each.offset_ms + 2, b"", keyframe=False)
            client.feed(STREAM, each.offset_ms + 3, bytes(5 * 1024 * 1024), keyframe=True)
    assert await client.drain(STREAM, 30.0)
    assert set(told.counts()) == {1}
    assert told.observations[-1].observation.offset_ms >= 3000
    assert STREAM in told.keyframes
    assert client.stats.restarts == 0
    assert told.degraded == []


async def test_streams_do_not_mix(client: ProctorClient, told: Recorder) -> None:
    for stream_id, codec, counts in (("a", "vp8", "11"), ("b", "h264", "22"), ("c", "vp8", "00")):
        client.open_stream(stream_id, "h264" if codec == "h264" else "vp8")
        feed_all(client, clip(counts, codec), stream_id)
    for stream_id in "abc":
        assert await client.drain(stream_id, 30.0)
    streams = [message.observation.stream_id for message in told.observations]
    seen = set(zip(streams, told.counts(), strict=True))
    assert seen == {("a", 1), ("b", 2), ("c", 0)}
    assert client.stats.streams == 3


async def test_misuse_is_harmless(client: ProctorClient, told: Recorder) -> None:
    client.feed("unknown", 0, b"x", keyframe=True)
    client.close_stream("unknown")
    assert await client.drain("unknown")
    client.open_stream(STREAM, "vp8")
    with pytest.raises(ValueError, match="open already"):
        client.open_stream(STREAM, "vp8")
    feed_all(client, clip("1"))
    assert await client.drain(STREAM, 30.0)
    client.close_stream(STREAM)
    client.open_stream(STREAM, "vp8")
    client.feed(STREAM, 0, clip("1")[1].data, keyframe=False)
    await until(lambda: told.keyframes == [STREAM], 5)


async def test_a_callback_that_raises_stops_nothing(models_dir: Path, told: Recorder) -> None:
    def broken(message: ObservationMessage) -> None:
        told.on_observation(message)
        raise RuntimeError("a bug of the server")

    client = ProctorClient(models_dir, broken, told.keyframes.append, told.on_degraded)
    await client.start()
    try:
        client.open_stream(STREAM, "vp8")
        feed_all(client, clip("11"))
        assert await client.drain(STREAM, 30.0)
        assert len(told.observations) > 1
        assert client.stats.restarts == 0
    finally:
        await client.stop()


PARENT = """
import asyncio, sys, uvloop
from pathlib import Path
from proctoring.worker.client import ProctorClient
for name in ("mediapipe", "av", "cv2"):
    assert name not in sys.modules, name
async def main():
    client = ProctorClient(Path(sys.argv[1]), print, print, print)
    await client.start()
    assert await client.wait_ready()
    print(client.stats.pid, flush=True)
    await asyncio.sleep(60)
uvloop.run(main())
"""


async def test_the_worker_dies_with_its_parent_which_never_loads_mediapipe(models_dir: Path) -> None:
    parent = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", PARENT, str(models_dir)), stdout=subprocess.PIPE
    )
    assert parent.stdout is not None
    lines = [await asyncio.wait_for(parent.stdout.readline(), 30) for _ in range(2)]
    pid = next(int(line) for line in lines if line.strip().isdigit())
    parent.kill()
    await parent.wait()
    await until(lambda: not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE, 3)
