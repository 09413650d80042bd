"""Clips that vary one thing at a time, each with its truth."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.proctor.person import TONES, Look
from bench.proctor.rooms import HEIGHT, WIDTH
from bench.proctor.scene import Actor, Camera, Clip, Held, Span, Track, Truth, steady
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
    return _clip(name, seed, (leaves(actor, those),), truths, length(those), EventType.NO_FACE, given)


def visit(name: str, seed: int, visitors: tuple[Actor, ...], me: Actor, count: int = 2, **given: Any) -> Clip:
    """Somebody else comes in and goes again."""
    those = spans(count)
    truths = tuple(Truth(EventType.MULTIPLE_FACES, *span) for span in those)
    actors = (*(enters(each, those) for each in visitors), me)
    return _clip(name, seed, actors, truths, length(those), EventType.MULTIPLE_FACES, given)


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
    return _clip(name, seed, (actor,), truths, length(those), EventType.LOOKING_AWAY, given)


def _clip(
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


def _dim(brightness: float) -> tuple[Truth, ...]:
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
                yield replace(clip, truths=(*clip.truths, *_dim(brightness)))


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


def cameras() -> Iterator[Clip]:
    """Noise, blur, light from behind, glasses, masks, places in the picture, three people, empty rooms."""
    variants: list[tuple[str, float, Camera]] = []
    variants += [("noise", sigma, Camera(noise=sigma)) for sigma in (6.0, 10.0, 16.0, 24.0)]
    variants += [("blur", sigma, Camera(blur=steady(sigma))) for sigma in (2.0, 4.0, 6.0, 9.0)]
    variants += [("backlight", share, Camera(backlight=share)) for share in (0.4, 0.7, 0.9)]
    for index, (axis, amount, camera) in enumerate(variants):
        given: dict[str, Any] = {"camera": camera, "axis": axis, "condition": ((axis, amount),)}
        seed = 500 + index
        me, other = candidate(seed, 150, 560), candidate(seed + 50, 100, 1050)
        hidden = (Truth(EventType.POOR_LIGHTING, 0, 10_000, required=False),) if axis == "backlight" else ()
        for clip in (
            absence(f"{axis}-no_face-{amount}", seed, me, **given),
            visit(f"{axis}-multiple_faces-{amount}", seed, (other,), me, **given),
        ):
            yield replace(clip, truths=(*clip.truths, *hidden))
    for wears in ("glasses", "mask"):
        for seed in (560, 561):
            me, other = candidate(seed, 150, **{wears: True}), candidate(seed + 9, 90, 1050, **{wears: True})
            worn: dict[str, Any] = {
                "axis": wears,
                "condition": ((wears, "yes"),),
                "core": wears == "glasses",
            }
            yield absence(f"{wears}-no_face-{seed}", seed, me, **worn)
            yield visit(f"{wears}-multiple_faces-{seed}", seed, (other,), me, **worn)
    for index, (x, y) in enumerate(((110, 150), (1170, 150), (110, 560), (1170, 560), (640, 140))):
        place: dict[str, Any] = {"axis": "position", "condition": (("x", x), ("y", y)), "core": True}
        me = candidate(580 + index, 160, 640)
        other = replace(candidate(590 + index, 90, x), y=steady(y))
        if x != 640:
            yield visit(f"position-multiple_faces-{index}", 580 + index, (other,), me, **place)
        corner = replace(candidate(580 + index, 140, x), y=steady(y))
        yield absence(f"position-no_face-{index}", 580 + index, corner, **place)
    three = (candidate(601, 80, 150), candidate(602, 110, 1060))
    yield visit(
        "three", 600, three, candidate(600, 170), axis="three people", condition=(("people", 3),), core=True
    )
    for index in range(8):
        those = [(LEAD_SECONDS, LEAD_SECONDS + 60)]
        yield Clip(
            f"empty-room-{index}",
            LEAD_SECONDS + 66,
            620 + index,
            (leaves(candidate(620 + index, 160), those),),
            (Truth(EventType.NO_FACE, *those[0]),),
            Camera(brightness=steady((1.0, 0.5, 0.25)[index % 3])),
            room=20 + index,
            tests=EventType.NO_FACE,
            axis="empty room",
            condition=(("room", index),),
            core=True,
        )


def portraits() -> Iterator[Clip]:
    """Faces that are no people: posters, portraits, screens, still and moving; the candidate leaves, too."""
    for index, size in enumerate((40, 60, 90, 140)):
        for moving in (False, True):
            kind = ("still", "moving")[moving]
            frame = (1060 - round(size * 1.2), 60, 1060 + round(size * 1.2), 60 + round(size * 2.4))
            shown = Actor(
                Look.random(700 + index), 700 + index, steady(size), steady(1060), steady(60 + size * 1.15),
                alive=moving, frame=frame,
            )  # fmt: skip
            those = spans(2, 10.0, 20.0)
            me = candidate(710 + index, 170, 480)
            actor = leaves(me, those)
            truths = tuple(Truth(EventType.NO_FACE, *span, required=not moving) for span in those)
            yield Clip(
                f"portrait-{kind}-{size}px",
                length(those),
                710 + index,
                (shown, actor),
                truths,
                room=2 * index,
                tests=EventType.NO_FACE,
                axis=f"{kind} picture of a face",
                condition=(("width_px", size),),
                core=not moving and size >= CORE_WIDTH_PX,
            )


def scenes() -> Iterator[Clip]:
    """Hidden faces, covered and frozen cameras, bad light, a recorded loop."""
    things: tuple[tuple[Held, bool], ...] = (("hands", True), ("hand", True), ("cup", False))
    for index, (held, required) in enumerate(things):
        for width in (110, 200):
            those = spans(2, 8.0)
            me = replace(candidate(800 + index, width), held=tuple((*span, held) for span in those))
            yield Clip(
                f"hidden-{held}-{width}px", length(those), 800 + index, (me,),
                tuple(Truth(EventType.FACE_PARTLY_HIDDEN, *span, required=required) for span in those),
                room=index, tests=EventType.FACE_PARTLY_HIDDEN, axis="hidden",
                condition=(("by", held), ("width_px", width)),
            )  # fmt: skip
    those = spans(2, 8.0)
    for index in range(3):
        me = candidate(820 + index, (110, 170, 240)[index])
        for kind, camera in (
            (EventType.CAMERA_COVERED, Camera(covered=tuple(those))),
            (EventType.CAMERA_FROZEN, Camera(frozen=tuple(those))),
        ):
            yield Clip(
                f"{kind}-{index}", length(those), 820 + index, (me,),
                tuple(Truth(kind, *span) for span in those), camera, index, kind, str(kind),
                (("room", index),),
            )  # fmt: skip
    longer = spans(2, 12.0)
    for index, brightness in enumerate((0.03, 0.06, 0.09, 3.5)):
        camera = Camera(brightness=there_and_back(longer, 1.0, brightness))
        yield Clip(
            f"light-{brightness}", length(longer), 840 + index, (candidate(840 + index),),
            tuple(Truth(EventType.POOR_LIGHTING, *span) for span in longer),
            camera, index, EventType.POOR_LIGHTING, "poor light", (("brightness", brightness),),
        )  # fmt: skip
    for index, seconds in enumerate((6.0, 9.0)):
        yield Clip(
            f"loop-{seconds}", seconds * 6, 850 + index, (candidate(850 + index),),
            (Truth(EventType.VIRTUAL_CAMERA, seconds * 2, seconds * 6),),
            Camera(loop=seconds), index, EventType.VIRTUAL_CAMERA, "loop", (("seconds", seconds),),
        )  # fmt: skip


def every_condition() -> list[Clip]:
    """All clips that are not ordinary behaviour."""
    return [*grid(), *tones(), *angles(), *cameras(), *portraits(), *scenes()]


QUICK = (
    *("no_face-60px-0.25", "no_face-120px-1.0", "no_face-200px-0.5", "no_face-400px-1.0"),
    *("multiple_faces-60px-0.25", "multiple_faces-60px-1.0", "multiple_faces-120px-0.5"),
    *(
        "tone-no_face-5-dark-0.4-1",
        "tone-multiple_faces-0-very_light-0.4-1",
        "tone-multiple_faces-5-dark-0.4-1",
    ),
    *("yaw-20-200px", "yaw-35-110px", "yaw-40-200px", "pitch-35-200px", "portrait-still-90px"),
    *(
        "mask-no_face-560",
        "hidden-hands-200px",
        "camera_covered-1",
        "camera_frozen-1",
        "light-0.06",
        "loop-6.0",
    ),
)
