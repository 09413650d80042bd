"""aiortc's DTLS transport with a short way for media: decrypted where it was received, no task, no queue.

aiortc takes each packet through aioice's queue, three coroutines and an object per header; here a packet is
decrypted in the port's receive buffer and goes straight to its receiver.
"""

import asyncio
import contextlib
import struct
from typing import Any, Protocol

import pylibsrtp
import structlog
from aiortc.rtcdtlstransport import SRTP_AEAD_AES_128_GCM, SRTP_PROFILES
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import RtcpPacket
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from server.media import mmsg
from server.media.dtls_sending import SendingTransport
from server.media.header import FIXED_BYTES, payload_and_extensions
from server.media.mmsg import SLOT_BYTES, ReceiveBatch
from server.media.reports import Reports
from server.media.udp_port import UdpPort

logger = structlog.get_logger(__name__)

MAX_PACKETS_PER_SECOND = 3000
_MAX_SSRCS = 16
_FASTEST_FIRST = sorted(SRTP_PROFILES, key=lambda profile: profile is not SRTP_AEAD_AES_128_GCM)
_NONE = -16  # no first byte of an extension, and no id when shifted
_HURRY_SECONDS = 1.5
_HEADER = struct.Struct("!BBHII")
_USUAL = struct.Struct("!BBHIIIBHx")
_ONE_BYTE_OF_ONE_WORD = 0xBEDE0001
_RTCP_FIRST, _RTCP_LAST = 192, 223


class RtpReceiver(Protocol):
    """Where decrypted packets of one media section go."""

    def on_rtp(
        self,
        second: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        arrival_ms: float,
        level: int | None,
    ) -> None:
        """Take one packet without padding.

        `second` is the header's second byte: marker and payload type. `level` is the audio level's byte.
        """


