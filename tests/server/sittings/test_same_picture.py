"""What the proctor looks at is what is recorded, whatever else a client sends."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import av

from server.media.source import Source
from server.sittings.recording import Recording
from tests.server.media.canned import pictures
from tests.server.media.peers import until
from tests.server.sittings.test_recording import Notes


class Seen:
    """Keeps what an analysis is given."""

    def __init__(self) -> None:
        self.frames: list[tuple[int, bytes]] = []

    def open(self, stream_id: str, codec: str, request_keyframe: Callable[[], None]) -> None: ...

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        self.frames.append((offset_ms, data))

    async def finish(self, stream_id: str, at_ms: int) -> None: ...


def camera(stream_id: str) -> Source:
    source = Source(stream_id, "ann", "camera")
    source.video_codec, source.has_video = "vp8", True
    return source


def send(source: Source, width: int) -> None:
    """A second of pictures that begins now."""
    for frame in pictures(width, 120, 30, start_ms=asyncio.get_running_loop().time() * 1000):
        source.deliver(frame)


def recorded(folder: Path) -> list[bytes]:
    packets = []
    for path in sorted(folder.glob("*.mkv")):
        with av.open(str(path), "r") as container:
            packets += [bytes(packet) for packet in container.demux(video=0) if packet.size]
    return packets


async def test_a_second_camera_is_seen_when_it_is_recorded_and_not_before(tmp_path: Path) -> None:
    seen, states = Seen(), list[str]()
    recording = Recording(
        video_id="video",
        question_id=None,
        participant_id="ann",
        kind="camera",
        folder=tmp_path,
        store=Notes(),
        analysis=seen,
        on_change=lambda changed: states.append(changed.state),
    )
    first, second = camera("first"), camera("second")
    await recording.attach(first)
    send(first, 160)
    await until(lambda: "recording" in states)
    send(second, 320)  # published, and neither recorded nor looked at
    assert len(seen.frames) == 30
    await recording.attach(second)
    send(second, 320)
    send(first, 160)  # goes on sending, and neither recorded nor looked at
    await asyncio.sleep(0.2)
    await recording.finish()

    assert len(seen.frames) == 60
    assert [data for _, data in seen.frames] == recorded(tmp_path)
