"""What of a frame leaves for its viewers: made once for all of them."""

from array import array
from collections.abc import Sequence

from server.media import vp8
from server.media.mmsg import SLOT_BYTES
from server.media.ports import EncodedFrame
from server.media.rtp_headers import LONGEST_HEADER
from server.media.send_batch import SEND_SLOTS

SRTP_TRAILER_BYTES = 148
MAX_PACKET_BYTES = SLOT_BYTES - SRTP_TRAILER_BYTES
"""What libsrtp may write behind a packet is left free."""


class Outgoing:
    """The payloads of a frame, and how many octets they are.

    `spread` holds them the way a send batch does, one to a slot, each behind room for a header: a viewer's
    copy is one move of memory. None where a batch does not hold them. `lengths` are those of the packets,
    `alike` whether the kernel can cut one message into them: all of one length, the last one not longer.
    """

    __slots__ = ("alike", "lengths", "octets", "payloads", "spread")

    def __init__(self, payloads: Sequence[bytes]) -> None:
        self.payloads = payloads
        sizes = [len(payload) for payload in payloads]
        self.octets = sum(sizes)
        self.lengths = array("L", [LONGEST_HEADER.size + size for size in sizes])
        self.alike = sizes[-1] <= sizes[0] and sizes.count(sizes[0]) >= len(sizes) - 1
        self.spread: bytearray | None = None
        if len(payloads) <= SEND_SLOTS and max(self.lengths) <= MAX_PACKET_BYTES:
            self.spread = spread = bytearray(len(payloads) * SLOT_BYTES)
            for at, payload in zip(
                range(LONGEST_HEADER.size, len(spread), SLOT_BYTES), payloads, strict=True
            ):
                spread[at : at + len(payload)] = payload


def outgoing(frame: EncodedFrame) -> Outgoing:
    """A frame's packets: of VP8 all of one length but the last, so that the kernel can part them."""
    if frame.outgoing is None:
        uneven = frame.codec == "vp8" and len(frame.payloads) > 1
        frame.outgoing = Outgoing(_cut_evenly(frame) if uneven else frame.payloads)
    return frame.outgoing


def _cut_evenly(frame: EncodedFrame) -> list[bytes]:
    """Senders cut evenly too, but to the byte only; descriptors of several kinds are left as they came."""
    payloads, data = frame.payloads, frame.data
    head = payloads[0][: vp8.parse_descriptor(payloads[0]).size]
    goes_on = vp8.continued(head)
    if not all(payload.startswith(goes_on) for payload in payloads[1:]):
        return payloads
    each = -(-len(data) // len(payloads))
    rest = [goes_on + data[begin : begin + each] for begin in range(each, len(data), each)]
    return [head + data[:each], *rest]
