"""Who is let in: the candidate waits until an interviewer admits them, and whoever is removed stays out."""

from dataclasses import dataclass, field

from server.errors import NotAllowed
from server.protocol.words import Place
from server.sittings.errors import Removed, UnknownParticipant
from server.sittings.seat import Seat
from server.sittings.seats import Seats


@dataclass(slots=True)
class Doorbook:
    """Who was admitted to a session and who was put out of it; it outlives the seats."""

    admitted: set[str] = field(default_factory=set)
    removed: set[str] = field(default_factory=set)


class Lobby:
    """The door of one session's room; `open_to_all` for sessions without a lobby."""

    def __init__(self, seats: Seats, book: Doorbook, *, open_to_all: bool) -> None:
        self._seats = seats
        self._book = book
        self._open_to_all = open_to_all

    def refuse_removed(self, user_id: str) -> None:
        """Raise Removed for somebody who may not come back."""
        if user_id in self._book.removed:
            raise Removed

    def place_for(self, seat: Seat) -> Place:
        """Where somebody gets to who wants to enter."""
        admitted = seat.participant_id in self._book.admitted
        return "in_room" if self._open_to_all or seat.role != "candidate" or admitted else "waiting"

    def admit(self, by: Seat, participant_id: str) -> Seat:
        """Let a waiting participant in; returns their seat.

        Raises NotAllowed or UnknownParticipant.
        """
        seat = self.guest(by, participant_id)
        self._book.admitted.add(participant_id)
        return seat

    def remove(self, by: Seat, participant_id: str) -> Seat:
        """Put somebody else out; a candidate may knock again, nobody else may. Returns their seat.

        Raises NotAllowed or UnknownParticipant.
        """
        seat = self.guest(by, participant_id)
        if seat is by:
            raise NotAllowed("leave instead of removing yourself")
        self._book.admitted.discard(participant_id)
        if seat.role != "candidate":
            self._book.removed.add(participant_id)
        return seat

    def guest(self, by: Seat, participant_id: str) -> Seat:
        """Somebody over whom an interviewer in the room decides.

        Raises NotAllowed or UnknownParticipant.
        """
        if by.role != "interviewer" or not by.in_room:
            raise NotAllowed("only interviewers in the room decide who is in it")
        seat = self._seats.get(participant_id)
        if seat is None or not by.sees(seat):
            raise UnknownParticipant
        return seat
