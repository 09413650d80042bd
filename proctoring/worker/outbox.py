"""What one stream has to send to the worker: bounded, never blocking, newest first when it overflows."""

from collections import deque
from dataclasses import dataclass

from proctoring.worker.proto import Drain, Frame

MAX_FRAMES = 150
"""20 s of a base layer at 7.5 fps: outlasts a restart of the worker."""
MAX_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Queued:
    """A message and when it was queued (monotonic seconds)."""

    item: Frame | Drain
    queued: float


class Outbox:
    """Frames in order. Overflow drops the oldest run up to the next keyframe, so what is left can be decoded.

    Without a keyframe to go on from, everything is dropped and frames are refused until one comes.
    """

    def __init__(self, max_frames: int = MAX_FRAMES, max_bytes: int = MAX_BYTES) -> None:
        self._max_frames, self._max_bytes = max_frames, max_bytes
        self._queue: deque[Queued] = deque()
        self._bytes = 0
        self._frames = 0
        self.needs_keyframe = True
        self.dropped = 0

    def __len__(self) -> int:
        """Frames waiting."""
        return self._frames

    def __bool__(self) -> bool:
        """Whether anything waits, drains included."""
        return bool(self._queue)

    def put(self, frame: Frame, now: float) -> bool:
        """Queue a frame; False when it, or something before it, was dropped."""
        if self.needs_keyframe and not frame.keyframe:
            self.dropped += 1
            return False
        lost_before = self.dropped
        self._queue.append(Queued(frame, now))
        self._frames += 1
        self._bytes += len(frame.payload)
        self.needs_keyframe = False
        while self._frames > self._max_frames or self._bytes > self._max_bytes:
            self._drop_run()
        return self.dropped == lost_before

    def put_drain(self, drain: Drain, now: float) -> None:
        """Queue a drain behind what waits now."""
        self._queue.append(Queued(drain, now))

    def pop(self) -> Frame | Drain | None:
        """The oldest message, None when nothing waits."""
        if not self._queue:
            return None
        item = self._queue.popleft().item
        self._forget(item)
        return item

    def take(self, most: int) -> list[Frame | Drain]:
        """So many of the oldest messages."""
        return [item for _ in range(most) if (item := self.pop()) is not None]

    def age_seconds(self, now: float) -> float:
        """How long the oldest message has waited."""
        return now - self._queue[0].queued if self._queue else 0.0

    def drain_tokens(self) -> set[int]:
        """Tokens of the drains waiting here."""
        return {queued.item.token for queued in self._queue if isinstance(queued.item, Drain)}

    def restart(self) -> None:
        """A new worker knows no earlier frame: drop up to the first keyframe waiting, or wait for one."""
        if not self._starts_with_keyframe():
            self._drop_run(keep_leading_keyframe=True)
        if not self._frames:
            self.needs_keyframe = True

    def clear(self) -> None:
        """Drop every frame and wait for a keyframe; drains stay."""
        while self._frames:
            self._drop_run()
        self.needs_keyframe = True

    def _starts_with_keyframe(self) -> bool:
        first = next((queued.item for queued in self._queue if isinstance(queued.item, Frame)), None)
        return first is not None and first.keyframe

    def _drop_run(self, keep_leading_keyframe: bool = False) -> None:
        kept: list[Queued] = []
        may_stop = keep_leading_keyframe
        while self._queue:
            item = self._queue[0].item
            if isinstance(item, Frame) and item.keyframe and may_stop:
                break
            queued = self._queue.popleft()
            if isinstance(item, Drain):
                kept.append(queued)
                continue
            may_stop = True
            self.dropped += 1
            self._forget(item)
        self._queue.extendleft(reversed(kept))
        if not self._frames:
            self.needs_keyframe = True

    def _forget(self, item: Frame | Drain) -> None:
        if isinstance(item, Frame):
            self._frames -= 1
            self._bytes -= len(item.payload)
