"""Seats without sockets, and a clock that stands still."""

from server.protocol.from_server import ServerMessage
from server.protocol.words import Place, Role
from server.sittings.seat import Outbox, Seat
from server.sittings.seats import Seats


class Clock:
    """A monotonic clock that only moves when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def sit(seats: Seats, name: str, role: Role = "interviewer", place: Place = "in_room") -> Seat:
    """Give somebody a seat with a socket."""
    seat, _ = seats.take(name, name.title(), role, resume_token=None, take_over=False)
    seats.bind(seat, Outbox())
    seat.place = place
    return seat


def told(seat: Seat) -> list[ServerMessage]:
    """What waits for a seat's socket; it is taken out."""
    messages = []
    while seat.outbox is not None and not seat.outbox.queue.empty():
        messages.append(seat.outbox.queue.get_nowait())
    return messages
