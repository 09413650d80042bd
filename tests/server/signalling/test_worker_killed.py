"""The proctoring worker dies or is stopped during a recording: another comes, and the timeline says so."""

import asyncio
import signal
from typing import Any

import psutil
import pytest

from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.processes import children
from tests.server.signalling.test_sessions import start_answer, video_when


async def worker(other_than: int = 0) -> psutil.Process:
    """The proctoring worker of this process, once there is one with another pid."""
    async with asyncio.timeout(20):
        while True:
            for child in children("proctoring.worker.main"):
                if child.pid != other_than:
                    return child
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.parametrize("house_settings", [{"proctoring": True}], indirect=True)
async def test_a_killed_worker_comes_back_and_the_timeline_says_so(
    house: House, candidate: Participant, one_way: dict[str, Any], how: signal.Signals
) -> None:
    publisher = Publisher()
    first = await worker()
    video_id = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(5)  # the test picture is of one colour: an incident is open by now
    first.send_signal(how)
    await worker(other_than=first.pid)
    await asyncio.sleep(5)
    await candidate.say("finish_answer", video_id=video_id)
    await video_when(candidate, one_way["id"], "ready")
    async with house.person("recruiter@northwind.example") as recruiter:
        review = await recruiter.call("GET", f"/sessions/{one_way['id']}/review")
    events = {event["event_type"]: event for event in review["events"]}
    assert len(review["events"]) == len(events) == 2
    degraded, covered = events["analysis_degraded"], events["camera_covered"]
    assert degraded["measured"]["reason"] == "worker_restarted"
    assert 3000 < degraded["offset_ms"] < 6500
    assert covered["offset_ms"] < 2500  # the incident that was open is the one that went on
    assert covered["duration_seconds"] > 7
    await publisher.close()
