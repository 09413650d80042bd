"""The camera and the microphone of every peer: encoded and packetised once, sent many times."""

import pickle
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.video.codeccontext import VideoCodecContext

WIDTH, HEIGHT, FPS, BITRATE = 1280, 720, 30, 1_500_000
LOOP_SECONDS = 6
AUDIO_PACKET_MS = 20
AUDIO_PACKETS_PER_SECOND = 1000 // AUDIO_PACKET_MS
MAX_PAYLOAD_OCTETS = 1150
"""What Chromium puts into a packet: 1200 less header, extensions and the VP8 descriptor, about."""


@dataclass(frozen=True, slots=True)
class Canned:
    """RTP payloads of one loop: frames of video (the first one is the keyframe) and packets of audio."""

    video: list[list[bytes]]
    audio: list[bytes]

    def save(self, path: Path) -> None:
        """Write it for the client processes."""
        path.write_bytes(pickle.dumps(self))

    @staticmethod
    def load(path: Path) -> "Canned":
        """Read what `save` wrote."""
        loaded = pickle.loads(path.read_bytes())  # our own parent process wrote it
        assert isinstance(loaded, Canned)
        return loaded


def make(seconds: int = LOOP_SECONDS) -> Canned:
    """Encode so many seconds of a moving, noisy picture and a second of noise."""
    return Canned([packetise(frame) for frame in encode_video(seconds)], encode_audio())


def packetise(frame: bytes) -> list[bytes]:
    """Payloads of about equal size, the way libwebrtc splits a frame; the sender adds the descriptor."""
    count = -(-len(frame) // MAX_PAYLOAD_OCTETS)
    bounds = [round(index * len(frame) / count) for index in range(count + 1)]
    return [frame[begin:end] for begin, end in pairwise(bounds)]


def encode_video(seconds: int) -> list[bytes]:
    """A picture that moves under sensor noise, so that frames are of about the same size."""
    codec = av.CodecContext.create("libvpx", "w")
    assert isinstance(codec, VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    codec.bit_rate, codec.time_base, codec.gop_size = BITRATE, Fraction(1, FPS), FPS * seconds
    codec.options = {
        "deadline": "good",  # realtime looks at the clock: on a busy machine the stream came out twice as fat
        "cpu-used": "5",
        "lag-in-frames": "0",
        "minrate": str(BITRATE),
        "maxrate": str(BITRATE),
        "bufsize": str(BITRATE // 2),
    }
    rng = np.random.default_rng(1)
    coarse = rng.integers(60, 190, (HEIGHT // 8, WIDTH // 8), np.uint8)
    picture = coarse.repeat(8, axis=0).repeat(8, axis=1).astype(np.int16)
    grains = [rng.integers(-2, 3, (HEIGHT, WIDTH), np.int16) for _ in range(7)]
    frames = []
    for index in range(FPS * seconds):
        luma = np.roll(picture, index * 3, axis=1) + grains[index % len(grains)]
        frame = av.VideoFrame.from_ndarray(luma.astype(np.uint8), format="gray").reformat(format="yuv420p")
        frame.pts = index
        frames += [bytes(packet) for packet in codec.encode(frame)]
    return frames


def encode_audio() -> list[bytes]:
    """A second of noise at 32 kbit/s."""
    codec = av.CodecContext.create("libopus", "w")
    assert isinstance(codec, AudioCodecContext)
    codec.sample_rate, codec.layout, codec.format = 48_000, "stereo", "s16"
    codec.bit_rate = 32_000
    rng = np.random.default_rng(2)
    packets = []
    for index in range(AUDIO_PACKETS_PER_SECOND):
        samples = rng.integers(-3000, 3000, (1, 1920), np.int16)
        frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
        frame.sample_rate, frame.pts = 48_000, index * 960
        packets += [bytes(packet) for packet in codec.encode(frame)]
    return packets
