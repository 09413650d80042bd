"""Different people out of one face: shape, skin, hair, clothes, glasses, mask; alive or a picture."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from bench.proctor.face import EYES, FACE_PX, LIPS_INSIDE, LOWER_FACE, PIVOT, WORK, Face, Mask
from bench.proctor.turn import MAP_SIDE, Turner

Tone = Literal["very light", "light", "intermediate", "tan", "brown", "dark"]
TONES: dict[Tone, tuple[float, float, float]] = {
    "very light": (77, 9, 13),
    "light": (70, 11, 17),
    "intermediate": (62, 12, 18.5),
    "tan": (54, 13, 19),
    "brown": (42, 12, 16),
    "dark": (28, 9, 10),
}
"""CIELAB of the cheeks. ITA = atan((L - 50) / b): 64, 50, 33, 12, -27 and -66 degrees, each inside its class
after Chardon et al. (1991), whose bounds are 55, 41, 28, 10 and -30."""
HAIR: tuple[tuple[float, float, float], ...] = (
    (16, 1, 2),
    (26, 5, 8),
    (38, 8, 18),
    (52, 7, 27),
    (60, 0, 3),
    (33, 18, 22),
)
CLOTHES = ((45, -4, -26), (30, 2, -8), (62, 2, 4), (40, 30, 18), (50, -18, 14), (24, 0, 0), (72, 0, 14))
SPRITE_CACHE = 250
HEAD_PX = FACE_PX * MAP_SIDE / WORK
"""Face width of a rendered head: half as fine again as the picture it comes from; larger ones are scaled."""
BODY_PX = 60


@dataclass(frozen=True)
class Look:
    """What makes one person differ from the next; lengths relative to the face of the picture."""

    tone: Tone = "light"
    hair: int = 2
    clothes: int = 0
    wide: float = 1.0
    tall: float = 1.0
    jaw: float = 0.0
    nose: float = 0.0
    eyes: float = 0.0
    mirrored: bool = False
    glasses: bool = False
    mask: bool = False

    @staticmethod
    def random(seed: int, **given: Any) -> "Look":
        """Somebody; the same seed is the same person."""
        rng = np.random.default_rng(seed)
        tone: Tone = list(TONES)[int(rng.integers(len(TONES)))]
        dark = list(TONES).index(tone) >= 4
        look = Look(
            tone=tone,
            hair=int(rng.integers(0, 2 if dark else len(HAIR))),
            clothes=int(rng.integers(len(CLOTHES))),
            wide=float(rng.uniform(0.93, 1.08)),
            tall=float(rng.uniform(0.94, 1.08)),
            jaw=float(rng.uniform(-0.10, 0.12)),
            nose=float(rng.uniform(-0.15, 0.22)),
            eyes=float(rng.uniform(-0.12, 0.14)),
            mirrored=bool(rng.random() < 0.5),
            glasses=bool(rng.random() < 0.3),
        )
        return replace(look, **given)


@dataclass(frozen=True)
class Expression:
    """Eyelids (0 open, 1 shut), mouth (0 as it is, 1, 2 open) and gaze (-2..2 steps to the side)."""

    lids: int = 0
    mouth: int = 0
    gaze: int = 0


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
        return _rgb_of(TONES[self.look.tone])

    def _recoloured(self) -> NDArray[np.float32]:
        """The face in this person's colours; shadows scale with the tone, highlights stay as bright."""
        face = self._face
        rgb = _tinted(face.rgb, face.skin, TONES[self.look.tone], highlights=True)
        return _tinted(rgb, face.hair * _not_inside(face), HAIR[self.look.hair], highlights=False)

    def _texture(self, expression: Expression) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Front and back as RGBA, with shape and expression."""
        face, rgb = self._face, self._base.copy()
        if expression.lids:
            rgb = _lids_shut(face, rgb)
        x, y = _moved(face, self.look, expression)
        moved = cv2.remap(rgb, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        rgb = np.asarray(moved, np.float32)
        if self.look.mask:
            rgb = _masked(face, rgb)
        if self.look.glasses:
            rgb = _with_glasses(face, rgb)
        front = np.dstack([np.clip(rgb, 0, 255), face.head * 255]).astype(np.uint8)
        hair = _tinted(face.back_rgb, np.ones_like(face.back), HAIR[self.look.hair], highlights=False)
        return front, np.dstack([np.clip(hair, 0, 255), face.back * 255]).astype(np.uint8)

    def _head(self, yaw_steps: int, pitch_steps: int, expression: Expression, halvings: int) -> Sprite:
        """The turned head, as often halved as it takes to be drawn small without aliasing."""
        if halvings:
            larger = self.head(yaw_steps, pitch_steps, expression, halvings - 1)
            return larger.scaled(larger.face_px / 2)
        if self.look.mirrored:
            yaw_steps = -yaw_steps
        turned = self._turner.at(yaw_steps, pitch_steps)
        front, back = self._textures(expression)
        dark = _rgb_of(tuple(part * 0.7 for part in HAIR[self.look.hair]))
        picture = np.empty((MAP_SIDE, MAP_SIDE, 3), np.float32)
        picture[:] = dark
        for texture, x, y, part in (
            (back, turned.back_x, turned.back_y, turned.back),
            (front, turned.front_x, turned.front_y, turned.front),
        ):
            shown = cv2.remap(texture, x, y, cv2.INTER_LINEAR)
            share = (part * shown[..., 3] / 255)[..., None]
            picture += (shown[..., :3] - picture) * share
        rgba = _premultiplied(picture, turned.whole)
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
        picture = np.array(_rgb_of(CLOTHES[self.look.clothes]), np.float32) * shade[..., None]
        neck = np.zeros((tall, width), np.float32)
        outline = [[-0.36, 0], [0.36, 0], [0.46, 0.88], [0, 1.14], [-0.46, 0.88]]
        cv2.fillPoly(neck, [np.array([[middle + x * u, y * u] for x, y in outline]).astype(np.int32)], 1.0)
        neck = _soft(neck, 0.9)
        down = np.interp(np.arange(tall), [0, top], [0.5, 0.95])[:, None]
        side = 1 - 0.35 * np.clip(across * 5, 0, 1) ** 2
        throat = np.array(self.skin_rgb, np.float32) * (down * side[None, :])[..., None]
        picture += (throat - picture) * neck[..., None]
        alpha = np.maximum(cv2.GaussianBlur(covered, (0, 0), 0.9), neck)
        return Sprite(_premultiplied(picture, alpha), (middle, 0.12 * u), u)


def _soft(mask: Any, sigma: float) -> Mask:
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), sigma), np.float32)


def _premultiplied(picture: NDArray[np.float32], covered: NDArray[np.float32]) -> NDArray[np.uint8]:
    share = np.clip(covered, 0, 1)[..., None]
    return np.asarray(np.clip(np.dstack([picture * share, share * 255]), 0, 255), np.uint8)


def _rgb_of(lab: tuple[float, ...]) -> tuple[int, int, int]:
    pixel = cv2.cvtColor(np.array([[lab]], np.float32), cv2.COLOR_LAB2RGB)[0, 0]
    red, green, blue = (round(float(part) * 255) for part in np.clip(pixel, 0, 1))
    return red, green, blue


def _not_inside(face: Face) -> Mask:
    """Everything but eyes and teeth, which keep their colour."""
    inside = np.zeros((WORK, WORK), np.float32)
    for indices in (*EYES, LIPS_INSIDE):
        cv2.fillPoly(inside, [face.outline(indices)], 1.0, shift=4)
    return np.asarray(1 - cv2.GaussianBlur(cv2.dilate(inside, np.ones((3, 3))), (0, 0), 1.0), np.float32)


def _tinted(
    rgb: NDArray[np.uint8] | NDArray[np.float32],
    where: Mask,
    target: tuple[float, float, float],
    highlights: bool,
) -> NDArray[np.float32]:
    """Move the region's typical colour to `target` (CIELAB), keeping how it varies."""
    lab = cv2.cvtColor(np.asarray(rgb, np.float32) / 255, cv2.COLOR_RGB2LAB)
    typical = np.median(lab[where > 0.8], axis=0)
    away = lab - typical
    factor = target[0] / max(typical[0], 1.0)
    light = away[..., 0]
    scaled = np.where(light > 0, light * (1.0 if highlights else factor), light * factor)
    moved = np.dstack([target[0] + scaled, target[1] + away[..., 1] * 0.8, target[2] + away[..., 2] * 0.8])
    tinted = cv2.cvtColor(moved.astype(np.float32), cv2.COLOR_LAB2RGB) * 255
    share = where[..., None]
    return np.asarray(np.clip(tinted, 0, 255) * share + rgb * (1 - share), np.float32)


