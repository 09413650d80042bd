"""Puts a recording's packets on one time axis whose sound has no holes.

Players count audio samples: Chromium plays what comes after a hole in the sound right after what came before
it, and the rest of the file is out of step with its picture. So holes (lost packets, the time between two
segments, a microphone that joins late) are filled with silence, 3 bytes for 20 ms. A picture needs nothing:
the last one stays until the next one's time.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from av.container import OutputContainer
from av.packet import Packet
from av.stream import Stream

from server.media import opus

_TIME_BASE = Fraction(1, 1000)
_BEHIND_MS = 1000
_OVERLAP_MS = 40


@dataclass(slots=True)
class Item:
    """One packet of a recording at its time, in milliseconds."""

    kind: str
    pts_ms: int
    keyframe: bool
    data: bytes


class Timeline:
    """Muxes items in about the order of their times; times of one stream never go back."""

    def __init__(self, container: OutputContainer, streams: dict[str, Stream]) -> None:
        self._container = container
        self._streams = streams
        self._last_pts = dict.fromkeys(streams, -1)
        self._sounded_ms = 0.0
        self.end_ms = 0

    def add(self, item: Item) -> None:
        """Mux one item; sound that comes twice is left out."""
        if item.kind not in self._streams:
            return
        if item.kind == "audio":
            if item.pts_ms < self._sounded_ms - _OVERLAP_MS:
                return
            self.sound_until(item.pts_ms)
            self._sounded_ms += opus.duration_ms(item.data)
        else:
            self.sound_until(item.pts_ms - _BEHIND_MS)
        self._mux(item)

    def sound_until(self, until_ms: float) -> None:
        """Fill the sound with silence up to this moment, in milliseconds."""
        if "audio" not in self._streams:
            return
        while until_ms - self._sounded_ms >= opus.SILENCE_MS:
            self._mux(Item("audio", round(self._sounded_ms), True, opus.SILENCE))
            self._sounded_ms += opus.SILENCE_MS

    def _mux(self, item: Item) -> None:
        stream = self._streams[item.kind]
        pts = max(item.pts_ms, self._last_pts[item.kind] + 1)
        self._last_pts[item.kind] = pts
        self.end_ms = max(self.end_ms, pts)
        packet: Packet[Any] = Packet(item.data)
        packet.stream = stream
        packet.time_base = _TIME_BASE
        packet.pts = packet.dts = pts
        packet.is_keyframe = item.keyframe
        self._container.mux(packet)
