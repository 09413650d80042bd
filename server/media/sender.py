"""Forwarding: the frames of a source go to one viewer, packetised as they came, never decoded or re-encoded.

`VideoSender` and `AudioSender` stand in for `aiortc.RTCRtpSender` and are sinks of a source.
"""

import asyncio
import time
from collections import deque
from collections.abc import Sequence
from typing import Any

from aiortc import rtp
from aiortc.rtcrtpparameters import RTCRtpSendParameters
from aiortc.utils import random16

from server.media import rtcp, vp8
from server.media.beat import call_on_beat
from server.media.layers import LayerSelector
from server.media.outgoing import Outgoing, outgoing
from server.media.ports import EncodedFrame
from server.media.rtp_headers import RtpHeaders, send_time_word
from server.media.source import Source
from server.media.standin import StandIn

_REPORT_SECONDS = 1.0
_HISTORY_FRAMES = 128
_MAX_NACKED = 512
_REPEAT_SHARE = 0.2
_REPEAT_OCTETS = 30_000
_REPEAT_AGAIN_SECONDS = 0.08
_KEYFRAME_AGAIN_SECONDS = 2.0
_ABS_SEND_TIME_URI = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"

_Kept = tuple[int, int, int, Sequence[bytes], int]
"""First sequence number, payload type, timestamp, payloads and temporal layer of a sent frame."""


