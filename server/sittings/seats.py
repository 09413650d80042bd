"""Who has a seat in a running session: sitting down, coming back, taking over, and how many there may be."""

from collections.abc import Callable, Iterator

from server.protocol.from_server import ServerMessage
from server.protocol.words import Role
from server.sittings.errors import AlreadyConnected, ResumeUnknown, RoomIsFull
from server.sittings.seat import Outbox, Seat

MAX_PARTICIPANTS = 8
MAX_OBSERVERS = 50
# The candidate always has a place.
_PLACES: dict[Role, int] = {
    "candidate": 1,
    "interviewer": MAX_PARTICIPANTS - 1,
    "observer": MAX_OBSERVERS,
}


class Seats:
    """The seats of one session, at most one a person.

    `now` is a monotonic clock in seconds; a seat without a socket stays warm for `warm_seconds`.
    """

    def __init__(self, now: Callable[[], float], warm_seconds: float) -> None:
        self._now = now
        self._warm_seconds = warm_seconds
        self._seats: dict[str, Seat] = {}

    def __iter__(self) -> Iterator[Seat]:
        return iter(list(self._seats.values()))

    def __len__(self) -> int:
        return len(self._seats)

    def get(self, participant_id: str) -> Seat | None:
        """The seat of a person, if they have one."""
        return self._seats.get(participant_id)

    def holds(self, seat: Seat) -> bool:
        """Whether this seat is still somebody's."""
        return self._seats.get(seat.participant_id) is seat

    def seeing(self, seat: Seat) -> Iterator[Seat]:
        """Those who know of this participant, without themselves."""
        return (other for other in self if other is not seat and other.sees(seat))

    def tell(self, seat: Seat, message: ServerMessage) -> None:
        """Say something about a participant to those who know of them."""
        for other in self.seeing(seat):
            other.send(message)

    def take(
        self,
        user_id: str,
        full_name: str,
        role: Role,
        *,
        resume_token: str | None,
        take_over: bool,
    ) -> tuple[Seat, Seat | None]:
        """Find or make the seat of a person; returns it, and the one it replaces.

        Raises ResumeUnknown, AlreadyConnected or RoomIsFull.
        """
        seat = self._seats.get(user_id)
        resumed = seat is not None and resume_token is not None and resume_token == seat.resume_token
        if resume_token is not None and not resumed and not take_over:
            raise ResumeUnknown
        if seat is None:
            return self._new(user_id, full_name, role), None
        if resumed:
            return seat, None
        if seat.connected and not take_over:
            raise AlreadyConnected
        renewed = Seat(user_id, seat.full_name, seat.role, place=seat.place)
        self._seats[user_id] = renewed
        return renewed, seat

    def _new(self, user_id: str, full_name: str, role: Role) -> Seat:
        if sum(1 for seat in self._seats.values() if seat.role == role) >= _PLACES[role]:
            raise RoomIsFull
        seat = Seat(user_id, full_name, role)
        self._seats[user_id] = seat
        return seat

    def bind(self, seat: Seat, outbox: Outbox) -> None:
        """Let a socket hold the seat; the one that held it is superseded."""
        if seat.outbox is not outbox:
            supersede(seat)
        seat.outbox = outbox
        seat.warm_until = None
        seat.streamless_since = self._now()

    def lost(self, seat: Seat, outbox: Outbox) -> bool:
        """A socket closed: the seat stays warm; False when another socket has it, or nobody any more."""
        if seat.outbox is not outbox or not self.holds(seat):
            return False
        seat.outbox = None
        seat.warm_until = self._now() + self._warm_seconds
        return True

    def cold(self) -> list[Seat]:
        """Seats whose time without a socket is over."""
        now = self._now()
        return [seat for seat in self if seat.warm_until is not None and now >= seat.warm_until]

    def release(self, seat: Seat) -> bool:
        """Give a seat up; False when it was given up already."""
        if not self.holds(seat):
            return False
        del self._seats[seat.participant_id]
        return True

    def clear(self) -> None:
        """Give all seats up."""
        self._seats.clear()


def supersede(seat: Seat) -> None:
    """Tell a tab that another one took its place."""
    seat.turn_out("superseded", "this tab was replaced by another one", 4410)
