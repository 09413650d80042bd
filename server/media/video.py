"""Receiving video: whole frames out of packets, repairs, keyframe requests, feedback for rate control."""

from typing import Any

from aiortc.rtcrtpparameters import RTCRtpReceiveParameters

from server.media import rtcp
from server.media.assembler import FrameAssembler
from server.media.offers import Negotiated
from server.media.ports import Codec, EncodedFrame
from server.media.receiver import BaseReceiver
from server.media.source import Source

_DEADLINE_MS = 400.0
_DOUBTFUL_MS = 250.0
_MAX_RUN = 256
_CODECS: dict[str, Codec] = {"video/vp8": "vp8", "video/h264": "h264"}


class VideoReceiver(BaseReceiver):
    """VP8 or H.264: NACK until a deadline, RTX, a keyframe request after a loss that stayed.

    The sender's rate control gets transport-wide feedback where it was negotiated, else a REMB at the allowed
    maximum with each report.
    """

    def __init__(self, transport: Any, source: Source, negotiated: Negotiated, max_bitrate_bps: int) -> None:
        super().__init__("video", transport, source, negotiated, _DEADLINE_MS)
        source.keyframe_port = self
        self._max_bitrate_bps = max_bitrate_bps
        self._assembler: FrameAssembler | None = None
        self._media: dict[int, Codec] = {}
        self._rtx: dict[int, int] = {}
        self._rtx_to_media: dict[int, int] = {}
        self._run: list[bytes] = []
        self._run_timestamp = 0
        self._run_since_ms = 0.0
        self._expected = -1  # the sequence number that would go on in order; none when -1
        self._usual = -1
        self._sequence_id = 0

    def _started(self, parameters: RTCRtpReceiveParameters) -> None:
        self._sequence_id = self._negotiated.transport_sequence_id
        for payload_type, codec in self._codecs.items():
            apt = codec.parameters.get("apt")
            known = _CODECS.get(codec.mimeType.lower())
            if codec.name.lower() == "rtx" and isinstance(apt, int):
                self._rtx[payload_type] = apt
            elif known is not None:
                self._media[payload_type] = known
        if self._sequence_id:
            self._transport.note_arrivals(self._sequence_id)
        for encoding in parameters.encodings:
            if encoding.rtx:
                self._rtx_to_media[encoding.rtx.ssrc] = encoding.ssrc

    def send_keyframe_request(self) -> None:
        """Ask the browser for a keyframe."""
        self._transport.hurry()
        if self._media_ssrc is not None:
            self._transport.send_rtcp(rtcp.pli(self._own_ssrc, self._media_ssrc))

    def on_rtp(
        self,
        second: int,
        sequence: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        arrival_ms: float,
        level: int | None,
    ) -> None:
        """Take one packet, a repeated one too.

        Packets that come in order are only kept until their frame is whole; what has to be known of each is
        worked out for all of them together.
        """
        if sequence == self._expected and second & 0x7F == self._usual and ssrc == self._media_ssrc:
            run = self._run
            if not run:
                self._run_timestamp, self._run_since_ms = timestamp, arrival_ms
            if timestamp == self._run_timestamp and len(run) < _MAX_RUN and payload:
                run.append(payload)
                self._expected = sequence + 1 & 0xFFFF
                if second > 127:
                    self._end_run(run, arrival_ms)
                return
        self._break_run(arrival_ms)
        self._take_single(second, sequence, timestamp, ssrc, payload, arrival_ms)

    def _end_run(self, run: list[bytes], now_ms: float) -> None:
        """A frame came whole and in order."""
        assert self._report is not None
        assert self._assembler is not None
        self._run = []
        octets = sum(map(len, run))
        last = self._expected - 1 & 0xFFFF
        number = self._count_run(last, self._run_timestamp, len(run), octets, self._run_since_ms, now_ms)
        frame = self._assembler.add_whole(number, self._run_timestamp, run)
        if frame is not None:
            self._release(frame, now_ms)
        if self._assembler.needs_keyframe:
            self._source.request_keyframe()

    def _break_run(self, now_ms: float) -> None:
        """Something else came before the frame was whole: take what there is one by one."""
        run, self._run, ssrc = self._run, [], self._media_ssrc
        sequence, self._expected = self._expected - len(run), -1
        for payload in run:
            assert ssrc is not None
            self._take_single(self._usual, sequence & 0xFFFF, self._run_timestamp, ssrc, payload, now_ms)
            sequence += 1

    def _take_single(
        self, second: int, sequence: int, timestamp: int, ssrc: int, payload: bytes, now_ms: float
    ) -> None:
        payload_type = second & 0x7F
        if payload_type in self._rtx:
            # A repaired packet stays lost in the report: rate control must see what the network did.
            if self._report is None or self._rtx_to_media.get(ssrc) != self._media_ssrc or len(payload) < 3:
                return
            number = self._report.extended(int.from_bytes(payload[:2], "big"))
            payload = payload[2:]
            payload_type = self._rtx[payload_type]
            self._source.octets += len(payload)
            self._source.last_packet_ms = now_ms
        else:
            if (self._media_ssrc or ssrc) != ssrc or not self._enabled:
                return
            number = self._count(sequence, timestamp, ssrc, len(payload), now_ms)
        codec = self._media.get(payload_type)
        if codec is not None:
            self._take(codec, number, (timestamp, second > 127, payload), now_ms)
            self._expect_next(payload_type)

    def _take(self, codec: Codec, number: int, part: tuple[int, bool, bytes], now_ms: float) -> None:
        assembler = self._assembler
        if assembler is None:
            assembler = self._assembler = FrameAssembler(codec)
            self._source.video_codec = codec
            self._source.request_keyframe()
        if self._nack.received(number, now_ms):
            self._ask_again()
            if not len(self._nack):  # too far ahead to be asked for: the sender began anew
                self._give_up(number, now_ms)
        for frame in assembler.add(number, part):
            self._release(frame, now_ms)
        if assembler.needs_keyframe:
            self._source.request_keyframe()

    def _expect_next(self, payload_type: int) -> None:
        """Where nothing is missing or half there, a frame may come in order."""
        assembler = self._assembler
        if assembler is not None and assembler.next_whole is not None and not len(self._nack):
            self._expected, self._usual = assembler.next_whole & 0xFFFF, payload_type

    def report_block(self, now_ms: float) -> bytes | None:
        """A report block about what came since the last one; None before the first packet."""
        report = self._report
        if report is None:
            return None
        self._source.packets_lost = report.lost
        if not self._sequence_id:
            maximum = rtcp.remb(self._own_ssrc, self._max_bitrate_bps, [report.ssrc])
            self._transport.send_rtcp(maximum)
        return report.block(now_ms)

    def _waiting_since(self, longest_ms: float) -> None:
        """Ask for a keyframe before giving up: a repair so late is unlikely, and a keyframe takes time."""
        if longest_ms >= _DOUBTFUL_MS:
            self._source.request_keyframe()

    def _give_up(self, sequence: int, now_ms: float) -> None:
        assembler = self._assembler
        if assembler is None:
            return
        for frame in assembler.give_up(sequence):
            self._release(frame, now_ms)
        if assembler.needs_keyframe:
            self._source.request_keyframe()

    def _release(self, frame: EncodedFrame, now_ms: float) -> None:
        assert self._clock is not None
        frame.timestamp_ms = self._clock.to_ms(frame.rtp_timestamp, now_ms)
        self._source.deliver(frame)