class BaseSender(StandIn):
    """RTP writing, history for NACK, and sender reports.

    Repeating what a viewer lost may take a fifth of what is sent, and no packet is repeated twice within
    80 ms: behind a bottleneck more would only push out what is new.
    """

    def __init__(self, kind: str, transport: Any, source: Source) -> None:
        super().__init__(kind, transport)
        self._stream_id = source.stream_id
        self._source = source
        self._payload_types: dict[str, int] = {}
        self._rtx_payload_types: dict[int, int] = {}
        self._sequence = random16() % 32768
        self._rtx_sequence = random16() % 32768
        self._history: deque[_Kept] = deque(maxlen=_HISTORY_FRAMES)
        self._found: dict[int, _Kept] = {}
        self._found_until = -1
        self._repeated_at: dict[int, float] = {}
        self._repeat_octets = float(_REPEAT_OCTETS)
        self._repeat_counted = 0
        self._time_id = 0
        self._packets = 0
        self._octets = 0
        self._last: EncodedFrame | None = None
        self._cname = ""
        self._marks = kind == "video"
        self._timer: asyncio.TimerHandle | None = None
        self._loop = asyncio.get_running_loop()

    async def send(self, parameters: RTCRtpSendParameters) -> None:
        """Start forwarding with the negotiated codecs."""
        if self._timer is not None:
            return
        self._cname = parameters.rtcp.cname or self._stream_id
        for codec in parameters.codecs:
            name = codec.name.lower()
            apt = codec.parameters.get("apt")
            payload_type = codec.payloadType or 0
            if name == "rtx" and isinstance(apt, int):
                self._rtx_payload_types[apt] = payload_type
            elif name != "rtx":
                self._payload_types.setdefault(name, payload_type)
        for extension in parameters.headerExtensions:
            if extension.uri == _ABS_SEND_TIME_URI:
                self._time_id = extension.id
        self._transport._register_rtp_sender(self, parameters)
        self._timer = self._loop.call_later(0.1, self._report)
        self._source.attach(self, (self.kind,), watching=True)
        self._started()

    def _started(self) -> None:
        """Hook: the sender is attached to its source."""

    async def stop(self) -> None:
        """Stop forwarding."""
        self._source.detach(self)
        self._transport._unregister_rtp_sender(self)
        if self._timer is not None:
            self._timer.cancel()

    def on_frame(self, frame: EncodedFrame) -> None:
        """Forward a frame of this sender's kind."""
        if self._enabled:
            self._forward(frame, frame.outgoing or outgoing(frame))

    def on_source_closed(self) -> None:
        """Nothing more will come; the room closes the connection."""

    def _forward(self, frame: EncodedFrame, packets: Outgoing) -> None:
        payload_type = self._payload_types.get(frame.codec)
        if payload_type is None:
            return
        timestamp, sequence = frame.rtp_timestamp & 0xFFFFFFFF, self._sequence
        payloads = packets.payloads
        self._sequence = sequence + len(payloads) & 0xFFFF
        self._history.append((sequence, payload_type, timestamp, payloads, frame.temporal_layer or 0))
        headers = RtpHeaders(payload_type, sequence, timestamp, self._ssrc, self._marks, self._send_time())
        self._packets += self._transport.send_rtp(headers, packets)
        self._octets += packets.octets
        self._last = frame

    def _send_time(self) -> int:
        """The viewer estimates its bandwidth from it."""
        return send_time_word(self._time_id, self._loop.time())

    def _report(self) -> None:
        """Sender report: ties the forwarded timestamps to the source's clock, for lip sync at the viewer."""
        self._timer = call_on_beat(self._loop, _REPORT_SECONDS, self._report)
        if self._last is None:
            return
        unix_seconds = time.time() - self._loop.time() + self._last.timestamp_ms / 1000
        ntp, rtp_timestamp = rtcp.ntp_now(unix_seconds), self._last.rtp_timestamp & 0xFFFFFFFF
        report = rtcp.sender_report(self._ssrc, self._cname, ntp, rtp_timestamp, self._packets, self._octets)
        self._transport.send_rtcp(report)

    def on_rtcp(self, packet: Any, arrival_ms: float) -> None:
        """Repeat what a NACK names and pass keyframe requests on."""
        if isinstance(packet, rtp.RtcpRtpfbPacket) and packet.fmt == rtp.RTCP_RTPFB_NACK:
            self._transport.hurry()
            self._resend(packet.lost[:_MAX_NACKED])
        elif isinstance(packet, rtp.RtcpPsfbPacket) and packet.fmt in (rtp.RTCP_PSFB_PLI, rtp.RTCP_PSFB_FIR):
            self._source.request_keyframe()

    def _resend(self, lost: Sequence[int]) -> None:
        earned = _REPEAT_SHARE * (self._octets - self._repeat_counted)
        self._repeat_octets = min(_REPEAT_OCTETS, self._repeat_octets + earned)
        self._repeat_counted = self._octets
        self._look_up()
        now = self._loop.time()
        for sequence in lost:
            kept = self._found.get(sequence)
            if kept is None or now - self._repeated_at.get(sequence, 0.0) < _REPEAT_AGAIN_SECONDS:
                continue
            if self._worth_repeating(kept[4]):
                self._repeat_within_budget(kept, sequence, now)

    def _look_up(self) -> None:
        """Note which frame each sequence number is in, unless none was sent since that was done last."""
        if self._found_until == self._sequence:
            return
        self._found_until = self._sequence
        self._found = {
            kept[0] + index & 0xFFFF: kept for kept in self._history for index in range(len(kept[3]))
        }
        self._repeated_at = {number: at for number, at in self._repeated_at.items() if number in self._found}

    def _repeat_within_budget(self, kept: _Kept, sequence: int, now: float) -> None:
        index = sequence - kept[0] & 0xFFFF
        octets = len(kept[3][index])
        if octets > self._repeat_octets:
            self._cannot_repeat()
            return
        self._repeat_octets -= octets
        self._repeated_at[sequence] = now
        self._repeat(kept, index)

    def _repeat(self, kept: _Kept, index: int) -> None:
        """Send a packet of a frame once more, on its own SSRC where the viewer takes that (RFC 4588)."""
        first, payload_type, timestamp, payloads, _ = kept
        sequence = first + index & 0xFFFF
        payload, marker = payloads[index], self._marks and index == len(payloads) - 1
        ssrc, number = self._ssrc, sequence
        rtx_payload_type = self._rtx_payload_types.get(payload_type)
        if rtx_payload_type is not None:
            payload_type, ssrc, number = rtx_payload_type, self._rtx_ssrc, self._rtx_sequence
            payload = sequence.to_bytes(2, "big") + payload
            self._rtx_sequence = number + 1 & 0xFFFF
        headers = RtpHeaders(payload_type, number, timestamp, ssrc, marker, self._send_time())
        self._transport.send_rtp(headers, Outgoing([payload]))

    def _worth_repeating(self, layer: int) -> bool:
        """Hook: whether a packet of this temporal layer is still of use."""
        return layer >= 0

    def _cannot_repeat(self) -> None:
        """Hook: a packet of use was not repeated for want of budget."""


