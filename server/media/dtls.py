"""aiortc's DTLS transport with a short way for media: decrypted where it was received, no task, no queue.

aiortc takes each packet through aioice's queue, three coroutines and an object per header; here a packet is
decrypted in the port's receive buffer and goes straight to its receiver.
"""

import asyncio
import contextlib
import struct
from collections.abc import Sequence
from typing import Any, Protocol

import pylibsrtp
import structlog
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import RtcpPacket
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from server.media import mmsg
from server.media.header import FIXED_BYTES, payload_and_extensions
from server.media.mmsg import SLOT_BYTES
from server.media.udp import UdpPort
from server.media.virtual import VirtualTransport

logger = structlog.get_logger(__name__)

MAX_PACKETS_PER_SECOND = 3000
_MAX_SSRCS = 16
_NONE = -16  # no first byte of an extension, and no id when shifted
_SRTP_TRAILER_BYTES = 148
_HEADER = struct.Struct("!BBHII")
_USUAL = struct.Struct("!BBHIIIBHx")
_ONE_BYTE_OF_ONE_WORD = 0xBEDE0001
_RTCP_FIRST, _RTCP_LAST = 192, 223
_Remote = tuple[UdpPort, bytes, list[Any]]
"""Port, packed address and send buffers of a nominated pair."""


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


