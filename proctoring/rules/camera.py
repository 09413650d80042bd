"""virtual_camera: what a camera calls itself, and what its picture gives away, as incidents of one type."""

from proctoring.rules.dwell import DwellRule
from proctoring.rules.history import History
from proctoring.rules.labels import is_virtual_camera
from proctoring.rules.policy import Policy
from proctoring.rules.scene import Scene
from proctoring.rules.spans import SpanRule
from proctoring.rules.visibility import LoopSignal
from proctoring.types import EventType, IncidentChange, Json, Noticed, Phase


def label_of(noticed: Noticed) -> str | None:
    """The camera's name in a browser's report, None if it names none or another kind of device."""
    label, kind = noticed.details.get("label"), noticed.details.get("kind")
    return label if isinstance(label, str) and kind in {None, "videoinput", "camera"} else None


class VirtualCameraRule:
    """Raised by a known name, which happens at a moment, or by a picture that repeats, which lasts."""

    def __init__(self, policy: Policy, history: History) -> None:
        self._signal = LoopSignal(policy)
        self._loop = DwellRule(self._signal, policy, history)
        self._label = SpanRule(EventType.VIRTUAL_CAMERA, policy, history)

    def observe(self, scene: Scene, snapshot: bytes | None) -> list[IncidentChange]:
        """Judge the picture; what the name has opened is closed first."""
        changes = self._loop.take(self._signal.read(scene, snapshot))
        if any(change.phase is Phase.OPENED for change in changes):
            changes = self._label.close() + changes
        return changes

    def notice(self, noticed: Noticed) -> list[IncidentChange]:
        """Judge a name; while a repeating picture is open already, it says nothing more."""
        label = label_of(noticed)
        if label is None or not is_virtual_camera(label) or self._loop.ledger.open is not None:
            return []
        self._label.ledger.floor_ms = max(self._label.ledger.floor_ms, self._loop.ledger.floor_ms)
        details: dict[str, Json] = {"label": label}
        found = Noticed(noticed.stream_id, noticed.offset_ms, EventType.VIRTUAL_CAMERA, "happened", details)
        changes = self._label.notice(found)
        self._loop.ledger.floor_ms = max(
            self._loop.ledger.floor_ms, self._label.ended_ms or self._label.ledger.floor_ms
        )
        return changes

    def advance(self, now_ms: int) -> list[IncidentChange]:
        """Tell the time."""
        return self._loop.advance(now_ms) + self._label.advance(now_ms)

    def finish(self, at_ms: int) -> list[IncidentChange]:
        """The recording ended."""
        return self._loop.finish(at_ms) + self._label.finish(at_ms)
