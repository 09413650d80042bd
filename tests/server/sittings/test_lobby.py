"""Who is let in, by whom, and who stays out."""

import pytest

from server.errors import NotAllowed
from server.protocol.words import Place, Role
from server.sittings.errors import Removed, UnknownParticipant
from server.sittings.lobby import Doorbook, Lobby
from server.sittings.seats import Seats
from tests.server.sittings.rooms import Clock, sit


@pytest.fixture
def seats() -> Seats:
    return Seats(Clock(), warm_seconds=60)


@pytest.fixture
def book() -> Doorbook:
    return Doorbook()


@pytest.fixture
def lobby(seats: Seats, book: Doorbook) -> Lobby:
    return Lobby(seats, book, open_to_all=False)


@pytest.mark.parametrize(
    ("role", "place"), [("candidate", "waiting"), ("interviewer", "in_room"), ("observer", "in_room")]
)
def test_only_the_candidate_waits(seats: Seats, lobby: Lobby, role: Role, place: Place) -> None:
    assert lobby.place_for(sit(seats, "ann", role, "checking")) == place


def test_without_a_lobby_nobody_waits(seats: Seats) -> None:
    lobby = Lobby(seats, Doorbook(), open_to_all=True)
    assert lobby.place_for(sit(seats, "ann", "candidate", "checking")) == "in_room"


def test_once_admitted_one_comes_back_directly(seats: Seats, lobby: Lobby, book: Doorbook) -> None:
    host, guest = sit(seats, "bob"), sit(seats, "ann", "candidate", "waiting")
    assert lobby.admit(host, "ann") is guest
    assert lobby.place_for(guest) == "in_room"
    seats.release(guest)
    assert lobby.place_for(sit(seats, "ann", "candidate", "checking")) == "in_room"
    again = Seats(Clock(), warm_seconds=60)  # everybody had left, the book was kept
    assert (
        Lobby(again, book, open_to_all=False).place_for(sit(again, "ann", "candidate", "checking"))
        == "in_room"
    )


def test_a_removed_candidate_knocks_again(seats: Seats, lobby: Lobby) -> None:
    host, guest = sit(seats, "bob"), sit(seats, "ann", "candidate")
    lobby.admit(host, "ann")
    assert lobby.remove(host, "ann") is guest
    lobby.refuse_removed("ann")
    assert lobby.place_for(guest) == "waiting"


@pytest.mark.parametrize("role", ["interviewer", "observer"])
def test_a_removed_member_of_the_panel_stays_out(seats: Seats, lobby: Lobby, role: Role) -> None:
    host = sit(seats, "bob")
    sit(seats, "ann", role)
    lobby.refuse_removed("ann")
    lobby.remove(host, "ann")
    with pytest.raises(Removed):
        lobby.refuse_removed("ann")


@pytest.mark.parametrize(
    ("role", "place"),
    [("candidate", "in_room"), ("observer", "in_room"), ("interviewer", "checking")],
)
def test_nobody_else_decides(seats: Seats, lobby: Lobby, book: Doorbook, role: Role, place: Place) -> None:
    by = sit(seats, "ann", role, place)
    sit(seats, "bob")
    for decide in (lobby.admit, lobby.remove, lobby.guest):
        with pytest.raises(NotAllowed):
            decide(by, "bob")
    assert book == Doorbook()


@pytest.mark.parametrize("place", ["checking", None])
def test_whom_one_does_not_see_is_unknown(
    seats: Seats, lobby: Lobby, book: Doorbook, place: Place | None
) -> None:
    host = sit(seats, "bob")
    if place is not None:
        sit(seats, "ann", "candidate", place)
    for decide in (lobby.admit, lobby.remove, lobby.guest):
        with pytest.raises(UnknownParticipant):
            decide(host, "ann")
    assert book == Doorbook()


def test_nobody_removes_themselves(seats: Seats, lobby: Lobby, book: Doorbook) -> None:
    host = sit(seats, "bob")
    with pytest.raises(NotAllowed):
        lobby.remove(host, "bob")
    assert book == Doorbook()
