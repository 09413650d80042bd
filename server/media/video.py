"""Receiving video: whole frames out of packets, repairs, keyframe requests, feedback for rate control."""

import asyncio
from typing import Any

from aiortc.rtcrtpparameters import RTCRtpReceiveParameters

from server.media import rtcp, twcc
from server.media.assembler import AssembledFrame, FrameAssembler
from server.media.offers import Negotiated
from server.media.ports import Codec, EncodedFrame
from server.media.receiver import BaseReceiver
from server.media.source import Source

_DEADLINE_MS = 400.0
_DOUBTFUL_MS = 250.0
_FEEDBACK_SECONDS = 0.1
_CALM_FEEDBACK_SECONDS = 0.2
_STARTING_SECONDS = 10.0
_CODECS: dict[str, Codec] = {"video/vp8": "vp8", "video/h264": "h264"}


class VideoReceiver(BaseReceiver):
    """VP8 or H.264: NACK until a deadline, RTX, a keyframe request after a loss that stayed.

    The sender's rate control gets transport-wide feedback where it was negotiated (ten times a second while
    it searches for its rate, then five), else a REMB at the allowed maximum once a second.
    """

    def __init__(self, transport: Any, source: Source, negotiated: Negotiated, max_bitrate_bps: int) -> None:
        super().__init__("video", transport, source, negotiated, _DEADLINE_MS)
        source.keyframe_port = self
        self._max_bitrate_bps = max_bitrate_bps
        self._assembler: FrameAssembler | None = None
        self._media: dict[int, Codec] = {}
        self._rtx: dict[int, int] = {}
        self._rtx_to_media: dict[int, int] = {}
        self._feedback = twcc.FeedbackWriter()
        self._arrivals: list[tuple[int, float]] = []
        self._sequence_id = 0
        self._starting_until = self._loop.time() + _STARTING_SECONDS
        self._feedback_timer: asyncio.TimerHandle | None = None

    def _started(self, parameters: RTCRtpReceiveParameters) -> None:
        self._sequence_id = self._negotiated.transport_sequence_id
        for payload_type, codec in self._codecs.items():
            apt = codec.parameters.get("apt")
            known = _CODECS.get(codec.mimeType.lower())
            if codec.name.lower() == "rtx" and isinstance(apt, int):
                self._rtx[payload_type] = apt
            elif known is not None:
                self._media[payload_type] = known
        for encoding in parameters.encodings:
            if encoding.rtx:
                self._rtx_to_media[encoding.rtx.ssrc] = encoding.ssrc

    async def stop(self) -> None:
        """Stop receiving and asking."""
        await super().stop()
        if self._feedback_timer is not None:
            self._feedback_timer.cancel()

    def send_keyframe_request(self) -> None:
        """Ask the browser for a keyframe."""
        if self._media_ssrc is not None:
            self._transport.send_rtcp(rtcp.pli(self._own_ssrc, self._media_ssrc))

    def on_rtp(
        self,
        payload_type: int,
        marker: bool,
        sequence: int,
        timestamp: int,
        ssrc: int,
        payload: bytes,
        extensions: dict[int, int],
        arrival_ms: float,
    ) -> None:
        """Take one packet, a repeated one too."""
        if self._sequence_id and (transport_sequence := extensions.get(self._sequence_id)) is not None:
            self._arrivals.append((transport_sequence, arrival_ms))
            if self._feedback_timer is None:
                self._plan_feedback()
        if payload_type in self._rtx:
            # A repaired packet stays lost in the report: rate control must see what the network did.
            if self._report is None or self._rtx_to_media.get(ssrc) != self._media_ssrc or len(payload) < 3:
                return
            number = self._report.extended(int.from_bytes(payload[:2], "big"))
            payload = payload[2:]
            payload_type = self._rtx[payload_type]
            self._source.octets += len(payload)
            self._source.last_packet_ms = arrival_ms
        else:
            if (self._media_ssrc or ssrc) != ssrc or not self._enabled:
                return
            number = self._count(sequence, timestamp, ssrc, len(payload), 90_000, arrival_ms)
        codec = self._media.get(payload_type)
        if codec is not None:
            self._take(codec, number, (timestamp, marker, payload), arrival_ms)

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

    def _plan_feedback(self) -> None:
        starting = self._loop.time() < self._starting_until
        seconds = _FEEDBACK_SECONDS if starting else _CALM_FEEDBACK_SECONDS
        self._feedback_timer = self._loop.call_later(seconds, self._send_feedback)

    def _send_feedback(self) -> None:
        self._feedback_timer = None
        arrivals, self._arrivals = self._arrivals, []
        feedback = self._feedback.message(arrivals, self._own_ssrc, self._media_ssrc or 0)
        if feedback is not None:
            self._transport.send_rtcp(feedback)

    def _reported(self) -> None:
        assert self._report is not None
        self._source.packets_lost = self._report.lost
        if not self._sequence_id:
            maximum = rtcp.remb(self._own_ssrc, self._max_bitrate_bps, [self._report.ssrc])
            self._transport.send_rtcp(maximum)

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

    def _release(self, frame: AssembledFrame, now_ms: float) -> None:
        source = self._source
        assert source.video_codec is not None
        source.deliver(
            EncodedFrame(
                "video",
                source.video_codec,
                frame.timestamp,
                source.clock.to_ms("video", frame.timestamp, 90_000, now_ms),
                frame.keyframe,
                frame.data,
                frame.payloads,
                frame.temporal_layer,
                frame.width,
                frame.height,
                None,
                frame.layer_sync,
            )
        )
