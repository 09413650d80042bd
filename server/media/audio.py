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
        self._expected = -1  # the sequence number that would go on in order; none when -1

    def _started(self, parameters: RTCRtpReceiveParameters) -> None:
        self._transport.read_levels(self._extension_ids.get(_LEVEL_URI, 0))
        for payload_type, codec in self._codecs.items():
            if codec.mimeType.lower() == "audio/opus":
                self._opus = payload_type
                self._repairs = self._negotiated.audio_repair

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
        """Take one packet."""
        if second & 0x7F != self._opus or not self._enabled or (self._media_ssrc or ssrc) != ssrc:
            return
        if sequence == self._expected:
            self._expected = sequence + 1 & 0xFFFF
            self._next = 1 + self._count_run(sequence, timestamp, 1, len(payload), arrival_ms, arrival_ms)
            self._deliver(timestamp, payload, level, arrival_ms)
            return
        number = self._count(sequence, timestamp, ssrc, len(payload), arrival_ms)
        self._take(number, (timestamp, payload, level), arrival_ms)
        nothing_missing = self._next == number + 1 and not self._waiting and not len(self._nack)
        self._expected = sequence + 1 & 0xFFFF if nothing_missing else -1

    def _take(self, number: int, packet: tuple[int, bytes, int | None], now_ms: float) -> None:
        if self._next is None:
            self._next = number
        if number < self._next:
            return
        if not self._repairs:
            self._next = number + 1
            self._deliver(*packet, now_ms)
            return
        self._waiting[number] = packet
        if self._nack.received(number, now_ms):
            self._ask_again()
            if not len(self._nack):
                self._next = number
        self._drain(now_ms)

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
        assert self._clock is not None
        self._source.deliver(
            EncodedFrame(
                "audio",
                "opus",
                timestamp,
                self._clock.to_ms(timestamp, now_ms),
                True,
                payload,
                [payload],
                None,
                0,
                0,
                level & 0x7F if level is not None else None,
            )
        )
