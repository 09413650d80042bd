"""RTP timestamps to milliseconds of one clock for the audio and the video of a source (RFC 3550, 6.4.1).

A browser's first sender report comes half a second after its first picture, and two to five seconds after
its first sound. Until both are there, times follow the least delay between a stream's timestamps and their
arrival: the packet that waited least is the best witness of when it was captured. From then on they follow
the sender's clock. Either way corrections are blended in: time never jumps back and never stands still.
"""

from math import inf

_WRAP = 1 << 32
_MASK = _WRAP - 1
_HALF = 1 << 31
_WINDOW_MS = 5000.0
_YOUNG_MS = 2000.0
_YOUNG_SLEW = 0.5
_SLEW = 0.1
_STEP_MS = 500.0
_PAUSE_MS = 1000.0
_AHEAD_MS = 2000.0
_BEHIND_MS = 10_000.0
_CONTRADICTION_MS = 1500.0
_DRIFT_MS = 1.0


class StreamClock:
    """One stream's line `ms = ticks / rate + offset`; the offset moves slowly towards the best estimate."""

    __slots__ = (
        "_arrived_ms",
        "_last_rtp",
        "_least_before_ms",
        "_least_now_ms",
        "_media_ms",
        "_ms_per_tick",
        "_source",
        "_ticks",
        "_window_end_ms",
        "_young_until_ms",
        "least_ms",
        "locked_ms",
        "ntp_ms",
        "offset_ms",
    )

    def __init__(self, clock_rate: int, source: "SourceClock") -> None:
        self._source = source
        self._ms_per_tick = 1000 / clock_rate
        self._last_rtp: int | None = None
        self._ticks = 0
        self._media_ms = self._arrived_ms = 0.0
        self._least_now_ms = self._least_before_ms = inf
        self._window_end_ms = self._young_until_ms = 0.0
        self.least_ms = inf
        self.offset_ms = 0.0
        self.ntp_ms: float | None = None
        self.locked_ms: float | None = None

    def to_ms(self, rtp_timestamp: int, arrival_ms: float) -> float:
        """Time of a packet on the source's clock, in ms; late ones map backwards, wraps do not."""
        if arrival_ms - self._arrived_ms > _PAUSE_MS:
            self._source.after_pause(self, rtp_timestamp, arrival_ms)
        last = self._last_rtp
        if last is None:
            return self._begin(rtp_timestamp, arrival_ms)
        step = (rtp_timestamp - last) & _MASK
        if step >= _HALF:
            media_ms = (self._ticks + step - _WRAP) * self._ms_per_tick
            offset_ms = self.offset_ms
            if arrival_ms - media_ms - offset_ms > _BEHIND_MS:
                return self._begin(rtp_timestamp, arrival_ms)
            return media_ms + offset_ms
        self._last_rtp = rtp_timestamp
        self._ticks += step
        media_ms = self._ticks * self._ms_per_tick
        delay_ms = arrival_ms - media_ms
        if not -_AHEAD_MS < delay_ms - self.offset_ms < _BEHIND_MS:
            return self._begin(rtp_timestamp, arrival_ms)
        if delay_ms < self._least_now_ms:
            self._least_now_ms = delay_ms
            self.least_ms = min(self.least_ms, delay_ms)
        if arrival_ms > self._window_end_ms:
            self._next_window(arrival_ms, delay_ms)
        target_ms = self.least_ms if self.locked_ms is None else self.locked_ms
        if target_ms != self.offset_ms:
            self._approach(target_ms, media_ms)
        self._media_ms = media_ms
        self._arrived_ms = arrival_ms
        return media_ms + self.offset_ms

    @property
    def begun(self) -> bool:
        """Whether any packet came."""
        return self.least_ms != inf or self._arrived_ms > 0

    def paused(self, arrival_ms: float) -> bool:
        """Whether a packet that arrives now would be the first for more than a second."""
        return self._last_rtp is not None and arrival_ms - self._arrived_ms > _PAUSE_MS

    def lag_ms(self, rtp_timestamp: int, arrival_ms: float) -> float:
        """How much later than predicted a packet arrives."""
        return arrival_ms - self.media_ms(rtp_timestamp) - self.offset_ms

    def media_ms(self, rtp_timestamp: int) -> float:
        """Unwrapped RTP time, in milliseconds, of a timestamp near the last one."""
        step = (rtp_timestamp - (self._last_rtp or 0)) & _MASK
        return (self._ticks + (step if step < _HALF else step - _WRAP)) * self._ms_per_tick

    def restart(self) -> None:
        """Another SSRC follows: its timestamps have nothing to do with those so far."""
        self._last_rtp = None

    def forget_arrivals(self) -> None:
        """After a pause what was learnt of delays before it counts no more."""
        self._least_now_ms = self._least_before_ms = self.least_ms = inf

    def _begin(self, rtp_timestamp: int, arrival_ms: float) -> float:
        self._last_rtp = rtp_timestamp
        self._ticks = rtp_timestamp
        self._media_ms = rtp_timestamp * self._ms_per_tick
        self._arrived_ms = arrival_ms
        self.offset_ms = self.least_ms = self._least_now_ms = arrival_ms - self._media_ms
        self._least_before_ms = inf
        self._window_end_ms = arrival_ms + _WINDOW_MS
        self._young_until_ms = self._media_ms + _YOUNG_MS
        self.ntp_ms = self.locked_ms = None
        return arrival_ms

    def _next_window(self, arrival_ms: float, delay_ms: float) -> None:
        """Forget delays of more than ten seconds ago: clocks drift, and networks change."""
        self._least_before_ms = self._least_now_ms
        self._least_now_ms = delay_ms
        self.least_ms = min(self._least_before_ms, delay_ms)
        self._window_end_ms = arrival_ms + _WINDOW_MS

    def _approach(self, target_ms: float, media_ms: float) -> None:
        wanted = target_ms - self.offset_ms
        if wanted > _STEP_MS:
            self.offset_ms = target_ms
            return
        rate = _YOUNG_SLEW if media_ms < self._young_until_ms else _SLEW
        most = (media_ms - self._media_ms) * rate
        self.offset_ms += min(most, max(-most, wanted))


