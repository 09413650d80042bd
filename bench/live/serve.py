"""Rooms and recorders in a process of their own, for pages that publish and watch.

`python -m bench.live.serve FOLDER` prints its port. Every stream is recorded from the moment it
connects.
"""

import asyncio
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

import uvloop
from aiohttp import web

from bench.media.listen import listen
from server.media.finish import SegmentFile, finish_recording
from server.media.ice import IceOptions
from server.media.ports import EncodedFrame
from server.media.publication import StreamStats
from server.media.recorder import Recorder, SegmentStart
from server.media.room import Room
from server.media.source import Source

PAGE = Path(__file__).with_name("page.js")
MAX_UPLOAD_OCTETS = 256 * 1024 * 1024


@dataclass
class Facts:
    """What happened to a stream; times are Unix seconds."""

    asked_at: float
    connected_at: float | None = None
    recorded_at: float | None = None
    ended: str | None = None
    error: str | None = None
    frames_at: list[float] = field(default_factory=list)
    sizes: list[tuple[float, int, int]] = field(default_factory=list)
    stats: list[tuple[float, StreamStats]] = field(default_factory=list)


class Watch:
    """A sink that notes when frames came and how large they were."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    def on_frame(self, frame: EncodedFrame) -> None:
        """Note a video frame."""
        if frame.kind == "video":
            self._facts.frames_at.append(time.time())
            if frame.keyframe:
                self._facts.sizes.append((time.time(), frame.width, frame.height))

    def on_source_closed(self) -> None:
        """Nothing more to note."""


class Station:
    """One room; everybody publishes and watches in it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._room = Room(self, ice=IceOptions(), max_bitrate_bps=2_500_000)
        self._facts: dict[str, Facts] = {}
        self._recorders: dict[str, Recorder] = {}

    # -- what the room announces

    def stream_started(self, source: Source) -> None:
        """Watch and record it."""
        facts = self._facts[source.stream_id]
        facts.connected_at = time.time()
        source.attach(Watch(facts))

        def started(_start: SegmentStart) -> None:
            facts.recorded_at = time.time()

        def failed(code: str) -> None:
            facts.error = code

        recorder = Recorder(source, self._segment(source.stream_id), on_start=started, on_error=failed)
        recorder.start()
        self._recorders[source.stream_id] = recorder

    def stream_ended(self, source: Source, reason: str) -> None:
        """Note why."""
        self._facts[source.stream_id].ended = reason

    def stream_stats(self, source: Source, stats: StreamStats) -> None:
        """Note them."""
        self._facts[source.stream_id].stats.append((time.time(), stats))

    def speaking(self, participant_id: str | None) -> None:
        """Not needed here."""

    # -- what pages and benches ask for

    async def connect(self, request: web.Request) -> web.Response:
        """Answer an offer: {"direction", "stream_id", "who", "sdp"}."""
        asked = await request.json()
        stream_id, who = asked["stream_id"], asked["who"]
        if asked["direction"] == "publish":
            self._facts[stream_id] = Facts(asked_at=time.time())
            sdp = await self._room.publish(who, stream_id, "camera", asked["sdp"])
        else:
            sdp = await self._room.subscribe(who, stream_id, asked["sdp"])
        return web.json_response({"sdp": sdp})

    async def candidate(self, request: web.Request) -> web.Response:
        """Take a trickled candidate: {"direction", "stream_id", "who", "candidate"}."""
        asked = await request.json()
        await self._room.add_candidate(
            asked["who"], asked["stream_id"], asked["direction"], asked["candidate"], None, 0
        )
        return web.json_response({})

    async def facts(self, request: web.Request) -> web.Response:
        """What happened to a stream."""
        return web.json_response(asdict(self._facts[request.match_info["stream_id"]]))

    async def upload(self, request: web.Request) -> web.Response:
        """Keep what a page says it sent."""
        path = self._folder / f"{request.match_info['stream_id']}.sent"
        with path.open("wb") as file:
            async for chunk in request.content.iter_any():
                file.write(chunk)
        return web.json_response({"path": str(path)})

    async def finish(self, request: web.Request) -> web.Response:
        """End the recording of a stream and make the finished file."""
        stream_id = request.match_info["stream_id"]
        segment = await self._recorders[stream_id].finish()
        out = self._folder / f"{stream_id}.webm"
        files = [SegmentFile(segment.path, 0)]
        finished = await asyncio.to_thread(finish_recording, files, out)
        return web.json_response(
            {
                "path": str(out),
                "duration_ms": finished.duration_ms,
                "dropped_frames": segment.dropped_frames,
                "error": segment.error,
            }
        )

    async def page(self, _request: web.Request) -> web.Response:
        """An empty page with the script."""
        text = "<!doctype html><meta charset=utf-8><title>bench</title><body><script src=/page.js></script>"
        return web.Response(text=text, content_type="text/html")

    async def script(self, _request: web.Request) -> web.FileResponse:
        """The page's script."""
        return web.FileResponse(PAGE)

    def _segment(self, stream_id: str) -> Path:
        return self._folder / f"{stream_id}.segment.mkv"


async def serve(folder: Path) -> None:
    """Serve until killed; prints the port."""
    station = Station(folder)
    app = web.Application(client_max_size=MAX_UPLOAD_OCTETS)
    app.router.add_get("/", station.page)
    app.router.add_get("/page.js", station.script)
    app.router.add_post("/connect", station.connect)
    app.router.add_post("/candidate", station.candidate)
    app.router.add_get("/facts/{stream_id}", station.facts)
    app.router.add_post("/sent/{stream_id}", station.upload)
    app.router.add_post("/finish/{stream_id}", station.finish)
    await listen(app)


def main() -> None:
    """Serve on uvloop."""
    uvloop.run(serve(Path(sys.argv[1])))


if __name__ == "__main__":
    main()
