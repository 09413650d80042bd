"""Clips to pictures, pictures to the base layer a browser would send."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import chain
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.codeccontext import VideoCodecContext
from numpy.typing import NDArray

from bench.proctor import face as one_face
from bench.proctor import props
from bench.proctor.life import Moment, life
from bench.proctor.look import Expression, Look
from bench.proctor.person import HEAD_PX, Person, Sprite
from bench.proctor.photo import load_photo
from bench.proctor.rooms import HEIGHT, WIDTH, Rgb, room
from bench.proctor.scene import FPS, Actor, Camera, Clip, Held, value
from bench.proctor.turn import Turner, stepped

BASE_LAYER_BITRATE = 600_000
"""libwebrtc gives the base layer of three 40 % of the 1.5 Mbit/s."""
KEYFRAME_EVERY_SECONDS = 10
"""The recorder asks for them as often."""
STILL = Moment(0, 0, 0, 0, 0, Expression())
SIZE_STEP = 1.03
GRAINS, GRAIN_SIGMA = 6, 16.0
POSES_OF_A_PHOTO = 60
I420 = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Encoded:
    """One frame as the tap sees it."""

    offset_ms: int
    data: bytes
    keyframe: bool


class Studio:
    """Everybody who has appeared so far, ready to appear again."""

    def __init__(self, models_dir: Path, faces_dir: Path | None = None) -> None:
        """`faces_dir` holds the photographs that looks name."""
        self._models_dir, self._faces_dir = models_dir, faces_dir
        self._face = one_face.load(models_dir)
        self._turner = Turner(self._face)
        self.person = lru_cache(maxsize=4)(self._person)

    def _person(self, look: Look) -> Person:
        if not look.photo:
            return Person(self._face, self._turner, look)
        if self._faces_dir is None:
            raise ValueError(f"{look.photo} is in no folder: --faces")
        face = load_photo(self._faces_dir / look.photo, self._models_dir)
        return Person(face, Turner(face, POSES_OF_A_PHOTO), look)

    def pictures(self, clip: Clip) -> Iterator[I420]:
        """The clip's frames at 7.5 a second."""
        rng = np.random.default_rng(clip.seed)
        backdrop = room(clip.room).copy()
        for actor in clip.actors:
            if not actor.alive:
                self._draw(backdrop, actor, 0.0)
        living = [actor for actor in clip.actors if actor.alive]
        looped: list[I420] = []
        last: I420 | None = None
        for index in range(round(clip.seconds * FPS)):
            second = index / FPS
            if last is not None and any(begin <= second < end for begin, end in clip.camera.frozen):
                yield last
                continue
            if clip.camera.loop and index >= clip.camera.loop * FPS:
                yield looped[index % round(clip.camera.loop * FPS)]
                continue
            picture = self._shot(clip.camera, backdrop, living, second)
            last = _exposed(picture, clip.camera, second, rng)
            if clip.camera.loop:
                looped.append(last)
            yield last

    def _shot(self, camera: Camera, backdrop: Rgb, living: list[Actor], second: float) -> Rgb:
        picture = backdrop.copy()
        if camera.backlight:
            picture = np.asarray(cv2.convertScaleAbs(picture, alpha=1 + 0.9 * camera.backlight), np.uint8)
        for actor in living:
            self._draw(picture, actor, second, 1 - 0.8 * camera.backlight)
        return picture

    def _draw(self, picture: Rgb, actor: Actor, second: float, light: float = 1.0) -> None:
        target = picture
        left, top = 0, 0
        if actor.frame:
            left, top, right, bottom = actor.frame
            target = picture[top:bottom, left:right]
            props.mount(picture, actor.frame, screen=actor.alive)
        now = life(actor.seed).at(second) if actor.alive else STILL
        size, lively = value(actor.face_px, second), actor.lively
        x = value(actor.x, second) - left + now.x * size * lively
        y = value(actor.y, second) - top + now.y * size * lively
        if not -3 * size < x < target.shape[1] + 3 * size:
            return
        person = self.person(actor.look)
        yaw = stepped(value(actor.yaw, second) + now.yaw_deg * lively)
        pitch = stepped(value(actor.pitch, second) + now.pitch_deg * lively)
        halvings = max(0, math.floor(math.log2(HEAD_PX / size)))
        head = person.head(yaw, pitch, now.expression, halvings)
        put(target, person.body(stepped_size(size)), x - now.x * size * lively / 2, y, light)
        turned(target, head, (x, y), size / head.face_px, now.roll_deg * lively, light)
        for begin, end, held in actor.held:
            if begin <= second < end:
                put(target, _held(held, person.skin_rgb, stepped_size(size)), x, y, light)


def stepped_size(face_px: float) -> int:
    """The next of the sizes that bodies are rendered in."""
    return max(8, round(SIZE_STEP ** round(math.log(max(face_px, 8)) / math.log(SIZE_STEP))))


@lru_cache(maxsize=16)
def _held(kind: Held, skin: tuple[int, int, int], face_px: int) -> Sprite:
    return props.held(kind, skin).scaled(face_px)


