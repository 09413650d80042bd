"""What the supervisor keeps of each stream, and what it tells of the worker."""

import asyncio
from dataclasses import dataclass, field

from proctoring.worker.coverage import Coverage
from proctoring.worker.outbox import Outbox
from proctoring.worker.proto import (
    Codec,
)

KEYFRAME_REQUEST_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class ProctorStats:
    """A reading of the worker's health; counters start with the client, not with the worker process.

    `lag_ms`: how long the oldest waiting frame has waited, on either side of the pipe. `dropped_frames` never
    reached a decoder, `skipped_detections` were decoded only. `shut_out`: streams that were in hands at two
    deaths.
    """

    ready: bool
    pid: int | None
    restarts: int
    streams: int
    queued_frames: int
    dropped_frames: int
    skipped_detections: int
    observations: int
    lag_ms: int
    rss_bytes: int
    shut_out: int


@dataclass(slots=True)
class Stream:
    codec: Codec
    outbox: Outbox = field(default_factory=Outbox)
    coverage: Coverage = field(default_factory=Coverage)
    drains: dict[int, asyncio.Future[bool]] = field(default_factory=dict)
    keyframe_asked: float = float("-inf")
    deaths: int = 0
    shut_out_until: float = float("-inf")


def resolve(stream: Stream, result: bool) -> None:
    for done in stream.drains.values():
        if not done.done():
            done.set_result(result)
