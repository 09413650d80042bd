"""Whole sessions with aiortc peers: a one-way answer, a live interview, coming back, ending."""

import asyncio
import io
from typing import Any

import av
import pytest

from tests.server.media.peers import Publisher, Viewer, until
from tests.server.signalling.client import Participant


async def video_when(person: Participant, session_id: str, status: str) -> dict[str, Any]:
    """The session's first video once it has a status."""
    async with asyncio.timeout(20):
        while True:
            detail = await person.call("GET", f"/sessions/{session_id}")
            for video in detail["videos"]:
                if video["status"] == status:
                    found: dict[str, Any] = video
                    return found
            await asyncio.sleep(0.1)


async def start_answer(candidate: Participant, session: dict[str, Any], publisher: Publisher) -> str:
    """Consent, connect, publish and begin the first answer; the video's id."""
    await candidate.consent(session["id"])
    await candidate.hello(session["id"])
    await candidate.publish(publisher)
    await candidate.say("start_answer", question_id=session["questions"][0]["id"])
    recording = await candidate.hear("recording", state="recording")
    video_id: str = recording["video_id"]
    return video_id


async def test_a_one_way_answer_becomes_a_video(candidate: Participant, one_way: dict[str, Any]) -> None:
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(3)
    await candidate.say("finish_answer", video_id=video_id, ref="finish")
    await candidate.hear("recording", state="finalising", ref="finish")
    await candidate.hear("recording", state="ready", timeout_seconds=20)

    video = await video_when(candidate, one_way["id"], "ready")
    assert video["question_id"] == one_way["questions"][0]["id"]
    assert video["duration_ms"] == pytest.approx(3000, abs=500)
    assert (video["container"], video["width"], video["height"]) == ("webm", 640, 480)
    assert [segment["end_reason"] for segment in video["segments"]] == ["finished"]
    async with candidate.http.get(video["file_url"]) as response:
        content = await response.read()
    with av.open(io.BytesIO(content), "r") as container:
        assert len(list(container.decode(video=0))) > 60
    await publisher.close()


@pytest.mark.parametrize("house_settings", [{"proctoring": True}], indirect=True)
async def test_a_live_session_is_seen_heard_and_recorded(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    session_id = live["id"]
    await candidate.consent(session_id)
    publisher, viewer = Publisher(), Viewer()
    await candidate.hello(session_id)
    stream_id = await candidate.publish(publisher)
    welcome = await interviewer.hello(session_id)
    assert welcome["room"]["streams"] == []  # the candidate is still at the device check
    await interviewer.say("enter")
    await interviewer.hear("entered")
    await candidate.say("enter")
    await candidate.hear("waiting")
    joined = await interviewer.hear("participant_joined")
    added = await interviewer.hear("stream_added")
    assert added["stream"]["stream_id"] == stream_id
    await interviewer.subscribe(viewer, stream_id)
    await interviewer.say("admit", participant_id=joined["participant"]["participant_id"])
    entered = await candidate.hear("entered")
    assert {person["role"] for person in entered["room"]["participants"]} == {"candidate", "interviewer"}
    await interviewer.hear("recording", state="recording")
    await until(lambda: viewer.received["video"] > 20 and viewer.received["audio"] > 20)
    # The test picture is of one colour: the interviewer is told, the candidate is not.
    incident = await interviewer.hear("incident", timeout_seconds=30)
    assert (incident["event"]["event_type"], incident["phase"]) == ("camera_covered", "opened")
    await interviewer.say("end_session")
    await candidate.hear("session_ended", timeout_seconds=20)
    assert await candidate.closed() == 4411
    assert not [message for message in candidate.heard if message["type"] == "incident"]
    await video_when(interviewer, session_id, "ready")
    review = await interviewer.call("GET", f"/sessions/{session_id}/review")
    assert [event["event_type"] for event in review["events"]] == ["camera_covered"]
    assert review["events"][0]["is_open"] is False
    assert review["session"]["status"] == "completed"
    await publisher.close()
    await viewer.close()


async def test_a_dropped_socket_resumes_with_media_and_recording(
    candidate: Participant, one_way: dict[str, Any]
) -> None:
    session_id = one_way["id"]
    await candidate.consent(session_id)
    publisher = Publisher()
    welcome = await candidate.hello(session_id)
    stream_id = await candidate.publish(publisher)
    await candidate.say("start_answer", question_id=one_way["questions"][0]["id"])
    recording = await candidate.hear("recording", state="recording")
    await candidate.hang_up()
    await asyncio.sleep(1)
    again = await candidate.hello(session_id, resume_token=welcome["resume_token"])
    assert again["resumed"] is True
    assert [item["video_id"] for item in again["room"]["recordings"]] == [recording["video_id"]]
    await candidate.hear("stream_stats", stream_id=stream_id)
    await candidate.say("finish_answer", video_id=recording["video_id"])
    video = await video_when(candidate, session_id, "ready")
    assert len(video["segments"]) == 1
    assert video["duration_ms"] > 1000
    await publisher.close()


async def test_a_lost_camera_comes_back_in_the_next_segment(
    candidate: Participant, one_way: dict[str, Any]
) -> None:
    first, second = Publisher(), Publisher()
    video_id = await start_answer(candidate, one_way, first)
    await asyncio.sleep(1)
    await first.close()
    await candidate.hear("stream_removed")
    await asyncio.sleep(1)
    await candidate.publish(second)
    await asyncio.sleep(1)
    await candidate.say("finish_answer", video_id=video_id)
    video = await video_when(candidate, one_way["id"], "ready")
    assert [segment["end_reason"] for segment in video["segments"]] == ["connection_lost", "finished"]
    before, after = video["segments"]
    assert after["offset_ms"] > before["duration_ms"] + 500
    assert video["duration_ms"] == pytest.approx(after["offset_ms"] + after["duration_ms"], abs=300)
    await second.close()


async def test_ending_over_http_ends_the_room(candidate: Participant, one_way: dict[str, Any]) -> None:
    publisher = Publisher()
    await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(1)
    await candidate.call("POST", f"/sessions/{one_way['id']}/end")
    await candidate.hear("session_ended")
    assert await candidate.closed() == 4411
    video = await video_when(candidate, one_way["id"], "ready")
    assert video["duration_ms"] > 500
    await publisher.close()


async def test_withdrawing_consent_stops_the_recording(
    candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher, again = Publisher(), Publisher()
    await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(1)
    await candidate.call("DELETE", f"/sessions/{one_way['id']}/consent")
    await candidate.hear("error", error="consent_required")
    await video_when(candidate, one_way["id"], "ready")
    stream_id = "01890000-0000-7000-8000-000000000001"
    await candidate.say("publish", stream_id=stream_id, source="camera", sdp=await again.offer())
    await candidate.hear("error", error="consent_required")
    await publisher.close()
    await again.close()
