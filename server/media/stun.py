"""What a shared port reads of a STUN message before it knows whose it is (RFC 8489)."""

from aioice import stun

HEADER_BYTES = 20
_USERNAME = 0x0006


def local_username(message: bytes) -> str:
    """The addressee's part of a STUN request's USERNAME (RFC 8445, 7.2.2); empty without one."""
    position = HEADER_BYTES
    while position + 4 <= len(message):
        kind = int.from_bytes(message[position : position + 2], "big")
        length = int.from_bytes(message[position + 2 : position + 4], "big")
        if kind == _USERNAME:
            value = message[position + 4 : position + 4 + length]
            return value.split(b":", 1)[0].decode("ascii", "replace")
        position += 4 + length + stun.padding_length(length)
    return ""