class SourceClock:
    """The clock of one source: milliseconds of the event loop's clock, the same for its sound and picture."""

    def __init__(self) -> None:
        self._streams: dict[str, StreamClock] = {}
        self._ntp_to_ms: float | None = None

    def stream(self, kind: str, clock_rate: int) -> StreamClock:
        """The clock of the audio or the video, which begins when this is first asked."""
        stream = self._streams.get(kind)
        if stream is None:
            stream = self._streams[kind] = StreamClock(clock_rate, self)
        return stream

    def offset_ms(self, kind: str) -> float:
        """What is added to RTP time of this stream now; its changes are corrections."""
        stream = self._streams.get(kind)
        return 0.0 if stream is None else stream.offset_ms

    def settled(self, kinds: list[str]) -> bool:
        """Whether all these streams follow the sender's clock."""
        streams = [self._streams.get(kind) for kind in kinds]
        return all(stream is not None and stream.locked_ms == stream.offset_ms for stream in streams)

    def restart(self, kind: str) -> None:
        """The stream goes on under another SSRC."""
        if kind in self._streams:
            self._streams[kind].restart()

    def after_pause(self, stream: StreamClock, rtp_timestamp: int, arrival_ms: float) -> None:
        """A stream is back that sent nothing for a second.

        Browsers stop the timestamps of a paused sound, not those of a picture. When the other stream went on
        meanwhile, it was not the network that held this one up.
        """
        if not stream.paused(arrival_ms):
            return
        others_went_on = any(
            other.begun and not other.paused(arrival_ms)
            for other in self._streams.values()
            if other is not stream
        )
        if others_went_on and stream.lag_ms(rtp_timestamp, arrival_ms) > _PAUSE_MS:
            stream.restart()
        else:
            stream.forget_arrivals()

    def on_sender_report(self, kind: str, ntp_timestamp: int, rtp_timestamp: int) -> None:
        """Take the NTP (64-bit) and RTP pair of a sender report; ignored before the stream's first packet.

        A report that puts the stream 1.5 s or more from where its packets arrive is a new beginning of the
        sender's clock.
        """
        stream = self._streams.get(kind)
        if stream is None or not ntp_timestamp or stream.least_ms == inf:
            return
        stream.ntp_ms = ntp_timestamp / _WRAP * 1000 - stream.media_ms(rtp_timestamp)
        known = [other for other in self._streams.values() if other.ntp_ms is not None]
        best = min(other.least_ms - (other.ntp_ms or 0.0) for other in known)
        if self._ntp_to_ms is not None:
            if abs(stream.ntp_ms + self._ntp_to_ms - stream.least_ms) > _CONTRADICTION_MS:
                for other in known:
                    other.ntp_ms = other.locked_ms = None
                stream.ntp_ms = ntp_timestamp / _WRAP * 1000 - stream.media_ms(rtp_timestamp)
                best = stream.least_ms - stream.ntp_ms
            elif len(known) == sum(other.begun for other in self._streams.values()):
                # Two computers' clocks drift by a few milliseconds a minute.
                best = self._ntp_to_ms + min(_DRIFT_MS, max(-_DRIFT_MS, best - self._ntp_to_ms))
        self._ntp_to_ms = best
        for other in self._streams.values():
            if other.ntp_ms is not None:
                other.locked_ms = other.ntp_ms + best
