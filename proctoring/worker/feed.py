"""What the supervisor keeps of each stream, and what it tells of the worker."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field

import structlog

from proctoring.worker.coverage import RESTARTED, Coverage
from proctoring.worker.outbox import Outbox
from proctoring.worker.proto import Codec, Drain

log = structlog.get_logger(__name__)

DEATHS_ALLOWED = 2
SHUT_OUT_SECONDS = 30.0


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
    """A recording under analysis: what waits for the worker, what was looked at, and who waits for that."""

    codec: Codec
    outbox: Outbox = field(default_factory=Outbox)
    coverage: Coverage = field(default_factory=Coverage)
    drains: dict[int, asyncio.Future[bool]] = field(default_factory=dict)
    keyframe_asked: float = float("-inf")
    deaths: int = 0
    shut_out_until: float = float("-inf")

    def died(self, now: float) -> bool:
        """It was in hands when a worker died; whether it is shut out for a while now, to spare the others."""
        self.deaths += 1
        if self.deaths < DEATHS_ALLOWED:
            return False
        self.shut_out_until = now + SHUT_OUT_SECONDS * 2 ** (self.deaths - DEATHS_ALLOWED)
        self.outbox.clear()
        return True

    def restart(self, stream_id: str, now: float) -> None:
        """The worker is gone with the frames it had; drains it had not answered are asked again."""
        self.coverage.note(RESTARTED)
        self.outbox.restart()
        waiting = self.outbox.drain_tokens()
        for token in self.drains:
            if token not in waiting:
                self.outbox.put_drain(Drain(stream_id, token), now)

    def forget_drains(self) -> None:
        """Nobody will answer any more."""
        for done in self.drains.values():
            if not done.done():
                done.set_result(False)


def call(callback: Callable[..., None], *arguments: object) -> None:
    """Tell the owner; what it raises is logged and stops nothing."""
    try:
        callback(*arguments)
    except Exception:
        log.exception("proctor_callback_failed", callback=getattr(callback, "__qualname__", str(callback)))


async def until_one_fails(*jobs: Coroutine[None, None, None]) -> None:
    """Run all; when one ends, cancel the others and raise what it raised."""
    tasks = [asyncio.create_task(job) for job in jobs]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, Exception):
            raise result
