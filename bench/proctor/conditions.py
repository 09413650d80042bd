"""Every clip of the bench that is not ordinary behaviour, and the few that a quick run takes."""

from bench.proctor.scene import Clip
from bench.proctor.scripts import angles, grid, tones
from bench.proctor.situations import cameras, portraits, scenes


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
