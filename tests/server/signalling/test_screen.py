"""Sharing a screen: seen by the others, recorded beside the candidate's camera."""

import asyncio
from typing import Any

import pytest

from tests.server.media.peers import Publisher, Viewer, until
from tests.server.signalling.client import Participant
from tests.server.signalling.test_lobby import admitted


async def videos_when(person: Participant, session_id: str, count: int, status: str) -> list[dict[str, Any]]:
    """The session's videos once so many have a status."""
    async with asyncio.timeout(30):
        while True:
            detail = await person.call("GET", f"/sessions/{session_id}")
            found = [video for video in detail["videos"] if video["status"] == status]
            if len(found) == count:
                return found
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("house_settings", [{"proctoring": True}], indirect=True)
async def test_the_candidates_screen_is_a_video_of_its_own(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    camera, screen, viewer = Publisher(), Publisher(audio=False), Viewer()
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await candidate.publish(camera)
    await candidate.publish(screen, "screen")
    added = [await interviewer.hear("stream_added") for _ in range(2)]
    streams = {message["stream"]["source"]: message["stream"] for message in added}
    assert set(streams) == {"camera", "screen"}
    assert (streams["screen"]["has_audio"], streams["screen"]["has_video"]) == (False, True)
    await interviewer.subscribe(viewer, streams["screen"]["stream_id"])
    await until(lambda: viewer.received["video"] > 5)
    recordings = await videos_when(interviewer, live["id"], 2, "recording")
    assert {video["source"] for video in recordings} == {"camera", "screen"}
    await asyncio.sleep(4)  # long enough for an incident: the test picture has no face
    await interviewer.say("end_session")
    await candidate.hear("session_ended", timeout_seconds=20)
    ready = {video["source"]: video for video in await videos_when(interviewer, live["id"], 2, "ready")}
    assert ready["screen"]["audio_codec"] is None
    assert ready["screen"]["duration_ms"] > 3000
    assert ready["screen"]["file_url"] != ready["camera"]["file_url"]
    review = await interviewer.call("GET", f"/sessions/{live['id']}/review")
    assert {event["video_id"] for event in review["events"]} == {
        ready["camera"]["id"]
    }  # only the camera is watched
    for peer in (camera, screen, viewer):
        await peer.close()


async def test_a_screen_that_is_shared_no_more_is_finished_and_may_be_shared_again(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    camera, first, second = Publisher(), Publisher(audio=False), Publisher(audio=False)
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await candidate.publish(camera)
    stream_id = await candidate.publish(first, "screen")
    await videos_when(interviewer, live["id"], 2, "recording")
    await asyncio.sleep(1)
    await candidate.say("unpublish", stream_id=stream_id)
    await interviewer.hear("stream_removed", stream_id=stream_id)
    (finished,) = await videos_when(interviewer, live["id"], 1, "ready")
    assert finished["source"] == "screen"
    assert [segment["end_reason"] for segment in finished["segments"]] == ["finished"]
    await candidate.publish(second, "screen")
    running = await videos_when(interviewer, live["id"], 2, "recording")
    assert finished["id"] not in {video["id"] for video in running}
    for peer in (camera, first, second):
        await peer.close()


async def test_a_lost_screen_goes_on_in_the_next_segment_without_an_event(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    camera, first, second = Publisher(), Publisher(audio=False), Publisher(audio=False)
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await candidate.publish(camera)
    await candidate.publish(first, "screen")
    await videos_when(interviewer, live["id"], 2, "recording")
    await asyncio.sleep(1)
    await first.close()
    await candidate.hear("stream_removed")
    await candidate.publish(second, "screen")
    await asyncio.sleep(1)
    await interviewer.say("end_session")
    videos = await videos_when(interviewer, live["id"], 2, "ready")
    (screen,) = [video for video in videos if video["source"] == "screen"]
    assert [segment["end_reason"] for segment in screen["segments"]] == ["connection_lost", "finished"]
    assert (await interviewer.call("GET", f"/sessions/{live['id']}/review"))["events"] == []
    for peer in (camera, second):
        await peer.close()


async def test_an_interviewers_screen_is_seen_and_not_recorded(
    candidate: Participant, interviewer: Participant, live: dict[str, Any]
) -> None:
    screen, viewer = Publisher(audio=False), Viewer()
    await admitted(candidate, interviewer, live["id"])
    stream_id = await interviewer.publish(screen, "screen")
    added = await candidate.hear("stream_added")
    assert (added["stream"]["stream_id"], added["stream"]["source"]) == (stream_id, "screen")
    await candidate.subscribe(viewer, stream_id)
    await until(lambda: viewer.received["video"] > 5)
    assert (await interviewer.call("GET", f"/sessions/{live['id']}"))["videos"] == []
    await screen.close()
    await viewer.close()
