"""People who come, go and come back: listed once, counted right, told in pairs; and sockets that are dead."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from server.signalling import socket as signalling
from server.signalling.socket import HUB
from tests.server.media.peers import Publisher, Viewer, until
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_lobby import admitted

RELOADS = 5
DROPS = 20


async def as_seen_by(interviewer: Participant) -> dict[str, Any]:
    """The room as somebody in it reads it anew."""
    await interviewer.say("enter", ref="look")
    room: dict[str, Any] = (await interviewer.hear("entered", ref="look"))["room"]
    return room


async def settled(candidate: Participant, interviewer: Participant, session_id: str) -> tuple[str, str]:
    """Both in the room, and nothing of it unheard; the candidate's id and the token of their seat."""
    me = await admitted(candidate, interviewer, session_id)
    await candidate.hang_up()
    token: str = (await candidate.hello(session_id, take_over=True))["resume_token"]
    await as_seen_by(interviewer)
    return me, token


async def test_a_page_loaded_again_and_again_is_one_person_with_one_picture(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    await candidate.consent(live["id"])
    me, token = await settled(candidate, interviewer, live["id"])
    for _ in range(RELOADS):
        publisher, viewer = Publisher(), Viewer()
        await candidate.say("enter")
        camera = await candidate.offer(publisher)
        await interviewer.hear("stream_added", timeout_seconds=30)
        room = await as_seen_by(interviewer)
        assert sorted(person["role"] for person in room["participants"]) == ["candidate", "interviewer"]
        assert [stream["stream_id"] for stream in room["streams"]] == [camera]
        await interviewer.subscribe(viewer, camera)
        await until(lambda viewer=viewer: viewer.received["video"] > 0, 30)
        await publisher.close()  # the page takes its connections with it
        await viewer.close()
        await candidate.hang_up()
        welcome = await candidate.hello(live["id"], resume_token=token)
        assert (welcome["resumed"], welcome["participant_id"]) == (True, me)


def changes(interviewer: Participant, person: str) -> Iterator[tuple[str, bool | None]]:
    """What somebody was told of a person and has not looked at yet."""
    for message in interviewer.heard:
        if message.get("participant_id") == person:
            yield message["type"], None
        elif message.get("participant", {}).get("participant_id") == person:
            yield message["type"], message["participant"]["connected"]


def counted(house: House) -> tuple[int, int]:
    """How many candidates are here, and how many people's connections are away."""
    figures = house.app[HUB].figures()
    return figures.connected["candidate"], figures.away


async def test_a_connection_that_comes_and_goes_is_told_in_pairs(
    house: House, candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    me, token = await settled(candidate, interviewer, live["id"])
    for _ in range(DROPS):
        await candidate.hang_up()
        assert counted(house) in ((1, 0), (0, 1))
        assert (await candidate.hello(live["id"], resume_token=token))["resumed"]
        assert counted(house) == (1, 0)
    await until(lambda: len(list(changes(interviewer, me))) >= 2 * DROPS, 30)
    told = list(changes(interviewer, me))
    assert told == [("participant_changed", False), ("participant_changed", True)] * DROPS
    await candidate.say("leave")
    await interviewer.hear("participant_left", participant_id=me, reason="left")


async def test_nobody_leaves_who_never_came(
    house: House, candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    """A socket without a word, one at the device check, and one that was never let in and gone."""
    await interviewer.enter(live["id"])
    await candidate.connect(live["id"])
    await candidate.hang_up()
    await candidate.hello(live["id"])
    await candidate.say("leave")
    await candidate.closed()
    for kind in ("participant_joined", "participant_changed", "participant_left"):
        await interviewer.silent(kind)
    await candidate.enter(live["id"])
    await candidate.say("leave")
    joined = await interviewer.hear("participant_joined")
    left = await interviewer.hear("participant_left")
    assert joined["participant"]["participant_id"] == left["participant_id"]
    assert counted(house) == (0, 0)


@asynccontextmanager
async def talking(person: Participant) -> AsyncIterator[None]:
    """Keep a socket alive as a page does."""

    async def ping_forever() -> None:
        while True:
            await person.say("ping", sent_at_ms=1)
            await asyncio.sleep(0.2)

    task = asyncio.create_task(ping_forever())
    yield
    task.cancel()


async def test_a_socket_that_is_open_and_dead_gives_way_and_its_owner_catches_up(
    candidate: Participant, interviewer: Participant, live: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A laptop that sleeps: what is sent to it vanishes, nothing comes from it, and nothing is closed."""
    me, token = await settled(candidate, interviewer, live["id"])
    monkeypatch.setattr(signalling, "SILENCE_SECONDS", 1.0)
    monkeypatch.setattr(signalling, "CLOSE_SECONDS", 0.5)
    async with talking(interviewer):
        await candidate.say("ping", sent_at_ms=1)
        dead: Any = candidate.socket
        dead._conn.transport.pause_reading()
        changed = (await interviewer.hear("participant_changed", timeout_seconds=45))["participant"]
        assert (changed["participant_id"], changed["connected"]) == (me, False)
        await interviewer.say("mute", kind="audio", muted=True)
        await interviewer.silent("participant_left")
        welcome = await candidate.hello(live["id"], resume_token=token)
        assert welcome["resumed"]
        muted = {person["role"]: person["muted"]["audio"] for person in welcome["room"]["participants"]}
        assert muted == {"candidate": False, "interviewer": True}  # it was said to a dead socket
    dead._conn.transport.resume_reading()
    await dead.close()