class AudioSender(BaseSender):
    """Forwards Opus."""

    def __init__(self, transport: Any, source: Source) -> None:
        super().__init__("audio", transport, source)


class VideoSender(BaseSender):
    """Forwards video from the first keyframe on, which it asks for when it starts.

    Upper temporal layers are left out while the viewer's connection does not carry them.
    """

    def __init__(self, transport: Any, source: Source) -> None:
        super().__init__("video", transport, source)
        self.layers = LayerSelector()
        self._seen_keyframe = False
        self._top = 2
        self._left_out = 0
        self._keyframe_for_it_at = 0.0
        self._counted = (0.0, list(source.layer_octets))

    def _started(self) -> None:
        self._source.request_keyframe()

    def on_rtcp(self, packet: Any, arrival_ms: float) -> None:
        """Take the viewer's estimate and losses too."""
        if isinstance(packet, rtp.RtcpRrPacket | rtp.RtcpSrPacket):
            for block in packet.reports:
                if block.ssrc == self._ssrc:
                    self.layers.on_loss(block.fraction_lost / 256)
        elif isinstance(packet, rtp.RtcpPsfbPacket) and packet.fmt == rtp.RTCP_PSFB_APP:
            estimate = rtcp.remb_bps(packet.fci)
            if estimate is not None:
                self.layers.on_estimate(estimate)
        else:
            super().on_rtcp(packet, arrival_ms)

    def _worth_repeating(self, layer: int) -> bool:
        return layer <= self._top

    def _cannot_repeat(self) -> None:
        """The viewer's picture stands still until a keyframe: ask for one, not more often than every 2 s."""
        now = self._loop.time()
        if now - self._keyframe_for_it_at > _KEYFRAME_AGAIN_SECONDS:
            self._keyframe_for_it_at = now
            self._source.request_keyframe()

    def _report(self) -> None:
        super()._report()
        now_seconds = self._loop.time()
        then_seconds, before = self._counted
        octets = list(self._source.layer_octets)
        self._counted = (now_seconds, octets)
        if then_seconds:
            passed = now_seconds - then_seconds
            rates = [8 * (new - old) / passed for new, old in zip(octets, before, strict=True)]
            self.layers.decide(rates, now_seconds)

    def _forward(self, frame: EncodedFrame, packets: Outgoing) -> None:
        if not self._seen_keyframe:
            if not frame.keyframe or not self._transport.ready:
                self._source.request_keyframe()
                return
            self._seen_keyframe = True
        if not self._wants(frame):
            self._left_out += 1
            return
        if self._left_out:
            earlier, by = vp8.with_earlier_picture_id, self._left_out
            packets = Outgoing([earlier(payload, by) for payload in packets.payloads])
        super()._forward(frame, packets)

    def _wants(self, frame: EncodedFrame) -> bool:
        """Whether the viewer gets this frame; a layer comes back with a frame that needs no other of it."""
        layer = frame.temporal_layer
        if not layer:
            return True
        if layer > self.layers.top:
            self._top = min(self._top, layer - 1)
            return False
        if layer > self._top:
            if not frame.layer_sync:
                return False
            self._top = layer
        return True
