"""Different people out of one face: shape, skin, hair, clothes, glasses, mask; alive or a picture."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.proctor.face import FACE_PX, PIVOT, WORK, Face
from bench.proctor.look import CLOTHES, HAIR, TONES, Expression, Look
from bench.proctor.paint import (
    lids_shut,
    masked,
    not_inside,
    premultiplied,
    rgb_of,
    soft,
    tinted,
    warped,
    with_glasses,
)
from bench.proctor.photo import cheeks_rgb
from bench.proctor.turn import MAP_SIDE, Turner

SPRITE_CACHE = 250
HEAD_PX = FACE_PX * MAP_SIDE / WORK
"""Face width of a rendered head: half as fine again as the picture it comes from; larger ones are scaled."""
BODY_PX = 60


@dataclass(frozen=True)
class Sprite:
    """Premultiplied RGBA at some size of face; `anchor` is the point it is placed by."""

    rgba: NDArray[np.uint8]
    anchor: tuple[float, float]
    face_px: float

    def scaled(self, face_px: float) -> "Sprite":
        """The same at another size."""
        zoom = face_px / self.face_px
        size = tuple(max(2, round(side * zoom)) for side in self.rgba.shape[1::-1])
        method = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
        resized = np.asarray(cv2.resize(self.rgba, size, interpolation=method), np.uint8)
        return Sprite(resized, (self.anchor[0] * zoom, self.anchor[1] * zoom), face_px)


class Person:
    """Pictures of one person, each made once."""

    def __init__(self, face: Face, turner: Turner, look: Look) -> None:
        self._face = face
        self._turner = turner
        self.look = look
        self._base = self._recoloured()
        self._textures = lru_cache(maxsize=24)(self._texture)
        self.head = lru_cache(maxsize=SPRITE_CACHE)(self._head)
        self._whole_body = self._body()
        self.body = lru_cache(maxsize=4)(self._whole_body.scaled)

    @property
    def skin_rgb(self) -> tuple[int, int, int]:
        """The cheeks' colour, for hands and neck."""
        if self.look.photo:
            return cheeks_rgb(self._face.rgb, self._face.points)
        return rgb_of(TONES[self.look.tone])

    def _recoloured(self) -> NDArray[np.float32]:
        """The face in this person's colours; shadows scale with the tone, highlights stay as bright."""
        face = self._face
        if self.look.photo:
            return np.asarray(face.rgb, np.float32)
        rgb = tinted(face.rgb, face.skin, TONES[self.look.tone], highlights=True)
        return tinted(rgb, face.hair * not_inside(face), HAIR[self.look.hair], highlights=False)

    def _texture(self, expression: Expression) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Front and back as RGBA, with shape and expression."""
        face, rgb = self._face, self._base.copy()
        if expression.lids:
            rgb = lids_shut(face, rgb)
        x, y = warped(face, self.look, expression)
        moved = cv2.remap(rgb, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        rgb = np.asarray(moved, np.float32)
        if self.look.mask:
            rgb = masked(face, rgb)
        if self.look.glasses:
            rgb = with_glasses(face, rgb)
        front = np.dstack([np.clip(rgb, 0, 255), face.head * 255]).astype(np.uint8)
        return front, np.dstack([np.clip(self._hair_behind(), 0, 255), face.back * 255]).astype(np.uint8)

    def _hair_behind(self) -> NDArray[np.float32]:
        face = self._face
        if self.look.photo:
            return np.asarray(face.back_rgb, np.float32)
        return tinted(face.back_rgb, np.ones_like(face.back), HAIR[self.look.hair], highlights=False)

    def _between(self) -> tuple[int, ...]:
        """The colour of what neither front nor back covers: hair in the shade."""
        if self.look.photo:
            median = np.median(self._face.back_rgb[self._face.back > 0.5], axis=0)
            return tuple(round(float(part) * 0.7) for part in median)
        return rgb_of(tuple(part * 0.7 for part in HAIR[self.look.hair]))

    def _head(self, yaw_steps: int, pitch_steps: int, expression: Expression, halvings: int) -> Sprite:
        """The turned head, as often halved as it takes to be drawn small without aliasing."""
        if halvings:
            larger = self.head(yaw_steps, pitch_steps, expression, halvings - 1)
            return larger.scaled(larger.face_px / 2)
        if self.look.mirrored:
            yaw_steps = -yaw_steps
        turned = self._turner.at(yaw_steps, pitch_steps)
        front, back = self._textures(expression)
        picture = np.empty((MAP_SIDE, MAP_SIDE, 3), np.float32)
        picture[:] = self._between()
        for texture, x, y, part in (
            (back, turned.back_x, turned.back_y, turned.back),
            (front, turned.front_x, turned.front_y, turned.front),
        ):
            shown = cv2.remap(texture, x, y, cv2.INTER_LINEAR)
            share = (part * shown[..., 3] / 255)[..., None]
            picture += (shown[..., :3] - picture) * share
        rgba = premultiplied(picture, turned.whole)
        across, down = PIVOT[0] / WORK * MAP_SIDE, PIVOT[1] / WORK * MAP_SIDE
        if self.look.mirrored:
            rgba, across = np.ascontiguousarray(rgba[:, ::-1]), MAP_SIDE - across
        return Sprite(rgba, (across, down), HEAD_PX)

    def _body(self) -> Sprite:
        """Neck and shoulders, down to where any frame ends; the head sits on the anchor."""
        u = BODY_PX
        width, tall, middle, top = round(4.2 * u), 16 * u, round(2.1 * u), round(0.88 * u)
        covered = np.zeros((tall, width), np.float32)
        half = [[0.5, 0], [1.35, 0.38], [1.75, 0.75], [2.0, 2.0], [2.0, 20]]
        right = [[middle + across * u, top + down * u] for across, down in half]
        left = [[middle - across * u, top + down * u] for across, down in reversed(half)]
        cv2.fillPoly(covered, [np.array([*right, *left]).astype(np.int32)], 1.0)
        rng = np.random.default_rng(self.look.clothes)
        folds = cv2.resize(rng.normal(0, 1, (60, 16)).astype(np.float32), (width, tall))
        across = np.abs(np.arange(width, dtype=np.float32) - middle) / (2.0 * u)
        shade = (1.05 - 0.4 * across**2)[None, :] + folds * 0.07
        picture = np.array(rgb_of(CLOTHES[self.look.clothes]), np.float32) * shade[..., None]
        neck = np.zeros((tall, width), np.float32)
        outline = [[-0.36, 0], [0.36, 0], [0.46, 0.88], [0, 1.14], [-0.46, 0.88]]
        cv2.fillPoly(neck, [np.array([[middle + x * u, y * u] for x, y in outline]).astype(np.int32)], 1.0)
        neck = soft(neck, 0.9)
        down = np.interp(np.arange(tall), [0, top], [0.5, 0.95])[:, None]
        side = 1 - 0.35 * np.clip(across * 5, 0, 1) ** 2
        throat = np.array(self.skin_rgb, np.float32) * (down * side[None, :])[..., None]
        picture += (throat - picture) * neck[..., None]
        alpha = np.maximum(cv2.GaussianBlur(covered, (0, 0), 0.9), neck)
        return Sprite(premultiplied(picture, alpha), (middle, 0.12 * u), u)
