"""Several supervised workers that share the streams."""

import asyncio
from collections.abc import Callable
from pathlib import Path

from proctoring.worker.client import Codec, Limits, ObservationMessage, ProctorClient
from proctoring.worker.feed import ProctorStats

STREAMS_PER_WORKER = 16
"""Another worker is started for the next stream, while there may be one more; about half a core of work."""


class ProctorPool:
    """Gives each stream to one of a few workers and keeps it there; offers what one `ProctorClient` does.

    The first worker runs always, further ones from the moment they are needed: one that dies takes only its
    own streams out of sight, until its supervisor has another one ready. All callbacks run on the event loop
    that called `start` and must not block.
    """

    def __init__(
        self,
        models_dir: Path,
        on_observation: Callable[[ObservationMessage], None],
        on_keyframe_needed: Callable[[str], None],
        on_degraded: Callable[[str, int, int, str], None],
        *,
        most_workers: int = 1,
        streams_per_worker: int = STREAMS_PER_WORKER,
        limits: Limits | None = None,
    ) -> None:
        """`on_degraded`: stream id, from_ms, until_ms, reason (worker_restarted | overload | undecodable)."""
        self._clients = [
            ProctorClient(models_dir, on_observation, on_keyframe_needed, on_degraded, limits=limits)
            for _ in range(max(1, most_workers))
        ]
        self._streams_per_worker = streams_per_worker
        self._running = self._clients[:1]
        self._homes: dict[str, ProctorClient] = {}
        self._starting: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Start the first worker; returns at once."""
        await self._running[0].start()

    async def wait_ready(self, timeout_seconds: float = 60.0) -> bool:
        """Wait until every running worker has loaded its models; False when one has not in time."""
        waits = (client.wait_ready(timeout_seconds) for client in self._running)
        return all(await asyncio.gather(*waits))

    async def stop(self) -> None:
        """End all workers; idempotent. Streams still open are forgotten."""
        if self._starting:
            await asyncio.wait(self._starting)
        await asyncio.gather(*(client.stop() for client in self._running))
        self._homes.clear()

    def open_stream(self, stream_id: str, codec: Codec) -> None:
        """Begin analysing a recording, by the worker that has the fewest.

        Raises ValueError when the stream is open already.
        """
        if stream_id in self._homes:
            raise ValueError(f"stream {stream_id} is open already")
        home = min(self._running, key=lambda client: client.streams)
        if home.streams >= self._streams_per_worker and len(self._running) < len(self._clients):
            home = self._one_more()
        self._homes[stream_id] = home
        home.open_stream(stream_id, codec)

    def _one_more(self) -> ProctorClient:
        client = self._clients[len(self._running)]
        self._running = self._clients[: len(self._running) + 1]
        task = asyncio.get_running_loop().create_task(client.start(), name="proctor-pool-start")
        self._starting.add(task)
        task.add_done_callback(self._starting.discard)
        return client

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        """Queue one encoded frame; never blocks and never raises, frames of unknown streams are ignored."""
        home = self._homes.get(stream_id)
        if home is not None:
            home.feed(stream_id, offset_ms, data, keyframe)

    async def drain(self, stream_id: str, timeout_seconds: float = 5.0) -> bool:
        """Wait until everything fed so far is analysed and delivered; False when that took too long."""
        home = self._homes.get(stream_id)
        return home is None or await home.drain(stream_id, timeout_seconds)

    def close_stream(self, stream_id: str) -> None:
        """Forget the stream (drain it first)."""
        home = self._homes.pop(stream_id, None)
        if home is not None:
            home.close_stream(stream_id)

    @property
    def stats(self) -> list[ProctorStats]:
        """How each running worker is doing now."""
        return [client.stats for client in self._running]
