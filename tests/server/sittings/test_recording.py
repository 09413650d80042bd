"""One recording on a disk that fills up and is cleared."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest

from server.media.finish import SegmentFile, finish_recording
from server.media.ports import EncodedFrame
from server.media.recorder import EndReason, SegmentResult, SegmentStart
from server.media.source import Source
from server.sittings import recording as module
from server.sittings.recording import Recording
from tests.server.media.canned import camera, merged, pictures, sound
from tests.server.media.peers import until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="mounting takes root")


class Notes:
    """Keeps what a recording tells the database."""

    def __init__(self) -> None:
        self.opened: dict[int, int] = {}
        self.closed: dict[int, tuple[str, str | None]] = {}

    async def open_segment(self, video_id: str, index: int, start: SegmentStart) -> None:
        self.opened[index] = start.offset_ms

    async def close_segment(
        self, video_id: str, index: int, ended_at: datetime, result: SegmentResult, reason: EndReason
    ) -> None:
        self.closed[index] = (reason, result.error)


@pytest.fixture
async def small_disk(tmp_path: Path) -> AsyncIterator[Path]:
    """A file system of 64 KiB."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k", "viva", str(folder)]
    if await (await asyncio.create_subprocess_exec(*mount)).wait() != 0:
        pytest.skip("this machine does not allow mounting")
    yield folder
    await (await asyncio.create_subprocess_exec("umount", "-l", str(folder))).wait()


def feed(source: Source, length_ms: int, width: int, height: int) -> None:
    """A stretch of sound and picture that begins now."""
    now_ms = asyncio.get_running_loop().time() * 1000
    frames = pictures(width, height, length_ms * 30 // 1000, start_ms=now_ms)
    for frame in merged(frames, sound(length_ms, start_ms=now_ms)):
        source.deliver(frame)


async def fill(source: Source, folder: Path) -> None:
    """Record a second, then more than the disk can take."""
    feed(source, 1000, 160, 120)
    await until(lambda: any(path.stat().st_size > 1000 for path in folder.iterdir()))
    at_ms = asyncio.get_running_loop().time() * 1000
    data = os.urandom(100_000)
    source.deliver(EncodedFrame("video", "vp8", round(at_ms * 90), at_ms, False, data, [data]))


def recording_of(
    folder: Path, notes: Notes, said: list[tuple[str, str | None]], question_id: str | None
) -> Recording:
    return Recording(
        video_id="video",
        question_id=question_id,
        participant_id="ann",
        kind="camera",
        folder=folder,
        store=notes,
        analysis=None,
        on_change=lambda changed: said.append((changed.state, changed.error)),
    )


async def test_a_session_goes_on_being_recorded_when_there_is_space_again(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.2)
    monkeypatch.setattr(module, "_SPACE_BYTES", 60 * 1024)
    notes, source = Notes(), camera()
    said: list[tuple[str, str | None]] = []
    recording = recording_of(small_disk, notes, said, None)
    await recording.attach(source)
    await fill(source, small_disk)
    await until(lambda: said[-1] == ("recording", "storage_full"))
    assert not source.closed
    await until(lambda: notes.closed)
    assert notes.closed[0] == ("error", "storage_full")
    await asyncio.sleep(0.6)  # looked three times: still no space
    assert recording.interrupted
    first = small_disk / "segment-000.mkv"
    kept = small_disk.parent / first.name
    kept.write_bytes(first.read_bytes())
    first.unlink()
    await until(lambda: not recording.interrupted)
    feed(source, 1000, 160, 120)
    assert said[-1] == ("recording", None)
    await recording.finish()
    assert notes.closed[1] == ("finished", None)
    assert notes.opened[0] == 0
    assert notes.opened[1] > 600
    segments = [SegmentFile(kept, 0), SegmentFile(small_disk / "segment-001.mkv", notes.opened[1])]
    out = small_disk.parent / "out.webm"
    finished = await asyncio.to_thread(finish_recording, segments, out)
    assert finished.duration_ms >= notes.opened[1] + 900


async def test_an_answer_that_cannot_be_written_fails(small_disk: Path) -> None:
    notes, source = Notes(), camera()
    said: list[tuple[str, str | None]] = []
    recording = recording_of(small_disk, notes, said, "question")
    await recording.attach(source)
    await fill(source, small_disk)
    await until(lambda: said[-1] == ("failed", "storage_full"))
    await recording.finish()
    assert notes.closed[0] == ("error", "storage_full")


async def test_a_recording_may_end_while_it_waits_for_space(
    small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_RETRY_SECONDS", 0.1)
    notes, source = Notes(), camera()
    said: list[tuple[str, str | None]] = []
    recording = recording_of(small_disk, notes, said, None)
    await recording.attach(source)
    await fill(source, small_disk)
    await until(lambda: notes.closed)
    await recording.finish()
    assert said[-1] == ("finalising", "storage_full")
    await asyncio.sleep(0.3)
    assert recording.state == "finalising"
    assert not (small_disk / "segment-001.mkv").exists()
