"""The sending half of a connection's DTLS transport: encrypted in the port's send buffer."""

from collections.abc import Sequence
from typing import Any

import pylibsrtp
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from server.media import mmsg
from server.media.mmsg import SLOT_BYTES
from server.media.udp_port import UdpPort
from server.media.virtual import VirtualTransport

_SRTP_TRAILER_BYTES = 148
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


def _send_pointers(port: UdpPort) -> list[Any]:
    pointers = port.send_pointers
    if not pointers:
        pointers.extend(mmsg.pointers(port.sending.data, srtp_ffi.from_buffer))
    return pointers
