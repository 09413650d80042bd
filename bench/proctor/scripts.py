"""Clips that vary one thing at a time, each with its truth."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.proctor.look import TONES, Look
from bench.proctor.rooms import HEIGHT, WIDTH
from bench.proctor.scene import Actor, Camera, Clip, Span, Track, Truth, steady
from proctoring.types import EventType

LEAD_SECONDS, AWAY_SECONDS, BACK_SECONDS = 12.0, 7.0, 8.0
MOVE_SECONDS = 0.7
CORE_WIDTH_PX, CORE_BRIGHTNESS = 60, 0.25
"""From here on the issue promises recall."""
CANDIDATE_WIDTHS, SECOND_WIDTHS = (40, 60, 80, 120, 200, 300, 400), (40, 60, 80, 120, 200, 300)
BRIGHTNESSES = (0.05, 0.1, 0.25, 0.5, 1.0, 1.6)
REQUIRED_DEG, TOLERATED_DEG = 35, 25
"""Looking away must be raised from here on, and must not be raised below there."""


def spans(count: int, length: float = AWAY_SECONDS, lead: float = LEAD_SECONDS) -> list[Span]:
    """So many spans with pauses between them that are long enough not to be merged."""
    return [
        (lead + n * (length + BACK_SECONDS), lead + n * (length + BACK_SECONDS) + length)
        for n in range(count)
    ]


def length(those: list[Span]) -> float:
    """How long a clip with these spans is."""
    return those[-1][1] + 5.0


def there_and_back(those: list[Span], normal: float, other: float) -> Track:
    """At `other` during the spans, at `normal` else; the way takes MOVE_SECONDS and belongs to the pauses."""
    track: list[tuple[float, float]] = [(0.0, normal)]
    for begin, end in those:
        track += [(begin - MOVE_SECONDS, normal), (begin, other), (end, other), (end + MOVE_SECONDS, normal)]
    return tuple(track)


def head_y(face_px: float) -> float:
    """A height at which a head of this size is wholly in the picture."""
    return min(max(330.0, face_px * 0.85), HEIGHT - face_px * 0.75)


def candidate(seed: int, face_px: float = 180, x: float = 560, **look: Any) -> Actor:
    """Somebody in front of the camera."""
    return Actor(Look.random(seed, **look), seed, steady(face_px), steady(x), steady(head_y(face_px)))


def leaves(actor: Actor, those: list[Span]) -> Actor:
    """The same, gone during the spans; half of the face is out of the picture when they begin."""
    size, x = actor.face_px[0][1], actor.x[0][1]
    track: list[tuple[float, float]] = [(0.0, x)]
    speed = (WIDTH - x) / MOVE_SECONDS
    for begin, end in those:
        more = 3 * size / speed
        track += [(begin - MOVE_SECONDS, x), (begin + more, WIDTH + 3 * size)]
        track += [(end - more, WIDTH + 3 * size), (end + MOVE_SECONDS, x)]
    return replace(actor, x=tuple(track))


def enters(actor: Actor, those: list[Span]) -> Actor:
    """The same, in the picture during the spans only; the whole face is inside when they begin."""
    x, size = actor.x[0][1], actor.face_px[0][1]
    outside = WIDTH + 3 * size if x > WIDTH / 2 else -3 * size
    return replace(actor, x=there_and_back(those, outside, x))


def absence(name: str, seed: int, actor: Actor, count: int = 2, **given: Any) -> Clip:
    """The candidate leaves and comes back."""
    those = spans(count)
    truths = tuple(Truth(EventType.NO_FACE, *span) for span in those)
    return clip(name, seed, (leaves(actor, those),), truths, length(those), EventType.NO_FACE, given)


def visit(name: str, seed: int, visitors: tuple[Actor, ...], me: Actor, count: int = 2, **given: Any) -> Clip:
    """Somebody else comes in and goes again."""
    those = spans(count)
    truths = tuple(Truth(EventType.MULTIPLE_FACES, *span) for span in those)
    actors = (*(enters(each, those) for each in visitors), me)
    return clip(name, seed, actors, truths, length(those), EventType.MULTIPLE_FACES, given)


def glance(name: str, seed: int, actor: Actor, yaw: float = 0, pitch: float = 0, **given: Any) -> Clip:
    """The head turns one way, then the other, nine seconds each."""
    those = spans(2, 9.0, 14.0)
    degrees = max(abs(yaw), abs(pitch))
    truths = tuple(
        Truth(EventType.LOOKING_AWAY, *span, required=degrees >= REQUIRED_DEG)
        for span in those
        if degrees >= TOLERATED_DEG
    )
    tracks = []
    for angle in (yaw, pitch):
        parts = [there_and_back([span], 0, sign * angle) for span, sign in zip(those, (1, -1), strict=True)]
        tracks.append((*parts[0], *parts[1][1:]))
    actor = replace(actor, yaw=tracks[0], pitch=tracks[1], lively=0.6)
    return clip(name, seed, (actor,), truths, length(those), EventType.LOOKING_AWAY, given)


def clip(
    name: str,
    seed: int,
    actors: tuple[Actor, ...],
    truths: tuple[Truth, ...],
    seconds: float,
    tests: EventType,
    given: dict[str, Any],
) -> Clip:
    clip = Clip(name, seconds, seed, actors, truths, room=seed % 12, tests=tests)
    return replace(clip, **given)


def dim(brightness: float) -> tuple[Truth, ...]:
    """In such light poor_lighting is right, and never missed."""
    dim = brightness < CORE_BRIGHTNESS or brightness > 1.2
    return (Truth(EventType.POOR_LIGHTING, 0, 10_000, required=False),) if dim else ()


def grid() -> Iterator[Clip]:
    """Face width and brightness: the candidate leaves, somebody comes in."""
    seed = 100
    for brightness in BRIGHTNESSES:
        camera = Camera(brightness=steady(brightness))
        for kind, widths in (
            (EventType.NO_FACE, CANDIDATE_WIDTHS),
            (EventType.MULTIPLE_FACES, SECOND_WIDTHS),
        ):
            for width in widths:
                seed += 1
                given: dict[str, Any] = {
                    "camera": camera,
                    "axis": "size and brightness",
                    "condition": (("width_px", width), ("brightness", brightness)),
                    "core": width >= CORE_WIDTH_PX and brightness >= CORE_BRIGHTNESS,
                }
                name = f"{kind}-{width}px-{brightness}"
                if kind is EventType.NO_FACE:
                    clip = absence(name, seed, candidate(seed, width), **given)
                else:
                    other = candidate(seed + 500, width, 1000 if seed % 2 else 150)
                    clip = visit(name, seed, (other,), candidate(seed, 170, 600), **given)
                yield replace(clip, truths=(*clip.truths, *dim(brightness)))


def tones() -> Iterator[Clip]:
    """The same people and places in six skin tones, in good and in weak light."""
    for index, tone in enumerate(TONES):
        for brightness in (1.0, 0.4):
            camera = Camera(brightness=steady(brightness))
            given: dict[str, Any] = {
                "camera": camera,
                "axis": "skin tone",
                "condition": (("tone", tone), ("brightness", brightness)),
                "core": True,
            }
            label = f"{index}-{tone.replace(' ', '_')}-{brightness}"
            for person in (1, 2):
                me = candidate(300 + person, 150, tone=tone, hair=0)
                other = candidate(310 + person, 80, 1030, tone=tone, hair=0)
                yield absence(f"tone-no_face-{label}-{person}", 300 + person, me, **given)
                yield visit(f"tone-multiple_faces-{label}-{person}", 300 + person, (other,), me, **given)
            turned = candidate(305, 170, tone=tone, hair=0, glasses=False)
            yield glance(f"tone-looking_away-{label}", 305, turned, yaw=40, **given)


def angles() -> Iterator[Clip]:
    """Head turns from barely to nearly profile, up and down, near and far."""
    for width in (110, 200):
        for index, yaw in enumerate((15, 20, 25, 30, 35, 40, 45, 50)):
            condition = (("yaw_deg", yaw), ("width_px", width))
            me = candidate(400 + index, width, glasses=index % 3 == 2)
            yield glance(f"yaw-{yaw}-{width}px", 400 + index, me, yaw, axis="yaw", condition=condition)
        for index, pitch in enumerate((15, 25, 35, 40)):
            condition = (("pitch_deg", pitch), ("width_px", width))
            me = candidate(420 + index, width, glasses=False)
            yield glance(
                f"pitch-{pitch}-{width}px", 420 + index, me, 0, pitch, axis="pitch", condition=condition
            )
