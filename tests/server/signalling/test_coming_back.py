"""A camera vanishes and comes back: the recording goes on, and the timeline says what is missing."""

import asyncio
from typing import Any

import pytest

from server.media import publication
from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_lobby import admitted
from tests.server.signalling.test_sessions import start_answer, video_when


async def vanish(publisher: Publisher) -> None:
    """Lose the network: nothing is sent any more, not even a goodbye."""
    for transceiver in publisher.pc.getTransceivers():
        ice: Any = transceiver.sender.transport.transport

        async def nowhere(data: bytes) -> None:
            """The cable is out."""

        ice._send = nowhere
        for protocol in ice._connection._protocols:
            protocol.transport.sendto = lambda data, addr=None: None


async def events(person: Participant, session_id: str) -> list[dict[str, Any]]:
    """The timeline."""
    review = await person.call("GET", f"/sessions/{session_id}/review")
    found: list[dict[str, Any]] = review["events"]
    return found


async def test_a_vanished_camera_comes_back_under_a_new_id(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    first, second = Publisher(), Publisher()
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await candidate.publish(first)
    await interviewer.hear("recording", state="recording")
    await asyncio.sleep(2)
    await vanish(first)
    await asyncio.sleep(2.5)
    await candidate.publish(second)
    opened = await interviewer.hear("incident", phase="opened")
    closed = await interviewer.hear("incident", phase="closed")
    assert opened["event"]["event_type"] == closed["event"]["event_type"] == "connection_lost"
    assert opened["event"]["id"] == closed["event"]["id"]
    assert opened["event"]["is_open"] is True
    assert closed["event"]["is_open"] is False
    await candidate.silent("incident")
    await asyncio.sleep(1)
    await interviewer.say("end_session")
    video = await video_when(interviewer, live["id"], "ready")
    before, after = video["segments"]
    assert [before["end_reason"], after["end_reason"]] == ["connection_lost", "finished"]
    (event,) = await events(interviewer, live["id"])
    # From the last packet, not from when it was noticed, to the first frame of what follows.
    assert event["video_id"] == video["id"]
    assert event["offset_ms"] == pytest.approx(before["offset_ms"] + before["duration_ms"], abs=400)
    ends_ms = event["offset_ms"] + event["duration_seconds"] * 1000
    assert ends_ms == pytest.approx(after["offset_ms"], abs=400)
    assert event["duration_seconds"] > 2
    assert event["severity"] == "low"
    assert event["measured"]["reason"] == "connection_lost"
    await first.close()
    await second.close()


async def test_a_network_that_is_exchanged_takes_nobody_out(
    candidate: Participant, interviewer: Participant, live: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Socket and media vanish at once (a VPN is switched off) and come back from another address."""
    monkeypatch.setitem(publication._SILENT_TIMEOUT_MS, "camera", 1_000.0)
    first, second = Publisher(), Publisher()
    await candidate.consent(live["id"])
    me = await admitted(candidate, interviewer, live["id"])
    await candidate.hang_up()
    token = (await candidate.hello(live["id"], take_over=True))["resume_token"]
    await candidate.publish(first)
    await interviewer.hear("recording", state="recording")
    await asyncio.sleep(0.5)
    await vanish(first)
    await candidate.hang_up()
    await interviewer.hear("stream_removed", timeout_seconds=30)
    welcome = await candidate.hello(live["id"], resume_token=token)
    assert (welcome["resumed"], welcome["participant_id"]) == (True, me)
    await candidate.publish(second)
    await interviewer.hear("incident", phase="closed", timeout_seconds=30)
    assert not [each for each in interviewer.heard if each["type"] == "participant_left"]
    await interviewer.say("end_session")
    video = await video_when(interviewer, live["id"], "ready")
    assert video["participant_id"] == me
    before, after = video["segments"]
    (event,) = await events(interviewer, live["id"])
    hole_ms = after["offset_ms"] - before["offset_ms"] - before["duration_ms"]
    assert hole_ms == pytest.approx(event["duration_seconds"] * 1000, abs=400)
    await first.close()
    await second.close()


async def test_a_silence_is_noticed_late_and_told_from_its_start(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    first, second = Publisher(), Publisher()
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await candidate.publish(first)
    await interviewer.hear("recording", state="recording")
    await asyncio.sleep(2)
    await vanish(first)
    await interviewer.hear("stream_removed", timeout_seconds=15)
    opened = await interviewer.hear("incident", phase="opened")
    await candidate.publish(second)
    closed = await interviewer.hear("incident", phase="closed")
    assert closed["event"]["offset_ms"] == opened["event"]["offset_ms"]
    assert closed["event"]["duration_seconds"] > 6  # so long it took the server to be sure
    await interviewer.say("end_session")
    video = await video_when(interviewer, live["id"], "ready")
    before = video["segments"][0]
    assert opened["event"]["offset_ms"] == pytest.approx(before["duration_ms"], abs=400)
    await first.close()
    await second.close()


@pytest.mark.parametrize("house_settings", [{"warm_seat_seconds": 2.0}], indirect=True)
async def test_what_does_not_come_back_ends_with_the_seat(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    publisher = Publisher()
    await candidate.consent(live["id"])
    me = await admitted(candidate, interviewer, live["id"])
    await candidate.publish(publisher)
    await interviewer.hear("recording", state="recording")
    await asyncio.sleep(1)
    await publisher.close()
    await candidate.hang_up()
    await interviewer.hear("incident", phase="opened")
    await interviewer.hear("participant_left", participant_id=me, reason="timeout")
    closed = await interviewer.hear("incident", phase="closed")
    assert closed["event"]["duration_seconds"] > 1.5
    video = await video_when(interviewer, live["id"], "ready")
    assert [segment["end_reason"] for segment in video["segments"]] == ["connection_lost"]
    (event,) = await events(interviewer, live["id"])
    assert event["is_open"] is False


async def test_an_answer_that_ends_without_its_camera(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(1)
    await publisher.close()
    await candidate.hear("stream_removed")
    await asyncio.sleep(1)
    await candidate.say("finish_answer", video_id=video_id)
    await video_when(candidate, one_way["id"], "ready")
    async with house.person("recruiter@northwind.example") as recruiter:
        (event,) = await events(recruiter, one_way["id"])
    assert event["event_type"] == "connection_lost"
    assert event["is_open"] is False
    assert event["question_id"] == one_way["questions"][0]["id"]
    assert event["duration_seconds"] == pytest.approx(1, abs=0.7)


async def test_another_camera_in_its_place_is_no_lost_connection(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    first, second = Publisher(), Publisher()
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await candidate.publish(first)
    await interviewer.hear("recording", state="recording")
    await asyncio.sleep(1)
    await candidate.publish(second)
    await asyncio.sleep(1)
    await interviewer.say("end_session")
    video = await video_when(interviewer, live["id"], "ready")
    assert len(video["segments"]) == 2
    assert await events(interviewer, live["id"]) == []
    await first.close()
    await second.close()
