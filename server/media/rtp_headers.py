"""Headers of the RTP packets that the server sends (RFC 3550, 5.1; extensions: RFC 8285)."""

import struct
from typing import NamedTuple

from server.media.mmsg import SLOT_BYTES

LONGEST_HEADER = struct.Struct("!BBHIIII")
"""With one extension of one word."""
_HEADER = struct.Struct("!BBHII")
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

    def pack_into(self, data: bytearray, start: int, count: int) -> None:
        """Write the headers of `count` packets, one to a slot from byte `start` on; `send_time` is not 0."""
        payload_type, number, timestamp, ssrc, marker, send_time = self
        pack_into, extension = LONGEST_HEADER.pack_into, _ONE_BYTE_OF_ONE_WORD
        last = start + (count - 1) * SLOT_BYTES
        for at in range(start, last, SLOT_BYTES):
            pack_into(data, at, 0x90, payload_type, number, timestamp, ssrc, extension, send_time)
            number = number + 1 & 0xFFFF
        second = payload_type | _MARKER if marker else payload_type
        pack_into(data, last, 0x90, second, number, timestamp, ssrc, extension, send_time)

    def packed(self, index: int, count: int) -> bytes:
        """The header of packet `index` of `count`."""
        payload_type, sequence, timestamp, ssrc, marker, send_time = self
        second = payload_type | _MARKER if marker and index == count - 1 else payload_type
        plain = (second, sequence + index & 0xFFFF, timestamp, ssrc)
        if not send_time:
            return _HEADER.pack(0x80, *plain)
        return LONGEST_HEADER.pack(0x90, *plain, _ONE_BYTE_OF_ONE_WORD, send_time)


def send_time_word(extension_id: int, now_seconds: float) -> int:
    """The abs-send-time element: seconds with 6 bits before the point and 18 after; 0 without an id."""
    if not extension_id:
        return 0
    return (extension_id << 4 | 2) << 24 | int(now_seconds * 262_144) & 0xFFFFFF