def put(picture: Rgb, sprite: Sprite, x: float, y: float, light: float = 1.0) -> None:
    """Lay a sprite's anchor on the pixel at x, y."""
    tall, wide = sprite.rgba.shape[:2]
    left, top = round(x - sprite.anchor[0]), round(y - sprite.anchor[1])
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(picture.shape[1], left + wide), min(picture.shape[0], top + tall)
    if x0 < x1 and y0 < y1:
        _blend(picture[y0:y1, x0:x1], sprite.rgba[y0 - top : y1 - top, x0 - left : x1 - left], light)


def turned(
    picture: Rgb, sprite: Sprite, at: tuple[float, float], zoom: float, roll_deg: float, light: float
) -> None:
    """Lay a sprite's anchor at a point (parts of pixels count), scaled and turned clockwise."""
    reach = math.hypot(*sprite.rgba.shape[:2]) * zoom / 2
    middle_x = at[0] + (sprite.rgba.shape[1] / 2 - sprite.anchor[0]) * zoom
    middle_y = at[1] + (sprite.rgba.shape[0] / 2 - sprite.anchor[1]) * zoom
    x0, y0 = max(0, math.floor(middle_x - reach)), max(0, math.floor(middle_y - reach))
    x1 = min(picture.shape[1], math.ceil(middle_x + reach))
    y1 = min(picture.shape[0], math.ceil(middle_y + reach))
    if x0 >= x1 or y0 >= y1:
        return
    turn = cv2.getRotationMatrix2D(sprite.anchor, -roll_deg, zoom)
    turn[:, 2] += (at[0] - sprite.anchor[0] - x0, at[1] - sprite.anchor[1] - y0)
    shown = cv2.warpAffine(sprite.rgba, turn, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR)
    _blend(picture[y0:y1, x0:x1], np.asarray(shown, np.uint8), light)


def _blend(below: Rgb, rgba: NDArray[np.uint8], light: float) -> None:
    color = np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), np.uint8)
    if light != 1.0:
        color = np.asarray(cv2.convertScaleAbs(color, alpha=light), np.uint8)
    clear = cv2.bitwise_not(np.ascontiguousarray(rgba[..., 3]))
    cv2.add(cv2.multiply(below, cv2.merge([clear, clear, clear]), scale=1 / 255), color, dst=below)


@lru_cache(maxsize=1)
def _grains() -> list[NDArray[np.uint8]]:
    """Noise of sigma 16 around 128, a little larger than a picture so that no two crops are alike."""
    rng = np.random.default_rng(1)
    shape = (HEIGHT + 64, WIDTH + 64)
    return [np.clip(rng.normal(128, GRAIN_SIGMA, shape), 0, 255).astype(np.uint8) for _ in range(GRAINS)]


def _exposed(picture: Rgb, camera: Camera, second: float, rng: np.random.Generator) -> I420:
    """What the sensor makes of it: focus, light, noise."""
    brightness = value(camera.brightness, second) * (1 + camera.flicker * float(rng.normal()))
    if any(begin <= second < end for begin, end in camera.covered):
        brightness *= 0.03
        picture = np.asarray(cv2.blur(picture, (151, 151)), np.uint8)
    blur = value(camera.blur, second)
    if blur > 0.3:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), blur), np.uint8)
    flat = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
    down, across = (int(each) for each in rng.integers(0, 64, 2))
    grain = _grains()[int(rng.integers(GRAINS))][down : down + HEIGHT, across : across + WIDTH]
    loud = camera.noise / GRAIN_SIGMA
    flat[:HEIGHT] = cv2.addWeighted(flat[:HEIGHT], brightness, grain, loud, 16 - 16 * brightness - 128 * loud)
    if abs(brightness - 1) > 0.1:
        flat[HEIGHT:] = cv2.addWeighted(flat[HEIGHT:], brightness, flat[HEIGHT:], 0, 128 - 128 * brightness)
    return flat


def encode(pictures: Iterable[I420]) -> Iterator[Encoded]:
    """VP8 as the base temporal layer of 720p30 L1T3: 600 kbit/s at 7.5 frames/s, a keyframe every 10 s."""
    first = next(pictures := iter(pictures))
    height, width = first.shape[0] * 2 // 3, first.shape[1]
    context = av.CodecContext.create("libvpx", "w")
    assert isinstance(context, VideoCodecContext)
    context.width, context.height, context.pix_fmt = width, height, "yuv420p"
    context.time_base, context.framerate, context.bit_rate = (
        Fraction(1, 15),
        Fraction(15, 2),
        BASE_LAYER_BITRATE,
    )
    context.gop_size, context.thread_count = round(KEYFRAME_EVERY_SECONDS * FPS), 1
    # A negative cpu-used fixes the speed; a positive one looks at the clock, and no two runs would be alike.
    context.options = {"deadline": "realtime", "cpu-used": "-8", "lag-in-frames": "0"}
    for index, picture in enumerate(chain([first], pictures)):
        frame = av.VideoFrame.from_ndarray(picture, format="yuv420p")
        frame.pts = index * 2
        for packet in context.encode(frame):
            yield Encoded(round(index * 1000 / FPS), bytes(packet), packet.is_keyframe)
