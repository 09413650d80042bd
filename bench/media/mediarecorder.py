"""The measured server: aiortc as in its examples, every peer decoded and encoded again by `MediaRecorder`."""

import asyncio
import sys
from pathlib import Path
from typing import Any

from aiohttp import web
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.contrib.media import MediaRecorder

from bench.media.listen import listen


class Counted(MediaStreamTrack):
    """Passes frames on and counts the pictures."""

    def __init__(self, track: MediaStreamTrack) -> None:
        super().__init__()
        self.kind = track.kind
        self.frames = 0
        self._of = track

    async def recv(self) -> Any:
        """The next frame of the track behind."""
        frame = await self._of.recv()
        self.frames += self.kind == "video"
        return frame


class Recordings:
    """One connection and one MP4 file per peer."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._connections: list[tuple[RTCPeerConnection, MediaRecorder]] = []
        self._tracks: list[Counted] = []

    async def connect(self, request: web.Request) -> web.Response:
        """Answer an offer to publish and record what comes."""
        asked = await request.json()
        connection = RTCPeerConnection()
        recorder = MediaRecorder(str(self._folder / f"{asked['stream_id']}.mp4"))

        def on_track(track: MediaStreamTrack) -> None:
            self._tracks.append(Counted(track))
            recorder.addTrack(self._tracks[-1])

        connection.on("track", on_track)
        await connection.setRemoteDescription(RTCSessionDescription(asked["sdp"], "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        await recorder.start()
        self._connections.append((connection, recorder))
        return web.json_response({"sdp": connection.localDescription.sdp})

    async def count(self, _request: web.Request) -> web.Response:
        """How many frames were given to the encoder so far."""
        return web.json_response({"frames": sum(track.frames for track in self._tracks)})


def main() -> None:
    """Serve on asyncio's own loop, as the examples do; prints the port."""
    recordings = Recordings(Path(sys.argv[1]))
    app = web.Application()
    app.router.add_post("/connect", recordings.connect)
    app.router.add_get("/count", recordings.count)
    asyncio.run(listen(app))


if __name__ == "__main__":
    main()
