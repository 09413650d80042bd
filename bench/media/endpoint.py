"""What the senders and receivers of the bench's peers share."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any

from aiortc.stats import RTCStatsReport
from aiortc.utils import random32

REPORT_SECONDS = 1.0


@dataclass(slots=True)
class Counts:
    """What the peers of this process did so far."""

    packets: int = 0
    frames: int = 0
    repaired: int = 0
    keyframe_requests: int = 0
    feedback: int = 0
    viewed_packets: int = 0
    viewed_frames: int = 0
    viewed_gaps: int = 0


class Wire:
    """Sends protected packets straight to the socket and numbers them across the connection."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        self.sequence = 0

    def send(self, data: bytes, *, is_rtcp: bool = False) -> bool:
        """Protect and send; False when the connection does not stand yet."""
        session, ice = self.transport._tx_srtp, self.transport.transport._connection
        pair = ice._nominated.get(1)
        if session is None or pair is None:
            return False
        protected = session.protect_rtcp(data) if is_rtcp else session.protect(data)
        pair.protocol.transport.sendto(protected, pair.remote_addr)
        return True


class Endpoint:
    """What aiortc expects of senders and receivers alike."""

    def __init__(self, kind: str, wire: Wire, counts: Counts) -> None:
        self.kind = kind
        self.track: Any = None
        self._track: Any = None
        self._track_id = self._stream_id = str(uuid.uuid4())
        self._ssrc = random32()
        self._rtx_ssrc = random32()
        self._enabled = True
        self._wire = wire
        self._counts = counts
        self._timers: list[asyncio.TimerHandle] = []
        self._loop = asyncio.get_running_loop()

    @property
    def transport(self) -> Any:
        """The DTLS transport."""
        return self._wire.transport

    def setTransport(self, transport: Any) -> None:  # noqa: N802
        """Move to another transport while bundling."""
        self._wire.transport = transport

    def _set_rtcp_ssrc(self, ssrc: int) -> None:
        """Reports carry an SSRC of their own."""

    async def getStats(self) -> RTCStatsReport:  # noqa: N802
        """Nothing; see `Counts`."""
        return RTCStatsReport()

    async def _handle_rtcp_packet(self, packet: Any) -> None:
        """Nothing to answer."""

    def _handle_disconnect(self) -> None:
        """The connection is gone."""
        for timer in self._timers:
            timer.cancel()


class IdleSender(Endpoint):
    """Stands where aiortc wants a sender and nothing is sent."""

    async def send(self, parameters: Any) -> None:
        """Send nothing."""

    async def stop(self) -> None:
        """Nothing runs."""
