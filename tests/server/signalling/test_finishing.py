"""Making the file fails: nothing that was written is lost, and it is tried again."""

import asyncio
import shutil
from typing import Any

import pytest

from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.processes import children
from tests.server.signalling.test_sessions import start_answer, video_when


async def test_a_store_that_fails_is_tried_again(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    store = house.settings.data_dir / "files"
    shutil.rmtree(store)
    store.write_text("no folder")
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(1)
    await candidate.say("finish_answer", video_id=video_id)
    await candidate.hear("recording", state="failed", error="finish_failed", timeout_seconds=20)
    video = await video_when(candidate, one_way["id"], "finalising")
    assert video["error"] == "finish_failed"
    store.unlink()
    store.mkdir()
    await candidate.hear("recording", state="ready", timeout_seconds=20)
    video = await video_when(candidate, one_way["id"], "ready")
    assert video["duration_ms"] > 500
    recruiter = house.person("recruiter@northwind.example")
    async with recruiter:
        review = await recruiter.call("GET", f"/sessions/{one_way['id']}/review")
    [waveform] = review["waveforms"]
    assert waveform["video_id"] == video_id
    assert len(waveform["levels"]) * waveform["interval_ms"] == pytest.approx(video["duration_ms"], abs=200)
    assert max(waveform["levels"]) < 10  # the test's microphone is silent
    assert video["error"] is None
    await publisher.close()


async def test_a_killed_finishing_process_is_replaced(
    candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    first = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(0.5)
    await candidate.say("finish_answer", video_id=first)
    await candidate.hear("recording", state="ready", timeout_seconds=20)
    for child in children("multiprocessing.spawn"):
        child.kill()
    await candidate.say("start_answer", question_id=one_way["questions"][1]["id"])
    second = await candidate.hear("recording", state="recording")
    await asyncio.sleep(0.5)
    await candidate.say("finish_answer", video_id=second["video_id"])
    await candidate.hear("recording", state="ready", video_id=second["video_id"], timeout_seconds=30)
    await publisher.close()
