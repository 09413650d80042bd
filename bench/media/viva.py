"""The measured server: Viva's rooms and recorders behind two HTTP routes, and nothing else."""

import sys
from pathlib import Path

import uvloop
from aiohttp import web

from bench.media.listen import listen
from server.media.ice import IceOptions
from server.media.publication import StreamStats
from server.media.recorder import Recorder
from server.media.room import Room
from server.media.source import Source


class Rooms:
    """One room per peer, each stream recorded from the moment it is connected."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ice = IceOptions()
        self._rooms: dict[str, Room] = {}
        self._recorders: list[Recorder] = []
        self._sources: list[Source] = []

    def stream_started(self, source: Source) -> None:
        """Record it."""
        path = self._folder / f"{source.stream_id}.mkv"
        recorder = Recorder(
            source, path, on_start=lambda _: None, on_error=lambda code: print(code, file=sys.stderr)
        )
        recorder.start()
        self._recorders.append(recorder)
        self._sources.append(source)

    def stream_ended(self, source: Source, reason: str) -> None:
        """Nothing follows from it here."""

    def stream_stats(self, source: Source, stats: StreamStats) -> None:
        """Not needed here."""

    def speaking(self, participant_id: str | None) -> None:
        """Not needed here."""

    async def connect(self, request: web.Request) -> web.Response:
        """Answer an offer: {"direction", "stream_id", "who", "sdp"}."""
        asked = await request.json()
        stream_id, who = asked["stream_id"], asked["who"]
        room = self._rooms.get(stream_id)
        if room is None:
            room = self._rooms[stream_id] = Room(self, ice=self._ice, max_bitrate_bps=2_500_000)
        if asked["direction"] == "publish":
            sdp = await room.publish(who, stream_id, "camera", asked["sdp"])
        else:
            sdp = await room.subscribe(who, stream_id, asked["sdp"])
        for line in asked["sdp"].splitlines():
            if line.startswith("a=candidate:"):
                await room.add_candidate(who, stream_id, asked["direction"], line[2:], None, 0)
        return web.json_response({"sdp": sdp})

    async def count(self, _request: web.Request) -> web.Response:
        """What arrived, and how many frames were recorded so far."""
        return web.json_response(
            {
                "packets": sum(source.packets for source in self._sources),
                "frames": sum(source.video_frames for source in self._sources),
            }
        )


def main() -> None:
    """Serve; prints the port."""
    rooms = Rooms(Path(sys.argv[1]))
    app = web.Application()
    app.router.add_post("/connect", rooms.connect)
    app.router.add_get("/count", rooms.count)
    uvloop.run(listen(app))


if __name__ == "__main__":
    main()