class MediaTransport(SendingTransport):
    """The DTLS transport of one PeerConnection and the route of its datagrams.

    Of the ciphers a browser offers it takes AES-GCM, which costs less than AES-CM with SHA-1;
    browsers choose the latter among themselves, for its packets are six bytes shorter. Of more than
    3000 packets a second a peer loses the rest, before they are decrypted.
    """

    def __init__(self, transport: Any, certificates: Any) -> None:
        super().__init__(transport, certificates)
        self._srtp_profiles = _FASTEST_FIRST
        self._length = srtp_ffi.new("int *")
        self._receivers: list[tuple[Any, set[int]]] = []
        self._by_ssrc: dict[int, Any] = {}
        self._budget = MAX_PACKETS_PER_SECOND
        self._second = 0
        self._sequence_head = self._level_head = _NONE
        self._arrivals: list[tuple[int, float]] = []
        self._port: UdpPort | None = None
        self.reports = Reports(self.send_rtcp)
        self.flood_dropped = 0
        self.undecipherable = 0
        transport._connection.route_to(self)

    # -- receiving

    def on_slots(self, port: UdpPort, slots: list[int]) -> None:
        """Take datagrams out of the port's receive batch.

        The header of a packet is not encrypted: one look tells what it is. Most packets are video with a
        transport-wide sequence number, or sound with its level, in their only extension; others go a longer
        way. One long function, as this runs for every packet and calls are what it costs.
        """
        if port.second != self._second:
            self._second, self._budget = port.second, MAX_PACKETS_PER_SECOND
        self._budget -= len(slots)
        self._port = port
        if self._budget < 0 or self._rx_srtp is None:
            self._only_control(port, slots)
            return
        session, count, sequence_head = self._rx_srtp._srtp[0], self._length, self._sequence_head
        usual = (sequence_head, self._level_head)
        view, pointers = port.received.view, port.received.srtp_pointers or _receive_pointers(port.received)
        by_ssrc, unprotect = self._by_ssrc, srtp.srtp_unprotect
        for slot in slots:
            start = slot * SLOT_BYTES
            header = _USUAL.unpack_from(view, start)
            first, second, sequence, timestamp, ssrc, extension, head, number = header
            if not 128 <= first < 192 or _RTCP_FIRST <= second <= _RTCP_LAST:
                self._on_control(port, slot)
            else:
                count[0] = port.lengths[slot]
                if unprotect(session, pointers[slot], count):
                    self.undecipherable += 1
                elif first == 0x90 and extension == _ONE_BYTE_OF_ONE_WORD and head in usual:
                    arrival_ms, level = port.arrivals_ms[slot], None
                    if head == sequence_head:
                        self._arrivals.append((number, arrival_ms))
                    else:
                        level = number >> 8
                    receiver = by_ssrc.get(ssrc) or self._receiver_of(ssrc, second & 0x7F)
                    if receiver is not None:
                        payload = bytes(view[start + _USUAL.size : start + count[0]])
                        receiver.on_rtp(second, sequence, timestamp, ssrc, payload, arrival_ms, level)
                else:
                    self._on_rtp(view, start, start + count[0], port.arrivals_ms[slot])
        if port.now_ms >= self.reports.due_ms:
            self._tell(port.now_ms)

    def _tell(self, now_ms: float) -> None:
        arrivals, self._arrivals = self._arrivals, []
        if self.reports.tell(now_ms, arrivals):
            self.hurry()

    def hurry(self) -> None:
        """Read what comes next soon: somebody waits for it."""
        if self._port is not None:
            self._port.hurry(_HURRY_SECONDS)

    def _on_control(self, port: UdpPort, slot: int) -> None:
        """Take what is no RTP: STUN, DTLS, RTCP (told apart as in RFC 7983 and RFC 5761)."""
        start = slot * SLOT_BYTES
        first, second = port.received.data[start : start + 2]
        data = bytes(port.received.view[start : start + port.lengths[slot]])
        if first < 4:
            port.on_stun(slot)
        elif 19 < first < 64:
            self.transport._connection.data_received(data, 1)
        elif 128 <= first < 192 and _RTCP_FIRST <= second <= _RTCP_LAST and self._rx_srtp is not None:
            self._on_srtcp(data, port.arrivals_ms[slot])

    def _only_control(self, port: UdpPort, slots: list[int]) -> None:
        """Media cannot be taken, or not any more of it in this second."""
        for slot in slots:
            if not 128 <= port.received.data[slot * SLOT_BYTES] < 192:
                self._on_control(port, slot)
            elif self._budget < 0:
                if not self.flood_dropped:
                    logger.warning("rtp_flood", packets_per_second=MAX_PACKETS_PER_SECOND)
                self.flood_dropped += 1

    def _on_rtp(self, view: memoryview, start: int, end: int, arrival_ms: float) -> None:
        _, second, sequence, timestamp, ssrc = _HEADER.unpack_from(view, start)
        position, end, extensions = payload_and_extensions(view, start, end)
        number = extensions.get(self._sequence_head >> 4)
        if number is not None:
            self._arrivals.append((number, arrival_ms))
        receiver = self._by_ssrc.get(ssrc) or self._receiver_of(ssrc, second & 0x7F)
        if receiver is not None and position <= end:
            level = extensions.get(self._level_head >> 4)
            payload = bytes(view[position:end])
            receiver.on_rtp(second, sequence, timestamp, ssrc, payload, arrival_ms, level)

    def note_arrivals(self, extension_id: int) -> None:
        """From now on tell the sender when each packet with a transport-wide sequence number arrived."""
        self._sequence_head = extension_id << 4 | 1
        self.reports.tell_arrivals(asyncio.get_running_loop().time() * 1000)

    def read_levels(self, extension_id: int) -> None:
        """From now on read the audio level of packets (RFC 6464)."""
        self._level_head = extension_id << 4 if extension_id else _NONE

    def _receiver_of(self, ssrc: int, payload_type: int) -> Any:
        """The receiver that negotiated this payload type; a peer may use a handful of streams, no more."""
        if len(self._by_ssrc) >= _MAX_SSRCS:
            return None
        for receiver, payload_types in self._receivers:
            if payload_type in payload_types:
                self._by_ssrc[ssrc] = receiver
                return receiver
        return None

    def _on_srtcp(self, data: bytes, arrival_ms: float) -> None:
        try:
            self._route_rtcp(self._rx_srtp.unprotect_rtcp(data), arrival_ms)
        except (pylibsrtp.Error, ValueError, struct.error, IndexError):
            self.undecipherable += 1

    def _route_rtcp(self, data: bytes, arrival_ms: float) -> None:
        for packet in RtcpPacket.parse(data):
            recipients: Any = self._rtp_router.route_rtcp(packet)
            for recipient in recipients:
                recipient.on_rtcp(packet, arrival_ms)

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        """The long way, through a TURN relay: aiortc has decrypted the packet already."""
        if len(data) >= FIXED_BYTES:
            now_ms = asyncio.get_running_loop().time() * 1000
            self._on_rtp(memoryview(data), 0, len(data), now_ms)
            if now_ms >= self.reports.due_ms:
                self._tell(now_ms)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        with contextlib.suppress(ValueError, struct.error, IndexError):
            self._route_rtcp(data, asyncio.get_running_loop().time() * 1000)

    def _register_rtp_receiver(self, receiver: Any, parameters: RTCRtpReceiveParameters) -> None:
        super()._register_rtp_receiver(receiver, parameters)
        self.reports.add(receiver)
        self._receivers.append((receiver, {codec.payloadType or 0 for codec in parameters.codecs}))
        for encoding in parameters.encodings:
            self._by_ssrc[encoding.ssrc] = receiver
            if encoding.rtx:
                self._by_ssrc[encoding.rtx.ssrc] = receiver

    def _unregister_rtp_receiver(self, receiver: Any) -> None:
        super()._unregister_rtp_receiver(receiver)
        self.reports.remove(receiver)
        self._receivers = [entry for entry in self._receivers if entry[0] is not receiver]
        self._by_ssrc = {ssrc: other for ssrc, other in self._by_ssrc.items() if other is not receiver}


def _receive_pointers(batch: ReceiveBatch) -> list[Any]:
    pointers = batch.srtp_pointers
    if not pointers:
        pointers.extend(mmsg.pointers(batch.data, srtp_ffi.from_buffer))
    return pointers
