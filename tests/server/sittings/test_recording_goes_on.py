"""One recording whose microphone dies and is replaced, or which is ended in the middle of what is sent."""

import asyncio
from pathlib import Path

import av
import pytest

from server.media.finish import SegmentFile, finish_recording
from server.media.source import Source
from server.sittings.recording import Recording, segment_path
from tests.server.media.canned import FPS, camera, merged, pictures, sound
from tests.server.sittings.test_recording import Notes, recording_of

SECOND_MS = 1000


class Looked:
    """Keeps the pictures that were given to be analysed."""

    def __init__(self) -> None:
        self.pictures: list[bytes] = []

    def open(self, stream_id: str, codec: str, request_keyframe: object) -> None:
        """Begin."""

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        """Look at one."""
        self.pictures.append(data)

    async def finish(self, stream_id: str, at_ms: int) -> None:
        """End."""


def show(source: Source, start_ms: float, *, heard: bool = True) -> list[bytes]:
    """A second of picture, and of sound if its microphone works; the pictures."""
    frames = pictures(160, 120, FPS, start_ms=start_ms)
    for frame in merged(frames, sound(SECOND_MS, start_ms=start_ms) if heard else []):
        source.deliver(frame)
    return [frame.data for frame in frames]


def packets(path: Path, kind: str) -> list[tuple[float, bytes]]:
    """When each packet of a kind is played, in seconds, and what it holds."""
    with av.open(str(path)) as container:
        return [
            (float(packet.pts * packet.time_base), bytes(packet))
            for packet in container.demux()
            if packet.stream.type == kind and packet.size and packet.pts is not None and packet.time_base
        ]


async def test_another_microphone_is_heard_in_the_same_recording(tmp_path: Path) -> None:
    """The sound of a stream ends; the stream that takes its place has sound again."""
    notes, old, new = Notes(), camera(), camera()
    said: list[tuple[str, str | None]] = []
    recording = recording_of(tmp_path, notes, said, None)
    zero_ms = asyncio.get_running_loop().time() * 1000
    await recording.attach(old)
    show(old, zero_ms)
    show(old, zero_ms + SECOND_MS, heard=False)
    await recording.attach(new)
    show(new, zero_ms + 2 * SECOND_MS)
    await recording.finish()
    assert [state for state, _ in said] == ["recording", "recording", "finalising"]
    assert notes.opened == {0: 0, 1: 2 * SECOND_MS}
    segments = [SegmentFile(segment_path(tmp_path, index), at_ms) for index, at_ms in notes.opened.items()]
    out = tmp_path / "out.webm"
    await asyncio.to_thread(finish_recording, segments, out)
    words = [at for at, data in packets(out, "audio") if len(data) > 10]  # what fills a gap is shorter
    assert {int(at) for at in words} == {0, 2}
    assert {int(at) for at, _ in packets(out, "video")} == {0, 1, 2}


async def test_a_first_picture_that_was_late_moves_every_later_offset_too(tmp_path: Path) -> None:
    """What is counted from the beginning is counted from where the file begins, while it is recorded too."""
    source = camera()
    recording = recording_of(tmp_path, Notes(), [], None)
    await recording.attach(source)
    zero_ms = asyncio.get_running_loop().time() * 1000
    clock = source.clock.stream("video", 90_000)
    for index, frame in enumerate(pictures(160, 120, 2 * FPS)):
        late_ms = 10.0 if index else 400.0  # the first keyframe is large and waits in queues
        frame.timestamp_ms = clock.to_ms(frame.rtp_timestamp, zero_ms + index * SECOND_MS / FPS + late_ms)
        source.deliver(frame)
    recorder = recording._recorder
    assert recorder is not None
    recorder._flush()
    at_ms = zero_ms + SECOND_MS
    assert recording.offset_ms_at(at_ms) == recorder.offset_of(at_ms) == pytest.approx(SECOND_MS - 10, abs=20)
    await recording.finish()
    assert recording.offset_ms_at(at_ms) == pytest.approx(SECOND_MS - 10, abs=20)


async def test_nothing_that_comes_after_its_end_is_kept_or_looked_at(tmp_path: Path) -> None:
    """Consent is withdrawn while the camera goes on: numbered pictures show which ones were kept."""
    looked, source = Looked(), camera()
    recording = Recording(
        video_id="video",
        question_id=None,
        participant_id="ann",
        kind="camera",
        folder=tmp_path,
        store=Notes(),
        analysis=looked,
        on_change=lambda _: None,
    )
    await recording.attach(source)
    before = show(source, 0.0)
    recording.halt()
    show(source, SECOND_MS)
    await recording.finish()
    show(source, 2 * SECOND_MS)
    assert [data for _, data in packets(segment_path(tmp_path, 0), "video")] == before
    assert looked.pictures == before
