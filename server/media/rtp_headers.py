"""Headers of the RTP packets that the server sends (RFC 3550, 5.1; extensions: RFC 8285)."""

import struct
from typing import NamedTuple

_HEADER = struct.Struct("!BBHII")
_HEADER_WITH_TIME = struct.Struct("!BBHIIII")
_ONE_BYTE_OF_ONE_WORD = 0xBEDE0001
_MARKER = 0x80


class RtpHeaders(NamedTuple):
    """The headers of a frame's packets: alike but for the sequence number, and the marker of the last one.

    `send_time` is the extension's word with id, length and time; 0 leaves it out.
    """

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    marker: bool
    send_time: int

    @property
    def size(self) -> int:
        """Bytes of each."""
        return _HEADER_WITH_TIME.size if self.send_time else _HEADER.size

    def pack_into(self, data: bytearray, start: int, index: int, count: int) -> None:
        """Write the header of packet `index` of `count`."""
        payload_type, sequence, timestamp, ssrc, marker, send_time = self
        second = payload_type | _MARKER if marker and index == count - 1 else payload_type
        number = sequence + index & 0xFFFF
        if send_time:
            _HEADER_WITH_TIME.pack_into(
                data, start, 0x90, second, number, timestamp, ssrc, _ONE_BYTE_OF_ONE_WORD, send_time
            )
        else:
            _HEADER.pack_into(data, start, 0x80, second, number, timestamp, ssrc)

    def packed(self, index: int, count: int) -> bytes:
        """The header of packet `index` of `count`."""
        data = bytearray(self.size)
        self.pack_into(data, 0, index, count)
        return bytes(data)


def send_time_word(extension_id: int, now_seconds: float) -> int:
    """The abs-send-time element: seconds with 6 bits before the point and 18 after; 0 without an id."""
    if not extension_id:
        return 0
    return (extension_id << 4 | 2) << 24 | int(now_seconds * 262_144) & 0xFFFFFF
