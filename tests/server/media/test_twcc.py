"""Transport-wide feedback reads back as what arrived."""

import struct

from hypothesis import given
from hypothesis import strategies as st

from server.media.twcc import FeedbackWriter


def parse(message: bytes) -> tuple[int, int, list[float | None]]:
    """Base sequence, feedback count and arrivals in ms; written from the draft, not from the code."""
    first, kind, words, _, _, base, count, rest = struct.unpack_from("!BBHIIHHI", message)
    assert (first, kind, len(message)) == (0x8F, 205, 4 * (words + 1))
    position = 20
    statuses: list[int] = []
    while len(statuses) < count:
        (chunk,) = struct.unpack_from("!H", message, position)
        position += 2
        if not chunk >> 15:
            statuses += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk >> 14 & 1:
            statuses += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            statuses += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    time_units = (rest >> 8) * 256
    arrivals: list[float | None] = []
    for status in statuses[:count]:
        if status == 0:
            arrivals.append(None)
            continue
        if status == 1:
            delta, position = message[position], position + 1
        else:
            (delta,) = struct.unpack_from("!h", message, position)
            position += 2
        time_units += delta
        arrivals.append(time_units / 4)
    return base, rest & 0xFF, arrivals


def test_lost_packets_between_two_messages_are_told() -> None:
    writer = FeedbackWriter()
    arrivals = [(sequence, 10_000.0 + sequence % 7) for sequence in (65534, 65535, 0)]
    base, count, told = parse(writer.message(arrivals, 1, 2) or b"")
    assert (base, count, len(told)) == (65534, 1, 3)
    assert writer.message([], 1, 2) is None
    base, count, told = parse(writer.message([(3, 10_200.0)], 1, 2) or b"")
    assert (base, count, told) == (1, 2, [None, None, 10_200.0])


@given(st.lists(st.tuples(st.integers(0, 12), st.floats(0, 400, allow_nan=False)), min_size=1, max_size=60))
def test_every_arrival_is_told_to_a_quarter_of_a_millisecond(steps: list[tuple[int, float]]) -> None:
    sequence, now_ms = 65_500, 5_000_000.0
    arrivals = []
    for skipped, waited_ms in steps:
        sequence += 1 + skipped
        now_ms += waited_ms
        arrivals.append((sequence & 0xFFFF, now_ms))
    base, _, found = parse(FeedbackWriter().message(arrivals, 7, 8) or b"")
    told = {base + index & 0xFFFF: at for index, at in enumerate(found) if at is not None}
    assert told.keys() == dict(arrivals).keys()
    assert all(abs(told[number] - at) <= 0.25 for number, at in arrivals)
