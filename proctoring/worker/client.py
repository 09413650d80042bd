"""The server's side of the proctoring worker."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import structlog

from proctoring.worker import proto
from proctoring.worker.coverage import OVERLOAD
from proctoring.worker.feed import ProctorStats, Stream, call, until_one_fails
from proctoring.worker.process import Limits, WorkerDied, WorkerProcess
from proctoring.worker.proto import Codec, Message, ObservationMessage

__all__ = ["Codec", "Limits", "ObservationMessage", "ProctorClient", "ProctorStats"]

log = structlog.get_logger(__name__)

GATHER_SECONDS, FRAMES_A_TURN = 0.4, 4
"""So long frames are gathered, and so many of a stream sent in a row: decoding finds its memory warm."""
KEYFRAME_REQUEST_SECONDS = 1.0
BACKOFF_SECONDS = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0)
STABLE_SECONDS = 30.0
"""A worker that lived this long is restarted at once when it dies."""


class ProctorClient:
    """Feeds encoded frames to a supervised worker process and hands its observations back.

    All callbacks run on the event loop that called `start` and must not block; one that raises is logged.
    """

    def __init__(
        self,
        models_dir: Path,
        on_observation: Callable[[ObservationMessage], None],
        on_keyframe_needed: Callable[[str], None],
        on_degraded: Callable[[str, int, int, str], None],
        limits: Limits | None = None,
    ) -> None:
        """`on_degraded`: stream id, from_ms, until_ms, reason (worker_restarted | overload | undecodable)."""
        self._models_dir = models_dir
        self._on_observation = on_observation
        self._on_keyframe_needed = on_keyframe_needed
        self._on_degraded = on_degraded
        self._limits = limits or Limits()
        self._streams: dict[str, Stream] = {}
        self._control: list[Message] = []
        self._work = asyncio.Event()
        self._ready = asyncio.Event()
        self._worker: WorkerProcess | None = None
        self._supervisor: asyncio.Task[None] | None = None
        self._last_token = 0
        self._restarts = self._observations = self._skipped = self._dropped = 0

    async def start(self) -> None:
        """Start supervising; returns at once, the worker announces itself through `stats.ready`."""
        if self._supervisor is None:
            self._supervisor = asyncio.create_task(self._supervise(), name="proctor-supervisor")

    async def wait_ready(self, timeout_seconds: float = 60.0) -> bool:
        """Wait until the worker has loaded its models; False when it has not in time."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_seconds):
                await self._ready.wait()
        return self._ready.is_set()

    async def stop(self) -> None:
        """End the worker and everything that waits for it; idempotent. Streams still open are forgotten."""
        if self._supervisor is not None:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
            self._supervisor = None
        for stream in self._streams.values():
            stream.forget_drains()
        self._streams.clear()

    def open_stream(self, stream_id: str, codec: Codec) -> None:
        """Begin analysing a recording. The first frame must be a keyframe; until one comes it is asked for.

        Raises ValueError when the stream is open already.
        """
        if stream_id in self._streams:
            raise ValueError(f"stream {stream_id} is open already")
        self._streams[stream_id] = Stream(codec)
        self._tell(proto.OpenStream(stream_id, codec))

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        """Queue one encoded frame (a VP8 frame, or an H.264 access unit in Annex B form).

        Never blocks and never raises: frames of an unknown stream are ignored, and on overload the oldest
        run up to the next keyframe is dropped and counted.
        """
        stream = self._streams.get(stream_id)
        if stream is None or not data:
            return
        stream.coverage.fed(offset_ms)
        now = self._now()
        if len(data) > proto.MAX_PAYLOAD_BYTES or now < stream.shut_out_until:
            self._dropped += 1
            return
        waiting_for_keyframe = stream.outbox.needs_keyframe
        if not stream.outbox.put(proto.Frame(stream_id, offset_ms, keyframe, bytes(data)), now):
            if not waiting_for_keyframe:
                stream.coverage.note(OVERLOAD)
            if stream.outbox.needs_keyframe:
                self._ask_keyframe(stream_id, stream)
        self._work.set()

    async def drain(self, stream_id: str, timeout_seconds: float = 5.0) -> bool:
        """Wait until everything fed so far is analysed and delivered; False when that took too long.

        Survives a restart of the worker. True for a stream that is not open.
        """
        stream = self._streams.get(stream_id)
        if stream is None:
            return True
        self._last_token += 1
        token = self._last_token
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        stream.drains[token] = done
        stream.outbox.put_drain(proto.Drain(stream_id, token), self._now())
        self._work.set()
        try:
            async with asyncio.timeout(timeout_seconds):
                return await done
        except TimeoutError:
            return False
        finally:
            stream.drains.pop(token, None)

    def close_stream(self, stream_id: str) -> None:
        """Forget the stream (drain it first); reports its end as degraded when that was never analysed."""
        stream = self._streams.get(stream_id)
        if stream is None:
            return
        degraded = stream.coverage.finish()
        if degraded is not None:
            call(self._on_degraded, stream_id, degraded.from_ms, degraded.until_ms, degraded.reason)
        self._dropped += stream.outbox.dropped + len(stream.outbox)
        stream.forget_drains()
        del self._streams[stream_id]
        self._tell(proto.CloseStream(stream_id))

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    @property
    def stats(self) -> ProctorStats:
        """How the worker is doing now."""
        streams = self._streams.values()
        pong = self._worker.last_pong if self._worker else None
        waited = max((stream.outbox.age_seconds(self._now()) for stream in streams), default=0.0)
        return ProctorStats(
            ready=self._ready.is_set(),
            pid=self._worker.pid if self._worker else None,
            restarts=self._restarts,
            streams=len(self._streams),
            queued_frames=sum(len(stream.outbox) for stream in streams)
            + (pong.waiting_frames if pong else 0),
            dropped_frames=self._dropped + sum(stream.outbox.dropped for stream in streams),
            skipped_detections=self._skipped,
            observations=self._observations,
            lag_ms=max(round(waited * 1000), pong.lag_ms if pong else 0),
            rss_bytes=pong.rss_bytes if pong else 0,
            shut_out=sum(stream.shut_out_until > self._now() for stream in streams),
        )

    async def _supervise(self) -> None:
        failures = 0
        while True:
            started = self._now()
            try:
                await self._one_life()
            except (WorkerDied, OSError) as error:
                log.warning(
                    "proctor_worker_died", reason=str(error), lived_seconds=round(self._now() - started, 1)
                )
            except Exception:
                log.exception("proctor_supervision_failed")
            failures = 1 if self._now() - started > STABLE_SECONDS else failures + 1
            self._restarts += 1
            await asyncio.sleep(BACKOFF_SECONDS[min(failures, len(BACKOFF_SECONDS)) - 1])

    async def _one_life(self) -> None:
        worker = await WorkerProcess.spawn(self._models_dir, self._limits)
        self._worker = worker
        try:
            ready = await worker.wait_ready()
            self._begin_streams()
            self._ready.set()
            log.info("proctor_worker_ready", pid=worker.pid, model_version=ready.model_version)
            await until_one_fails(self._receive(worker), self._transmit(worker), worker.watch())
        except WorkerDied:
            worker.kill()
            raise
        finally:
            if self._ready.is_set():
                self._suspect(worker.at_work)
                self._lose_worker()
            self._worker = None
            await worker.end()

    def _tell(self, message: Message) -> None:
        """Queue a control message; without a worker nobody needs it, a new one is told everything."""
        if self._ready.is_set():
            self._control.append(message)
            self._work.set()

    def _begin_streams(self) -> None:
        """Tell a new worker about every stream; what an earlier one had not answered is asked again."""
        self._control = [
            proto.OpenStream(stream_id, stream.codec) for stream_id, stream in self._streams.items()
        ]
        self._work.set()

    def _suspect(self, stream_id: str | None) -> None:
        """A stream that was in hands at two deaths is shut out for a while: it would blind all the others."""
        stream = self._streams.get(stream_id or "")
        if stream is None:
            return
        if stream.died(self._now()):
            log.warning("proctor_stream_shut_out", stream_id=stream_id, deaths=stream.deaths)

    def _lose_worker(self) -> None:
        """The worker is gone with the frames it had: start every stream afresh, from a keyframe."""
        self._ready.clear()
        for stream_id, stream in self._streams.items():
            stream.restart(stream_id, self._now())
            if stream.outbox.needs_keyframe:
                self._ask_keyframe(stream_id, stream)

    async def _transmit(self, worker: WorkerProcess) -> None:
        """Send control messages first, then what each stream has, in turn.

        Frames wait for each other for a moment: to wake the worker for each one costs both sides more than
        all the rest of sending it.
        """
        while True:
            await self._work.wait()
            await asyncio.sleep(GATHER_SECONDS)
            self._work.clear()
            while messages := self._next_messages():
                await worker.send(*messages)

    def _next_messages(self) -> list[Message]:
        control, self._control = self._control, []
        streams = self._streams.values()
        return [*control, *(item for stream in streams for item in stream.outbox.take(FRAMES_A_TURN))]

    async def _receive(self, worker: WorkerProcess) -> None:
        while True:
            self._handle(await worker.read())

    def _handle(self, message: Message) -> None:
        match message:
            case ObservationMessage():
                self._observed(message)
            case proto.NeedKeyframe(stream_id) if stream_id in self._streams:
                self._ask_keyframe(stream_id, self._streams[stream_id])
            case proto.Drained(stream_id, token) if stream_id in self._streams:
                done = self._streams[stream_id].drains.pop(token, None)
                if done is not None and not done.done():
                    done.set_result(True)
            case proto.Skipped(stream_id, reason, frames, detections):
                self._dropped += frames
                self._skipped += detections
                if stream_id in self._streams:
                    self._streams[stream_id].coverage.note(reason)
            case _:
                pass

    def _observed(self, message: ObservationMessage) -> None:
        observation = message.observation
        stream = self._streams.get(observation.stream_id)
        if stream is None:
            return
        self._observations += 1
        degraded = stream.coverage.observed(observation.offset_ms)
        if degraded is not None:
            span = (degraded.from_ms, degraded.until_ms)
            log.warning(
                "proctor_degraded", stream_id=observation.stream_id, span_ms=span, reason=degraded.reason
            )
            call(self._on_degraded, observation.stream_id, *span, degraded.reason)
        call(self._on_observation, message)

    def _ask_keyframe(self, stream_id: str, stream: Stream) -> None:
        """At most once a second; on its own turn of the loop, since `feed` is called from the media path."""
        now = self._now()
        if now - stream.keyframe_asked >= KEYFRAME_REQUEST_SECONDS:
            stream.keyframe_asked = now
            asyncio.get_running_loop().call_soon(call, self._on_keyframe_needed, stream_id)

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
