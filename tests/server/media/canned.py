"""Real encoded frames without a network: pictures that count up, and a sound."""

import itertools
from fractions import Fraction

import av
import numpy as np

from server.media import h264
from server.media.ports import Codec, EncodedFrame
from server.media.source import Source
from server.media.webm import Block, VideoFormat

FPS = 30
ENCODERS = {"vp8": "libvpx", "h264": "libx264"}
OPTIONS = {
    "vp8": {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"},
    "h264": {"preset": "ultrafast", "tune": "zerolatency"},
}


def pictures(
    width: int,
    height: int,
    count: int,
    *,
    start_ms: float = 0.0,
    codec: Codec = "vp8",
    dark: bool = False,
) -> list[EncodedFrame]:
    """So many pictures of a bar that moves, or black ones (`dark`), the first one a keyframe."""
    encoder = av.CodecContext.create(ENCODERS[codec], "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.bit_rate, encoder.time_base, encoder.gop_size = 300_000, Fraction(1, FPS), 1000
    encoder.options = OPTIONS[codec]
    encoder.thread_count = 1  # libvpx's threads wait for each other in a loop: fifty times the work
    frames = []
    for index in range(count):
        picture = np.full((height, width, 3), 40, np.uint8)
        left = index * 8 % (width - 16)
        picture[:, left : left + 16] = 220
        if dark:
            picture[:] = 0
        shown = av.VideoFrame.from_ndarray(picture, format="rgb24")
        shown.pts = index
        for packet in encoder.encode(shown):
            data, at_ms = bytes(packet), start_ms + index * 1000 / FPS
            size = (width, height) if packet.is_keyframe else (0, 0)
            frames.append(
                EncodedFrame(
                    "video", codec, round(at_ms * 90), at_ms, packet.is_keyframe, data, [data], None, *size
                )
            )
    if codec == "h264":
        assert h264.parameter_sets(frames[0].data)
    return frames


def sound(
    length_ms: int, *, start_ms: float = 0.0, loud: tuple[int, int] = (0, 1 << 30)
) -> list[EncodedFrame]:
    """A tone of 440 Hz in packets of 20 ms, silent outside `loud` (milliseconds from its start)."""
    encoder = av.CodecContext.create("libopus", "w")
    assert isinstance(encoder, av.AudioCodecContext)
    encoder.sample_rate, encoder.layout, encoder.format = 48_000, "stereo", "s16"
    encoder.bit_rate = 32_000
    frames = []
    for index in range(length_ms // 20):
        moments = np.arange(index * 960, (index + 1) * 960) / 48_000
        level = 8000 if loud[0] <= index * 20 < loud[1] else 0
        wave = (np.sin(moments * 2 * np.pi * 440) * level).astype(np.int16).repeat(2).reshape(1, -1)
        block = av.AudioFrame.from_ndarray(wave, format="s16", layout="stereo")
        block.sample_rate, block.pts = 48_000, index * 960
        for packet in encoder.encode(block):
            at_ms = start_ms + index * 20
            data = bytes(packet)
            frames.append(EncodedFrame("audio", "opus", round(at_ms * 48), at_ms, True, data, [data]))
    return frames


def camera(codec: Codec = "vp8", *, audio: bool = True, video: bool = True) -> Source:
    """A source that nobody feeds but the test; its clock follows the sender."""
    source = Source("camera-1", "ann", "camera")
    source.video_codec = codec if video else None
    source.has_audio, source.has_video = audio, video
    return source


def merged(*streams: list[EncodedFrame]) -> list[EncodedFrame]:
    """Frames in the order of their times."""
    return sorted(itertools.chain(*streams), key=lambda frame: frame.timestamp_ms)


def blocks(frames: list[EncodedFrame]) -> list[Block]:
    """What a file keeps of frames."""
    return [(frame.timestamp_ms, frame.kind, frame.keyframe, frame.data) for frame in frames]


def shown(frames: list[EncodedFrame]) -> VideoFormat | None:
    """What a file's header says of the pictures in these frames."""
    first = next((frame for frame in frames if frame.kind == "video"), None)
    return None if first is None else VideoFormat(first.codec, first.width, first.height)
