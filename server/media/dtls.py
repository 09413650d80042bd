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
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from aiortc.rtcrtpparameters import RTCRtpReceiveParameters
from aiortc.rtp import RtcpPacket
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from server.media import mmsg
from server.media.mmsg import SLOT_BYTES
from server.media.udp import UdpPort
from server.media.virtual import VirtualTransport

logger = structlog.get_logger(__name__)

MAX_PACKETS_PER_SECOND = 3000
_MAX_SSRCS = 16
_MIN_BYTES = 12
_WORD_BYTES = 4
_NO_EXTENSIONS: dict[int, int] = {}
_SRTP_TRAILER_BYTES = 148
_HEADER = struct.Struct("!BBHII")
_EXTENSION = struct.Struct("!HH")
_ONE_BYTE_EXTENSIONS = 0xBEDE
_RTCP_FIRST, _RTCP_LAST = 192, 223


class RtpReceiver(Protocol):
    """Where decrypted packets of one media section go."""

    def on_rtp(
        self,
        payload_type: int,
        marker: bool,
        sequence: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        extensions: dict[int, int],
        arrival_ms: float,
    ) -> None:
        """Take one packet without padding; `extensions` maps an id to its value as a number."""


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
        self._remote: tuple[UdpPort, bytes, list[Any]] | None = None
        self._remote_pair: Any = None
        self.flood_dropped = 0
        self.undecipherable = 0
        transport._connection.route_to(self)

    # -- receiving

    def on_slot(self, port: UdpPort, slot: int, length: int) -> None:
        """Take a datagram out of the port's receive batch."""
        start = slot * SLOT_BYTES
        data = port.received.data
        first = data[start]
        if not 128 <= first < 192:
            if 19 < first < 64:
                self.transport._connection.data_received(bytes(port.received.view[start : start + length]), 1)
            return
        if port.second != self._second:
            self._second, self._budget = port.second, MAX_PACKETS_PER_SECOND
        self._budget -= 1
        session: Any = self._rx_srtp
        if self._budget < 0 or session is None or length < _MIN_BYTES:
            self._refuse()
        elif _RTCP_FIRST <= data[start + 1] <= _RTCP_LAST:
            self._on_srtcp(bytes(port.received.view[start : start + length]))
        else:
            count = self._length
            count[0] = length
            pointers = port.receive_pointers or _receive_pointers(port)
            if srtp.srtp_unprotect(session._srtp[0], pointers[slot], count):
                self.undecipherable += 1
            else:
                self._on_rtp(port.received.view, start, start + count[0], port.arrival_ms)

    def _refuse(self) -> None:
        if self._budget < 0:
            if not self.flood_dropped:
                logger.warning("rtp_flood", packets_per_second=MAX_PACKETS_PER_SECOND)
            self.flood_dropped += 1

    def _on_rtp(self, view: memoryview, start: int, end: int, arrival_ms: float) -> None:
        first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(view, start)
        position = start + 12
        extensions = _NO_EXTENSIONS
        if first != 0x80:
            position += 4 * (first & 0x0F)
            if first & 0x10 and position + 4 <= end:
                profile, words = _EXTENSION.unpack_from(view, position)
                position += 4
                if profile == _ONE_BYTE_EXTENSIONS:
                    extensions = _extensions(view, position, min(position + 4 * words, end))
                position += 4 * words
            if first & 0x20:
                end -= view[end - 1]
        payload_type = second & 0x7F
        receiver = self._by_ssrc.get(ssrc) or self._receiver_of(ssrc, payload_type)
        if receiver is not None and position <= end:
            payload = bytes(view[position:end])
            receiver.on_rtp(
                payload_type, second > 127, sequence, timestamp, ssrc, payload, extensions, arrival_ms
            )

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
        if len(data) >= _MIN_BYTES:
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

    def send_rtp(self, header: bytes, payload: bytes) -> bool:
        """Encrypt and send one packet; it leaves with others at the end of this turn of the loop."""
        remote = self._remote_now()
        if remote is None:
            return self._send_alone(header + payload)
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
        if srtp.srtp_protect(self._tx_srtp._srtp[0], pointers[start // SLOT_BYTES], count):
            return False
        port.sending.add(count[0], name)
        return True

    def send_rtcp(self, data: bytes) -> bool:
        """Encrypt and send one RTCP packet at once; False when the connection cannot carry it now."""
        if not self.ready:
            return False
        pair = self.transport._connection._nominated[1]
        try:
            protected = self._tx_srtp.protect_rtcp(data)
        except (pylibsrtp.Error, ValueError) as error:
            logger.warning("srtp_protect_failed", error=str(error))
            return False
        pair.protocol.transport.sendto(protected, pair.remote_addr)
        return True

    def _send_alone(self, packet: bytes) -> bool:
        if not self.ready:
            return False
        pair = self.transport._connection._nominated[1]
        try:
            protected = self._tx_srtp.protect(packet)
        except (pylibsrtp.Error, ValueError):
            return False
        pair.protocol.transport.sendto(protected, pair.remote_addr)
        return True

    def _remote_now(self) -> tuple[UdpPort, bytes, list[Any]] | None:
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


def _extensions(view: memoryview, position: int, end: int) -> dict[int, int]:
    """One-byte header extensions (RFC 8285, 4.2): id to value, big-endian."""
    head = view[position] if position < end else 0
    if head & 0x0F == 1 and end - position == _WORD_BYTES:  # transport-wide sequence numbers come like this
        return {head >> 4: view[position + 1] << 8 | view[position + 2]}
    found: dict[int, int] = {}
    while position < end:
        head = view[position]
        position += 1
        if not head:
            continue
        size = (head & 0x0F) + 1
        if position + size > end:
            break
        if size == 1:
            found[head >> 4] = view[position]
        elif size == 2:
            found[head >> 4] = view[position] << 8 | view[position + 1]
        else:
            found[head >> 4] = int.from_bytes(view[position : position + size], "big")
        position += size
    return found
