"""What was seen, heard and noticed of one stream in, incident changes out."""

from collections.abc import Sequence
from typing import Protocol

from proctoring.rules.attention import FacePartlyHiddenSignal, LookingAwaySignal
from proctoring.rules.camera import VirtualCameraRule
from proctoring.rules.degraded import DegradedRule
from proctoring.rules.dwell import DwellRule
from proctoring.rules.history import History
from proctoring.rules.policy import Policy
from proctoring.rules.presence import MultipleFacesSignal, NoFaceSignal
from proctoring.rules.scene import Stage
from proctoring.rules.signal import PictureSignal
from proctoring.rules.sound import MicrophoneSignal
from proctoring.rules.spans import SpanRule
from proctoring.rules.visibility import CameraCoveredSignal, CameraFrozenSignal, PoorLightingSignal
from proctoring.types import EventType, Heard, IncidentChange, Noticed, Observation

BROWSER_TYPES = (
    EventType.TAB_SWITCH,
    EventType.WINDOW_BLUR,
    EventType.FULLSCREEN_EXIT,
    EventType.COPY,
    EventType.PASTE,
    EventType.MULTIPLE_DISPLAYS,
    EventType.SCREEN_SHARE_STOPPED,
    EventType.DEVICE_CHANGED,
)


class _Rule(Protocol):
    def advance(self, now_ms: int) -> list[IncidentChange]: ...

    def finish(self, at_ms: int) -> list[IncidentChange]: ...


class Pipeline:
    """The rules of one recording; pure, fed with offsets, safe to keep in the server process.

    Every incident goes opened, updated (at most once per `update_every_ms`), closed, under one `incident_id`;
    those of one type never overlap. What the policy has switched off is not raised. `history` carries what
    one recording of a session leaves for the next.
    """

    def __init__(self, policy: Policy | None = None, history: History | None = None) -> None:
        policy, history = policy or Policy(), history or History()
        enabled = frozenset(policy.event_types)
        signals: Sequence[PictureSignal] = (
            NoFaceSignal(policy),
            MultipleFacesSignal(policy),
            LookingAwaySignal(policy, history),
            FacePartlyHiddenSignal(policy),
            CameraCoveredSignal(policy),
            CameraFrozenSignal(policy),
            PoorLightingSignal(policy),
        )
        self._pictures = [
            (signal, DwellRule(signal, policy, history)) for signal in signals if signal.event_type in enabled
        ]
        self._microphone = MicrophoneSignal(policy)
        self._sounds = [
            DwellRule(self._microphone, policy, history)
            for kind in (EventType.MICROPHONE_MUTED,)
            if kind in enabled
        ]
        self._browser = {kind: SpanRule(kind, policy, history) for kind in BROWSER_TYPES if kind in enabled}
        self._cameras = [VirtualCameraRule(policy, history)] if EventType.VIRTUAL_CAMERA in enabled else []
        self._degraded = [DegradedRule(policy, history)] if EventType.ANALYSIS_DEGRADED in enabled else []
        self._stage = Stage(policy)
        self._seen_ms: int | None = None
        self._finished = False

    def observe(self, observation: Observation, snapshot: bytes | None = None) -> list[IncidentChange]:
        """Take in one observation (older ones are ignored) and the JPEG of its frame, if there is one."""
        late = self._seen_ms is not None and observation.offset_ms <= self._seen_ms
        if self._finished or late:
            return []
        self._seen_ms = observation.offset_ms
        scene = self._stage.scene(observation)
        changes = self._tell_browser(observation.offset_ms)
        for signal, rule in self._pictures:
            reading = signal.read(scene, snapshot)
            changes += rule.advance(observation.offset_ms) if reading is None else rule.take(reading)
        for camera in self._cameras:
            changes += camera.observe(scene, snapshot)
        return changes

    def hear(self, heard: Heard) -> list[IncidentChange]:
        """Take in what the microphone gave in the last second; older ones are ignored."""
        if self._finished:
            return []
        changes = self._tell_browser(heard.offset_ms)
        return changes + [
            change for rule in self._sounds for change in rule.take(self._microphone.read(heard))
        ]

    def notice(self, noticed: Noticed) -> list[IncidentChange]:
        """Take in what the browser reported; late reports count from where they belong.

        A camera's name (`details["label"]`, kind `videoinput` where a kind is given) is compared with the
        known virtual ones, whatever the report's type.
        """
        if self._finished:
            return []
        rule = self._browser.get(noticed.event_type)
        changes = rule.notice(noticed) if rule is not None else []
        return changes + [change for camera in self._cameras for change in camera.notice(noticed)]

    def degraded(self, from_ms: int, until_ms: int, reason: str) -> list[IncidentChange]:
        """Record a span that was not analysed as an `analysis_degraded` incident."""
        if self._finished:
            return []
        return [change for rule in self._degraded for change in rule.span(from_ms, until_ms, reason)]

    def advance(self, now_ms: int) -> list[IncidentChange]:
        """Tell the time when no observations come: closes what nothing has confirmed for too long."""
        if self._finished:
            return []
        changes = self._tell_browser(now_ms)
        rules: list[_Rule] = [*(rule for _, rule in self._pictures), *self._sounds, *self._cameras]
        return changes + [change for rule in rules for change in rule.advance(now_ms)]

    def finish(self, at_ms: int) -> list[IncidentChange]:
        """The recording ended: close whatever is open, never later than `at_ms`; nothing counts after it."""
        if self._finished:
            return []
        self._finished = True
        rules: list[_Rule] = [
            *(rule for _, rule in self._pictures),
            *self._sounds,
            *self._browser.values(),
            *self._cameras,
        ]
        return [change for rule in rules for change in rule.finish(at_ms)]

    def _tell_browser(self, now_ms: int) -> list[IncidentChange]:
        return [change for rule in self._browser.values() for change in rule.advance(now_ms)]
