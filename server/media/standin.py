"""What aiortc's peer connection expects of any receiver or sender, whoever it is."""

import uuid
from typing import Any

from aiortc.stats import RTCStatsReport
from aiortc.utils import random32


class StandIn:
    """Identity and transport of one half of a transceiver; by itself it neither sends nor receives."""

    def __init__(self, kind: str, transport: Any) -> None:
        self.kind = kind
        self.track: Any = None
        self._track: Any = None
        self._track_id = self._stream_id = str(uuid.uuid4())
        self._ssrc = random32()
        self._rtx_ssrc = random32()
        self._enabled = True
        self._transport = transport

    @property
    def transport(self) -> Any:
        """The DTLS transport it works on."""
        return self._transport

    def setTransport(self, transport: Any) -> None:
        """Move to another transport while bundling."""
        self._transport = transport

    def _set_rtcp_ssrc(self, ssrc: int) -> None:
        """Reports, if any, are sent under this SSRC."""

    async def getStats(self) -> RTCStatsReport:
        """The transport's counters."""
        report = RTCStatsReport()
        report.update(self._transport._get_stats())
        return report

    async def send(self, parameters: Any) -> None:
        """Send nothing."""

    async def receive(self, parameters: Any) -> None:
        """Receive nothing."""

    async def stop(self) -> None:
        """Nothing runs."""

    def on_rtcp(self, packet: Any, arrival_ms: float) -> None:
        """Nobody reports to one that is idle."""

    def _handle_disconnect(self) -> None:
        """The DTLS transport closed; the connection's own state change tells the peer."""
