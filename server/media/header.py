"""What an RTP header says beyond its fixed part (RFC 3550, 5.1): payload bounds and header extensions."""

import struct

_EXTENSION = struct.Struct("!HH")
_ONE_BYTE_EXTENSIONS = 0xBEDE
_NO_EXTENSIONS: dict[int, int] = {}
FIXED_BYTES = 12


def payload_and_extensions(view: memoryview, start: int, end: int) -> tuple[int, int, dict[int, int]]:
    """Where the payload of a packet begins and ends, without padding, and its one-byte header extensions.

    The packet lies in `view` from `start` to `end`. Extensions map an id to its value, big-endian. A header
    that says more than there is yields a beginning behind the end.
    """
    first, position, extensions = view[start], start + FIXED_BYTES, _NO_EXTENSIONS
    position += 4 * (first & 0x0F)
    if first & 0x10 and position + 4 <= end:
        profile, words = _EXTENSION.unpack_from(view, position)
        position += 4
        if profile == _ONE_BYTE_EXTENSIONS:
            extensions = _extensions(view, position, min(position + 4 * words, end))
        position += 4 * words
    if first & 0x20:
        end -= view[end - 1]
    return position, end, extensions


def _extensions(view: memoryview, position: int, end: int) -> dict[int, int]:
    """One-byte header extensions (RFC 8285, 4.2): id to value, big-endian."""
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
