"""Receiving sound: Opus packets, in order, lost ones asked for again."""

from typing import Any

from aiortc.rtcrtpparameters import RTCRtpReceiveParameters

from server.media.offers import Negotiated
from server.media.ports import EncodedFrame
from server.media.receiver import BaseReceiver
from server.media.source import Source

_DEADLINE_MS = 160.0
_LEVEL_URI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"


class AudioReceiver(BaseReceiver):
    """Opus packets, each a frame of its own.

    Where the browser repeats lost audio, packets behind a gap wait up to 160 ms for it; otherwise late and
    repeated ones are dropped.
    """

    def __init__(self, transport: Any, source: Source, negotiated: Negotiated) -> None:
        super().__init__("audio", transport, source, negotiated, _DEADLINE_MS)
        self._next: int | None = None
        self._waiting: dict[int, tuple[int, bytes, int | None]] = {}
        self._opus: int | None = None
        self._repairs = False
        self._level_id = 0

    def _started(self, parameters: RTCRtpReceiveParameters) -> None:
        self._level_id = self._extension_ids.get(_LEVEL_URI, 0)
        for payload_type, codec in self._codecs.items():
            if codec.mimeType.lower() == "audio/opus":
                self._opus = payload_type
                self._repairs = self._negotiated.audio_repair

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
        """Take one packet."""
        if payload_type != self._opus or not self._enabled or (self._media_ssrc or ssrc) != ssrc:
            return
        number = self._count(sequence, timestamp, ssrc, len(payload), 48_000, arrival_ms)
        level = extensions.get(self._level_id)
        if self._next is None:
            self._next = number
        if number < self._next:
            return
        if not self._repairs:
            self._next = number + 1
            self._deliver(timestamp, payload, level, arrival_ms)
            return
        self._waiting[number] = (timestamp, payload, level)
        if self._nack.received(number, arrival_ms):
            self._ask_again()
            if not len(self._nack):
                self._next = number
        self._drain(arrival_ms)

    def _give_up(self, sequence: int, now_ms: float) -> None:
        if self._next is not None and sequence > self._next:
            for number in sorted(each for each in self._waiting if each < sequence):
                self._deliver(*self._waiting.pop(number), now_ms)
            self._next = sequence
            self._drain(now_ms)

    def _drain(self, now_ms: float) -> None:
        assert self._next is not None
        while (waiting := self._waiting.pop(self._next, None)) is not None:
            self._next += 1
            self._deliver(*waiting, now_ms)

    def _deliver(self, timestamp: int, payload: bytes, level: int | None, now_ms: float) -> None:
        if not payload:
            return
        self._source.deliver(
            EncodedFrame(
                "audio",
                "opus",
                timestamp,
                self._source.clock.to_ms("audio", timestamp, 48_000, now_ms),
                True,
                payload,
                [payload],
                None,
                0,
                0,
                level & 0x7F if level is not None else None,
            )
        )
