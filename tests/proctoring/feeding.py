"""Feeding a worker, and what it told."""

import asyncio
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from proctoring.pipeline import Pipeline
from proctoring.types import EventType, IncidentChange, Phase
from proctoring.worker.client import ObservationMessage, ProctorClient
from tests.proctoring.video import Encoded, clip

STREAM = "video-1"


@dataclass
class Recorder:
    """Everything the client told, and the rules as the server runs them."""

    observations: list[ObservationMessage] = field(default_factory=list)
    arrived: list[float] = field(default_factory=list)
    keyframes: list[str] = field(default_factory=list)
    degraded: list[tuple[str, int, int, str]] = field(default_factory=list)
    changes: list[IncidentChange] = field(default_factory=list)
    pipeline: Pipeline = field(default_factory=Pipeline)

    def on_observation(self, message: ObservationMessage) -> None:
        self.observations.append(message)
        self.arrived.append(time.monotonic())
        if message.observation.stream_id == STREAM:
            self.changes += self.pipeline.observe(message.observation, message.snapshot)

    def on_degraded(self, stream_id: str, from_ms: int, until_ms: int, reason: str) -> None:
        self.degraded.append((stream_id, from_ms, until_ms, reason))
        self.changes += self.pipeline.degraded(from_ms, until_ms, reason)

    def counts(self) -> list[int]:
        """Faces of each observation that the default policy counts."""
        return [sum(face.score >= 0.6 for face in message.observation.faces) for message in self.observations]

    def closed(self, event_type: EventType) -> list[tuple[int, int | None]]:
        return [
            (change.incident.started_ms, change.incident.ended_ms)
            for change in self.changes
            if change.phase is Phase.CLOSED and change.incident.event_type is event_type
        ]


def feed_all(client: ProctorClient, encoded: Iterable[Encoded], stream_id: str = STREAM) -> None:
    for each in encoded:
        client.feed(stream_id, each.offset_ms, each.data, each.keyframe)


def shifted(encoded: Iterable[Encoded], by_ms: int) -> list[Encoded]:
    return [replace(each, offset_ms=each.offset_ms + by_ms) for each in encoded]


async def until(condition: Callable[[], bool], seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.01)


async def play(client: ProctorClient, encoded: Iterable[Encoded]) -> None:
    """Feed a second of film, wait until it was looked at, feed the next: no machine is too slow for that."""
    second = None
    for each in encoded:
        if second is not None and each.offset_ms // 1000 != second:
            assert await client.drain(STREAM, 30.0)
        second = each.offset_ms // 1000
        client.feed(STREAM, each.offset_ms, each.data, each.keyframe)


async def play_live(client: ProctorClient, told: Recorder, counts: str, began: float, start_ms: int) -> None:
    """Feed in real time like a browser: deltas, and a keyframe soon after one is asked for."""
    encoded = clip(counts)
    answered, position = 0, 1
    while True:
        if len(told.keyframes) > answered:
            answered, position = len(told.keyframes), 0
        each = encoded[position % len(encoded)] if position else encoded[0]
        position += 1
        if position >= len(encoded):
            position = 1
        client.feed(STREAM, start_ms + int((time.monotonic() - began) * 1000), each.data, each.keyframe)
        await asyncio.sleep(0.133)
