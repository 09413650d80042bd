"""The policies Viva brings along: off, gentle, standard and strict.

Where a limit comes from: docs/PROCTORING.md shows what each type reaches under `standard`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from proctoring.rules.policy import Policy, Preset, SeveritySteps, TypePolicy
from proctoring.types import EventType, Severity

Unit = Literal["score", "share", "degrees", "milliseconds", "decibels", "ratio", "variance"]
PRESETS: tuple[Preset, ...] = ("off", "gentle", "standard", "strict")


@dataclass(frozen=True, slots=True)
class Threshold:
    """A limit with its standard value, its unit and the range it may be set in."""

    default: float
    least: float
    most: float
    unit: Unit


THRESHOLDS: Mapping[EventType, Mapping[str, Threshold]] = {
    EventType.NO_FACE: {
        "present_min_score": Threshold(0.55, 0.3, 0.95, "score"),
        "life_min_motion": Threshold(2.2, 1.1, 20, "ratio"),
    },
    EventType.MULTIPLE_FACES: {
        "second_face_min_score": Threshold(0.6, 0.3, 0.95, "score"),
        "second_face_min_width": Threshold(0.03, 0.01, 0.3, "share"),
    },
    EventType.LOOKING_AWAY: {
        "max_yaw_deg": Threshold(30, 20, 80, "degrees"),
        "max_pitch_deg": Threshold(25, 15, 80, "degrees"),
        "min_pose_presence": Threshold(0.5, 0, 1, "score"),
    },
    EventType.FACE_PARTLY_HIDDEN: {
        "max_hidden_share": Threshold(0.35, 0.1, 0.9, "share"),
        "weak_min_score": Threshold(0.4, 0.1, 0.9, "score"),
    },
    EventType.CAMERA_COVERED: {
        "covered_max_contrast": Threshold(0.03, 0, 0.2, "share"),
        "covered_min_dark_share": Threshold(0.97, 0.5, 1, "share"),
        "covered_max_sharpness": Threshold(2.0, 0, 100, "variance"),
    },
    EventType.CAMERA_FROZEN: {"min_still_ms": Threshold(1000, 500, 60_000, "milliseconds")},
    EventType.POOR_LIGHTING: {
        "min_brightness": Threshold(0.1, 0, 0.5, "share"),
        "min_face_brightness": Threshold(0.1, 0, 0.5, "share"),
        "max_bright_share": Threshold(0.5, 0.1, 1, "share"),
        "unreadable_max_brightness": Threshold(0.075, 0, 0.3, "share"),
        "unreadable_min_bright_share": Threshold(0.85, 0.3, 1, "share"),
    },
    EventType.MICROPHONE_MUTED: {"silent_max_db": Threshold(-127, -127, -60, "decibels")},
    EventType.VIRTUAL_CAMERA: {"min_loop_ms": Threshold(5000, 3000, 600_000, "milliseconds")},
}

_LOW: SeveritySteps = ((0, Severity.LOW),)
_MEDIUM: SeveritySteps = ((0, Severity.MEDIUM),)


def _rising(*steps: tuple[int, Severity]) -> SeveritySteps:
    return ((0, Severity.LOW), *steps)


def _type(
    kind: EventType,
    times_ms: tuple[int, int, int],
    severities: SeveritySteps,
    points: tuple[float, float, float, float] = (0, 0, 0, 0),
    most_points: float = 0,
    *,
    repeats: tuple[tuple[int, int], ...] = (),
) -> tuple[EventType, TypePolicy]:
    limits = {name: limit.default for name, limit in THRESHOLDS.get(kind, {}).items()}
    weights = dict(zip(Severity, points, strict=True))
    return kind, TypePolicy(True, *times_ms, severities, repeats, limits, weights, most_points)


STANDARD: Mapping[EventType, TypePolicy] = dict(
    [
        # type, (dwell, end after, merge gap), severities, points per severity, most points
        _type(
            EventType.NO_FACE,
            (3000, 1500, 3000),
            ((0, Severity.MEDIUM), (10_000, Severity.HIGH), (60_000, Severity.CRITICAL)),
            (2, 4, 8, 15),
            40,
            repeats=((4, 1),),
        ),
        _type(
            EventType.MULTIPLE_FACES,
            (2000, 1500, 3000),
            ((0, Severity.HIGH), (10_000, Severity.CRITICAL)),
            (4, 8, 12, 20),
            50,
        ),
        _type(
            EventType.LOOKING_AWAY,
            (5000, 1500, 3000),
            _rising((30_000, Severity.MEDIUM)),
            (1, 2, 4, 6),
            10,
            repeats=((6, 1),),
        ),
        _type(
            EventType.FACE_PARTLY_HIDDEN,
            (3000, 1500, 3000),
            _rising((20_000, Severity.MEDIUM)),
            (1, 2, 4, 6),
            10,
        ),
        _type(
            EventType.CAMERA_COVERED,
            (2000, 1500, 3000),
            ((0, Severity.MEDIUM), (10_000, Severity.HIGH)),
            (2, 5, 10, 15),
            30,
            repeats=((3, 1),),
        ),
        _type(
            EventType.CAMERA_FROZEN,
            (4000, 1500, 3000),
            ((0, Severity.MEDIUM), (30_000, Severity.HIGH)),
            (2, 4, 8, 12),
            25,
        ),
        _type(
            EventType.POOR_LIGHTING, (5000, 3000, 10_000), _rising((60_000, Severity.MEDIUM)), (0, 1, 2, 2), 4
        ),
        _type(
            EventType.MICROPHONE_MUTED,
            (10_000, 1500, 5000),
            _rising((30_000, Severity.MEDIUM)),
            (1, 2, 3, 4),
            8,
        ),
        _type(
            EventType.TAB_SWITCH,
            (1000, 0, 3000),
            ((0, Severity.MEDIUM), (15_000, Severity.HIGH)),
            (2, 4, 8, 12),
            25,
            repeats=((4, 1),),
        ),
        _type(
            EventType.WINDOW_BLUR,
            (2000, 0, 3000),
            _rising((15_000, Severity.MEDIUM)),
            (1, 2, 4, 6),
            12,
            repeats=((6, 1),),
        ),
        _type(
            EventType.FULLSCREEN_EXIT, (1000, 0, 3000), _rising((30_000, Severity.MEDIUM)), (1, 2, 4, 6), 12
        ),
        _type(EventType.COPY, (0, 0, 3000), _LOW, (2, 3, 5, 8), 12, repeats=((3, 1),)),
        _type(EventType.PASTE, (0, 0, 3000), _MEDIUM, (3, 5, 8, 12), 25, repeats=((3, 1),)),
        _type(EventType.MULTIPLE_DISPLAYS, (0, 0, 5000), _MEDIUM, (3, 5, 8, 10), 10),
        _type(
            EventType.SCREEN_SHARE_STOPPED,
            (0, 0, 3000),
            ((0, Severity.MEDIUM), (30_000, Severity.HIGH)),
            (3, 6, 10, 15),
            25,
        ),
        _type(EventType.DEVICE_CHANGED, (0, 0, 3000), _LOW, (1, 2, 3, 5), 6, repeats=((4, 1),)),
        _type(EventType.VIRTUAL_CAMERA, (3000, 3000, 10_000), ((0, Severity.HIGH),), (5, 10, 20, 30), 40),
        # Neither is the candidate's doing, so neither weighs anything.
        _type(EventType.CONNECTION_LOST, (0, 0, 0), _rising((10_000, Severity.MEDIUM))),
        _type(EventType.ANALYSIS_DEGRADED, (0, 0, 0), _rising((10_000, Severity.MEDIUM))),
    ]
)

# What a gentle policy leaves alone: each is common in an honest interview.
_HARMLESS = frozenset(
    {EventType.WINDOW_BLUR, EventType.COPY, EventType.MULTIPLE_DISPLAYS, EventType.DEVICE_CHANGED}
)
_MEASURES = frozenset({EventType.CONNECTION_LOST, EventType.ANALYSIS_DEGRADED})


def _gentle(kind: EventType, standard: TypePolicy) -> TypePolicy:
    return replace(
        standard,
        enabled=kind not in _HARMLESS,
        dwell_ms=round(standard.dwell_ms * 1.5),
        repeats=(),
        points={severity: points / 2 for severity, points in standard.points.items()},
        most_points=standard.most_points / 2,
    )


def _strict(kind: EventType, standard: TypePolicy) -> TypePolicy:
    if kind in _MEASURES:
        return standard
    return replace(
        standard,
        dwell_ms=round(standard.dwell_ms * 2 / 3),
        repeats=((3, 1), (6, 2)),
        points={severity: points * 1.5 for severity, points in standard.points.items()},
        most_points=standard.most_points * 1.5,
    )


def _off(_kind: EventType, standard: TypePolicy) -> TypePolicy:
    return replace(standard, enabled=False)


def _unchanged(_kind: EventType, standard: TypePolicy) -> TypePolicy:
    return standard


_CHANGES: Mapping[Preset, Callable[[EventType, TypePolicy], TypePolicy]] = {
    "off": _off,
    "gentle": _gentle,
    "standard": _unchanged,
    "strict": _strict,
}


def preset(name: Preset) -> Policy:
    """The policy of this name as it is today; raises KeyError for `custom`, which has no numbers."""
    change = _CHANGES[name]
    types = {kind: change(kind, each) for kind, each in STANDARD.items()}
    return Policy(version=name, preset=name, types=types)
