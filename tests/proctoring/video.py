"""Encoded pictures of a real face, made once and used by every test: what the media tap would hand over."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import av
import cv2
import numpy as np
import skimage.data
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

Rgb = NDArray[np.uint8]

WIDTH, HEIGHT = 1280, 720
BASE_LAYER_FPS = 7.5
FACE_PX_IN_CUT = 105
"""How wide the detector sees the face in the cut below, before scaling."""


@dataclass(frozen=True, slots=True)
class Encoded:
    """One frame as the tap sees it."""

    offset_ms: int
    data: bytes
    keyframe: bool


@lru_cache
def astronaut() -> Rgb:
    """Head and shoulders of a real person (public domain, NASA), about 105 px across the face."""
    whole: Rgb = skimage.data.astronaut()  # type: ignore[no-untyped-call]
    return np.ascontiguousarray(whole[0:300, 90:390])


def room(width: int = WIDTH, height: int = HEIGHT) -> Rgb:
    """An empty room: smooth grey shapes, the same every time."""
    coarse = np.random.default_rng(7).integers(70, 170, (9, 16), dtype=np.uint8)
    grey = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.repeat(np.asarray(grey, np.uint8)[..., None], 3, axis=2)


def scene(*people: tuple[int, int, int], width: int = WIDTH, height: int = HEIGHT) -> Rgb:
    """The room with people in it, each (face width px, centre x, top y of the cut)."""
    picture = room(width, height)
    for face_px, center_x, top in people:
        side = round(300 * face_px / FACE_PX_IN_CUT)
        person = cv2.resize(astronaut(), (side, side), interpolation=cv2.INTER_AREA)
        left = center_x - side // 2
        bottom, right = min(height, top + side), min(width, left + side)
        picture[top:bottom, max(0, left) : right] = person[: bottom - top, max(0, -left) : right - left]
    return picture


@lru_cache(maxsize=64)
def faces(count: int, sway_px: int = 0) -> Rgb:
    """A 720p picture with 0, 1 or 2 people, moved sideways."""
    return scene(*[(180, 420 + sway_px, 100), (140, 950 - sway_px, 150)][:count])


def encode(
    pictures: Iterable[Rgb], codec: str = "vp8", start_ms: int = 0, fps: float = BASE_LAYER_FPS
) -> list[Encoded]:
    """Encode as a browser would: a keyframe first, then only deltas."""
    context = av.CodecContext.create({"vp8": "libvpx", "h264": "libx264"}[codec], "w")
    assert isinstance(context, VideoCodecContext)
    context.thread_count = 1  # more wait for each other by spinning
    options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0"}
    context.options = options if codec == "vp8" else {"preset": "ultrafast", "tune": "zerolatency"}
    context.pix_fmt, context.time_base, context.framerate = "yuv420p", Fraction(1, 90000), Fraction(15, 2)
    context.bit_rate, context.gop_size = 1_000_000, 100_000
    encoded: list[Encoded] = []
    for index, picture in enumerate(pictures):
        if index == 0:
            context.height, context.width = picture.shape[:2]
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = round(index * 90000 / fps)
        offset_ms = start_ms + round(index * 1000 / fps)
        encoded += [Encoded(offset_ms, bytes(packet), packet.is_keyframe) for packet in context.encode(frame)]
    return encoded


@lru_cache
def clip(counts: str, codec: str = "vp8", start_ms: int = 0) -> tuple[Encoded, ...]:
    """One second per digit, each showing that many faces, at the base layer's 7.5 fps."""
    total = round(len(counts) * BASE_LAYER_FPS)
    pictures = {digit: faces(int(digit)) for digit in set(counts)}
    shown = [counts[min(len(counts) - 1, int(index / BASE_LAYER_FPS))] for index in range(total)]
    return tuple(encode((pictures[digit] for digit in shown), codec, start_ms))


@lru_cache
def lively_clip(counts: str) -> tuple[Encoded, ...]:
    """`clip` with people who sway a little, as the living do: a portrait is nobody."""
    total = round(len(counts) * BASE_LAYER_FPS)
    shown = [counts[min(len(counts) - 1, int(index / BASE_LAYER_FPS))] for index in range(total)]
    sways_px = [round(6 * math.sin(index / 2)) for index in range(total)]
    return tuple(encode(faces(int(digit), sway_px) for digit, sway_px in zip(shown, sways_px, strict=True)))