class MediaTransport(RTCDtlsTransport):
    """The DTLS transport of one PeerConnection and the route of its datagrams.

    Of more than 3000 packets a second a peer loses the rest, before they are decrypted.
    """

    def __init__(self, transport: Any, certificates: Any) -> None:
        super().__init__(transport, certificates)
        self._receivers: list[tuple[Any, set[int]]] = []
        self._by_ssrc: dict[int, Any] = {}
        self._length = srtp_ffi.new("int *")
        self._budget = MAX_PACKETS_PER_SECOND
        self._second = 0
        self._sequence_head = self._level_head = _NONE
        self._arrivals: list[tuple[int, float]] = []
        self._remote: _Remote | None = None
        self._remote_pair: Any = None
        self.flood_dropped = 0
        self.undecipherable = 0
        transport._connection.route_to(self)

    # -- receiving

    def on_slots(self, port: UdpPort, begin: int, end: int) -> None:
        """Take datagrams out of the port's receive batch.

        The header of a packet is not encrypted: one look tells what it is. Most packets are video with a
        transport-wide sequence number, or sound with its level, in their only extension; others go a longer
        way. One long function, as this runs for every packet and calls are what it costs.
        """
        if port.second != self._second:
            self._second, self._budget = port.second, MAX_PACKETS_PER_SECOND
        self._budget -= end - begin
        if self._budget < 0 or self._rx_srtp is None:
            self._only_control(port, begin, end)
            return
        session, count, sequence_head = self._rx_srtp._srtp[0], self._length, self._sequence_head
        usual = (sequence_head, self._level_head)
        view, pointers = port.received.view, port.receive_pointers or _receive_pointers(port)
        by_ssrc, unprotect, start = self._by_ssrc, srtp.srtp_unprotect, begin * SLOT_BYTES
        for slot in range(begin, end):
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
            start += SLOT_BYTES

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
            self._on_srtcp(data)

    def _only_control(self, port: UdpPort, begin: int, end: int) -> None:
        """Media cannot be taken, or not any more of it in this second."""
        for slot in range(begin, end):
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
        """From now on keep the arrival of every packet with a transport-wide sequence number."""
        self._sequence_head = extension_id << 4 | 1

    def read_levels(self, extension_id: int) -> None:
        """From now on read the audio level of packets (RFC 6464)."""
        self._level_head = extension_id << 4 if extension_id else _NONE

    def take_arrivals(self) -> list[tuple[int, float]]:
        """Transport-wide sequence numbers and arrivals in ms since this was last asked."""
        arrivals, self._arrivals = self._arrivals, []
        return arrivals

    def _receiver_of(self, ssrc: int, payload_type: int) -> Any:
        """The receiver that negotiated this payload type; a peer may use a handful of streams, no more."""
        if len(self._by_ssrc) >= _MAX_SSRCS:
            return None
        for receiver, payload_types in self._receivers:
            if payload_type in payload_types:
                self._by_ssrc[ssrc] = receiver
                return receiver
        return None

    def _on_srtcp(self, data: bytes) -> None:
        try:
            self._route_rtcp(self._rx_srtp.unprotect_rtcp(data))
        except (pylibsrtp.Error, ValueError, struct.error, IndexError):
            self.undecipherable += 1

    def _route_rtcp(self, data: bytes) -> None:
        for packet in RtcpPacket.parse(data):
            recipients: Any = self._rtp_router.route_rtcp(packet)
            for recipient in recipients:
                recipient.on_rtcp(packet)

    async def _handle_rtp_data(self, data: bytes, arrival_time_ms: int) -> None:
        """The long way, through a TURN relay: aiortc has decrypted the packet already."""
        if len(data) >= FIXED_BYTES:
            self._on_rtp(memoryview(data), 0, len(data), asyncio.get_running_loop().time() * 1000)

    async def _handle_rtcp_data(self, data: bytes) -> None:
        with contextlib.suppress(ValueError, struct.error, IndexError):
            self._route_rtcp(data)

    def _register_rtp_receiver(self, receiver: Any, parameters: RTCRtpReceiveParameters) -> None:
        super()._register_rtp_receiver(receiver, parameters)
        self._receivers.append((receiver, {codec.payloadType or 0 for codec in parameters.codecs}))
        for encoding in parameters.encodings:
            self._by_ssrc[encoding.ssrc] = receiver
            if encoding.rtx:
                self._by_ssrc[encoding.rtx.ssrc] = receiver

    def _unregister_rtp_receiver(self, receiver: Any) -> None:
        super()._unregister_rtp_receiver(receiver)
        self._receivers = [entry for entry in self._receivers if entry[0] is not receiver]
        self._by_ssrc = {ssrc: other for ssrc, other in self._by_ssrc.items() if other is not receiver}

    # -- sending

    @property
    def ready(self) -> bool:
        """Whether media can be sent now."""
        return self._state is State.CONNECTED and 1 in self.transport._connection._nominated

    def send_rtp(self, headers: Sequence[bytes], payloads: Sequence[bytes]) -> tuple[int, int]:
        """Encrypt and send the packets of a frame; returns how many leave, and the octets of their payloads.

        They leave with others at the end of this turn of the loop.
        """
        remote, sent, octets = self._remote_now(), 0, 0
        if remote is not None:
            remote[0].forwarding = True
        for header, payload in zip(headers, payloads, strict=True):
            if (
                self._send_alone(header + payload, "protect")
                if remote is None
                else self._put(remote, header, payload, srtp.srtp_protect)
            ):
                sent += 1
                octets += len(payload)
        return sent, octets

    def send_rtcp(self, data: bytes) -> bool:
        """Encrypt and send one RTCP packet, like `send_rtp`; False when the connection cannot carry it."""
        remote = self._remote_now()
        if remote is None:
            return self._send_alone(data, "protect_rtcp")
        return self._put(remote, data, b"", srtp.srtp_protect_rtcp)

    def _put(self, remote: _Remote, header: bytes, payload: bytes, protect: Any) -> bool:
        port, name, pointers = remote
        start = port.slot()
        middle = start + len(header)
        length = len(header) + len(payload)
        if length > SLOT_BYTES - _SRTP_TRAILER_BYTES:
            return False
        data = port.sending.data
        data[start:middle] = header
        data[middle : start + length] = payload
        count = self._length
        count[0] = length
        if protect(self._tx_srtp._srtp[0], pointers[start // SLOT_BYTES], count):
            return False
        port.sending.add(count[0], name)
        return True

    def _send_alone(self, packet: bytes, protect: str) -> bool:
        """Through a TURN relay, or not at all."""
        if not self.ready:
            return False
        pair = self.transport._connection._nominated[1]
        try:
            protected = getattr(self._tx_srtp, protect)(packet)
        except (pylibsrtp.Error, ValueError):
            return False
        pair.protocol.transport.sendto(protected, pair.remote_addr)
        return True

    def _remote_now(self) -> _Remote | None:
        """Port, packed address and buffers of the nominated pair; None without one, and through a relay."""
        if self._state is not State.CONNECTED:
            return None
        pair: Any = self.transport._connection._nominated.get(1)
        if pair is not self._remote_pair:
            self._remote_pair, self._remote = pair, None
            if pair is not None and isinstance(pair.protocol.transport, VirtualTransport):
                port = pair.protocol.transport.port
                self._remote = (port, mmsg.pack_address(pair.remote_addr), _send_pointers(port))
        return self._remote


def _receive_pointers(port: UdpPort) -> list[Any]:
    pointers = port.receive_pointers
    if not pointers:
        pointers.extend(mmsg.pointers(port.received.data, srtp_ffi.from_buffer))
    return pointers


def _send_pointers(port: UdpPort) -> list[Any]:
    pointers = port.send_pointers
    if not pointers:
        pointers.extend(mmsg.pointers(port.sending.data, srtp_ffi.from_buffer))
    return pointers
