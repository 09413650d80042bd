"""The staff's list and the review of a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.evidence import service as evidence
from server.keys import FILES, PRESENCE
from server.recordings.models import InterviewVideo
from server.storage.db import Database
from tests.server.world import Person, Sitting, World


async def _incident(world: World, sitting: Sitting, video_id: UUID, severity: Severity) -> UUID:
    incident = Incident(
        incident_id=uuid4(),
        event_type=EventType.NO_FACE,
        severity=severity,
        started_ms=1000,
        ended_ms=5000,
        measured={},
        thresholds={},
        detector="d",
        model_version="1",
    )
    async with world.database.begin() as uow:
        await evidence.record_change(
            uow,
            world.app[FILES],
            session_id=sitting.id,
            video_id=video_id,
            question_id=None,
            change=IncidentChange(Phase.CLOSED, incident),
        )
    return incident.incident_id


async def _ids(person: Person, **query: Any) -> list[str]:
    answer = await person.get("/sessions", params=query)
    assert answer.status == 200, answer
    return [row["id"] for row in answer.json["items"]]


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """The statements sent to the database inside the block."""
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        statements.append(statement)

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)


async def test_a_row_sums_a_session_up(world: World) -> None:
    sitting = await world.sitting()
    first = await world.video(sitting, content=b"x")
    await world.video(sitting, question=1, content=b"x")
    await _incident(world, sitting, first, Severity.MEDIUM)
    dismissed = await _incident(world, sitting, first, Severity.CRITICAL)
    confirmed = await _incident(world, sitting, first, Severity.HIGH)
    recruiter = sitting.team.recruiter
    await recruiter.patch(f"/events/{dismissed}", {"verdict": "dismissed"})
    await recruiter.patch(f"/events/{confirmed}", {"verdict": "confirmed"})
    [row] = (await recruiter.get("/sessions")).json["items"]
    assert row["id"] == str(sitting.id)
    assert (row["status"], row["kind"], row["interview_title"]) == ("in_progress", "one_way", "Engineer")
    assert (row["candidate_name"], row["candidate_email"]) == ("Casey Candidate", sitting.candidate.email)
    assert (row["video_count"], row["duration_ms"]) == (2, 24_000)
    assert (row["incident_count"], row["unreviewed_count"], row["worst_severity"]) == (2, 1, "high")
    assert row["in_room"] is False


async def test_presence_is_asked_of_whoever_holds_the_rooms(world: World) -> None:
    sitting = await world.sitting()
    assert world.app[PRESENCE](sitting.id) is False


async def test_who_sees_which_sessions(world: World) -> None:
    team, other = await world.team(), await world.team("Other")
    one_way, live = await world.sitting(team), await world.sitting(team, "live")
    foreign = await world.sitting(other)
    assert await _ids(team.recruiter) == [str(live.id), str(one_way.id)]
    assert await _ids(team.admin) == [str(live.id), str(one_way.id)]
    assert await _ids(team.interviewer) == [str(live.id)]
    assert await _ids(team.reviewer) == []
    assert await _ids(other.recruiter) == [str(foreign.id)]
    await one_way.candidate.post(f"{one_way.path}/end")
    assert await _ids(team.reviewer) == [str(one_way.id)]
    assert (await one_way.candidate.get("/sessions")).refused == (403, "not_allowed")
    assert (await (await world.somebody()).get("/sessions")).refused == (401, "not_signed_in")


async def test_filters_and_search(world: World) -> None:
    team = await world.team()
    one_way = await world.sitting(team, title="100% remote_work")
    live = await world.sitting(team, "live", title="On site")
    await one_way.candidate.post(f"{one_way.path}/end")
    assert await _ids(team.admin, status="completed") == [str(one_way.id)]
    assert await _ids(team.admin, status="confirmed") == [str(live.id)]
    assert await _ids(team.admin, kind="live") == [str(live.id)]
    assert await _ids(team.admin, q="REMOTE_w") == [str(one_way.id)]
    assert await _ids(team.admin, q="100%") == [str(one_way.id)]
    assert await _ids(team.admin, q="_") == [str(one_way.id)]
    assert await _ids(team.admin, q=live.candidate.email) == [str(live.id)]
    assert await _ids(team.admin, q="casey", kind="live") == [str(live.id)]
    assert await _ids(team.admin, q="nobody") == []
    assert (await team.admin.get("/sessions?status=lost")).refused == (422, "bad_request")


async def test_what_nobody_has_looked_at_is_found(world: World) -> None:
    team = await world.team()
    flagged, quiet = await world.sitting(team), await world.sitting(team, "live")
    found = await _incident(world, flagged, await world.video(flagged, content=b"x"), Severity.HIGH)
    assert await _ids(team.admin, unreviewed="true") == [str(flagged.id)]
    assert await _ids(team.admin, unreviewed="false") == [str(quiet.id)]
    await team.recruiter.patch(f"/events/{found}", {"verdict": "confirmed"})
    assert await _ids(team.admin, unreviewed="true") == []
    assert (await team.admin.get("/sessions?unreviewed=perhaps")).refused == (422, "bad_request")


async def test_page_by_page(world: World) -> None:
    team = await world.team()
    made = [str((await world.sitting(team)).id) for _ in range(3)]
    first = (await team.admin.get("/sessions?limit=2")).json
    assert [row["id"] for row in first["items"]] == made[:0:-1]
    second = (await team.admin.get("/sessions", params={"limit": 2, "cursor": first["next_cursor"]})).json
    assert [row["id"] for row in second["items"]] == made[:1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize("path", ["/sessions", "/interviews", "/candidate/interviews"])
async def test_the_number_of_queries_does_not_grow(world: World, database: Database, path: str) -> None:
    sitting = await world.sitting()
    person = sitting.candidate if path.startswith("/candidate") else sitting.team.recruiter
    with _counted(database) as few:
        await person.get(path)
    for _ in range(4):
        more = await world.sitting(sitting.team)
        video_id = await world.video(more, content=b"x")
        await _incident(world, more, video_id, Severity.LOW)
    with _counted(database) as many:
        await person.get(path)
    assert len(many) == len(few)


async def test_a_review_is_the_session_and_its_timeline(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=b"x")
    event_id = await _incident(world, sitting, video_id, Severity.HIGH)
    review = (await sitting.team.recruiter.get(f"{sitting.path}/review")).json
    assert review["session"]["my_role"] == "recruiter"
    assert [video["id"] for video in review["videos"]] == [str(video_id)]
    assert [event["id"] for event in review["events"]] == [str(event_id)]
    assert review["waveforms"] == []
    outsiders = [sitting.candidate, (await world.team("Other")).admin, sitting.team.interviewer]
    for person in outsiders:
        assert (await person.get(f"{sitting.path}/review")).refused == (404, "session_not_found")


async def test_a_review_tells_how_loud_its_videos_are(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting, content=b"x")
    await world.video(sitting, question=1)
    async with world.database.begin() as uow:
        video = await uow.session.get_one(InterviewVideo, video_id)
        video.waveform = {"interval_ms": 100, "levels": [0, 40, 100]}
    review = (await sitting.team.recruiter.get(f"{sitting.path}/review")).json
    assert review["waveforms"] == [{"video_id": str(video_id), "interval_ms": 100, "levels": [0, 40, 100]}]
    assert "waveform" not in review["videos"][0]
