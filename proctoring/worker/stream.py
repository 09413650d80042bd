"""One stream inside the worker: what waits, what is decoded, what is worth a look."""

import time
from collections import deque
from dataclasses import dataclass, field

from proctoring.detectors.base import Detector
from proctoring.detectors.picture import Picture
from proctoring.detectors.sight import Seen, Sight
from proctoring.types import Observation
from proctoring.worker.decoder import DecodeError, FrameDecoder, to_picture
from proctoring.worker.pace import Pace
from proctoring.worker.proto import (
    Codec,
    Drain,
    Drained,
    Frame,
    Message,
    NeedKeyframe,
    ObservationMessage,
    Skipped,
)

DROP_FRAMES_LAG_SECONDS = 3.0
MAX_WAITING_FRAMES = 600
MAX_WAITING_BYTES = 16 * 1024 * 1024
KEYFRAME_REQUEST_SECONDS = 1.0
SNAPSHOT_EVERY_MS, SAME_SNAPSHOT_EVERY_MS, NEWS_MS = 900, 5_900, 5_000
"""A snapshot at most so often for so long after something changed, and then as long as all stays the same."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message and when it arrived (monotonic seconds)."""

    item: Frame | Drain
    arrived: float


@dataclass(slots=True)
class Losses:
    """What was left out since it was last told."""

    frames: dict[str, int] = field(default_factory=dict)
    detections: dict[str, int] = field(default_factory=dict)

    def report(self, stream_id: str) -> list[Message]:
        """One Skipped per reason, and start counting anew."""
        reasons = sorted({*self.frames, *self.detections})
        told: list[Message] = [
            Skipped(stream_id, reason, self.frames.get(reason, 0), self.detections.get(reason, 0))
            for reason in reasons
        ]
        self.frames.clear()
        self.detections.clear()
        return told


class StreamAnalyser:
    """Takes frames in order and gives messages back, one frame per `step`.

    Newest first when behind: from 1 s of lag on it looks less often, after 3 s it drops frames up to
    the next keyframe.
    """

    def __init__(self, stream_id: str, codec: Codec, detector: Detector) -> None:
        self._stream_id = stream_id
        self._decoder = FrameDecoder(codec)
        self._detector = detector
        self._waiting: deque[Waiting] = deque()
        self._waiting_bytes = 0
        self._needs_keyframe = True
        self._keyframe_asked = float("-inf")
        self._sight = Sight(detector)
        self._pace = Pace()
        self._snapshot_ms: int | None = None
        self._changed_ms = 0
        self._losses = Losses()

    @property
    def waiting_frames(self) -> int:
        """How many messages wait."""
        return len(self._waiting)

    def lag_seconds(self, now: float) -> float:
        """How long the oldest waiting frame has waited."""
        return now - self._waiting[0].arrived if self._waiting else 0.0

    def add(self, item: Frame | Drain, now: float) -> None:
        """Queue a message; over the limits the oldest run up to the next keyframe is dropped."""
        self._waiting.append(Waiting(item, now))
        self._waiting_bytes += len(item.payload) if isinstance(item, Frame) else 0
        if len(self._waiting) > MAX_WAITING_FRAMES or self._waiting_bytes > MAX_WAITING_BYTES:
            self._drop_run()

    def step(self, now: float) -> list[Message]:
        """Work off the oldest waiting message."""
        if self.lag_seconds(now) > DROP_FRAMES_LAG_SECONDS:
            self._drop_run()
        if not self._waiting:
            return self._ask_keyframe(now) if self._needs_keyframe else []
        waiting = self._waiting.popleft()
        if isinstance(waiting.item, Drain):
            return [*self._losses.report(self._stream_id), Drained(self._stream_id, waiting.item.token)]
        self._waiting_bytes -= len(waiting.item.payload)
        return self._frame(waiting.item, waiting.arrived, now)

    def _frame(self, frame: Frame, arrived: float, now: float) -> list[Message]:
        if self._needs_keyframe and not frame.keyframe:
            self._lose_frame("undecodable")
            return self._ask_keyframe(now)
        try:
            decoded = self._decoder.decode(frame.payload)
        except DecodeError:
            self._lose_frame("undecodable")
            return self._ask_keyframe(now)
        self._needs_keyframe = False
        if decoded is None:
            return []
        try:
            return self._watch(to_picture(decoded), frame, arrived, now - arrived)
        except (RuntimeError, ValueError):
            self._lose_detection("undecodable")
            return []

    def _watch(self, picture: Picture, frame: Frame, arrived: float, lag_seconds: float) -> list[Message]:
        offset_ms = frame.offset_ms
        stirred = self._sight.glance(picture, offset_ms, frame.keyframe)
        due = self._pace.due(offset_ms, stirred, lag_seconds)
        if due == "overload":
            self._lose_detection(due)
        if due != "look":
            return []
        seen = self._sight.look(picture, offset_ms)
        self._pace.looked(offset_ms, seen.changed)
        if seen.changed:
            self._changed_ms = offset_ms
        return [*self._losses.report(self._stream_id), self._message(offset_ms, seen, picture, arrived)]

    def _message(self, offset_ms: int, seen: Seen, picture: Picture, arrived: float) -> ObservationMessage:
        snapshot = picture.jpeg() if seen.doubtful and self._snapshot_due(offset_ms) else None
        observation = Observation(
            stream_id=self._stream_id,
            offset_ms=offset_ms,
            faces=seen.faces,
            brightness=seen.scene.brightness,
            sharpness=seen.scene.sharpness,
            detector=self._detector.name,
            model_version=self._detector.model_version,
            latency_ms=round((time.monotonic() - arrived) * 1000, 2),
            width=picture.width,
            height=picture.height,
            contrast=seen.scene.contrast,
            dark_share=seen.scene.dark_share,
            bright_share=seen.scene.bright_share,
            still_ms=seen.still_ms,
            repeats_ms=seen.repeats_ms,
            thorough=seen.thorough,
        )
        return ObservationMessage(observation, snapshot)

    def _snapshot_due(self, offset_ms: int) -> bool:
        news = 0 <= offset_ms - self._changed_ms <= NEWS_MS
        every_ms = SNAPSHOT_EVERY_MS if news else SAME_SNAPSHOT_EVERY_MS
        if self._snapshot_ms is not None and 0 <= offset_ms - self._snapshot_ms < every_ms:
            return False
        self._snapshot_ms = offset_ms
        return True

    def _drop_run(self) -> None:
        """Drop frames up to the next waiting keyframe, or all; drains keep their place in the order."""
        kept: list[Waiting] = []
        first = True
        while self._waiting:
            item = self._waiting[0].item
            if isinstance(item, Frame) and item.keyframe and not first:
                break
            waiting = self._waiting.popleft()
            if isinstance(item, Drain):
                kept.append(waiting)
                continue
            first = False
            self._waiting_bytes -= len(item.payload)
            self._lose_frame("overload")
        self._needs_keyframe = True
        self._waiting.extendleft(reversed(kept))

    def _lose_frame(self, reason: str) -> None:
        self._losses.frames[reason] = self._losses.frames.get(reason, 0) + 1

    def _lose_detection(self, reason: str) -> None:
        self._losses.detections[reason] = self._losses.detections.get(reason, 0) + 1

    def _ask_keyframe(self, now: float) -> list[Message]:
        if now - self._keyframe_asked < KEYFRAME_REQUEST_SECONDS:
            return []
        self._keyframe_asked = now
        return [NeedKeyframe(self._stream_id)]
