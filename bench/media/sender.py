"""Sends a canned track the way Chromium sends a live one.

The packets of a frame go in one burst (seen at bench/network.py's relay, half of Chromium's frames of 1.5
Mbit/s are out within 0.1 ms and nine tenths within 3 ms: its pacer lets 40 ms worth of data go at once),
with transport-wide sequence numbers and send times in the header where the server takes them, and the layer
numbers of L1T3 in every packet; repairs on request, a keyframe on request, a sender report a second.
"""

import struct
import time
from collections.abc import Iterator
from typing import Any

from aiortc import rtp
from aiortc.codecs import CODECS, HEADER_EXTENSIONS
from aiortc.rtcrtpparameters import RTCRtcpFeedback, RTCRtpHeaderExtensionParameters, RTCRtpSendParameters
from aiortc.utils import random16, random32

from bench.media.canned import AUDIO_PACKET_MS, FPS, Canned
from bench.media.endpoint import REPORT_SECONDS, Counts, Endpoint, Wire

TRANSPORT_CC = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
SEND_TIME = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
AUDIO_LEVEL = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
MID = "urn:ietf:params:rtp-hdrext:sdes:mid"
_TRANSPORT_CC_ID = 4
_PACKETS_WITH_MID = 100
_LAYERS = ((0, 0), (2, 1), (1, 1), (2, 0))
"""Temporal layer and sync bit (RFC 7741) of four frames in a row; labels only, no frame can be spared."""
_HISTORY = 1024
_KEYFRAME_THROTTLE_SECONDS = 0.3
_NTP_EPOCH_SECONDS = 2_208_988_800


def offer_what_chromium_offers() -> None:
    """Let aiortc offer transport-wide congestion control; call once, before any connection is made."""
    for kind in ("audio", "video"):
        HEADER_EXTENSIONS[kind].append(RTCRtpHeaderExtensionParameters(id=_TRANSPORT_CC_ID, uri=TRANSPORT_CC))
        for codec in CODECS[kind]:
            if codec.name.lower() != "rtx":
                codec.rtcpFeedback.append(RTCRtcpFeedback(type="transport-cc"))


def ntp(unix_seconds: float) -> int:
    """A Unix time as a 64-bit NTP timestamp."""
    return int((unix_seconds + _NTP_EPOCH_SECONDS) * (1 << 32))


