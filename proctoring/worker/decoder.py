"""Encoded frames to pictures with PyAV, one decoder per stream."""

from typing import cast

import av
import numpy as np
from av.error import FFmpegError
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from proctoring.detectors.picture import Picture
from proctoring.worker.proto import Codec

MAX_PIXELS = 4096 * 2304
PLANAR = ("yuv420p", "yuvj420p")
IN_HASTE: dict[Codec, dict[str, str]] = {"vp8": {"skip_loop_filter": "nokey"}, "h264": {}}
"""Smoothing between blocks is two fifths of decoding VP8. Without it pictures drift, to 38 dB in the ten
seconds until the recorder's next keyframe: docs/decisions/0012."""


class DecodeError(Exception):
    """This frame could not be decoded; the next one may be."""


class FrameDecoder:
    """Decodes one stream in order, on the calling thread only."""

    def __init__(self, codec: Codec) -> None:
        context = av.CodecContext.create(codec, "r")
        if not isinstance(context, VideoCodecContext):
            raise DecodeError(f"{codec} is not a video codec")
        context.thread_count = 1
        # A forged header must not make us allocate gigabytes.
        context.options = {"max_pixels": str(MAX_PIXELS), **IN_HASTE[codec]}
        self._context = context

    def decode(self, data: bytes) -> av.VideoFrame | None:
        """The newest frame that came out, None when the decoder keeps it for now; raises DecodeError."""
        if not data:
            raise DecodeError("empty frame")  # FFmpeg takes an empty packet for the end of the stream
        try:
            frames = self._context.decode(av.Packet(data))
        except (FFmpegError, ValueError) as error:
            raise DecodeError(str(error)) from error
        return frames[-1] if frames else None


def to_picture(frame: av.VideoFrame) -> Picture:
    """The planes of a decoded frame, without copying where the format allows."""
    if frame.format.name not in PLANAR or frame.width % 2 or frame.height % 2:
        frame = frame.reformat(width=frame.width & ~1, height=frame.height & ~1, format="yuv420p")
    half = (frame.width // 2, frame.height // 2)
    y = _plane(frame, 0, frame.width, frame.height)
    return Picture(y, _plane(frame, 1, *half), _plane(frame, 2, *half))


def _plane(frame: av.VideoFrame, index: int, width: int, height: int) -> NDArray[np.uint8]:
    plane = frame.planes[index]
    pixels: NDArray[np.uint8] = np.frombuffer(cast("memoryview", plane), np.uint8)
    return pixels.reshape(-1, plane.line_size)[:height, :width]
