"""The lobby of a live session with aiortc peers: knocking, admitting, removing, asking to mute."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from server.keys import DATABASE
from server.scheduling.models import PanelRole, SessionInterviewer
from server.signalling.socket import HUB
from server.sittings.facts import SittingFacts
from server.sittings.seat import Outbox
from server.storage.scope import system
from tests.server.media.peers import Publisher, Viewer, until
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House


async def observe(house: House, session_id: str, user_id: str) -> None:
    """Make a member of the panel an observer."""
    async with house.app[DATABASE].begin(system("tests")) as uow:
        await uow.session.execute(
            update(SessionInterviewer)
            .where(
                SessionInterviewer.session_id == UUID(session_id), SessionInterviewer.user_id == UUID(user_id)
            )
            .values(panel_role=PanelRole.OBSERVER)
        )


async def my_id(person: Participant) -> str:
    """Who somebody is."""
    user_id: str = (await person.call("GET", "/me"))["user"]["id"]
    return user_id


def places(room: dict[str, Any]) -> dict[str, str]:
    """Who is where, by role."""
    return {person["role"]: person["place"] for person in room["participants"]}


async def admitted(candidate: Participant, interviewer: Participant, session_id: str) -> str:
    """Both in the room; the candidate's id."""
    await interviewer.enter(session_id)
    participant_id: str = (await candidate.enter(session_id))["participant_id"]
    await interviewer.say("admit", participant_id=participant_id)
    await candidate.hear("entered")
    return participant_id


