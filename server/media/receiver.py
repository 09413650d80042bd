"""Encoded-frame receivers under aiortc's transceivers: no decoder, no thread, no timer while all is well.

They stand in for `aiortc.RTCRtpReceiver` and hand whole frames to a `Source`; packets come decrypted and
parsed from `MediaTransport`. What kinds of media do differently is in audio.py and video.py.
"""

import asyncio
from typing import Any

from aiortc import rtp
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpReceiveParameters

from server.media import rtcp
from server.media.clock import StreamClock
from server.media.nack import NackTracker
from server.media.offers import Negotiated
from server.media.source import Source
from server.media.standin import StandIn

_NACK_TICK_SECONDS = 0.02
_CLOCK_RATES = {"audio": 48_000, "video": 90_000}


class BaseReceiver(StandIn):
    """What all receivers do: count, report, ask again for what is missing."""

    def __init__(
        self, kind: str, transport: Any, source: Source, negotiated: Negotiated, deadline_ms: float
    ) -> None:
        super().__init__(kind, transport)
        self._source = source
        self._negotiated = negotiated
        self._own_ssrc = 0
        self._media_ssrc: int | None = None
        self._report: rtcp.ReceptionReport | None = None
        self._codecs: dict[int, RTCRtpCodecParameters] = {}
        self._extension_ids: dict[str, int] = {}
        self._nack = NackTracker(deadline_ms=deadline_ms)
        self._nack_timer: asyncio.TimerHandle | None = None
        self._started_already = False
        self._clock: StreamClock | None = None
        self._loop = asyncio.get_running_loop()

    @property
    def own_ssrc(self) -> int:
        """Under which it reports."""
        return self._own_ssrc

    @property
    def media_ssrc(self) -> int | None:
        """Of what it receives; None before the first packet."""
        return self._media_ssrc

    @property
    def watched(self) -> bool:
        """Whether somebody looks at what it receives."""
        return self._source.watched

    def _set_rtcp_ssrc(self, ssrc: int) -> None:
        self._own_ssrc = ssrc

    async def receive(self, parameters: RTCRtpReceiveParameters) -> None:
        """Start receiving with the negotiated codecs."""
        if self._started_already:
            return
        self._started_already = True
        self._codecs = {codec.payloadType or 0: codec for codec in parameters.codecs}
        self._extension_ids = {each.uri: each.id for each in parameters.headerExtensions}
        self._started(parameters)
        self._transport._register_rtp_receiver(self, parameters)

    def _started(self, parameters: RTCRtpReceiveParameters) -> None:
        """Hook: codecs and extensions are known."""

    async def stop(self) -> None:
        """Stop receiving; the source is closed by its peer."""
        self._transport._unregister_rtp_receiver(self)
        if self._nack_timer is not None:
            self._nack_timer.cancel()

    def on_rtcp(self, packet: Any, arrival_ms: float) -> None:
        """Take a sender report: the tie between RTP timestamps and the sender's clock."""
        if isinstance(packet, rtp.RtcpSrPacket) and packet.ssrc == self._media_ssrc:
            info = packet.sender_info
            self._source.clock.on_sender_report(self.kind, info.ntp_timestamp, info.rtp_timestamp)
            if self._report is not None:
                self._report.on_sender_report(info.ntp_timestamp, arrival_ms)

    def report_block(self, now_ms: float) -> bytes | None:
        """A report block about what came since the last one; None before the first packet."""
        return None if self._report is None else self._report.block(now_ms)

    def _count(self, sequence: int, timestamp: int, ssrc: int, octets: int, now_ms: float) -> int:
        """Count a media packet and return its extended sequence number."""
        report = self._report
        if report is None:
            self._media_ssrc = ssrc
            clock_rate = _CLOCK_RATES[self.kind]
            report = self._report = rtcp.ReceptionReport(ssrc, clock_rate)
            self._clock = self._source.clock.stream(self.kind, clock_rate)
        source = self._source
        source.octets += octets
        source.packets += 1
        source.last_packet_ms = now_ms
        return report.add(sequence, timestamp, now_ms)

    def _count_run(
        self, last: int, timestamp: int, packets: int, octets: int, since_ms: float, now_ms: float
    ) -> int:
        """Count media packets that came in order, nothing missing; returns the last one's extended number."""
        assert self._report is not None
        source = self._source
        source.octets += octets
        source.packets += packets
        source.last_packet_ms = now_ms
        number = self._report.add_run(last, timestamp, packets, since_ms)
        self._nack.in_order(number)
        return number

    def _ask_again(self) -> None:
        """Send the NACKs that are due and give up what is overdue, every 20 ms while anything is missing."""
        if self._nack_timer is not None:
            self._nack_timer.cancel()
            self._nack_timer = None
        now_ms = self._loop.time() * 1000
        overdue = self._nack.expired(now_ms)
        if overdue is not None:
            self._give_up(overdue, now_ms)
        due = self._nack.due(now_ms)
        if due and self._media_ssrc is not None:
            self._transport.send_rtcp(rtcp.nack(self._own_ssrc, self._media_ssrc, due))
        if len(self._nack):
            self._transport.hurry()
            self._waiting_since(self._nack.longest_ms(now_ms))
            # Not on the beat: there a repeat would be asked for every 60 ms instead of 40, and before the
            # port is read, where it may have arrived.
            self._nack_timer = self._loop.call_later(_NACK_TICK_SECONDS, self._ask_again)

    def _waiting_since(self, longest_ms: float) -> None:
        """Hook: packets are missing, the first one for so long."""

    def _give_up(self, sequence: int, now_ms: float) -> None:
        """Hook: nothing before this extended number will come any more."""
