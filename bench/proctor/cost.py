"""What proctoring costs: the worker's CPU per candidate at real-time pace, the recording's, the usual way's.

A candidate's stream is 720p30 VP8 at 1.5 Mbit/s; the worker gets its base layer, 7.5 frames/s at 600 kbit/s.
CPU is in percent of one core, of the worker and, beside it, of the process that feeds it and runs the rules.
"""

import asyncio
import contextlib
import io
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from statistics import quantiles
from typing import Protocol

import av
import numpy as np
import psutil
import uvloop
from av.video.codeccontext import VideoCodecContext

from bench.media import canned
from bench.media.run import measure_all
from bench.media.table import Plan
from bench.proctor.film import I420, Encoded, Studio, encode
from bench.proctor.live import models_dir
from bench.proctor.scene import FPS, Clip
from bench.proctor.scripts import candidate
from proctoring.models import ensure_models
from proctoring.pipeline import Pipeline
from proctoring.worker.client import ObservationMessage, ProctorClient

SCENES = ("one_face", "two_faces", "no_face", "bench_media")
USUAL_FPS = 2
CLOCKWORK_SECONDS = 10.0
ARRIVAL_SECONDS = 10.0
"""Not measured: who has just sat down is looked at more closely, and an interview lasts half an hour."""
Figures = dict[str, object]


@dataclass(frozen=True, slots=True)
class Cost:
    """Figures of one scene; CPU in percent of one core."""

    scene: str
    streams: int
    seconds: float
    worker_cpu_pct: float
    server_cpu_pct: float
    observations_per_second: float
    latency_ms_p50: float
    latency_ms_p95: float
    dropped_frames: int
    skipped_detections: int
    rss_mb: float


@dataclass
class Told:
    """What arrives while a scene is on, judged as the server does."""

    latencies: list[float] = field(default_factory=list)
    pipelines: defaultdict[str, Pipeline] = field(default_factory=lambda: defaultdict(Pipeline))

    def on_observation(self, message: ObservationMessage) -> None:
        seen = message.observation
        self.latencies.append(seen.latency_ms)
        self.pipelines[seen.stream_id].observe(seen, message.snapshot)


def pictures(scene: str, seconds: float) -> Iterator[I420]:
    """The scene at 7.5 frames/s: people in a room, nobody in a room, or the canned source of bench.media."""
    if scene == "bench_media":
        yield from _canned(seconds)
        return
    actors = [candidate(21, 90, 1040), candidate(20, 180, 560)]
    shown = {"one_face": actors[1:], "two_faces": actors, "no_face": []}[scene]
    yield from Studio(models_dir()).pictures(Clip(scene, seconds, 20, tuple(shown), room=5))


def _canned(seconds: float) -> Iterator[I420]:
    decoder = av.CodecContext.create("vp8", "r")
    assert isinstance(decoder, VideoCodecContext)
    every = round(canned.FPS / FPS)
    loop = [
        np.asarray(frame.to_ndarray(format="yuv420p"), np.uint8)
        for data in canned.encode_video(canned.LOOP_SECONDS)
        for frame in decoder.decode(av.Packet(data))
    ][::every]
    for index in range(round(seconds * FPS)):
        yield loop[index % len(loop)]


async def scene_cost(scene: str, streams: int, seconds: float) -> Cost:
    """Feed so many copies of the scene at real-time pace and read the CPU clocks.

    Raises SystemExit when the worker does not start.
    """
    encoded = list(encode(pictures(scene, seconds + ARRIVAL_SECONDS)))
    told = Told()
    client = ProctorClient(models_dir(), told.on_observation, lambda _: None, lambda *_: None)
    await client.start()
    if not await client.wait_ready():
        raise SystemExit("the worker did not start: python -m proctoring.doctor")
    worker = psutil.Process(client.stats.pid)
    names = [f"candidate-{number}" for number in range(streams)]
    for name in names:
        client.open_stream(name, "vp8")
    feeding = asyncio.gather(
        *(_feed(client, name, encoded, number / streams / FPS) for number, name in enumerate(names))
    )
    await asyncio.sleep(ARRIVAL_SECONDS)
    cpu, own, began = _cpu_seconds(worker), time.process_time(), time.monotonic()
    told.latencies.clear()
    before = client.stats
    await feeding
    await asyncio.gather(*(client.drain(name, 10.0) for name in names))
    elapsed = time.monotonic() - began
    cpu, own = _cpu_seconds(worker) - cpu, time.process_time() - own
    stats, rss = client.stats, worker.memory_info().rss
    await client.stop()
    clockwork = await _clockwork_pct(streams, encoded)
    latency = quantiles(told.latencies, n=20)
    return Cost(
        scene=scene,
        streams=streams,
        seconds=round(elapsed, 1),
        worker_cpu_pct=round(100 * cpu / elapsed / streams, 2),
        server_cpu_pct=round(max(0.0, 100 * own / elapsed / streams - clockwork), 2),
        observations_per_second=round(len(told.latencies) / elapsed / streams, 2),
        latency_ms_p50=round(latency[9], 1),
        latency_ms_p95=round(latency[18], 1),
        dropped_frames=stats.dropped_frames - before.dropped_frames,
        skipped_detections=stats.skipped_detections - before.skipped_detections,
        rss_mb=round(rss / 1e6),
    )


