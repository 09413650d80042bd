"""What becomes of a recording whose disk is slow, full or gone."""

import asyncio
import os
import resource
import signal
import threading
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

import pytest

from server.media.finish import SegmentFile, finish_recording
from server.media.webm import Block, WebmWriter
from tests.server.media.canned import camera, merged, pictures, sound
from tests.server.media.peers import until
from tests.server.media.test_recorder import decoded, feed, packets_of, recorder_of


async def test_a_slow_disk_costs_frames_that_are_counted_and_video_goes_on_at_a_keyframe(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    write = WebmWriter.write

    def slow(self: WebmWriter, blocks: Sequence[Block], base_ms: float) -> None:
        gate.wait(20)
        write(self, blocks, base_ms)

    monkeypatch.setattr(WebmWriter, "write", slow)
    source = camera()
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    asked: list[bool] = []
    source.keyframe_port = type("Port", (), {"send_keyframe_request": lambda _: asked.append(True)})()
    first = merged(pictures(160, 120, 600), sound(20_000))
    feed(source, first)
    recorder._flush()
    assert recorder._full
    lost = merged(pictures(160, 120, 31, start_ms=20_000)[1:], sound(1000, start_ms=20_000))
    feed(source, lost)
    gate.set()
    assert recorder._output is not None
    await until(lambda: recorder._output.taken == len(first))
    recorder._flush()
    assert asked
    feed(source, merged(pictures(160, 120, 31, start_ms=21_000)[1:], sound(1000, start_ms=21_000)))
    feed(source, merged(pictures(160, 120, 30, start_ms=22_000), sound(1000, start_ms=22_000)))
    result = await recorder.finish()
    assert result.dropped_frames == len(lost) + 30
    assert (result.video_frames, result.audio_frames) == (600 + 30, 1000 + 50 + 50)
    out = tmp_path / "out.webm"
    await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], out)
    assert len(decoded(out)) == 630
    video = [(at_ms, keyframe) for kind, at_ms, keyframe in packets_of(out) if kind == "video"]
    [(_, after)] = [(a, b) for a, b in pairwise(video) if b[0] - a[0] > 500]
    assert after == (22_000, True)


@pytest.fixture
def small_files() -> Iterator[int]:
    """A limit of 64 KiB on every file this process writes: the kernel refuses the rest, as a quota does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    yield 64 * 1024
    resource.setrlimit(resource.RLIMIT_FSIZE, before)
    signal.signal(signal.SIGXFSZ, handler)


async def test_what_fits_stays_readable_when_the_disk_takes_no_more(tmp_path: Path, small_files: int) -> None:
    errors: list[str] = []
    source = camera()
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path, errors)
    frames = merged(pictures(320, 240, 300), sound(10_000))
    for start in range(0, len(frames), 40):
        feed(source, frames[start : start + 40])
        recorder._flush()
    await until(lambda: errors)
    result = await recorder.finish()
    assert errors == ["write_failed"]
    assert result.error == "write_failed"
    assert 0 < path.stat().st_size <= small_files
    assert result.duration_ms == max(at_ms for _, at_ms, _ in packets_of(path)) > 1000
    out = tmp_path / "out.webm"
    finished = await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], out)
    assert finished.duration_ms == pytest.approx(result.duration_ms, abs=60)


async def test_a_full_device_is_named(tmp_path: Path) -> None:
    errors: list[str] = []
    source = camera()
    path = tmp_path / "segment-000.mkv"
    path.symlink_to("/dev/full")
    recorder = recorder_of(source, path, errors)
    feed(source, merged(pictures(320, 240, 30), sound(1000)))
    recorder._flush()
    assert (await recorder.finish()).error == "storage_full"


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")
async def test_a_full_file_system_is_named_and_space_that_is_back_is_used(tmp_path: Path) -> None:
    mounted = tmp_path / "small"
    mounted.mkdir()
    made = await asyncio.create_subprocess_exec(
        "mount", "-t", "tmpfs", "-o", "size=64k", "viva", str(mounted)
    )
    if await made.wait() != 0:
        pytest.skip("this machine does not allow mounting")
    try:
        errors: list[str] = []
        source = camera()
        path = mounted / "segment-000.mkv"
        recorder = recorder_of(source, path, errors)
        frames = merged(pictures(640, 480, 300), sound(10_000))
        for start in range(0, len(frames), 40):
            feed(source, frames[start : start + 40])
            recorder._flush()
        await until(lambda: errors)
        assert errors == ["storage_full"]
        assert (await recorder.finish()).error == "storage_full"
        assert decoded(path)
        path.unlink()
        again = recorder_of(source, path)
        feed(source, merged(pictures(320, 240, 30), sound(1000)))
        assert (await again.finish()).error is None
        assert len(decoded(path)) == 30
    finally:
        await (await asyncio.create_subprocess_exec("umount", "-l", str(mounted))).wait()
