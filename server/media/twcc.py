"""Transport-wide feedback: when each packet arrived, so that the sender sees a queue before it overflows.

draft-holmer-rmcat-transport-wide-cc-extensions-01, section 3.1.
"""

import struct
from operator import sub

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
_Told = tuple[int, int, int, bytes]
"""First extended number, how many numbers, reference time in units of 64 ms, chunks and deltas."""


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
        told = self._all_in_order(arrivals) or self._any(arrivals[-_MAX_ARRIVALS:])
        first, count, reference, body = told
        self._next = max(self._next or 0, first + count)
        self._count = (self._count + 1) & 0xFF
        padding = -len(body) % 4
        words = 4 + (len(body) + padding) // 4
        number = (reference & 0xFFFFFF) << 8 | self._count
        header = _HEADER.pack(0x8F, 205, words, own_ssrc, media_ssrc, first & 0xFFFF, count, number)
        return header + body + bytes(padding)

    def _all_in_order(self, arrivals: list[tuple[int, float]]) -> _Told | None:
        """The usual case for a quarter of the work: nothing is missing, came twice or long after the rest."""
        numbers, times_ms = zip(*arrivals, strict=True)
        count = len(numbers)
        if self._next is None or count > _MAX_STATUSES or numbers[0] != self._next & 0xFFFF:
            return None
        if numbers != tuple(range(numbers[0], numbers[0] + count)):
            return None
        units = [int(time_ms * _UNITS_PER_MS) for time_ms in times_ms]
        reference = units[0] // _REFERENCE_UNITS
        try:
            deltas = bytes(map(sub, units, (reference * _REFERENCE_UNITS, *units[:-1])))
        except ValueError:
            return None
        first = self._extend(numbers[0])
        self._extend(numbers[-1])
        return first, count, reference, (_SMALL << 13 | count).to_bytes(2, "big") + deltas

    def _any(self, arrivals: list[tuple[int, float]]) -> _Told:
        extend = self._extend
        pending: dict[int, int] = {}
        for sequence, arrival_ms in arrivals:
            pending.setdefault(extend(sequence), int(arrival_ms * _UNITS_PER_MS))
        numbers = sorted(pending)
        first, last = numbers[0], numbers[-1]
        if self._next is not None and self._next < first and last - self._next < _MAX_STATUSES:
            first = self._next
        last = min(last, first + _MAX_STATUSES - 1)
        reference = pending[numbers[0]] // _REFERENCE_UNITS
        statuses, deltas = _statuses(pending, first, last, reference * _REFERENCE_UNITS)
        return first, len(statuses), reference, _chunks(statuses) + deltas


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
