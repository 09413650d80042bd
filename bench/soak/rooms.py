"""The media plane alone: one room, everything recorded, behind four HTTP routes."""

import asyncio
import sys
import time
from dataclasses import asdict
from pathlib import Path

import uvloop
from aiohttp import web

from bench.media.listen import listen
from bench.soak.figures import look, names
from server.media.errors import MediaError
from server.media.ice import IceOptions
from server.media.publication import StreamStats
from server.media.recorder import Recorder
from server.media.room import Direction, Room
from server.media.source import Source


class Server:
    """One room; every stream is recorded, and its file deleted when it ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ice = IceOptions()
        self._room: Room | None = None
        self._recorders: dict[str, Recorder] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._frames = self._recordings = 0
        self._began = time.monotonic()

    def stream_started(self, source: Source) -> None:
        """Record it."""
        path = self._folder / f"{source.stream_id}.mkv"
        recorder = Recorder(
            source, path, on_start=lambda _: None, on_error=lambda code: print(code, file=sys.stderr)
        )
        recorder.start()
        self._recorders[source.stream_id] = recorder

    def stream_ended(self, source: Source, reason: str) -> None:
        """Close its file and delete it."""
        recorder = self._recorders.pop(source.stream_id)
        task = asyncio.get_running_loop().create_task(self._finish(recorder))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _finish(self, recorder: Recorder) -> None:
        result = await recorder.finish()
        self._frames += result.video_frames
        self._recordings += result.error is None and result.video_frames > 0
        result.path.unlink(missing_ok=True)

    def stream_stats(self, source: Source, stats: StreamStats) -> None:
        """Not needed here."""

    def speaking(self, participant_id: str | None) -> None:
        """Not needed here."""

    async def connect(self, request: web.Request) -> web.Response:
        """Answer an offer: {"direction", "stream_id", "who", "sdp"}."""
        asked = await request.json()
        try:
            return web.json_response({"sdp": await self._answer(asked)})
        except MediaError as error:  # whom somebody wants to see may have just left
            raise web.HTTPConflict(text=str(error)) from error

    async def _answer(self, asked: dict[str, str]) -> str:
        stream_id, who = asked["stream_id"], asked["who"]
        direction: Direction = "publish" if asked["direction"] == "publish" else "subscribe"
        if self._room is None:
            self._room = Room(self, ice=self._ice, max_bitrate_bps=2_500_000)
        if direction == "publish":
            sdp = await self._room.publish(who, stream_id, "camera", asked["sdp"])
        else:
            sdp = await self._room.subscribe(who, stream_id, asked["sdp"])
        for line in asked["sdp"].splitlines():
            if line.startswith("a=candidate:"):
                await self._room.add_candidate(who, stream_id, direction, line[2:], None, 0)
        return sdp

    async def leave(self, request: web.Request) -> web.Response:
        """Somebody says goodbye: {"who"}."""
        if self._room is not None:
            self._room.leave((await request.json())["who"])
        return web.json_response({})

    async def close(self, _request: web.Request) -> web.Response:
        """The room closes."""
        if self._room is not None:
            await self._room.close()
            self._room = None
        if self._tasks:
            await asyncio.wait(self._tasks)
        return web.json_response({"frames": self._frames, "recordings": self._recordings})

    async def sample(self, _request: web.Request) -> web.Response:
        """What this process holds now."""
        return web.json_response(asdict(look(self._began, len(self._ice.ports._all()))))

    async def held(self, _request: web.Request) -> web.Response:
        """What this process's tasks and threads are."""
        return web.json_response(names())


def serve(folder: Path) -> None:
    """Serve; prints the port."""
    server = Server(folder)
    app = web.Application()
    app.router.add_post("/connect", server.connect)
    app.router.add_post("/leave", server.leave)
    app.router.add_post("/close", server.close)
    app.router.add_get("/sample", server.sample)
    app.router.add_get("/names", server.held)
    uvloop.run(listen(app))
