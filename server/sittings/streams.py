"""The desk of streams: who may send and receive what, and what is said about the streams of a room."""

from collections.abc import Callable

from server.errors import ConsentRequired, NotAllowed
from server.media.data import DataConnection
from server.media.errors import UnknownStream
from server.media.ice import IceOptions
from server.media.publication import StreamEnd, StreamStats
from server.media.room import Room
from server.media.source import Source, SourceKind
from server.protocol.from_server import Speaking, StreamAdded, StreamInfo, StreamRemoved, StreamStatsMessage
from server.protocol.words import Direction
from server.sittings.chat import Chat
from server.sittings.figures import Figures
from server.sittings.reel import Reel
from server.sittings.seat import Seat
from server.sittings.seats import Seats


class StreamDesk:
    """Answers the offers of one session's participants.

    `on_started` is called when another stream is connected; `now` is a monotonic clock in seconds.
    """

    def __init__(
        self,
        seats: Seats,
        reel: Reel,
        chat: Chat,
        *,
        ice: IceOptions,
        max_bitrate_bps: int,
        on_started: Callable[[], None],
        now: Callable[[], float],
    ) -> None:
        self._seats = seats
        self._reel = reel
        self._chat = chat
        self._on_started = on_started
        self._now = now
        self._room = Room(self, ice=ice, max_bitrate_bps=max_bitrate_bps)

    async def publish(self, seat: Seat, stream_id: str, kind: SourceKind, offer: str) -> str:
        """Answer an offer to send.

        Raises NotAllowed, ConsentRequired or what `Room.publish` raises.
        """
        if seat.role == "observer":
            raise NotAllowed("observers watch and listen only")
        if seat.role == "candidate" and not await self._reel.consent_given():
            raise ConsentRequired
        return await self._room.publish(seat.participant_id, stream_id, kind, offer)

    async def subscribe(self, seat: Seat, stream_id: str, offer: str) -> str:
        """Answer an offer to receive a stream that this participant may see.

        Raises UnknownStream or what `Room.subscribe` raises.
        """
        owner = self._seats.get(self._room.source(stream_id).participant_id)
        if owner is None or not seat.sees(owner):
            raise UnknownStream(f"no stream {stream_id} in this room")
        return await self._room.subscribe(seat.participant_id, stream_id, offer)

    async def open_channel(self, seat: Seat, stream_id: str, offer: str) -> str:
        """Answer an offer of the chat's data channel.

        Raises what `Room.open_channel` raises.
        """
        listener = _ChatLine(self._chat, seat)
        return await self._room.open_channel(seat.participant_id, stream_id, offer, listener)

    async def add_candidate(
        self,
        seat: Seat,
        stream_id: str,
        direction: Direction,
        candidate: str | None,
        sdp_mid: str | None,
        sdp_m_line_index: int | None,
    ) -> None:
        """Pass a trickled candidate on.

        Raises UnknownStream or SdpInvalid.
        """
        await self._room.add_candidate(
            seat.participant_id, stream_id, direction, candidate, sdp_mid, sdp_m_line_index
        )

    def unpublish(self, seat: Seat, stream_id: str) -> None:
        """End an own stream.

        Raises UnknownStream.
        """
        if self._room.source(stream_id).participant_id != seat.participant_id:
            raise UnknownStream(f"no stream {stream_id} of yours")
        self._room.unpublish(stream_id)

    def unsubscribe(self, seat: Seat, stream_id: str) -> None:
        """Stop receiving a stream."""
        self._room.unsubscribe(seat.participant_id, stream_id)

    def leave(self, participant_id: str) -> None:
        """End everything a participant sends and receives."""
        self._room.leave(participant_id)

    async def close(self) -> None:
        """End all streams and wait until every connection is closed."""
        await self._room.close()

    def count(self, figures: Figures) -> None:
        """Add the streams of this session."""
        figures.published.update(source.kind for source in self._room.sources())
        figures.viewers += self._room.viewers
        figures.flood_dropped += self._room.flood_dropped

    def of(self, participant_id: str) -> list[Source]:
        """A participant's connected streams."""
        return [source for source in self._room.sources() if source.participant_id == participant_id]

    def camera_of(self, participant_id: str) -> Source | None:
        """A participant's connected camera."""
        return next((source for source in self.of(participant_id) if source.kind == "camera"), None)

    def infos_for(self, seat: Seat) -> list[StreamInfo]:
        """The streams of others that this participant may subscribe to."""
        others = (other for other in self._seats if other is not seat and seat.sees(other))
        return [stream_info(source) for other in others for source in self.of(other.participant_id)]

    def entered(self, seat: Seat) -> None:
        """Somebody is in the room: they count as a speaker, and read the chat."""
        self._room.hear(seat.participant_id)
        self._chat.entered(seat)

    # -- what the room announces

    def stream_started(self, source: Source) -> None:
        """Room listener: a stream is connected."""
        seat = self._seats.get(source.participant_id)
        if seat is None:
            self._room.unpublish(source.stream_id)
            return
        if seat.in_room:
            self._room.hear(seat.participant_id)
        self._seats.tell(seat, StreamAdded(stream=stream_info(source)))
        self._reel.source_ready(source)
        self._on_started()

    def stream_ended(self, source: Source, reason: StreamEnd) -> None:
        """Room listener: a stream is gone."""
        seat = self._seats.get(source.participant_id)
        if seat is not None:
            seat.streamless_since = self._now()
            seat.send(StreamRemoved(stream_id=source.stream_id))
            self._seats.tell(seat, StreamRemoved(stream_id=source.stream_id))
        self._reel.source_gone(source, reason)

    def stream_stats(self, source: Source, stats: StreamStats) -> None:
        """Room listener: what the server receives, told to the sender."""
        seat = self._seats.get(source.participant_id)
        if seat is None:
            return
        seat.streamless_since = self._now()
        self._reel.heard(source, stats.loudest_db, seat.muted.audio)
        seat.send(
            StreamStatsMessage(
                stream_id=stats.stream_id,
                width=stats.width,
                height=stats.height,
                fps=stats.fps,
                kbps=stats.kbps,
                audio_level_db=stats.audio_level_db,
                packets_lost=stats.packets_lost,
            )
        )

    def speaking(self, participant_id: str | None) -> None:
        """Room listener: somebody else speaks now."""
        for seat in self._seats:
            if seat.in_room:
                seat.send(Speaking(participant_id=participant_id))


class _ChatLine:
    """Ties a seat's data channel to the chat."""

    def __init__(self, chat: Chat, seat: Seat) -> None:
        self._chat = chat
        self._seat = seat

    def channel_opened(self, channel: DataConnection) -> None:
        """The data channel is open."""
        self._chat.opened(self._seat, channel)

    def channel_heard(self, channel: DataConnection, message: str | bytes) -> None:
        """The client wrote something."""
        self._chat.heard(self._seat, channel, message)

    def channel_closed(self, channel: DataConnection) -> None:
        """The data channel is closed."""
        self._chat.closed(self._seat, channel)


def stream_info(source: Source) -> StreamInfo:
    """A stream as those who may subscribe to it see it."""
    return StreamInfo(
        stream_id=source.stream_id,
        participant_id=source.participant_id,
        source=source.kind,
        has_audio=source.has_audio,
        has_video=source.has_video,
    )
