"""Who gets a seat, keeps it, and sees whom."""

import pytest

from server.protocol.from_server import ErrorMessage
from server.protocol.words import Role
from server.sittings.errors import AlreadyConnected, ResumeUnknown, RoomIsFull
from server.sittings.seat import OUTBOX_SIZE, Outbox
from server.sittings.seats import MAX_OBSERVERS, MAX_PARTICIPANTS, Seats
from tests.server.sittings.rooms import Clock, sit, told


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def seats(clock: Clock) -> Seats:
    return Seats(clock, warm_seconds=60)


@pytest.mark.parametrize(
    ("role", "places"),
    [("candidate", 1), ("interviewer", MAX_PARTICIPANTS - 1), ("observer", MAX_OBSERVERS)],
)
def test_a_room_has_so_many_places(seats: Seats, role: Role, places: int) -> None:
    for number in range(places):
        sit(seats, f"person {number}", role)
    with pytest.raises(RoomIsFull):
        sit(seats, "one more", role)
    assert len(seats) == places
    others: list[Role] = ["candidate", "interviewer", "observer"]
    for other in others:
        if other != role:
            sit(seats, other, other)  # the others have places of their own


def test_a_place_that_was_given_up_is_free_again(seats: Seats) -> None:
    seat = sit(seats, "ann", "candidate")
    assert seats.release(seat)
    assert not seats.release(seat)
    assert not seats.holds(seat)
    sit(seats, "bob", "candidate")


def test_a_token_resumes_the_same_seat(seats: Seats) -> None:
    seat = sit(seats, "ann")
    again, replaced = seats.take("ann", "Ann", "interviewer", resume_token=seat.resume_token, take_over=False)
    assert again is seat
    assert replaced is None


def test_another_token_resumes_nothing(seats: Seats) -> None:
    sit(seats, "ann")
    for name in ("ann", "bob"):
        with pytest.raises(ResumeUnknown):
            seats.take(name, name, "interviewer", resume_token="made up", take_over=False)


def test_another_tab_may_take_over_and_keeps_the_place(seats: Seats) -> None:
    seat = sit(seats, "ann", place="waiting")
    with pytest.raises(AlreadyConnected):
        seats.take("ann", "Ann", "interviewer", resume_token=None, take_over=False)
    renewed, replaced = seats.take("ann", "Ann", "interviewer", resume_token=None, take_over=True)
    assert replaced is seat
    assert renewed.place == "waiting"
    assert renewed.resume_token != seat.resume_token
    assert not seats.holds(seat)


def test_a_seat_without_a_socket_stays_warm_for_a_while(seats: Seats, clock: Clock) -> None:
    seat = sit(seats, "ann")
    assert seat.outbox is not None
    assert seats.lost(seat, seat.outbox)
    clock.now += 59.9
    assert seats.cold() == []
    clock.now += 0.1
    assert seats.cold() == [seat]
    seats.bind(seat, Outbox())
    assert seats.cold() == []


def test_a_socket_that_was_superseded_takes_nothing_with_it(seats: Seats) -> None:
    seat = sit(seats, "ann")
    first, second = seat.outbox, Outbox()
    assert first is not None
    seats.bind(seat, second)
    assert first.close_code == 4410
    last = first.queue.get_nowait()
    assert isinstance(last, ErrorMessage)
    assert (last.error, last.fatal) == ("superseded", True)
    assert not seats.lost(seat, first)
    assert seat.connected


def test_who_waits_is_seen_by_interviewers_in_the_room_only(seats: Seats) -> None:
    waiting = sit(seats, "ann", "candidate", "waiting")
    host = sit(seats, "bob")
    checking = sit(seats, "carol", place="checking")
    observer = sit(seats, "dan", "observer")
    assert host.sees(waiting)
    assert not any(seat.sees(waiting) for seat in (checking, observer))
    assert not any(waiting.sees(seat) for seat in (host, checking, observer))
    assert host.sees(observer)
    assert observer.sees(host)
    assert not host.sees(checking)
    assert waiting.sees(waiting)
    assert list(seats.seeing(waiting)) == [host]


def test_a_socket_that_does_not_read_is_given_up(seats: Seats) -> None:
    seat = sit(seats, "ann")
    assert seat.outbox is not None
    for _ in range(OUTBOX_SIZE + 1):
        seat.send(ErrorMessage(error="x", detail="x"))
    assert seat.outbox.closed.is_set()
    assert seat.outbox.close_code == 1013
    assert len(told(seat)) == OUTBOX_SIZE
