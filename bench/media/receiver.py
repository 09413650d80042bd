"""A viewer that costs little: counts what arrives, reports once a second, decodes nothing."""

from aiortc import rtp
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters

from bench.media.endpoint import REPORT_SECONDS, Counts, Endpoint, Wire

_BANDWIDTH_BPS = 10_000_000


class DrainReceiver(Endpoint):
    """Counts what arrives and reports once a second; decodes nothing."""

    def __init__(self, kind: str, wire: Wire, counts: Counts) -> None:
        super().__init__(kind, wire, counts)
        self._remote_ssrc: int | None = None
        self._highest = 0

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Start counting."""
        if not self._timers:
            self.transport._register_rtp_receiver(self, parameters)
            self._timers = [self._loop.call_later(REPORT_SECONDS, self._report)]

    async def stop(self) -> None:
        """Stop counting."""
        self.transport._unregister_rtp_receiver(self)
        self._handle_disconnect()

    async def _handle_rtp_packet(self, packet: rtp.RtpPacket, arrival_time_ms: int) -> None:
        if self._remote_ssrc is None:
            self._remote_ssrc, self._highest = packet.ssrc, packet.sequence_number
        if packet.ssrc != self._remote_ssrc:
            return
        self._counts.viewed_packets += 1
        self._counts.viewed_frames += self.kind == "video" and packet.marker
        ahead = (packet.sequence_number - self._highest) & 0xFFFF
        if 0 < ahead < 1 << 15:
            self._counts.viewed_gaps += ahead > 1
            self._highest = packet.sequence_number

    def _report(self) -> None:
        self._timers[0] = self._loop.call_later(REPORT_SECONDS, self._report)
        if self._remote_ssrc is None or self.transport.state != "connected":
            return
        block = rtp.RtcpReceiverInfo(
            ssrc=self._remote_ssrc,
            fraction_lost=0,
            packets_lost=0,
            highest_sequence=self._highest,
            jitter=0,
            lsr=0,
            dlsr=0,
        )
        report = bytes(rtp.RtcpRrPacket(ssrc=self._ssrc, reports=[block]))
        if self.kind == "video":
            fci = rtp.pack_remb_fci(_BANDWIDTH_BPS, [self._remote_ssrc])
            report += bytes(rtp.RtcpPsfbPacket(fmt=rtp.RTCP_PSFB_APP, ssrc=self._ssrc, media_ssrc=0, fci=fci))
        self._wire.send(report, is_rtcp=True)
