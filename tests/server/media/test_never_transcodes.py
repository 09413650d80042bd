"""The server process neither decodes nor encodes: what no decoder accepts is recorded bit by bit."""

import ast
import asyncio
import random
import struct
import threading
from collections.abc import AsyncIterator
from fractions import Fraction
from pathlib import Path

import av
import pytest
from aiortc.mediastreams import MediaStreamTrack
from av.packet import Packet

from server.media import vp8
from server.media.ice import IceOptions
from server.media.ports import EncodedFrame
from server.media.recorder import Recorder
from server.media.room import Room
from tests.server.media.peers import Publisher, until
from tests.server.media.test_room import Listener, publish

SERVER = Path(__file__).parents[3] / "server"
OWN_PROCESS = {SERVER / "media" / "finish.py", SERVER / "media" / "waveform.py"}
"""What runs in the finishing process; server/media/finish.py says so and FinishPool starts it."""
CODEC_NAMES = {"CodecContext", "VideoFrame", "AudioFrame", "VideoCodecContext", "get_decoder", "get_encoder"}
CODEC_MODULES = ("aiortc.codecs", "aiortc.contrib", "aiortc.rtcrtpreceiver", "av.codec", "av.filter")


class Noise(MediaStreamTrack):
    """Frames whose headers are VP8 and whose contents are nothing at all."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[bytes] = []
        self._random = random.Random(4)

    async def recv(self) -> Packet:  # type: ignore[type-arg]
        """The next frame, every 10 ms; each tenth a keyframe."""
        await asyncio.sleep(0.01)
        index = len(self.sent)
        keyframe = index % 10 == 0
        body = self._random.randbytes(900 + 40 * (index % 50))
        head = b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", 320, 240) if keyframe else b"\x11\x02\x00"
        self.sent.append(head + body)
        packet = Packet(head + body)
        packet.pts = packet.dts = index * 900
        packet.time_base = Fraction(1, 90_000)
        packet.is_keyframe = keyframe
        return packet


@pytest.fixture
async def listener() -> Listener:
    """Notes what the room says."""
    return Listener()


@pytest.fixture
async def room(listener: Listener) -> AsyncIterator[Room]:
    """A room on ports of its own."""
    ice = IceOptions()
    made = Room(listener, ice=ice, max_bitrate_bps=2_000_000)
    yield made
    await made.close()
    ice.ports.close()


async def test_what_no_decoder_accepts_reaches_the_file_and_the_viewers_unchanged(
    room: Room, listener: Listener, tmp_path: Path
) -> None:
    noise, watcher = Noise(), Watcher()
    publisher = Publisher(audio=False, video=noise)
    await publish(room, publisher)
    await until(lambda: listener.started)
    source = listener.started[0]
    recorder = Recorder(source, tmp_path / "noise.webm", on_start=lambda _: None, on_error=pytest.fail)
    recorder.start()
    source.attach(watcher)
    await until(lambda: recorder.duration_ms > 2000)
    assert [thread.name for thread in threading.enumerate() if "coder" in thread.name] == []
    result = await recorder.finish()
    await publisher.close()
    with av.open(str(tmp_path / "noise.webm")) as container:
        written = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    assert len(written) == result.video_frames > 100
    begin = noise.sent.index(written[0])
    assert written == noise.sent[begin : begin + len(written)]
    assert watcher.frames == noise.sent[noise.sent.index(watcher.frames[0]) :][: len(watcher.frames)]
    with pytest.raises(av.FFmpegError), av.open(str(tmp_path / "noise.webm")) as container:
        for _ in container.decode(video=0):
            pass


class Watcher:
    """A sink that keeps what viewers are sent."""

    def __init__(self) -> None:
        self.frames: list[bytes] = []

    def on_frame(self, frame: EncodedFrame) -> None:
        """Put the payloads together again, without their descriptors."""
        pieces = [payload[vp8.parse_descriptor(payload).size :] for payload in frame.payloads]
        self.frames.append(b"".join(pieces))

    def on_source_closed(self) -> None:
        """Nothing to do."""


def test_no_module_of_the_server_process_touches_a_codec() -> None:
    found = []
    for path in sorted(SERVER.rglob("*.py")):
        if path in OWN_PROCESS:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(CODEC_MODULES):
                found.append((path.name, node.module))
            names = {getattr(node, "attr", None), getattr(node, "id", None)}
            if names & CODEC_NAMES:
                found.append((path.name, *sorted(filter(None, names))))
            if isinstance(node, ast.Call) and _uses_codec(node):
                found.append((path.name, ast.unparse(node)))
    assert found == []


def _uses_codec(call: ast.Call) -> bool:
    """Whether this is `x.decode(video=0)`, `stream.encode(frame)` and the like, not text to bytes."""
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in ("decode", "encode"):
        return False
    media = {"container", "packet", "stream", "codec", "context", "decoder", "encoder"}
    name = ast.unparse(function.value).rpartition(".")[2].strip("_")
    return name in media or any(keyword.arg in ("video", "audio") for keyword in call.keywords)