class CannedSender(Endpoint):
    """Sends one canned track in real time, `delay_seconds` after it was started."""

    def __init__(self, kind: str, wire: Wire, counts: Counts, canned: Canned, delay_seconds: float) -> None:
        super().__init__(kind, wire, counts)
        self._canned = canned
        self._delay_seconds = delay_seconds
        self._video = kind == "video"
        self._period = 1 / FPS if self._video else AUDIO_PACKET_MS / 1000
        self._step = 90_000 // FPS if self._video else 48 * AUDIO_PACKET_MS
        self._due = 0.0
        self._place = 0
        self._timestamp = random32() >> 1
        self._picture = random16() % 32768
        self._base_picture = 0
        self._sequence, self._rtx_sequence = random16() % 32768, random16() % 32768
        self._payload_type = 0
        self._rtx_payload_type: int | None = None
        self._extensions: dict[str, int] = {}
        self._mid = b""
        self._history: dict[int, tuple[int, bytes]] = {}
        self._sent = self._octets = 0
        self._last_keyframe = 0.0
        self._running = False

    async def send(self, parameters: RTCRtpSendParameters) -> None:
        """Start."""
        if self._running:
            return
        self._running = True
        self.transport._register_rtp_sender(self, parameters)
        wanted = "vp8" if self._video else "opus"
        codec = next(codec for codec in parameters.codecs if codec.name.lower() == wanted)
        self._payload_type = codec.payloadType or 0
        for rtx in parameters.codecs:
            if rtx.name.lower() == "rtx" and rtx.parameters.get("apt") == self._payload_type:
                self._rtx_payload_type = rtx.payloadType
        self._extensions = {extension.uri: extension.id for extension in parameters.headerExtensions}
        self._mid = str(parameters.muxId).encode()
        self._due = self._loop.time() + self._delay_seconds
        self._timers = [self._loop.call_at(self._due, self._tick), self._loop.call_later(0.2, self._report)]

    async def stop(self) -> None:
        """Stop sending."""
        self.transport._unregister_rtp_sender(self)
        self._handle_disconnect()

    def _tick(self) -> None:
        self._due += self._period
        self._timers[0] = self._loop.call_at(self._due, self._tick)
        if self.transport.state != "connected":
            return
        if self._video:
            self._send_frame(self._canned.video[self._place])
            self._place = (self._place + 1) % len(self._canned.video)
            self._counts.frames += 1
        else:
            self._send_packet(self._canned.audio[self._place], marker=False)
            self._place = (self._place + 1) % len(self._canned.audio)
        self._timestamp = (self._timestamp + self._step) & 0xFFFFFFFF

    def _send_frame(self, payloads: list[bytes]) -> None:
        self._picture = (self._picture + 1) & 0x7FFF
        if self._place == 0:
            self._last_keyframe = self._loop.time()
        layer, synchronised = _LAYERS[self._place % len(_LAYERS)]
        self._base_picture = (self._base_picture + (layer == 0)) & 0xFF
        layers = layer << 6 | synchronised << 5
        for index, payload in enumerate(payloads):
            first = 0x10 if index == 0 else 0
            descriptor = struct.pack(
                "!BBHBB", 0x80 | first, 0xF0, 0x8000 | self._picture, self._base_picture, layers
            )
            self._send_packet(descriptor + payload, marker=index == len(payloads) - 1)

    def _send_packet(self, payload: bytes, *, marker: bool) -> None:
        head = (0x80 if marker else 0) | self._payload_type
        self._history[self._sequence % _HISTORY] = (self._sequence, payload)
        self._write(head, self._sequence, self._timestamp, self._ssrc, payload)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._sent += 1
        self._octets += len(payload)
        self._counts.packets += 1

    def _write(self, head: int, sequence: int, timestamp: int, ssrc: int, payload: bytes) -> None:
        extensions = b"".join(self._extension_items())
        extensions += bytes(-len(extensions) % 4)
        header = struct.pack("!BBHIIHH", 0x90, head, sequence, timestamp, ssrc, 0xBEDE, len(extensions) // 4)
        self._wire.send(header + extensions + payload)

    def _extension_items(self) -> Iterator[bytes]:
        if number := self._extensions.get(SEND_TIME):
            yield struct.pack("!BBH", number << 4 | 2, *divmod((ntp(time.time()) >> 14) & 0xFFFFFF, 1 << 16))
        if number := self._extensions.get(TRANSPORT_CC):
            yield struct.pack("!BH", number << 4 | 1, self._wire.sequence)
            self._wire.sequence = (self._wire.sequence + 1) & 0xFFFF
        if not self._video and (number := self._extensions.get(AUDIO_LEVEL)):
            yield bytes((number << 4, 0x80 | 30))
        if self._sent < _PACKETS_WITH_MID and (number := self._extensions.get(MID)):
            yield bytes((number << 4 | len(self._mid) - 1,)) + self._mid

    def _report(self) -> None:
        self._timers[1] = self._loop.call_later(REPORT_SECONDS, self._report)
        if not self._sent or self.transport.state != "connected":
            return
        late = self._loop.time() - (self._due - self._period)
        elapsed = int(late / self._period * self._step)
        info = rtp.RtcpSenderInfo(
            ntp_timestamp=ntp(time.time()),
            rtp_timestamp=(self._timestamp - self._step + elapsed) & 0xFFFFFFFF,
            packet_count=self._sent & 0xFFFFFFFF,
            octet_count=self._octets & 0xFFFFFFFF,
        )
        name = rtp.RtcpSourceInfo(ssrc=self._ssrc, items=[(1, b"bench")])
        report = bytes(rtp.RtcpSrPacket(ssrc=self._ssrc, sender_info=info))
        self._wire.send(report + bytes(rtp.RtcpSdesPacket(chunks=[name])), is_rtcp=True)

    async def _handle_rtcp_packet(self, packet: Any) -> None:
        self._counts.feedback += 1
        if isinstance(packet, rtp.RtcpRtpfbPacket) and packet.fmt == rtp.RTCP_RTPFB_NACK:
            for sequence in packet.lost:
                self._resend(sequence)
        elif isinstance(packet, rtp.RtcpPsfbPacket) and packet.fmt in (rtp.RTCP_PSFB_PLI, rtp.RTCP_PSFB_FIR):
            self._counts.keyframe_requests += 1
            if self._loop.time() - self._last_keyframe > _KEYFRAME_THROTTLE_SECONDS:
                self._place = 0

    def _resend(self, sequence: int) -> None:
        found = self._history.get(sequence % _HISTORY)
        if found is None or found[0] != sequence:
            return
        self._counts.repaired += 1
        if self._rtx_payload_type is None:
            self._write(self._payload_type, sequence, self._timestamp, self._ssrc, found[1])
            return
        payload = struct.pack("!H", sequence) + found[1]
        self._write(self._rtx_payload_type, self._rtx_sequence, self._timestamp, self._rtx_ssrc, payload)
        self._rtx_sequence = (self._rtx_sequence + 1) & 0xFFFF