async def test_a_waiting_candidate_is_seen_and_sees_nobody(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    publisher, host, viewer = Publisher(), Publisher(), Viewer()
    await candidate.consent(live["id"])
    await interviewer.enter(live["id"])
    hosts_camera = await interviewer.publish(host)
    me = (await candidate.hello(live["id"]))["participant_id"]
    camera = await candidate.publish(publisher)
    await interviewer.silent("stream_added")
    await candidate.say("enter", ref="knock")
    waiting = await candidate.hear("waiting", ref="knock")
    assert places(waiting["room"]) == {"candidate": "waiting"}
    assert waiting["room"]["streams"] == []
    joined = await interviewer.hear("participant_joined")
    assert (joined["participant"]["participant_id"], joined["participant"]["place"]) == (me, "waiting")
    added = await interviewer.hear("stream_added")
    assert added["stream"]["stream_id"] == camera
    await interviewer.subscribe(viewer, camera)
    await until(lambda: viewer.received["video"] > 5)
    await candidate.say("subscribe", stream_id=hosts_camera, sdp=await Viewer().offer(), ref="peek")
    await candidate.hear("error", ref="peek", error="unknown_stream")
    await candidate.say("enter", ref="again")
    await candidate.hear("waiting", ref="again")
    await interviewer.say("mute", kind="audio", muted=True)
    await candidate.silent("participant_changed")
    await interviewer.silent("recording")
    await candidate.silent("recording")
    for peer in (publisher, host, viewer):
        await peer.close()


async def test_admitting_lets_in_and_starts_the_recording(
    candidate: Participant, interviewer: Participant, recruiter: Participant, live: dict[str, Any]
) -> None:
    publisher = Publisher()
    await candidate.consent(live["id"])
    await interviewer.enter(live["id"])
    await recruiter.enter(live["id"])
    me = (await candidate.hello(live["id"]))["participant_id"]
    await candidate.publish(publisher)
    await candidate.say("enter")
    await candidate.hear("waiting")
    assert (await interviewer.call("GET", f"/sessions/{live['id']}"))["videos"] == []
    await interviewer.say("admit", participant_id=me)
    entered = await candidate.hear("entered", ref=None)
    assert len(entered["room"]["participants"]) == 3
    for person in (interviewer, recruiter):
        changed = await person.hear("participant_changed")
        assert (changed["participant"]["participant_id"], changed["participant"]["place"]) == (me, "in_room")
    await candidate.hear("recording", state="recording")
    await recruiter.say("admit", participant_id=me)  # a moment later than the other: no harm
    await candidate.silent("entered")
    await recruiter.silent("error")
    await publisher.close()


async def test_an_observer_hears_of_the_candidate_when_they_are_in(
    house: House,
    candidate: Participant,
    interviewer: Participant,
    recruiter: Participant,
    live: dict[str, Any],
) -> None:
    await observe(house, live["id"], await my_id(recruiter))
    publisher = Publisher()
    await candidate.consent(live["id"])
    await interviewer.enter(live["id"])
    assert (await recruiter.enter(live["id"]))["role"] == "observer"
    me = (await candidate.hello(live["id"]))["participant_id"]
    camera = await candidate.publish(publisher)
    await candidate.say("enter")
    await candidate.hear("waiting")
    await recruiter.silent("participant_joined")
    await interviewer.say("admit", participant_id=me)
    joined = await recruiter.hear("participant_joined")
    assert joined["participant"]["place"] == "in_room"
    assert (await recruiter.hear("stream_added"))["stream"]["stream_id"] == camera
    await publisher.close()


async def test_an_observer_sends_nothing_and_decides_nothing(
    house: House,
    candidate: Participant,
    interviewer: Participant,
    recruiter: Participant,
    live: dict[str, Any],
) -> None:
    await observe(house, live["id"], await my_id(recruiter))
    publisher, screen = Publisher(), Publisher(audio=False)
    await recruiter.enter(live["id"])
    me = (await candidate.enter(live["id"]))["participant_id"]
    for source, peer in (("camera", publisher), ("screen", screen)):
        offer = await peer.offer()
        await recruiter.say("publish", stream_id=str(uuid4()), source=source, sdp=offer, ref=source)
        await recruiter.hear("error", ref=source, error="not_allowed")
    await recruiter.say("admit", participant_id=me, ref="admit")
    await recruiter.hear("error", ref="admit", error="not_allowed")
    await recruiter.say("end_session", ref="end")
    await recruiter.hear("error", ref="end", error="not_allowed")
    await publisher.close()
    await screen.close()


async def test_once_admitted_the_candidate_comes_back_directly(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    await admitted(candidate, interviewer, live["id"])
    await candidate.say("leave")
    assert await candidate.closed() == 1000
    await interviewer.hear("participant_left", reason="left")
    await candidate.hello(live["id"])
    await candidate.say("enter", ref="back")
    await candidate.hear("entered", ref="back")
    await interviewer.hear("participant_joined")
    for person in (candidate, interviewer):  # everybody leaves; who was let in is still known
        await person.say("leave")
        await person.closed()
    await candidate.hello(live["id"])
    await candidate.say("enter", ref="back")
    await candidate.hear("entered", ref="back")


async def test_a_seat_that_is_resumed_or_taken_over_keeps_its_place(
    house: House, candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    await interviewer.enter(live["id"])
    token = (await candidate.enter(live["id"]))["resume_token"]
    await candidate.hang_up()
    welcome = await candidate.hello(live["id"], resume_token=token)
    assert places(welcome["room"]) == {"candidate": "waiting"}
    await interviewer.say("admit", participant_id=welcome["participant_id"])
    await candidate.hear("entered")
    async with house.person("candidate@northwind.example") as other_tab:
        welcome = await other_tab.hello(live["id"], take_over=True)
        assert places(welcome["room"]) == {"candidate": "in_room", "interviewer": "in_room"}


async def test_a_one_way_session_has_no_lobby(candidate: Participant, one_way: dict[str, Any]) -> None:
    await candidate.hello(one_way["id"])
    await candidate.say("enter", ref="in")
    entered = await candidate.hear("entered", ref="in")
    assert places(entered["room"]) == {"candidate": "in_room"}


@pytest.mark.parametrize(("status", "place"), [("confirmed", "waiting"), ("in_progress", "in_room")])
async def test_who_was_let_in_before_a_restart_is_let_in_again(house: House, status: str, place: str) -> None:
    facts = SittingFacts(str(uuid4()), "live", "casey", status)
    sitting = house.app[HUB].open(facts)
    seat, _ = sitting.take_seat("casey", "Casey", "candidate", Outbox(), resume_token=None, take_over=False)
    assert sitting.entrance.enter(seat) == place
    await sitting.leave(seat)


async def test_who_waits_already_is_seen_on_entering(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    publisher = Publisher()
    await candidate.consent(live["id"])
    await candidate.hello(live["id"])
    camera = await candidate.publish(publisher)
    await candidate.say("enter")
    await candidate.hear("waiting")
    welcome = await interviewer.hello(live["id"])
    assert places(welcome["room"]) == {"interviewer": "checking"}
    assert welcome["room"]["streams"] == []
    await interviewer.say("enter")
    room = (await interviewer.hear("entered"))["room"]
    assert places(room) == {"candidate": "waiting", "interviewer": "in_room"}
    assert [stream["stream_id"] for stream in room["streams"]] == [camera]
    await candidate.say("leave")
    await interviewer.hear("participant_left", reason="left")
    await publisher.close()
