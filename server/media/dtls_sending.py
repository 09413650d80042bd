"""The sending half of a connection's DTLS transport: encrypted in the port's send buffer."""

from collections.abc import Sequence
from typing import Any

import pylibsrtp
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from server.media import mmsg
from server.media.mmsg import SLOT_BYTES
from server.media.rtp_headers import RtpHeaders
from server.media.send_batch import SEND_SLOTS
from server.media.udp_port import UdpPort
from server.media.virtual import VirtualTransport

_SRTP_TRAILER_BYTES = 148
_MAX_PACKET_BYTES = SLOT_BYTES - _SRTP_TRAILER_BYTES
_Remote = tuple[UdpPort, bytes, list[Any]]
"""Port, packed address and send buffers of a nominated pair."""


class SendingTransport(RTCDtlsTransport):
    """Sends RTP and RTCP to the nominated pair."""

    def __init__(self, transport: Any, certificates: Any) -> None:
        super().__init__(transport, certificates)
        self._length = srtp_ffi.new("int *")
        self._remote: _Remote | None = None
        self._remote_pair: Any = None

    @property
    def ready(self) -> bool:
        """Whether media can be sent now."""
        return self._state is State.CONNECTED and 1 in self.transport._connection._nominated

    def send_rtp(self, headers: RtpHeaders, payloads: Sequence[bytes]) -> int:
        """Encrypt and send the packets of a frame; returns how many leave.

        They leave with others at the end of this turn of the loop.
        """
        remote, sent = self._remote_now(), 0
        if remote is None:
            for index, payload in enumerate(payloads):
                sent += self._send_alone(headers.packed(index, len(payloads)) + payload, "protect")
            return sent
        remote[0].forwarding = True
        for begin in range(0, len(payloads), SEND_SLOTS):
            sent += self._put_packets(remote, headers, payloads, begin)
        return sent

    def _put_packets(
        self, remote: _Remote, headers: RtpHeaders, payloads: Sequence[bytes], begin: int
    ) -> int:
        """Write the packets of a frame from `begin` on, as many as fit into a batch."""
        port, name, pointers = remote
        end = min(len(payloads), begin + SEND_SLOTS)
        slot, data, count = port.slot(end - begin), port.sending.data, self._length
        session, size, lengths = self._tx_srtp._srtp[0], headers.size, list[int]()
        for index in range(begin, end):
            start, payload = slot * SLOT_BYTES, payloads[index]
            length = size + len(payload)
            if length > _MAX_PACKET_BYTES:
                continue
            headers.pack_into(data, start, index, len(payloads))
            data[start + size : start + length] = payload
            count[0] = length
            if not srtp.srtp_protect(session, pointers[slot], count):
                lengths.append(count[0])
                slot += 1
        if lengths:
            port.sending.add(lengths, name)
        return len(lengths)

    def send_rtcp(self, data: bytes) -> bool:
        """Encrypt and send one RTCP packet, like `send_rtp`; False when the connection cannot carry it."""
        remote = self._remote_now()
        if remote is None:
            return self._send_alone(data, "protect_rtcp")
        port, name, pointers = remote
        slot, count = port.slot(), self._length
        if len(data) > _MAX_PACKET_BYTES:
            return False
        start = slot * SLOT_BYTES
        port.sending.data[start : start + len(data)] = data
        count[0] = len(data)
        if srtp.srtp_protect_rtcp(self._tx_srtp._srtp[0], pointers[slot], count):
            return False
        port.sending.add((count[0],), name)
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


def _send_pointers(port: UdpPort) -> list[Any]:
    pointers = port.send_pointers
    if not pointers:
        pointers.extend(mmsg.pointers(port.sending.data, srtp_ffi.from_buffer))
    return pointers
