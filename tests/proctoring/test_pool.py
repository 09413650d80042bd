"""Several workers for real: streams spread over them, and one that dies takes only its own out of sight."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from proctoring.worker.client import ObservationMessage
from proctoring.worker.pool import ProctorPool
from proctoring.worker.work import write_work
from tests.proctoring.video import Encoded, clip


class Told:
    """Everything the pool told."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.keyframes: list[str] = []
        self.degraded: list[tuple[str, str]] = []

    def on_observation(self, message: ObservationMessage) -> None:
        self.seen.append(message.observation.stream_id)

    def on_degraded(self, stream_id: str, from_ms: int, until_ms: int, reason: str) -> None:
        self.degraded.append((stream_id, reason))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
async def pool(models_dir: Path, told: Told) -> AsyncIterator[ProctorPool]:
    pool = ProctorPool(
        models_dir,
        told.on_observation,
        told.keyframes.append,
        told.on_degraded,
        most_workers=2,
        streams_per_worker=2,
    )
    await pool.start()
    yield pool
    await pool.stop()


def feed(pool: ProctorPool, stream_id: str, encoded: list[Encoded], from_ms: int = 0) -> None:
    for frame in encoded:
        pool.feed(stream_id, from_ms + frame.offset_ms, frame.data, frame.keyframe)


async def until_ready(pool: ProctorPool, workers: int) -> None:
    async with asyncio.timeout(30):
        while [stats.ready for stats in pool.stats] != [True] * workers:
            await asyncio.sleep(0.02)


async def test_a_second_worker_starts_when_the_first_has_enough(pool: ProctorPool, told: Told) -> None:
    encoded = list(clip("11"))
    names = [f"video-{number}" for number in range(5)]
    for name in names:
        pool.open_stream(name, "vp8")
        feed(pool, name, encoded)
    await until_ready(pool, 2)
    assert all([await pool.drain(name, 20.0) for name in names])
    assert set(told.seen) == set(names)
    assert sorted(stats.streams for stats in pool.stats) == [2, 3]
    assert len({stats.pid for stats in pool.stats}) == 2


async def test_a_worker_that_dies_leaves_the_others_streams_alone(pool: ProctorPool, told: Told) -> None:
    encoded = list(clip("11"))
    for name in ("a", "b", "c"):
        pool.open_stream(name, "vp8")
        feed(pool, name, encoded)
    await until_ready(pool, 2)
    for name in ("a", "b", "c"):
        assert await pool.drain(name, 20.0)
    lonely = next(stats for stats in pool.stats if stats.streams == 1)
    assert lonely.pid is not None
    os.kill(lonely.pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        while sum(stats.restarts for stats in pool.stats) == 0:
            await asyncio.sleep(0.02)
    await until_ready(pool, 2)
    told.seen.clear()
    for name in ("a", "b", "c"):
        feed(pool, name, encoded, from_ms=2000)
        assert await pool.drain(name, 20.0)
    assert set(told.seen) == {"a", "b", "c"}
    assert {stream_id for stream_id, _ in told.degraded} == {"c"}
    assert [reason for _, reason in told.degraded] == ["worker_restarted"]


async def test_a_stream_is_opened_once_and_forgotten_when_closed(pool: ProctorPool) -> None:
    pool.open_stream("a", "vp8")
    with pytest.raises(ValueError, match="open already"):
        pool.open_stream("a", "vp8")
    pool.close_stream("a")
    pool.close_stream("a")
    pool.feed("a", 0, b"x", True)
    assert await pool.drain("a")
    assert [stats.streams for stats in pool.stats] == [0]
    pool.open_stream("a", "vp8")


async def test_a_stream_that_was_in_hands_at_two_deaths_is_shut_out(pool: ProctorPool, told: Told) -> None:
    encoded = list(clip("1"))
    for name in ("killer", "other"):
        pool.open_stream(name, "vp8")
    await until_ready(pool, 1)
    for round_number in range(2):
        feed(pool, "killer", encoded, from_ms=2000 * round_number)
        assert await pool.drain("killer", 20.0)
        worker = pool._running[0]._worker
        assert worker is not None
        os.kill(worker.pid, signal.SIGSTOP)  # as it is when a frame kills it: in the middle of its work
        write_work(worker._work.fileno(), "killer")
        os.kill(worker.pid, signal.SIGKILL)
        async with asyncio.timeout(30):
            while pool.stats[0].restarts == round_number:
                await asyncio.sleep(0.02)
        await until_ready(pool, 1)
    told.seen.clear()
    for name in ("killer", "other"):
        feed(pool, name, encoded, from_ms=9000)
        assert await pool.drain(name, 20.0)
    assert set(told.seen) == {"other"}
    pool.close_stream("killer")
    assert ("killer", "worker_restarted") in told.degraded


async def test_the_worker_notes_whose_frame_it_has_in_hands(pool: ProctorPool) -> None:
    pool.open_stream("a", "vp8")
    await until_ready(pool, 1)
    worker = pool._running[0]._worker
    assert worker is not None
    assert worker.at_work is None
    seen: set[str | None] = set()
    async with asyncio.timeout(20):
        for from_ms in range(0, 200_000, 2000):
            feed(pool, "a", list(clip("11")), from_ms=from_ms)
            for _ in range(400):  # the frames are gathered for a while before they are sent
                seen.add(worker.at_work)
                await asyncio.sleep(0.001)
            if "a" in seen:
                break
    assert "a" in seen
    assert await pool.drain("a", 20.0)
    assert worker.at_work is None
