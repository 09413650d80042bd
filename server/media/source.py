"""A published stream inside the server: frames come in once and go to every sink."""

import asyncio
from collections.abc import Sequence
from typing import Literal, Protocol

import structlog

from server.media.clock import SourceClock
from server.media.ports import Codec, EncodedFrame, Sink

logger = structlog.get_logger(__name__)

SourceKind = Literal["camera", "screen"]
_KEYFRAME_RETRY_SECONDS = 0.3


class KeyframePort(Protocol):
    """How a source reaches its browser to ask for a keyframe."""

    def send_keyframe_request(self) -> None:
        """Send one picture loss indication."""


class Source:
    """One participant's camera or screen with its sound.

    Keyframe requests of all sinks are merged: one is sent at once, and again every 300 ms until a keyframe
    comes.
    """

    def __init__(self, stream_id: str, participant_id: str, kind: SourceKind) -> None:
        self.stream_id = stream_id
        self.participant_id = participant_id
        self.kind: SourceKind = kind
        self.clock = SourceClock()
        self.video_codec: Codec | None = None
        self.has_audio = False
        self.has_video = False
        self.width = 0
        self.height = 0
        self.keyframe_ms = 0.0  # when the last one came
        self.video_frames = 0
        self.layer_octets = [0, 0, 0, 0]
        self.octets = 0
        self.packets = 0
        self.packets_lost = 0
        self.audio_level_db = 127
        self.loudest_db: int | None = None  # since `take_loudest`
        self.last_packet_ms = 0.0
        self.keyframe_port: KeyframePort | None = None
        self.closed = False
        self._audio_sinks: tuple[Sink, ...] = ()
        self._video_sinks: tuple[Sink, ...] = ()
        self._watching: tuple[Sink, ...] = ()
        self._keyframe_timer: asyncio.TimerHandle | None = None

    def attach(
        self, sink: Sink, kinds: Sequence[str] = ("audio", "video"), *, watching: bool = False
    ) -> None:
        """Send every coming frame of these kinds to this sink too; `watching`: a person waits for them."""
        if "audio" in kinds:
            self._audio_sinks += (sink,)
        if "video" in kinds:
            self._video_sinks += (sink,)
        if watching:
            self._watching += (sink,)

    def detach(self, sink: Sink) -> None:
        """Stop sending frames to this sink; unknown sinks are ignored."""
        self._audio_sinks = _without(sink, self._audio_sinks)
        self._video_sinks = _without(sink, self._video_sinks)
        self._watching = _without(sink, self._watching)

    @property
    def watched(self) -> bool:
        """Whether a person waits for its frames."""
        return bool(self._watching)

    def deliver(self, frame: EncodedFrame) -> None:
        """Hand a frame to every sink; a sink that raises is logged and detached, the others go on."""
        if frame.kind == "video":
            sinks = self._video_sinks
            self.video_frames += 1
            self.layer_octets[frame.temporal_layer or 0] += len(frame.data)
            if frame.keyframe:
                self.width, self.height = frame.width, frame.height
                self.keyframe_ms = frame.timestamp_ms
                self._stop_asking()
        else:
            sinks = self._audio_sinks
            level_db = frame.audio_level_db
            if level_db is not None:
                self.audio_level_db = level_db
                if self.loudest_db is None or level_db < self.loudest_db:
                    self.loudest_db = level_db
        for sink in sinks:
            try:
                sink.on_frame(frame)
            except Exception:
                logger.exception("sink_failed", stream_id=self.stream_id, sink=type(sink).__name__)
                self.detach(sink)

    def take_loudest(self) -> int | None:
        """The loudest sound since this was last asked, 0 to 127 (silence); None if no level was told."""
        loudest, self.loudest_db = self.loudest_db, None
        return loudest

    def request_keyframe(self) -> None:
        """Ask the sender for a keyframe unless asking is already under way."""
        if self._keyframe_timer is None and not self.closed:
            self._ask()

    def _ask(self) -> None:
        if self.keyframe_port is not None:
            self.keyframe_port.send_keyframe_request()
        loop = asyncio.get_running_loop()
        self._keyframe_timer = loop.call_later(_KEYFRAME_RETRY_SECONDS, self._ask)

    def _stop_asking(self) -> None:
        if self._keyframe_timer is not None:
            self._keyframe_timer.cancel()
            self._keyframe_timer = None

    def close(self) -> None:
        """End the source and tell every sink."""
        if self.closed:
            return
        self.closed = True
        self._stop_asking()
        sinks = dict.fromkeys(self._audio_sinks + self._video_sinks)
        self._audio_sinks = self._video_sinks = self._watching = ()
        for sink in sinks:
            sink.on_source_closed()


def _without(sink: Sink, sinks: tuple[Sink, ...]) -> tuple[Sink, ...]:
    return tuple(other for other in sinks if other is not sink)
