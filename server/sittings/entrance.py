"""How somebody comes in: through the door of the room, and into the sight of those who are there."""

from collections.abc import Callable

from server.protocol.from_server import Entered, ParticipantChanged, ParticipantJoined, RoomState, StreamAdded
from server.protocol.words import Place
from server.sittings.lobby import Lobby
from server.sittings.seat import Seat
from server.sittings.seats import Seats
from server.sittings.streams import StreamDesk, stream_info


class Entrance:
    """Moves participants between device check, lobby and room; `on_entered` is called when one is in."""

    def __init__(
        self,
        seats: Seats,
        lobby: Lobby,
        streams: StreamDesk,
        *,
        state_for: Callable[[Seat], RoomState],
        on_entered: Callable[[], None],
    ) -> None:
        self._seats = seats
        self._lobby = lobby
        self._streams = streams
        self._state_for = state_for
        self._on_entered = on_entered

    def enter(self, seat: Seat) -> Place:
        """Leave the device check, into the room or its lobby; returns where that led."""
        if not seat.in_room:
            self._move(seat, self._lobby.place_for(seat))
        return seat.place

    def admit(self, by: Seat, participant_id: str) -> None:
        """Let a waiting participant in.

        Raises NotAllowed or UnknownParticipant.
        """
        seat = self._lobby.admit(by, participant_id)
        if not seat.in_room:
            self._move(seat, "in_room")
            seat.send(Entered(ice_servers=seat.ice_servers(), room=self._state_for(seat)))

    def _move(self, seat: Seat, place: Place) -> None:
        """Change a participant's place and tell everybody who sees them now what is new."""
        knew = set(self._seats.seeing(seat))
        if place == seat.place:
            return
        seat.place = place
        for other in self._seats.seeing(seat):
            if other in knew:
                other.send(ParticipantChanged(participant=seat.info()))
                continue
            other.send(ParticipantJoined(participant=seat.info()))
            for source in self._streams.of(seat.participant_id):
                other.send(StreamAdded(stream=stream_info(source)))
        if seat.in_room:
            self._streams.entered(seat)
            self._on_entered()
