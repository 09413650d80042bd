"""One room: who publishes what, who receives it, and what the room announces."""

import asyncio
from typing import Literal

from server.media.beat import seconds_to_beat
from server.media.closing import Closing, flood_dropped
from server.media.connection import AnsweringConnection, MediaConnection
from server.media.data import DataConnection, DataListener
from server.media.errors import RoomFull, UnknownStream
from server.media.ice import IceOptions
from server.media.publication import Publication, StreamEnd
from server.media.room_listener import RoomListener
from server.media.source import Source, SourceKind
from server.media.speaker import LevelSink, SpeakerDetector

Direction = Literal["publish", "subscribe", "channel"]
MAX_PUBLICATIONS = 32  # camera and screen of 8 participants, each while another one takes its place
MAX_VIEWERS = 58
CHANNEL_LABEL = "chat"
_TICK_SECONDS = 1.0
_SPEAKER_TICK_SECONDS = 0.25


class Room:
    """The media of one session; knows participants by id only."""

    def __init__(self, listener: RoomListener, *, ice: IceOptions, max_bitrate_bps: int) -> None:
        self._listener = listener
        self._ice = ice
        self._max_bitrate_bps = max_bitrate_bps
        self._publications: dict[str, Publication] = {}
        self._viewers: dict[tuple[str, str], MediaConnection] = {}
        self._channels: dict[str, tuple[str, DataConnection]] = {}
        self._audible: set[str] = set()
        self._closing = Closing()
        self._speaker = SpeakerDetector()
        self._task: asyncio.Task[None] | None = None
        self._loop = asyncio.get_running_loop()

    def source(self, stream_id: str) -> Source:
        """The published stream of that id.

        Raises UnknownStream.
        """
        publication = self._publications.get(stream_id)
        if publication is None:
            raise UnknownStream(f"no stream {stream_id} in this room")
        return publication.source

    def sources(self) -> list[Source]:
        """Streams that are connected now."""
        return [publication.source for publication in self._publications.values() if publication.connected]

    @property
    def viewers(self) -> int:
        """How many views of streams are connected now."""
        return sum(1 for viewer in self._viewers.values() if viewer.connectionState == "connected")

    @property
    def flood_dropped(self) -> int:
        """Packets beyond what a connection may send in a second, over the room's whole life."""
        published = [publication.connection for publication in self._publications.values()]
        return self._closing.flooded + sum(
            flood_dropped(each) for each in (*published, *self._viewers.values())
        )

    async def publish(self, participant_id: str, stream_id: str, kind: SourceKind, offer: str) -> str:
        """Answer an offer to send; once it connects, an older stream of the same participant and kind ends.

        Raises UnknownStream, RoomFull, SdpTooLarge, SdpInvalid, CodecUnsupported.
        """
        self._make_way(participant_id, stream_id, kind)
        if len(self._publications) >= MAX_PUBLICATIONS:
            raise RoomFull("the room has no place for another stream")
        source = Source(stream_id, participant_id, kind)
        connection = self._connection(source, publishing=True)
        try:
            answer = await connection.accept(offer)
        except BaseException:
            self._closing.close(connection)
            raise
        self._publications[stream_id] = Publication(source, connection, self._now_ms())
        self._start_ticking()
        return answer

    def _make_way(self, participant_id: str, stream_id: str, kind: SourceKind) -> None:
        """End what a new stream takes the place of: its own id, and a try that never connected."""
        taken = self._publications.get(stream_id)
        if taken is not None and taken.source.participant_id != participant_id:
            raise UnknownStream("that stream id is somebody else's")
        for other_id, other in list(self._publications.items()):
            if other_id == stream_id or (other.same_as(participant_id, kind) and not other.connected):
                self.unpublish(other_id, "replaced")

    async def subscribe(self, participant_id: str, stream_id: str, offer: str) -> str:
        """Answer an offer to receive a stream.

        Raises UnknownStream, RoomFull, SdpTooLarge, SdpInvalid, CodecUnsupported.
        """
        source = self.source(stream_id)
        key = (participant_id, stream_id)
        self.unsubscribe(participant_id, stream_id)
        if sum(1 for _, viewed in self._viewers if viewed == stream_id) >= MAX_VIEWERS:
            raise RoomFull("too many viewers")
        connection = self._connection(source, publishing=False, viewer=participant_id)
        self._viewers[key] = connection
        try:
            return await connection.accept(offer)
        except BaseException:
            self.unsubscribe(participant_id, stream_id)
            raise

    async def open_channel(
        self, participant_id: str, stream_id: str, offer: str, listener: DataListener
    ) -> str:
        """Answer an offer of a data channel; it replaces the participant's older one.

        Raises SdpTooLarge or SdpInvalid.
        """
        self.close_channel(participant_id)
        connection = DataConnection(
            CHANNEL_LABEL,
            listener,
            ice=self._ice,
            on_end=lambda ended: self._channel_ended(participant_id, ended),
        )
        self._channels[participant_id] = (stream_id, connection)
        try:
            return await connection.accept(offer)
        except BaseException:
            connection.end()
            raise

    def close_channel(self, participant_id: str) -> None:
        """End a participant's data channel."""
        _, connection = self._channels.get(participant_id, (None, None))
        if connection is not None:
            connection.end()

    def _channel_ended(self, participant_id: str, connection: DataConnection) -> None:
        if self._channels.get(participant_id, (None, None))[1] is connection:
            del self._channels[participant_id]
        self._closing.close(connection)

    def hear(self, participant_id: str) -> None:
        """Let a participant count as a speaker from now on."""
        self._audible.add(participant_id)

    async def add_candidate(
        self,
        participant_id: str,
        stream_id: str,
        direction: Direction,
        candidate: str | None,
        sdp_mid: str | None,
        sdp_m_line_index: int | None,
    ) -> None:
        """Pass a trickled candidate to its connection.

        Raises UnknownStream or SdpInvalid.
        """
        connection = self._connection_of(participant_id, stream_id, direction)
        if connection is None:
            raise UnknownStream(f"no such connection for stream {stream_id}")
        await connection.add_candidate(candidate, sdp_mid, sdp_m_line_index)

    def _connection_of(
        self, participant_id: str, stream_id: str, direction: Direction
    ) -> AnsweringConnection | None:
        if direction == "subscribe":
            return self._viewers.get((participant_id, stream_id))
        if direction == "channel":
            channel_id, channel = self._channels.get(participant_id, ("", None))
            return channel if channel_id == stream_id else None
        publication = self._publications.get(stream_id)
        owned = publication is not None and publication.source.participant_id == participant_id
        return publication.connection if publication is not None and owned else None

    def unpublish(self, stream_id: str, reason: StreamEnd = "unpublished") -> None:
        """End a published stream and everybody's view of it."""
        publication = self._publications.pop(stream_id, None)
        if publication is None:
            return
        publication.source.close()
        self._closing.close(publication.connection)
        for viewer, viewed in [key for key in self._viewers if key[1] == stream_id]:
            self.unsubscribe(viewer, viewed)
        if publication.connected:
            self._listener.stream_ended(publication.source, reason)

    def unsubscribe(self, participant_id: str, stream_id: str) -> None:
        """End one participant's view of a stream."""
        connection = self._viewers.pop((participant_id, stream_id), None)
        if connection is not None:
            self._closing.close(connection)

    def leave(self, participant_id: str) -> None:
        """End everything a participant sends and receives."""
        self._audible.discard(participant_id)
        self.close_channel(participant_id)
        for stream_id in [
            key for key, value in self._publications.items() if value.source.participant_id == participant_id
        ]:
            self.unpublish(stream_id)
        for viewer, viewed in [key for key in self._viewers if key[0] == participant_id]:
            self.unsubscribe(viewer, viewed)

    async def close(self) -> None:
        """End all streams and wait until every connection is closed."""
        if self._task is not None:
            self._task.cancel()
        for stream_id in list(self._publications):
            self.unpublish(stream_id)
        for viewer, viewed in list(self._viewers):
            self.unsubscribe(viewer, viewed)
        for participant_id in list(self._channels):
            self.close_channel(participant_id)
        await self._closing.wait()

    def _now_ms(self) -> float:
        return self._loop.time() * 1000

    def _connection(self, source: Source, *, publishing: bool, viewer: str = "") -> MediaConnection:
        def on_state(state: str) -> None:
            if publishing:
                self._publisher_state(source, state)
            elif state in ("failed", "closed"):
                self._viewer_gone(viewer, source.stream_id, connection)

        connection = MediaConnection(
            source,
            publishing=publishing,
            ice=self._ice,
            max_bitrate_bps=self._max_bitrate_bps,
            on_state=on_state,
        )
        return connection

    def _publisher_state(self, source: Source, state: str) -> None:
        publication = self._publications.get(source.stream_id)
        if publication is None or publication.source is not source:
            return
        if state == "connected" and not publication.connected:
            publication.on_connected(self._now_ms())
            source.attach(LevelSink(source.participant_id, self._speaker, self._audible), ("audio",))
            self._replace_older(source)
            self._listener.stream_started(source)
        elif state in ("failed", "closed"):
            self.unpublish(source.stream_id, "connection_lost")

    def _replace_older(self, source: Source) -> None:
        """A participant has one camera and one screen; a second one is the same coming back."""
        for stream_id, publication in list(self._publications.items()):
            if publication.source is not source and publication.same_as(source.participant_id, source.kind):
                self.unpublish(
                    stream_id, "replaced" if publication.alive(self._now_ms()) else "connection_lost"
                )

    def _viewer_gone(self, viewer: str, stream_id: str, connection: MediaConnection) -> None:
        if self._viewers.get((viewer, stream_id)) is connection:
            self.unsubscribe(viewer, stream_id)

    def _start_ticking(self) -> None:
        if self._task is None:
            self._task = self._loop.create_task(self._tick_forever())

    async def _tick_forever(self) -> None:
        elapsed = 0.0
        while True:
            await asyncio.sleep(seconds_to_beat(self._loop.time(), _SPEAKER_TICK_SECONDS))
            elapsed += _SPEAKER_TICK_SECONDS
            if self._speaker.decide(self._now_ms()):
                self._listener.speaking(self._speaker.current)
            if elapsed >= _TICK_SECONDS:
                elapsed = 0.0
                for stream_id in list(self._publications):
                    self._check(stream_id)

    def _check(self, stream_id: str) -> None:
        publication = self._publications[stream_id]
        now_ms = self._now_ms()
        if publication.lost(now_ms):
            self.unpublish(stream_id, "connection_lost")
        elif publication.connected:
            self._listener.stream_stats(publication.source, publication.measure(now_ms))
