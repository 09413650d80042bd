"""An aiortc peer that opens one data channel, on the browser's side of a connection."""

import asyncio
import json
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription


class Talker:
    """Opens a data channel and remembers what it hears."""

    def __init__(self, label: str = "chat", **options: Any) -> None:
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.channel = self.pc.createDataChannel(label, **options)
        self.heard: list[dict[str, Any]] = []
        self.closed = asyncio.Event()
        self._news = asyncio.Event()
        self.channel.on("message", self._on_message)
        self.channel.on("close", self.closed.set)
        self.pc.on("connectionstatechange", self._on_state)

    def _on_message(self, text: str) -> None:
        self.heard.append(json.loads(text))
        self._news.set()

    def _on_state(self) -> None:
        if self.pc.connectionState in ("closed", "failed"):
            self.closed.set()

    async def offer(self) -> str:
        """An offer with all candidates."""
        await self.pc.setLocalDescription(await self.pc.createOffer())
        sdp: str = self.pc.localDescription.sdp
        return sdp

    async def accept(self, answer: str) -> None:
        """Take the server's answer."""
        await self.pc.setRemoteDescription(RTCSessionDescription(answer, "answer"))

    async def opened(self) -> None:
        """Wait until the channel is open."""
        async with asyncio.timeout(10):
            while self.channel.readyState != "open":
                await asyncio.sleep(0.02)

    def send(self, frame: dict[str, Any] | str | bytes) -> None:
        """Send one frame."""
        self.channel.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    def say(self, message_id: str, text: str) -> None:
        """Say something in the chat."""
        self.send({"type": "say", "id": message_id, "text": text})

    async def hear(self, kind: str, **fields: Any) -> dict[str, Any]:
        """The next frame of this type with these values; it and what came before it are not heard again."""
        async with asyncio.timeout(10):
            while True:
                for place, frame in enumerate(self.heard):
                    if frame["type"] == kind and fields.items() <= frame.items():
                        del self.heard[: place + 1]
                        return frame
                self._news.clear()
                await self._news.wait()

    async def close(self) -> None:
        """Close the connection."""
        await self.pc.close()
