"""VP8 in RTP (RFC 7741): the payload descriptor and what a keyframe header says (RFC 6386, 9.1)."""

import struct
from collections.abc import Sequence
from typing import Literal, NamedTuple

_NO_LAYER = 4
_START = 0x10
_USUAL = struct.Struct("!BBHBB")


class Vp8Descriptor(NamedTuple):
    """What the descriptor says; `size` is its own length in bytes, what it leaves out is None.

    `layer_sync`: the frame refers to the base layer alone.
    """

    size: int
    starts_frame: bool
    temporal_layer: int | None
    picture_id: int | None = None
    tl0_index: int | None = None
    layer_sync: bool = False


def parse_descriptor(payload: bytes) -> Vp8Descriptor:
    """Read the payload descriptor of one RTP payload.

    Raises ValueError when it is truncated.
    """
    try:
        first = payload[0]
        starts_frame = (first & 0x1F) == 0x10
        if first & 0x80 and payload[1] & 0xE0 == 0xE0 and payload[2] & 0x80:  # what Chromium sends, at once
            _, _, picture_id, tl0_index, layer = _USUAL.unpack_from(payload)
            return Vp8Descriptor(
                6, starts_frame, layer >> 6, picture_id & 0x7FFF, tl0_index, layer & 0x20 != 0
            )
        if not first & 0x80:
            return Vp8Descriptor(1, starts_frame, None)
        extension = payload[1]
        position = 2
        picture_id = tl0_index = temporal_layer = None
        layer_sync = False
        if extension & 0x80:
            picture_id = payload[position]
            position += 1
            if picture_id & 0x80:
                picture_id = (picture_id & 0x7F) << 8 | payload[position]
                position += 1
        if extension & 0x40:
            tl0_index = payload[position]
            position += 1
        if extension & 0x30:
            if extension & 0x20:
                temporal_layer = payload[position] >> 6
                layer_sync = bool(payload[position] & 0x20)
            position += 1
    except (IndexError, struct.error):
        raise ValueError("VP8 payload descriptor is truncated") from None
    if position > len(payload):
        raise ValueError("VP8 payload descriptor is truncated")
    return Vp8Descriptor(position, starts_frame, temporal_layer, picture_id, tl0_index, layer_sync)


def bitstream(payloads: Sequence[bytes], first_size: int) -> bytes:
    """The frame that these payloads carry; the first one's descriptor has `first_size` bytes.

    Raises ValueError when a descriptor is truncated.
    """
    head = payloads[0]
    pieces = [head[first_size:]]
    # All of a frame's descriptors are alike but for the start bit, unless a sender is odd.
    goes_on = bytes((head[0] & ~_START,)) + head[1:first_size]
    for payload in payloads[1:]:
        size = first_size if payload.startswith(goes_on) else parse_descriptor(payload).size
        pieces.append(payload[size:])
    return b"".join(pieces)


def continued(descriptor: bytes) -> bytes:
    """The descriptor of a frame's later packets, from that of its first one."""
    return bytes((descriptor[0] & ~_START,)) + descriptor[1:]


def with_earlier_picture_id(payload: bytes, by: int) -> bytes:
    """The payload with its picture id lowered: a viewer who gets fewer layers must not see holes in it.

    Payloads without a picture id are returned as they are.
    """
    if not payload[0] & 0x80 or not payload[1] & 0x80:
        return payload
    if payload[2] & 0x80:
        picture_id = ((payload[2] & 0x7F) << 8 | payload[3]) - by & 0x7FFF
        return payload[:2] + bytes((0x80 | picture_id >> 8, picture_id & 0xFF)) + payload[4:]
    return payload[:2] + bytes((payload[2] - by & 0x7F,)) + payload[3:]


class TemporalChain:
    """Which frames can be decoded after a loss (RFC 7741, 4.2: TL0PICIDX, TID and Y).

    A lost base-layer frame breaks everything until a keyframe. A lost upper-layer frame breaks its layer and
    those above it until a frame that refers to the base layer alone. Without layers any loss breaks all.
    """

    def __init__(self) -> None:
        self._tl0_index: int | None = None
        self._broken_from = _NO_LAYER
        self._lost = False

    def lose(self) -> bool:
        """Something was lost before the next frame; True when that breaks everything, layers or not."""
        self._lost = True
        return self._tl0_index is None

    def judge(self, frame: Vp8Descriptor, keyframe: bool) -> Literal["whole", "skip", "broken"]:
        """Whether a frame can be decoded, is to be left out, or shows that a keyframe is needed."""
        if keyframe:
            self._tl0_index, self._broken_from, self._lost = frame.tl0_index, _NO_LAYER, False
            return "whole"
        layer = frame.temporal_layer
        if layer is None or frame.tl0_index is None or self._tl0_index is None:
            return "broken" if self._lost else "whole"
        if layer == 0:
            if frame.tl0_index != self._tl0_index + 1 & 0xFF:
                return "broken"
            self._tl0_index = frame.tl0_index
        elif frame.tl0_index != self._tl0_index:
            return "broken"
        if self._lost:
            self._lost, self._broken_from = False, 1
        if layer and layer >= self._broken_from:
            if not frame.layer_sync:
                return "skip"
            self._broken_from = layer + 1
        return "whole"


def is_keyframe(data: bytes) -> bool:
    """Tell whether a VP8 frame is a keyframe (its frame tag's first bit is 0)."""
    return len(data) >= 10 and not data[0] & 1 and data[3:6] == b"\x9d\x01\x2a"


def keyframe_size(data: bytes) -> tuple[int, int]:
    """Width and height in pixels from a keyframe's header."""
    width = (data[6] | data[7] << 8) & 0x3FFF
    height = (data[8] | data[9] << 8) & 0x3FFF
    return width, height