class _Fed(Protocol):
    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None: ...


class _Deaf:
    """Takes frames as a worker's client does, and does nothing."""

    def feed(self, stream_id: str, offset_ms: int, data: bytes, keyframe: bool) -> None:
        pass


async def _clockwork_pct(streams: int, encoded: list[Encoded]) -> float:
    """What this bench's timers cost a candidate, in percent of a core.

    In the server a frame comes with its packet, which is counted as recording.
    """
    few = encoded[: round(CLOCKWORK_SECONDS * FPS)]
    cpu, began = time.process_time(), time.monotonic()
    await asyncio.gather(*(_feed(_Deaf(), str(each), few, each / streams / FPS) for each in range(streams)))
    return 100 * (time.process_time() - cpu) / (time.monotonic() - began) / streams


async def _feed(client: _Fed, name: str, encoded: list[Encoded], delay_seconds: float) -> None:
    """One candidate: a frame every 133 ms, starting a little later than the one before."""
    loop = asyncio.get_running_loop()
    start = loop.time() + delay_seconds
    for index, frame in enumerate(encoded):
        await asyncio.sleep(start + index / FPS - loop.time())
        client.feed(name, frame.offset_ms, frame.data, frame.keyframe)


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def usual_way(loops: int = 3) -> float:
    """Decode all 30 frames a second in colour; MediaPipe's own full-range detector looks at two of them."""
    import mediapipe as mp
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.vision import FaceDetector, FaceDetectorOptions

    path = ensure_models(models_dir()).full_range
    options = FaceDetectorOptions(base_options=BaseOptions(model_asset_path=str(path)))
    encoded = canned.encode_video(canned.LOOP_SECONDS)
    with FaceDetector.create_from_options(options) as detector:
        began = time.process_time()
        for _ in range(loops):
            decoder = av.CodecContext.create("vp8", "r")
            assert isinstance(decoder, VideoCodecContext)
            decoder.thread_count = 1
            for index, data in enumerate(encoded):
                for frame in decoder.decode(av.Packet(data)):
                    rgb = np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)
                    if index % (canned.FPS // USUAL_FPS) == 0:
                        detector.detect(mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb))
        spent = time.process_time() - began
    return round(100 * spent / (loops * canned.LOOP_SECONDS), 2)


def recording(peers: int, seconds: float) -> float:
    """What recording costs the server per candidate, measured by bench.media's own code and source.

    Raises RuntimeError when it did not measure.
    """
    plan = Plan(peers=peers, viewers=0, seconds=seconds, rounds=1, clients=1, only="viva")
    with contextlib.redirect_stdout(io.StringIO()):
        found = asyncio.run(measure_all(plan)).record_cpu_pct_per_peer
    if found is None:
        raise RuntimeError("bench.media gave no figure")
    return found


def measure(streams: int, seconds: float) -> Figures:
    """All scenes, the recording, and both together."""
    scenes = {scene: uvloop.run(scene_cost(scene, streams, seconds)) for scene in SCENES}
    recorded, usual = recording(streams, seconds), usual_way()
    totals = {
        scene: round(recorded + cost.worker_cpu_pct + cost.server_cpu_pct, 2)
        for scene, cost in scenes.items()
    }
    return {
        # By bench.media's source, as its limit is; a candidate in front of the camera costs more: beside it.
        "cpu_pct_per_candidate": totals["bench_media"],
        "candidates_per_core": int(100 / totals["bench_media"]),
        "cpu_pct_per_candidate_one_face": totals["one_face"],
        "proctor_cpu_pct_per_candidate": scenes["one_face"].worker_cpu_pct,
        "record_cpu_pct_per_candidate": recorded,
        "usual_way_cpu_pct_per_candidate": usual,
        # What a starved worker leaves out costs nothing: such figures are too low, and are not to be trusted.
        "starved_frames": sum(cost.dropped_frames + cost.skipped_detections for cost in scenes.values()),
        "load_average": round(psutil.getloadavg()[0], 1),
        "cost": {scene: asdict(cost) for scene, cost in scenes.items()},
    }


def table(result: Figures) -> list[str]:
    """The cost as lines of text."""
    costs = result["cost"]
    assert isinstance(costs, dict)
    lines = ["scene        worker %  server %  obs/s  latency p50/p95 ms  dropped  skipped   MB"]
    for scene, cost in costs.items():
        latency = f"{cost['latency_ms_p50']:.0f} / {cost['latency_ms_p95']:.0f}"
        lines.append(
            f"{scene:<12} {cost['worker_cpu_pct']:>8.2f} {cost['server_cpu_pct']:>9.2f}"
            f" {cost['observations_per_second']:>6.2f} {latency:>19} {cost['dropped_frames']:>8}"
            f" {cost['skipped_detections']:>8} {cost['rss_mb']:>4.0f}"
        )
    lines.append(
        f"recording {result['record_cpu_pct_per_candidate']} %; together, bench.media's source:"
        f" {result['cpu_pct_per_candidate']} %, {result['candidates_per_core']} candidates a core;"
        f" one face: {result['cpu_pct_per_candidate_one_face']} %;"
        f" decoding every frame and detecting at 2 fps: {result['usual_way_cpu_pct_per_candidate']} %"
        f" without recording (load average {result['load_average']})"
    )
    return lines
