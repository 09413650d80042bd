"""Consent withdrawn: from that moment on nothing is taken in, whatever is still sent."""

import asyncio
from typing import Any

from sqlalchemy import text

from server.keys import BUS, DATABASE
from server.storage.scope import system
from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_sessions import start_answer, video_when


def _bytes_of_sessions(house: House) -> dict[str, int]:
    """Every file of a session, and its size."""
    roots = (house.settings.data_dir / "files", house.settings.data_dir / "recordings")
    files = [path for root in roots for path in root.rglob("*") if path.is_file()]
    return {str(path): path.stat().st_size for path in files}


async def _goes_on_sending(publisher: Publisher, candidate: Participant) -> None:
    """Two seconds of the peer's media, whoever takes it."""
    await asyncio.sleep(2)
    await candidate.silent("recording", state="recording")


async def test_no_byte_is_written_after_it(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    await asyncio.sleep(1)
    await candidate.call("DELETE", f"/sessions/{one_way['id']}/consent")
    stopped = await candidate.hear("recording", state="finalising", video_id=video_id)
    await candidate.hear("error", error="consent_required")
    await candidate.hear("recording", state="ready", video_id=video_id, timeout_seconds=20)
    video = await video_when(candidate, one_way["id"], "ready")
    assert video["duration_ms"] <= stopped["offset_ms"] + 100
    written = _bytes_of_sessions(house)
    assert len(written) == 2
    await _goes_on_sending(publisher, candidate)
    assert _bytes_of_sessions(house) == written
    await candidate.say("start_answer", question_id=one_way["questions"][1]["id"], ref="again")
    assert (await candidate.hear("error", ref="again"))["error"] in ("consent_required", "not_publishing")
    assert _bytes_of_sessions(house) == written
    await publisher.close()


async def test_a_recording_that_is_about_to_begin_does_not(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher, database = Publisher(), house.app[DATABASE]
    await candidate.consent(one_way["id"])
    await candidate.hello(one_way["id"])
    await candidate.publish(publisher)
    async with database.engine.connect() as connection:
        # The recording's row is made; what it is watched for cannot be read, so it has not begun.
        await connection.execute(text("LOCK TABLE session_policies IN ACCESS EXCLUSIVE MODE"))
        await candidate.say("start_answer", question_id=one_way["questions"][0]["id"])
        await _somebody_waits(house, "session_policies")
        async with house.app[BUS].subscribe(f"session:{one_way['id']}") as messages:
            await candidate.call("DELETE", f"/sessions/{one_way['id']}/consent")
            assert (await anext(messages))["type"] == "consent"
        await connection.rollback()
    await candidate.hear("error", error="consent_required")
    await candidate.hear("recording", state="failed", error="nothing_recorded", timeout_seconds=20)
    await _goes_on_sending(publisher, candidate)
    assert _bytes_of_sessions(house) == {}
    await publisher.close()


async def _somebody_waits(house: House, table: str) -> None:
    waits = text("SELECT count(*) FROM pg_locks WHERE relation = to_regclass(:name) AND NOT granted")
    async with asyncio.timeout(10), house.app[DATABASE].engine.connect() as connection:
        while not await connection.scalar(waits, {"name": table}):
            await asyncio.sleep(0.02)


async def test_a_message_that_was_lost_is_made_up_for(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    publisher = Publisher()
    video_id = await start_answer(candidate, one_way, publisher)
    async with house.app[DATABASE].begin(system("tests")) as uow:
        await uow.session.execute(text("UPDATE consents SET withdrawn_at = now()"))
    await house.app[BUS].publish(f"session:{one_way['id']}", {"type": "resync"})
    await candidate.hear("recording", state="finalising", video_id=video_id)
    await candidate.hear("error", error="consent_required")
    await publisher.close()
