"""Clips of cameras, portraits and rooms, beside the grid of sizes and light."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from bench.proctor.look import Look
from bench.proctor.scene import Actor, Camera, Clip, Held, Truth, steady
from bench.proctor.scripts import (
    CORE_WIDTH_PX,
    LEAD_SECONDS,
    absence,
    candidate,
    leaves,
    length,
    spans,
    there_and_back,
    visit,
)
from proctoring.types import EventType


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