def _lids_shut(face: Face, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Skin over the eyes, a dark line where the lashes meet."""
    for indices in EYES:
        lid = np.zeros((WORK, WORK), np.float32)
        cv2.fillPoly(lid, [face.outline(indices)], 1.0, shift=4)
        cover = _soft(cv2.dilate(lid, np.ones((5, 5))), 1.5)[..., None]
        x, y = face.center(*indices)
        above = rgb[round(y) - 16 : round(y) - 12, round(x) - 10 : round(x) + 10].reshape(-1, 3).mean(axis=0)
        rgb = np.asarray(rgb * (1 - cover) + above * 0.93 * cover, np.float32)
        line = face.outline(indices[:9])
        cv2.polylines(rgb, [line], False, (above * 0.35).tolist(), 2, cv2.LINE_AA, shift=4)
    return np.asarray(rgb, np.float32)


def _moved(face: Face, look: Look, expression: Expression) -> tuple[Mask, Mask]:
    """Where each pixel comes from once jaw, nose, eyes, mouth and irises have moved."""
    rows, columns = np.mgrid[0:WORK, 0:WORK].astype(np.float32)
    x, y = columns.copy(), rows.copy()
    for center, radius, amount in (
        (face.center(152, 17), 62.0, look.jaw),
        (face.center(1, 5), 26.0, look.nose),
        (face.center(*EYES[0]), 26.0, look.eyes),
        (face.center(*EYES[1]), 26.0, look.eyes),
    ):
        across, down = columns - center[0], rows - center[1]
        near = np.exp(-(across**2 + down**2) / (2 * radius**2))
        x -= across * near * amount
        y -= down * near * amount * 0.6
    if expression.mouth:
        mouth_x, mouth_y = face.center(13, 14)
        below = 1 / (1 + np.exp(np.clip((mouth_y - rows) / 3, -50, 50)))
        near = np.exp(-((columns - mouth_x) ** 2) / (2 * 46.0**2)) * np.exp(
            -np.clip(rows - mouth_y - 60, 0, None) / 12
        )
        y -= expression.mouth * 6.0 * below * near
    if expression.gaze:
        for indices in EYES:
            eye = np.zeros((WORK, WORK), np.float32)
            cv2.fillPoly(eye, [face.outline(indices)], 1.0, shift=4)
            x -= expression.gaze * 2.6 * cv2.GaussianBlur(eye, (0, 0), 2.0)
    return np.asarray(x, np.float32), np.asarray(y, np.float32)


def _masked(face: Face, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """A cloth mask from the bridge of the nose to under the chin, with folds."""
    area = np.zeros((WORK, WORK), np.float32)
    cv2.fillPoly(area, [face.outline(LOWER_FACE)], 1.0, shift=4)
    cover = _soft(cv2.dilate(area, np.ones((5, 5))), 1.2)[..., None]
    rows, columns = np.mgrid[0:WORK, 0:WORK].astype(np.float32)
    x, _ = face.center(1)
    shade = 1.0 - 0.35 * np.clip(np.abs(columns - x) / 110, 0, 1) ** 2 + 0.05 * np.sin(rows / 5)
    return np.asarray(rgb * (1 - cover) + np.array([150, 185, 205]) * shade[..., None] * cover, np.float32)


def _with_glasses(face: Face, rgb: NDArray[np.float32]) -> NDArray[np.float32]:
    """Dark frames, temples, and a faint reflection on each lens."""
    (left_x, left_y), (right_x, right_y) = (face.center(*indices) for indices in EYES)
    drawn = np.clip(rgb, 0, 255).astype(np.uint8)
    shine = drawn.copy()
    for x, y in ((left_x, left_y), (right_x, right_y)):
        middle = (round(x), round(y) + 4)
        cv2.ellipse(
            shine, (middle[0] - 8, middle[1] - 6), (14, 5), -35, 0, 360, (235, 240, 245), -1, cv2.LINE_AA
        )
        cv2.ellipse(shine, middle, (34, 26), 0, 0, 360, (30, 26, 28), 5, cv2.LINE_AA)
    bridge = (round(left_x) + 33, round(left_y) + 1), (round(right_x) - 33, round(right_y) + 1)
    cv2.line(shine, *bridge, (30, 26, 28), 5, cv2.LINE_AA)
    for x, y, side in ((left_x, left_y, -1), (right_x, right_y, 1)):
        start = (round(x) + side * 34, round(y))
        cv2.line(shine, start, (start[0] + side * 34, start[1] - 4), (30, 26, 28), 4, cv2.LINE_AA)
    reflected = cv2.addWeighted(shine, 0.85, drawn, 0.15, 0)
    return np.asarray(reflected, np.float32)
