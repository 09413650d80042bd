"""Frames whose packets come in order take a short way; what they yield is what the long way yields."""

import asyncio
import random
from typing import Any

import pytest
from aiortc.rtcrtpparameters import (
    RTCRtpCodecParameters,
    RTCRtpDecodingParameters,
    RTCRtpReceiveParameters,
    RTCRtpRtxParameters,
)
from aiortc.rtp import RtcpPacket, RtcpRrPacket

from server.media.beat import BEAT_SECONDS, seconds_to_beat
from server.media.offers import Negotiated
from server.media.ports import EncodedFrame
from server.media.rtcp import ReceptionReport, receiver_report
from server.media.source import Source
from server.media.twcc import FeedbackWriter
from server.media.video import VideoReceiver
from server.media.vp8 import parse_descriptor
from tests.server.media.test_assembler import delta, keyframe, packets
from tests.server.media.test_twcc import parse

Sent = tuple[int, bool, int, bytes]
"""Sequence number, marker, timestamp and payload."""


class Transport:
    """Takes what a receiver sends."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.hurried = 0

    def send_rtcp(self, data: bytes) -> bool:
        self.sent.append(data)
        return True

    def hurry(self) -> None:
        self.hurried += 1

    def _register_rtp_receiver(self, receiver: Any, parameters: Any) -> None:
        """Nothing is routed here."""

    def _unregister_rtp_receiver(self, receiver: Any) -> None:
        """Nothing was."""


class Frames:
    """Keeps what a source delivers."""

    def __init__(self) -> None:
        self.all: list[EncodedFrame] = []

    def on_frame(self, frame: EncodedFrame) -> None:
        self.all.append(frame)

    def on_source_closed(self) -> None:
        """Nothing to release."""


def stream(frames: int, first: int = 65_500) -> list[Sent]:
    """Pictures of one to five packets, the first one and every twentieth a keyframe."""
    sent: list[Sent] = []
    for index in range(frames):
        data = keyframe(200) if index % 20 == 0 else delta(40 + index)
        for part in packets(data, 3000 * index, pieces=1 + index % 5):
            sent.append((first + len(sent) & 0xFFFF, part.marker, part.timestamp, part.payload))
    return sent


async def received(sent: list[Sent], *, singly: bool = False) -> tuple[VideoReceiver, Frames]:
    """A receiver after these packets; `singly` keeps it from the short way."""
    source, frames = Source("camera", "ann", "camera"), Frames()
    source.attach(frames)
    receiver = VideoReceiver(Transport(), source, Negotiated(), 2_000_000)
    codec = RTCRtpCodecParameters("video/VP8", 90_000, payloadType=96)
    await receiver.receive(RTCRtpReceiveParameters(codecs=[codec]))
    now_ms = asyncio.get_running_loop().time() * 1000
    for index, (sequence, marker, timestamp, payload) in enumerate(sent):
        if singly:
            receiver._break_run(now_ms)
        receiver.on_rtp(marker << 7 | 96, sequence, timestamp, 7, payload, now_ms + index, None)
    await receiver.stop()
    source.close()
    return receiver, frames


def disturbed(sent: list[Sent], seed: int) -> list[Sent]:
    """Some lost, some twice, some late."""
    chance, out = random.Random(seed), list[Sent]()
    late: list[tuple[int, Sent]] = []
    for index, packet in enumerate(sent):
        out += [each for due, each in late if due == index]
        luck = chance.random()
        if luck < 0.02:
            continue
        if luck < 0.05:
            late.append((index + chance.randrange(1, 6), packet))
            continue
        out += [packet] * (2 if luck < 0.08 else 1)
    return out


@pytest.mark.parametrize("seed", [None, *range(12)])
async def test_the_short_way_yields_what_the_long_one_does(seed: int | None) -> None:
    sent = stream(120)
    arriving = sent if seed is None else disturbed(sent, seed)
    (short, frames), (long, expected) = await received(arriving), await received(arriving, singly=True)
    short._break_run(0.0)
    assert [(f.rtp_timestamp, f.data, f.payloads, f.keyframe) for f in frames.all] == [
        (f.rtp_timestamp, f.data, f.payloads, f.keyframe) for f in expected.all
    ]
    assert short._report is not None
    assert long._report is not None
    assert (short._report.received, short._report.lost) == (long._report.received, long._report.lost)
    assert (short._source.packets, short._source.octets) == (long._source.packets, long._source.octets)
    assert len(frames.all) == 120 or seed is not None


async def test_a_frame_without_end_is_not_kept_for_ever() -> None:
    begun = stream(1)[:1]
    endless = [(65_501 + index & 0xFFFF, False, 3000, b"\x80\x80\x01x") for index in range(5000)]
    receiver, frames = await received(begun + endless)
    assert len(receiver._run) <= 256
    assert len(frames.all) == 1


def test_a_run_counts_like_its_packets() -> None:
    one_by_one, at_once = ReceptionReport(7, 90_000), ReceptionReport(7, 90_000)
    for report in (one_by_one, at_once):
        report.add(65_534, 1000, 10.0)
    numbers = [one_by_one.add(65_535 + index & 0xFFFF, 4000, 43.0) for index in range(4)]
    assert at_once.add_run(2, 4000, 4, 43.0) == numbers[-1]
    assert (at_once.received, at_once.lost) == (one_by_one.received, one_by_one.lost)


def test_a_receiver_report_says_what_was_lost() -> None:
    report = ReceptionReport(7, 90_000)
    for index in (0, 1, 2, 4, 5, 7):
        report.add(65_534 + index & 0xFFFF, 3000 * index, 33.0 * index)
    report.on_sender_report(0x1234_5678_9ABC_DEF0, 300.0)
    (read,) = RtcpPacket.parse(receiver_report(9, [report.block(1300.0)]))
    assert isinstance(read, RtcpRrPacket)
    (block,) = read.reports
    assert (read.ssrc, block.ssrc, block.packets_lost, block.fraction_lost) == (9, 7, 2, 64)
    assert (block.highest_sequence & 0xFFFF, block.lsr, block.dlsr) == (5, 0x5678_9ABC, 65_536)


def test_feedback_goes_on_where_the_last_one_ended() -> None:
    writer = FeedbackWriter()
    for begin in (100, 140):
        arrivals = [(begin + index, 5000.0 + begin + index // 3) for index in range(40)]
        base, _, told = parse(writer.message(arrivals, 1, 2) or b"")
        assert base == begin
        assert told == [at for _, at in arrivals]
    late = [(180, 5400.0), (181, 5300.0)]  # out of order in time: not in one byte
    assert parse(writer.message(late, 1, 2) or b"")[2] == [5400.0, 5300.0]


def test_the_usual_descriptor_reads_like_any_other() -> None:
    usual = parse_descriptor(b"\x90\xf0\x92\x34\x56\xa0rest")
    assert usual == (6, True, 2, 0x1234, 0x56, True)
    with pytest.raises(ValueError, match="truncated"):
        parse_descriptor(b"\x90\xf0\x92\x34\x56")


def test_timers_meet_on_the_beat() -> None:
    for now in (100.0, 100.0004, 100.009, 107.3333):
        for seconds in (0.02, 0.1, 0.5, 1.0):
            at = now + seconds_to_beat(now, seconds)
            assert at > now
            assert abs(at - now - seconds) <= BEAT_SECONDS
            assert at / BEAT_SECONDS == pytest.approx(round(at / BEAT_SECONDS))
    late = 100.0 + 0.008  # what went off late is due at the same beats as before
    assert late + seconds_to_beat(late, 0.2) == pytest.approx(100.2)


async def test_a_repair_that_nobody_asked_for_yet_moves_no_number() -> None:
    """Chromium sends what it sent last once more where it looks for bandwidth."""
    sent, frames = stream(12), Frames()
    source, transport = Source("camera", "ann", "camera"), Transport()
    source.attach(frames)
    receiver = VideoReceiver(transport, source, Negotiated(), 2_000_000)
    video = RTCRtpCodecParameters("video/VP8", 90_000, payloadType=96)
    repair = RTCRtpCodecParameters("video/rtx", 90_000, payloadType=97, parameters={"apt": 96})
    both = RTCRtpDecodingParameters(ssrc=7, payloadType=96, rtx=RTCRtpRtxParameters(ssrc=8))
    await receiver.receive(RTCRtpReceiveParameters(codecs=[video, repair], encodings=[both]))
    now_ms = asyncio.get_running_loop().time() * 1000
    lost = next(index for index, packet in enumerate(sent) if index > 10 and packet[1])
    again = sent[lost][0].to_bytes(2, "big") + sent[lost][3]
    for index, (sequence, marker, timestamp, payload) in enumerate(sent):
        if index in (lost, lost + 9):  # the repair is the next thing that comes, and comes once more later
            receiver.on_rtp(128 | 97, index, sent[lost][2], 8, again, now_ms + index, None)
        if index != lost:
            receiver.on_rtp(marker << 7 | 96, sequence, timestamp, 7, payload, now_ms + index, None)
    assert len(frames.all) == 12
    assert len(receiver._nack) == 0
    await receiver.stop()
    source.close()
