"""What the detectors say (observations) and what the rules make of it (incidents).

All offsets are milliseconds of the recording the frame belongs to, never wall-clock time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal
from uuid import UUID

Json = str | int | float | bool | None | list["Json"] | dict[str, "Json"]
"""A value that survives a round trip through JSON."""


class Severity(StrEnum):
    """How much a reviewer should care; ordered by `rank`."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Position from 0 (low) to 3 (critical)."""
        return list(Severity).index(self)


class EventType(StrEnum):
    """The incidents that are raised; the values are the domain's.

    The first seven come from the picture, then one from the sound, eight from the browser, one from the
    camera's name and picture; `connection_lost` is raised by the recording, `analysis_degraded` by the
    analysis itself.
    """

    NO_FACE = "no_face"
    MULTIPLE_FACES = "multiple_faces"
    LOOKING_AWAY = "looking_away"
    FACE_PARTLY_HIDDEN = "face_partly_hidden"
    CAMERA_COVERED = "camera_covered"
    CAMERA_FROZEN = "camera_frozen"
    POOR_LIGHTING = "poor_lighting"
    MICROPHONE_MUTED = "microphone_muted"
    TAB_SWITCH = "tab_switch"
    WINDOW_BLUR = "window_blur"
    FULLSCREEN_EXIT = "fullscreen_exit"
    COPY = "copy"
    PASTE = "paste"
    MULTIPLE_DISPLAYS = "multiple_displays"
    SCREEN_SHARE_STOPPED = "screen_share_stopped"
    DEVICE_CHANGED = "device_changed"
    VIRTUAL_CAMERA = "virtual_camera"
    CONNECTION_LOST = "connection_lost"
    ANALYSIS_DEGRADED = "analysis_degraded"


class Phase(StrEnum):
    """What happened to an incident."""

    OPENED = "opened"
    UPDATED = "updated"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in relative units: 0..1 of the frame's width and height, origin top left."""

    x: float
    y: float
    width: float
    height: float

    @property
    def area(self) -> float:
        """Share of the frame covered."""
        return self.width * self.height

    def intersection(self, other: "Box") -> float:
        """Area both boxes share."""
        across = min(self.x + self.width, other.x + other.width) - max(self.x, other.x)
        down = min(self.y + self.height, other.y + other.height) - max(self.y, other.y)
        return max(0.0, across) * max(0.0, down)


@dataclass(frozen=True, slots=True)
class Pose:
    """Where a head is turned, in degrees as the camera sees it, before any calibration.

    `yaw_deg` grows towards the picture's right, `pitch_deg` upwards, `roll_deg` clockwise. `presence` is the
    landmark model's 0..1. `gaze_x`, `gaze_y` say where the irises are between the corners and the lids of the
    eyes, -1..1, 0 in the middle; None when the eyes are too small or too dark to tell.
    """

    yaw_deg: float
    pitch_deg: float
    roll_deg: float
    presence: float
    gaze_x: float | None = None
    gaze_y: float | None = None


@dataclass(frozen=True, slots=True)
class Face:
    """One detected face; `score` is the detector's 0..1, `width_px` counts pixels of the analysed frame.

    `key_points` are relative (x, y): right eye, left eye, nose, mouth, right ear, left ear. `motion` is how
    much the picture inside the box has changed lately, in multiples of what it changes where nothing moves:
    a living face is well above 1 within a second or two, a portrait stays at 1. `hidden` is the share 0..1
    of the face that does not look like this face did before. None where it was not measured.
    """

    box: Box
    score: float
    width_px: int
    key_points: tuple[tuple[float, float], ...] = ()
    pose: Pose | None = None
    motion: float | None = None
    hidden: float | None = None
    brightness: float | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """What was seen in one frame.

    `brightness` is the mean luma 0..1, `contrast` its standard deviation, `sharpness` the variance of the
    luma's Laplacian (None, or 0: not measured), `dark_share` and `bright_share` the shares of the picture
    that are black or burnt out. `still_ms` is for how long nothing in the picture has changed at all,
    `repeats_ms` the length of the loop the picture repeats, if it does. `thorough` says that the whole
    picture was searched for small faces, not only a part of it. `latency_ms` is the time from the frame's
    arrival in the worker to this result.
    """

    stream_id: str
    offset_ms: int
    faces: tuple[Face, ...]
    brightness: float
    detector: str
    model_version: str
    sharpness: float = 0.0
    latency_ms: float = 0.0
    width: int = 0
    height: int = 0
    contrast: float | None = None
    dark_share: float | None = None
    bright_share: float | None = None
    still_ms: int = 0
    repeats_ms: int | None = None
    thorough: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    """What the microphone gave in the last second: the loudest level in dBov (-127 is digital silence).

    `muted` says that the candidate, or somebody else, has switched it off.
    """

    stream_id: str
    offset_ms: int
    level_db: int
    muted: bool


@dataclass(frozen=True, slots=True)
class Noticed:
    """What the candidate's browser reported: a state began or ended, or something happened at one moment.

    `details` are the browser's own words (a device's name, a count of displays), never anything that was
    copied or typed.
    """

    stream_id: str
    offset_ms: int
    event_type: EventType
    step: Literal["began", "ended", "happened"]
    details: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Incident:
    """Something a person should look at: from when to when, and what was measured against which limits.

    `ended_ms` is None while it lasts. `snapshot` is a JPEG taken at `snapshot_offset_ms`.
    """

    incident_id: UUID
    event_type: EventType
    severity: Severity
    started_ms: int
    ended_ms: int | None
    measured: Mapping[str, Json]
    thresholds: Mapping[str, Json]
    detector: str
    model_version: str
    snapshot: bytes | None = field(default=None, repr=False)
    snapshot_offset_ms: int | None = None


@dataclass(frozen=True, slots=True)
class IncidentChange:
    """One step in an incident's life, carrying the incident as it now is."""

    phase: Phase
    incident: Incident
