"""Sound that is sent only while somebody speaks: in between a packet every 400 ms, numbered without a gap."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiortc.rtcrtpparameters import RTCRtpCodecParameters, RTCRtpReceiveParameters

from server.media.audio import AudioReceiver
from server.media.finish import SegmentFile, finish_recording
from server.media.offers import Negotiated
from server.media.ports import EncodedFrame
from server.media.source import Source
from tests.server.media.canned import FPS, camera, pictures, sound
from tests.server.media.test_recorder import packets_of, recorder_of

OPUS = 111
LENGTH_MS = 20_000
QUIET_MS = (7_000, 14_000)
QUIET_EVERY_MS = 400
DELAY_MS = 30.0
ZERO_MS = 1_000_000.0
FIRST_TICKS, FIRST_NUMBER = 0xFFFFFFFF - 48_000, 65_500
"""Both wrap while they are recorded."""
BEEPS_MS = (1_000, 14_000, 19_000)


class Wire:
    """Stands where the encrypted connection would: keeps what the receiver sends."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []

    def send_rtcp(self, data: bytes) -> None:
        """Reports and what is asked for again."""
        self.sent.append(data)

    def read_levels(self, extension_id: int) -> None:
        """Nothing here says how loud it is."""

    def _register_rtp_receiver(self, *_: Any) -> None:
        pass

    def _unregister_rtp_receiver(self, *_: Any) -> None:
        pass


async def receiver_of(source: Source, *, repair: bool) -> tuple[AudioReceiver, Wire]:
    """A receiver of Opus for this source."""
    wire = Wire()
    receiver = AudioReceiver(wire, source, Negotiated(audio_repair=repair))
    codec = RTCRtpCodecParameters("audio/opus", 48_000, channels=2, payloadType=OPUS)
    await receiver.receive(RTCRtpReceiveParameters(codecs=[codec]))
    return receiver, wire


def spoken() -> Iterator[EncodedFrame]:
    """Packets of 20 ms, and in the quiet part only one of twenty."""
    for frame in sound(LENGTH_MS):
        quiet = QUIET_MS[0] <= frame.timestamp_ms < QUIET_MS[1]
        if not quiet or frame.timestamp_ms % QUIET_EVERY_MS == 0:
            yield frame


def play(source: Source, receiver: AudioReceiver) -> int:
    """Send picture and sound as they would arrive, by a clock of our own; how many packets of sound."""
    packets = list(spoken())
    numbers = {id(frame): number for number, frame in enumerate(packets)}
    film = pictures(160, 120, LENGTH_MS // 1000 * FPS)
    for frame in sorted([*film, *packets], key=lambda each: each.timestamp_ms):
        arrival_ms = ZERO_MS + frame.timestamp_ms + DELAY_MS
        if frame.kind == "audio":
            number = (FIRST_NUMBER + numbers[id(frame)]) & 0xFFFF
            ticks = (FIRST_TICKS + frame.rtp_timestamp) & 0xFFFFFFFF
            receiver.on_rtp(OPUS, number, ticks, 7, frame.data, arrival_ms, None)
        else:
            frame.timestamp_ms = source.clock.stream("video", 90_000).to_ms(frame.rtp_timestamp, arrival_ms)
            source.deliver(frame)
    return len(packets)


@pytest.mark.parametrize("repair", [True, False], ids=["with repairs", "without"])
async def test_pauses_keep_their_length_and_are_no_loss(tmp_path: Path, repair: bool) -> None:
    source = camera()
    path = tmp_path / "segment-000.mkv"
    recorder = recorder_of(source, path)
    receiver, wire = await receiver_of(source, repair=repair)
    sent = play(source, receiver)
    report = receiver._report
    await receiver.stop()
    result = await recorder.finish()
    assert report is not None
    assert (report.received, report.lost, wire.sent, result.audio_frames) == (sent, 0, [], sent)
    out = tmp_path / "out.webm"
    file = await asyncio.to_thread(finish_recording, [SegmentFile(path, 0)], out)
    assert file.duration_ms == pytest.approx(LENGTH_MS, abs=200)
    heard = [at_ms for kind, at_ms, _ in packets_of(out) if kind == "audio"]
    assert heard[-1] == pytest.approx(LENGTH_MS - 20, abs=40)
    for beep_ms in BEEPS_MS:  # a flash and a beep of one moment stay together, behind the quiet part too
        seen = [at_ms for kind, at_ms, _ in packets_of(out) if kind == "video"]
        nearest = [min(times, key=lambda at_ms: abs(at_ms - beep_ms)) for times in (heard, seen)]
        assert abs(nearest[0] - nearest[1]) <= 40
