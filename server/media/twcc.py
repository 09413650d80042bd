"""Transport-wide feedback: when each packet arrived, so that the sender sees a queue before it overflows.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

import struct

from server.media.nack import SequenceExtender

URI = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
_HEADER = struct.Struct("!BBHIIHHI")
_UNITS_PER_MS = 4
_REFERENCE_UNITS = 256
_MAX_STATUSES = 1000
_MAX_ARRIVALS = 2000
_LOST, _SMALL, _LARGE = 0, 1, 2
_MAX_RUN = 0x1FFF
_VECTOR_SYMBOLS = 7


class FeedbackWriter:
    """Writes the feedback messages of one transport."""

    def __init__(self) -> None:
        self._extend = SequenceExtender()
        self._next: int | None = None
        self._count = 0

    def message(self, arrivals: list[tuple[int, float]], own_ssrc: int, media_ssrc: int) -> bytes | None:
        """The feedback about these arrivals since the last message; None when there are none.

        An arrival is a transport-wide sequence number and a time in milliseconds; of more than 2000 the
        oldest are left out.
        """
        if not arrivals:
            return None
        extend = self._extend
        pending: dict[int, int] = {}
        for sequence, arrival_ms in arrivals[-_MAX_ARRIVALS:]:
            pending.setdefault(extend(sequence), int(arrival_ms * _UNITS_PER_MS))
        numbers = sorted(pending)
        first, last = numbers[0], numbers[-1]
        if self._next is not None and self._next < first and last - self._next < _MAX_STATUSES:
            first = self._next
        last = min(last, first + _MAX_STATUSES - 1)
        reference = pending[numbers[0]] // _REFERENCE_UNITS
        statuses, deltas = _statuses(pending, first, last, reference * _REFERENCE_UNITS)
        self._next = max(self._next or 0, last + 1)
        self._count = (self._count + 1) & 0xFF
        body = _chunks(statuses) + deltas
        padding = -len(body) % 4
        return (
            _HEADER.pack(
                0x8F,
                205,
                4 + (len(body) + padding) // 4,
                own_ssrc,
                media_ssrc,
                first & 0xFFFF,
                len(statuses),
                (reference & 0xFFFFFF) << 8 | self._count,
            )
            + body
            + bytes(padding)
        )


def _statuses(pending: dict[int, int], first: int, last: int, before: int) -> tuple[list[int], bytes]:
    statuses: list[int] = []
    deltas: list[int] = []
    for number in range(first, last + 1):
        arrival = pending.get(number)
        if arrival is None:
            statuses.append(_LOST)
            continue
        delta = arrival - before
        before = arrival
        if 0 <= delta <= 0xFF:
            statuses.append(_SMALL)
            deltas.append(delta)
        else:
            statuses.append(_LARGE)
            deltas += max(-0x8000, min(0x7FFF, delta)).to_bytes(2, "big", signed=True)
    return statuses, bytes(deltas)


def _chunks(statuses: list[int]) -> bytes:
    chunks = bytearray()
    position, count = 0, len(statuses)
    if statuses.count(_SMALL) == count <= _MAX_RUN:
        return (_SMALL << 13 | count).to_bytes(2, "big")
    while position < count:
        symbol = statuses[position]
        run = 1
        while position + run < count and run < _MAX_RUN and statuses[position + run] == symbol:
            run += 1
        if run >= _VECTOR_SYMBOLS or position + run == count:
            chunks += (symbol << 13 | run).to_bytes(2, "big")
            position += run
            continue
        vector = statuses[position : position + _VECTOR_SYMBOLS]
        word = 0b11 << 14
        for index, each in enumerate(vector):
            word |= each << (12 - 2 * index)
        chunks += word.to_bytes(2, "big")
        position += len(vector)
    return bytes(chunks)
