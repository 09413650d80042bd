"""The sending half of a connection's DTLS transport: encrypted in the port's send buffer."""

from itertools import repeat
from typing import Any, NamedTuple

import pylibsrtp
from aiortc.rtcdtlstransport import RTCDtlsTransport, State
from pylibsrtp._binding import ffi as srtp_ffi
from pylibsrtp._binding import lib as srtp

from server.media import mmsg
from server.media.mmsg import SLOT_BYTES
from server.media.outgoing import MAX_PACKET_BYTES, Outgoing
from server.media.rtp_headers import RtpHeaders
from server.media.udp_port import UdpPort
from server.media.virtual import VirtualTransport

_CONNECTED = State.CONNECTED


class _Pointers(NamedTuple):
    """The slots of a send batch as libsrtp takes them."""

    data: list[Any]
    lengths: list[Any]


_Remote = tuple[UdpPort, mmsg.Destination, _Pointers]
"""Port, packed address and send buffers of a nominated pair."""


class SendingTransport(RTCDtlsTransport):
    """Sends RTP and RTCP to the nominated pair."""

    def __init__(self, transport: Any, certificates: Any) -> None:
        super().__init__(transport, certificates)
        self._remote: _Remote | None = None
        self._remote_pair: Any = None

    @property
    def ready(self) -> bool:
        """Whether media can be sent now."""
        return self._state is _CONNECTED and 1 in self.transport._connection._nominated

    def send_rtp(self, headers: RtpHeaders, packets: Outgoing) -> int:
        """Encrypt and send the packets of a frame; returns how many leave.

        They leave with others at the end of this turn of the loop.
        """
        remote = self._remote_now()
        if remote is not None and packets.spread is not None and headers.send_time:
            return self._put_frame(remote, headers, packets, packets.spread)
        count = len(packets.payloads)
        each = (headers.packed(index, count) + payload for index, payload in enumerate(packets.payloads))
        if remote is None:
            return sum(self._send_alone(packet, "protect") for packet in each)
        return sum(self._put(remote, packet, srtp.srtp_protect) for packet in each)

    def _put_frame(self, remote: _Remote, headers: RtpHeaders, packets: Outgoing, spread: bytearray) -> int:
        """Write a frame's packets into the send batch and encrypt them there.

        The cipher writes their lengths where the kernel reads them.
        """
        port, to, pointers = remote
        count, sending = len(packets.lengths), port.sending
        slot = port.slot(count)
        end, start = slot + count, slot * SLOT_BYTES
        sending.data[start : start + len(spread)] = spread
        headers.pack_into(sending.data, start, count)
        sending.lengths[slot:end] = packets.lengths
        session = self._tx_srtp._srtp[0]
        if any(map(srtp.srtp_protect, repeat(session), pointers.data[slot:end], pointers.lengths[slot:end])):
            return 0
        sending.add(count, to, alike=packets.alike)
        return count

    def _put(self, remote: _Remote, packet: bytes, protect: Any) -> bool:
        """Write one packet into the send batch and encrypt it there."""
        port, to, pointers = remote
        if len(packet) > MAX_PACKET_BYTES:
            return False
        slot, sending = port.slot(), port.sending
        start = slot * SLOT_BYTES
        sending.data[start : start + len(packet)] = packet
        sending.lengths[slot] = len(packet)
        if protect(self._tx_srtp._srtp[0], pointers.data[slot], pointers.lengths[slot]):
            return False
        sending.add(1, to)
        return True

    def send_rtcp(self, data: bytes) -> bool:
        """Encrypt and send one RTCP packet, like `send_rtp`; False when the connection cannot carry it."""
        remote = self._remote_now()
        if remote is None:
            return self._send_alone(data, "protect_rtcp")
        return self._put(remote, data, srtp.srtp_protect_rtcp)

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
        if self._state is not _CONNECTED:
            return None
        pair: Any = self.transport._connection._nominated.get(1)
        if pair is not self._remote_pair:
            self._remote_pair, self._remote = pair, None
            if pair is not None and isinstance(pair.protocol.transport, VirtualTransport):
                port = pair.protocol.transport.port
                self._remote = (port, mmsg.Destination(pair.remote_addr), _send_pointers(port))
        return self._remote


def _send_pointers(port: UdpPort) -> _Pointers:
    pointers: _Pointers | None = port.send_pointers
    if pointers is None:
        data = mmsg.pointers(port.sending.data, srtp_ffi.from_buffer)
        lengths = [srtp_ffi.cast("int *", address) for address in port.sending.length_addresses()]
        pointers = port.send_pointers = _Pointers(data, lengths)
    return pointers
