"""Cheap WebRTC peers: aiortc's ICE, DTLS and SRTP, with canned media above them."""

import asyncio
from typing import Any

from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.rtcrtptransceiver import RTCRtpTransceiver

from bench.media.canned import Canned
from bench.media.endpoint import Counts, IdleSender, Wire
from bench.media.receiver import DrainReceiver
from bench.media.sender import CannedSender


class Peer(RTCPeerConnection):
    """One connection that sends canned media, or (without any) receives and counts."""

    def __init__(self, counts: Counts, canned: Canned | None, delay_seconds: float = 0.0) -> None:
        super().__init__(RTCConfiguration(iceServers=[]))
        self._counts = counts
        self._canned = canned
        self._delay_seconds = delay_seconds
        self._wire: Wire | None = None

    # aiortc creates its transceivers here and has no seam of its own; the name is its private one.
    def _RTCPeerConnection__createTransceiver(  # noqa: N802
        self, direction: str, kind: str, sender_track: Any = None
    ) -> RTCRtpTransceiver:
        private: Any = self
        transceivers: list[RTCRtpTransceiver] = private._RTCPeerConnection__transceivers
        bundled = self._wire is not None
        wire = self._wire or Wire(private._RTCPeerConnection__createDtlsTransport())
        self._wire = wire
        sender: Any = IdleSender(kind, wire, self._counts)
        if self._canned is not None:
            sender = CannedSender(kind, wire, self._counts, self._canned, self._delay_seconds)
        receiver: Any = DrainReceiver(kind, wire, self._counts)
        transceiver = RTCRtpTransceiver(direction=direction, kind=kind, receiver=receiver, sender=sender)
        transceiver._bundled = bundled
        transceivers.append(transceiver)
        return transceiver

    async def offer(self) -> str:
        """An offer with all candidates."""
        direction = "recvonly" if self._canned is None else "sendonly"
        for kind in ("audio", "video"):
            self.addTransceiver(kind, direction)
        await self.setLocalDescription(await self.createOffer())
        return self.localDescription.sdp

    async def accept(self, answer: str) -> None:
        """Take the server's answer and wait until the connection stands.

        Raises TimeoutError after 15 s.
        """
        await self.setRemoteDescription(RTCSessionDescription(answer, "answer"))
        async with asyncio.timeout(15):
            while self.connectionState != "connected":
                await asyncio.sleep(0.02)
