"""Frames come out whole, in order, and never after a loss before the next keyframe."""

import struct
from typing import NamedTuple

import pytest

from server.media.assembler import FrameAssembler


class RtpPart(NamedTuple):
    """Timestamp, marker and payload of a packet."""

    timestamp: int
    marker: bool
    payload: bytes


DESCRIPTOR_START = b"\x90\x80\x01"
DESCRIPTOR_MORE = b"\x80\x80\x01"


def keyframe(size: int = 40) -> bytes:
    return b"\x10\x02\x00\x9d\x01\x2a" + struct.pack("<HH", 1280, 720) + bytes(size)


def delta(size: int = 40) -> bytes:
    return b"\x11\x02\x00" + bytes(size)


def packets(data: bytes, timestamp: int, pieces: int = 1) -> list[RtpPart]:
    size = -(-len(data) // pieces)
    chunks = [data[start : start + size] for start in range(0, len(data), size)]
    return [
        RtpPart(timestamp, index == len(chunks) - 1, (DESCRIPTOR_MORE if index else DESCRIPTOR_START) + chunk)
        for index, chunk in enumerate(chunks)
    ]


def test_a_frame_is_released_at_its_marker() -> None:
    assembler = FrameAssembler("vp8")
    first, second, last = packets(keyframe(300), 1000, pieces=3)
    assert not assembler.add(10, first)
    assert not assembler.add(11, second)
    (frame,) = assembler.add(12, last)
    assert frame.data == keyframe(300)
    assert (frame.keyframe, frame.width, frame.height) == (True, 1280, 720)
    assert frame.payloads == [first.payload, second.payload, last.payload]


def test_reordered_packets_are_put_in_order() -> None:
    assembler = FrameAssembler("vp8")
    parts = packets(keyframe(300), 1000, pieces=3)
    more = packets(delta(), 4000)
    assembler.add(10, parts[0])
    assert not assembler.add(12, parts[2])
    assert not assembler.add(13, more[0])
    released = assembler.add(11, parts[1])
    assert [frame.rtp_timestamp for frame in released] == [1000, 4000]


def test_nothing_is_released_before_the_first_keyframe() -> None:
    assembler = FrameAssembler("vp8")
    assert not assembler.add(10, packets(delta(), 1000)[0])
    assert assembler.needs_keyframe
    assert [frame.keyframe for frame in assembler.add(11, packets(keyframe(), 4000)[0])] == [True]
    assert not assembler.needs_keyframe


def test_after_a_loss_frames_are_dropped_until_the_next_keyframe() -> None:
    assembler = FrameAssembler("vp8")
    assembler.add(10, packets(keyframe(), 1000)[0])
    assembler.add(12, packets(delta(), 7000)[0])
    assert assembler.give_up(12) == []
    assert assembler.lost_packets == 1
    assert not assembler.add(13, packets(delta(), 10000)[0])
    assert assembler.dropped_frames == 2
    (frame,) = assembler.add(14, packets(keyframe(), 13000)[0])
    assert frame.keyframe


def test_a_loss_in_the_middle_of_a_frame_drops_that_frame() -> None:
    assembler = FrameAssembler("vp8")
    assembler.add(10, packets(keyframe(), 1000)[0])
    first, _, last = packets(delta(300), 4000, pieces=3)
    assembler.add(11, first)
    assembler.add(13, last)
    assert assembler.give_up(13) == []
    assert assembler.needs_keyframe


def test_padding_does_not_hold_frames_back() -> None:
    assembler = FrameAssembler("vp8")
    assembler.add(10, packets(keyframe(), 1000)[0])
    assert not assembler.add(11, RtpPart(1000, False, b""))
    assert len(assembler.add(12, packets(delta(), 4000)[0])) == 1


def test_repeated_and_late_packets_change_nothing() -> None:
    assembler = FrameAssembler("vp8")
    part = packets(keyframe(), 1000)[0]
    assert len(assembler.add(10, part)) == 1
    assert not assembler.add(10, part)
    assert not assembler.add(9, part)


def test_what_waits_behind_a_gap_is_bounded() -> None:
    assembler = FrameAssembler("vp8")
    assembler.add(0, packets(keyframe(), 0)[0])
    for sequence in range(2, FrameAssembler.MAX_PENDING + 4):
        assembler.add(sequence, packets(delta(4), sequence * 3000)[0])
    assert assembler.needs_keyframe
    assert assembler.lost_packets == 1


@pytest.mark.parametrize("payload", [b"\x90", b"\x90\x80", b"\x90\xf0\x80", b""])
def test_a_truncated_descriptor_costs_that_frame_only(payload: bytes) -> None:
    assembler = FrameAssembler("vp8")
    assembler.add(10, packets(keyframe(), 1000)[0])
    assert not assembler.add(11, RtpPart(4000, True, payload))
    assert len(assembler.add(12, packets(keyframe(), 7000)[0])) == 1


def test_temporal_layer_is_read() -> None:
    assembler = FrameAssembler("vp8")
    assembler.add(10, packets(keyframe(), 1000)[0])
    payload = b"\x90\xe0\x81\x23\x07\x80" + delta()
    (frame,) = assembler.add(11, RtpPart(4000, True, payload))
    assert frame.temporal_layer == 2
    assert frame.data == delta()


def test_a_frame_without_an_end_is_bounded() -> None:
    assembler = FrameAssembler("vp8")
    for number in range(FrameAssembler.MAX_PARTS + 10):
        assert not assembler.add(number, RtpPart(1000, False, DESCRIPTOR_MORE + bytes(20)))
    assert len(assembler._payloads) <= FrameAssembler.MAX_PARTS
