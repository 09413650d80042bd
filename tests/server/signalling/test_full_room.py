"""A room with all its places taken: eight participants and fifty silent viewers."""

from typing import Any

from server.protocol.words import Role
from server.signalling.socket import HUB
from server.sittings.facts import SittingFacts
from server.sittings.seat import Outbox, Seat
from server.sittings.seats import MAX_OBSERVERS, MAX_PARTICIPANTS
from server.sittings.sitting import Sitting
from tests.server.media.peers import Publisher, Viewer, candidates_of, until
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_lobby import admitted, my_id, observe


def running(house: House, live: dict[str, Any], candidate_id: str) -> Sitting:
    """The session as it runs in the server."""
    return house.app[HUB].open(SittingFacts(live["id"], "live", candidate_id, live["status"]))


def fill(sitting: Sitting, role: Role, count: int) -> list[Seat]:
    """Let so many people sit down and enter whose sockets nobody looks at."""
    seats = []
    for number in range(count):
        name = f"{role} {number}"
        seat, _ = sitting.take_seat(name, name, role, Outbox(), resume_token=None, take_over=False)
        sitting.entrance.enter(seat)
        seats.append(seat)
    return seats


async def watch(sitting: Sitting, seat: Seat, stream_id: str) -> Viewer:
    """Receive a stream as somebody without a socket."""
    viewer = Viewer()
    offer = await viewer.offer()
    await viewer.accept(await sitting.streams.subscribe(seat, stream_id, offer))
    for line in candidates_of(offer):
        await sitting.streams.add_candidate(seat, stream_id, "subscribe", line, None, 0)
    return viewer


async def refused(person: Participant, session_id: str) -> None:
    """Say hello and be told that the room is full."""
    await person.connect(session_id)
    await person.say("hello")
    await person.hear("error", error="room_full", fatal=True)
    assert await person.closed() == 4429


async def test_a_room_takes_so_many_and_no_more(
    house: House,
    candidate: Participant,
    interviewer: Participant,
    recruiter: Participant,
    live: dict[str, Any],
) -> None:
    publisher = Publisher()
    await candidate.consent(live["id"])
    me = await admitted(candidate, interviewer, live["id"])
    sitting = running(house, live, me)
    interviewers = fill(sitting, "interviewer", MAX_PARTICIPANTS - 2)
    observers = fill(sitting, "observer", MAX_OBSERVERS)
    await refused(recruiter, live["id"])
    await observe(house, live["id"], await my_id(recruiter))
    await refused(recruiter, live["id"])

    stream_id = await candidate.publish(publisher)
    added = await interviewer.hear("stream_added")
    assert added["stream"]["stream_id"] == stream_id
    viewers = [
        await watch(sitting, seat, stream_id) for seat in (interviewers[-1], observers[0], observers[-1])
    ]
    for viewer in viewers:
        await until(lambda viewer=viewer: viewer.received["video"] > 5 and viewer.received["audio"] > 5)

    await sitting.leave(observers[0])
    welcome = await recruiter.enter(live["id"])
    assert welcome["role"] == "observer"
    room = sitting.state_for(observers[-1])
    assert len(room.participants) == MAX_PARTICIPANTS + MAX_OBSERVERS
    assert [stream.stream_id for stream in room.streams] == [stream_id]
    await publisher.close()
    for viewer in viewers:
        await viewer.close()


async def test_a_participant_who_comes_back_needs_no_other_place(
    house: House, candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    me = await admitted(candidate, interviewer, live["id"])
    sitting = running(house, live, me)
    fill(sitting, "interviewer", MAX_PARTICIPANTS - 2)
    fill(sitting, "observer", MAX_OBSERVERS)
    await interviewer.hang_up()
    welcome = await interviewer.hello(live["id"], take_over=True)
    assert len(welcome["room"]["participants"]) == MAX_PARTICIPANTS + MAX_OBSERVERS
