"""aiortc peers that stand on the browser's side of a connection."""

import asyncio
from collections import Counter
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack, VideoStreamTrack


def candidates_of(sdp: str) -> list[str]:
    """The candidate lines of an SDP, as a browser would trickle them."""
    return [line.removeprefix("a=") for line in sdp.splitlines() if line.startswith("a=candidate:")]


class Publisher:
    """Sends a test picture and silence."""

    def __init__(self, *, audio: bool = True, video: MediaStreamTrack | None = None) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.pc.addTrack(video or VideoStreamTrack())
        if audio:
            self.pc.addTrack(AudioStreamTrack())

    async def offer(self) -> str:
        """A sendonly offer with all candidates."""
        for transceiver in self.pc.getTransceivers():
            transceiver.direction = "sendonly"
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def accept(self, answer: str) -> None:
        """Take the server's answer."""
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        """Close the connection."""
        await self.pc.close()


class Viewer:
    """Receives, decodes and counts."""

    def __init__(self) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.received: Counter[str] = Counter()
        self.frames: list[Any] = []
        self._tasks: list[asyncio.Task[None]] = []
        self.pc.addTransceiver("video", "recvonly")
        self.pc.addTransceiver("audio", "recvonly")
        self.pc.on("track", self._on_track)

    def _on_track(self, track: MediaStreamTrack) -> None:
        self._tasks.append(asyncio.ensure_future(self._read(track)))

    async def _read(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            self.received[track.kind] += 1
            if track.kind == "video":
                self.frames = [frame]

    async def offer(self) -> str:
        """A recvonly offer with all candidates."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        return self.pc.localDescription.sdp

    async def accept(self, answer: str) -> None:
        """Take the server's answer."""
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def close(self) -> None:
        """Close the connection and stop reading."""
        for task in self._tasks:
            task.cancel()
        await self.pc.close()


async def until(condition: Any, timeout_seconds: float = 10.0) -> None:
    """Wait until `condition()` holds.

    Raises AssertionError when it does not in time.
    """
    deadline = asyncio.get_running_loop().time() + timeout_seconds
    while not condition():
        assert asyncio.get_running_loop().time() < deadline, "condition did not come true in time"
        await asyncio.sleep(0.02)
