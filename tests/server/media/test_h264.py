"""H.264 without a decoder: sizes are read from the parameter sets, as real encoders write them."""

from fractions import Fraction

import av
import numpy as np
import pytest

from server.media import h264

CHROMIUM_640X360 = b"gB\xc0\x1f\x8c\x8d@P\x17\xfc\xb3P```xD#P"


def encoded_keyframe(width: int, height: int, profile: str) -> bytes:
    codec = av.CodecContext.create("libx264", "w")
    assert isinstance(codec, av.VideoCodecContext)
    codec.width, codec.height, codec.pix_fmt = width, height, "yuv420p"
    codec.time_base = Fraction(1, 30)
    codec.options = {"profile": profile, "preset": "ultrafast", "tune": "zerolatency"}
    frame = av.VideoFrame.from_ndarray(np.zeros((height, width, 3), np.uint8), format="rgb24")
    frame.pts = 0
    data = b"".join(bytes(packet) for packet in [*codec.encode(frame), *codec.encode(None)])
    return data.replace(b"\x00\x00\x00\x01", b"\x00\x00\x01").replace(b"\x00\x00\x01", b"\x00\x00\x00\x01")


def test_what_chromium_sends() -> None:
    assert h264.sps_size(CHROMIUM_640X360) == (640, 360)


@pytest.mark.parametrize("profile", ["baseline", "main", "high"])
@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1920, 1080), (642, 362), (176, 144)])
def test_what_x264_writes(width: int, height: int, profile: str) -> None:
    data = encoded_keyframe(width, height, profile)
    assert h264.is_keyframe(data)
    assert h264.keyframe_size(data) == (width, height)


def test_every_truncation_is_survived() -> None:
    for length in range(1, len(CHROMIUM_640X360)):
        try:
            h264.sps_size(CHROMIUM_640X360[:length])
        except ValueError:
            continue


def test_an_access_unit_without_parameter_sets_has_no_size() -> None:
    assert h264.keyframe_size(b"\x00\x00\x00\x01\x65\x88\x84") == (0, 0)
