"""An answer ends by the server's clock, whatever the page does: it may be hidden or frozen."""

from typing import Any

import pytest
from sqlalchemy import text

from server.keys import DATABASE
from server.sittings import recording
from server.storage.scope import system
from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_sessions import start_answer, video_when


async def test_an_answer_that_nobody_ends_is_ended(
    house: House,
    candidate: Participant,
    one_way: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(recording, "GRACE_SECONDS", 0.5)
    async with house.app[DATABASE].begin(system("tests")) as uow:
        await uow.session.execute(text("UPDATE interview_questions SET answer_seconds = 1"))
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    await candidate.hear("recording", state="finalising", video_id=video_id, timeout_seconds=60)
    await candidate.hear("recording", state="ready", video_id=video_id, timeout_seconds=60)
    video = await video_when(candidate, one_way["id"], "ready")
    assert video["duration_ms"] >= 1000  # nothing of the time that is given is taken away
    assert [segment["end_reason"] for segment in video["segments"]] == ["finished"]
    await candidate.say("finish_answer", video_id=video_id, ref="late")
    assert (await candidate.hear("error", ref="late"))["error"] == "not_recording"
    await publisher.close()
