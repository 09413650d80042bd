"""Incidents become events; people judge them."""

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.accounts.models import AuditEntry
from server.errors import VideoNotFound
from server.evidence import service
from server.evidence.models import ProctoringEvent
from server.keys import BUS, FILES
from server.scheduling.models import InterviewSession
from tests.server.world import Sitting, World, unknown_id

JPEG = b"\xff\xd8 a picture"


def _incident(**changes: Any) -> Incident:
    given: dict[str, Any] = {
        "incident_id": uuid4(),
        "event_type": EventType.NO_FACE,
        "severity": Severity.MEDIUM,
        "started_ms": 10_000,
        "ended_ms": None,
        "measured": {"duration_ms": 3000},
        "thresholds": {"dwell_ms": 3000},
        "detector": "mediapipe",
        "model_version": "full-range",
    }
    return Incident(**(given | changes))


async def _record(world: World, sitting: Sitting, video_id: UUID, phase: Phase, incident: Incident) -> None:
    async with world.database.begin() as uow:
        await service.record_change(
            uow,
            world.app[FILES],
            session_id=sitting.id,
            video_id=video_id,
            question_id=sitting.question(),
            change=IncidentChange(phase, incident),
        )


async def _timeline(sitting: Sitting) -> list[Any]:
    return list((await sitting.team.recruiter.get(f"{sitting.path}/review")).json["events"])


async def test_an_incident_lives_in_one_event(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    opened = _incident()
    await _record(world, sitting, video_id, Phase.OPENED, opened)
    [event] = await _timeline(sitting)
    assert event["id"] == str(opened.incident_id)
    assert (event["event_type"], event["severity"], event["is_open"]) == ("no_face", "medium", True)
    assert (event["offset_ms"], event["duration_seconds"]) == (10_000, 3.0)
    assert (event["measured"], event["thresholds"]) == ({"duration_ms": 3000}, {"dwell_ms": 3000})
    assert (event["question_id"], event["video_id"]) == (str(sitting.question()), str(video_id))
    assert event["snapshot_url"] is None

    closed = replace(opened, ended_ms=21_500, severity=Severity.HIGH, measured={"duration_ms": 11_500})
    await _record(world, sitting, video_id, Phase.CLOSED, closed)
    [event] = await _timeline(sitting)
    assert (event["severity"], event["is_open"], event["duration_seconds"]) == ("high", False, 11.5)


async def test_told_twice_or_too_late_it_changes_nothing(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    opened = _incident()
    closed = replace(opened, ended_ms=15_000)
    for phase, incident in ((Phase.OPENED, opened), (Phase.CLOSED, closed), (Phase.CLOSED, closed)):
        await _record(world, sitting, video_id, phase, incident)
    before = await _timeline(sitting)
    await _record(world, sitting, video_id, Phase.UPDATED, opened)
    assert await _timeline(sitting) == before
    assert len(before) == 1


async def test_a_snapshot_can_be_looked_at_by_staff_only(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    incident = _incident(snapshot=JPEG, snapshot_offset_ms=11_000)
    await _record(world, sitting, video_id, Phase.OPENED, incident)
    [event] = await _timeline(sitting)
    path = event["snapshot_url"].removeprefix("/api/v1")
    answer = await sitting.team.admin.get(path)
    assert (answer.raw, answer.headers["Content-Type"]) == (JPEG, "image/jpeg")
    other = await world.team("Other")
    for person in (sitting.candidate, other.admin, sitting.team.interviewer):
        assert (await person.get(path)).refused == (404, "event_not_found")


async def test_an_event_without_a_picture_says_so(world: World) -> None:
    sitting = await world.sitting()
    incident = _incident()
    await _record(world, sitting, await world.video(sitting), Phase.OPENED, incident)
    answer = await sitting.team.admin.get(f"/events/{incident.incident_id}/snapshot")
    assert answer.refused == (404, "file_not_found")


async def test_what_lasts_ends_with_its_stream(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    lasting = _incident()
    done = _incident(event_type=EventType.MULTIPLE_FACES, ended_ms=12_000)
    await _record(world, sitting, video_id, Phase.OPENED, lasting)
    await _record(world, sitting, video_id, Phase.CLOSED, done)
    async with world.database.begin() as uow:
        await service.close_open_events(uow, video_id, at_ms=18_000)
    durations = {event["event_type"]: event["duration_seconds"] for event in await _timeline(sitting)}
    assert durations == {"no_face": 8.0, "multiple_faces": 2.0}
    assert not any(event["is_open"] for event in await _timeline(sitting))


async def test_changes_are_announced_as_they_can_be_read(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    async with world.app[BUS].subscribe(f"session:{sitting.id}") as messages:
        incident = _incident()
        await _record(world, sitting, video_id, Phase.OPENED, incident)
        said = await anext(messages)
        assert (said["type"], said["phase"]) == ("incident", "opened")
        assert said["event"] == (await _timeline(sitting))[0]
        await sitting.team.recruiter.patch(f"/events/{incident.incident_id}", {"verdict": "confirmed"})
        said = await anext(messages)
        assert (said["phase"], said["event"]["verdict"]) == ("updated", "confirmed")


async def test_an_incident_of_no_video_is_refused(world: World) -> None:
    sitting = await world.sitting()
    with pytest.raises(VideoNotFound):
        await _record(world, sitting, unknown_id(), Phase.OPENED, _incident())


async def test_a_verdict_names_who_and_when_and_can_be_taken_back(world: World) -> None:
    sitting = await world.sitting()
    incident = _incident()
    video_id = await world.video(sitting)
    await _record(world, sitting, video_id, Phase.OPENED, incident)
    path = f"/events/{incident.incident_id}"
    recruiter = sitting.team.recruiter
    dismissed = await recruiter.patch(path, {"verdict": "dismissed", "reviewer_notes": "A cat."})
    assert dismissed.json["verdict"] == "dismissed"
    assert dismissed.json["reviewed"]
    assert dismissed.json["reviewed_by"] == {"id": recruiter.id, "full_name": "Recruiter of Northwind"}
    assert dismissed.json["reviewed_at"] is not None

    await _record(world, sitting, video_id, Phase.CLOSED, replace(incident, ended_ms=20_000))
    [event] = await _timeline(sitting)
    assert (event["verdict"], event["reviewer_notes"], event["is_open"]) == ("dismissed", "A cat.", False)

    undone = await recruiter.patch(path, {"verdict": "none"})
    assert (undone.json["reviewed"], undone.json["reviewed_by"]) == (False, None)
    assert undone.json["reviewer_notes"] == "A cat."
    assert (await recruiter.patch(path, {"reviewer_notes": None})).json["reviewer_notes"] is None


async def test_each_judgement_is_in_the_audit_log(world: World) -> None:
    sitting = await world.sitting()
    incident = _incident()
    await _record(world, sitting, await world.video(sitting), Phase.OPENED, incident)
    path = f"/events/{incident.incident_id}"
    await sitting.team.admin.patch(path, {"verdict": "confirmed"})
    await sitting.team.admin.patch(path, {"verdict": "confirmed"})
    async with world.database.begin() as uow:
        entries = (
            await uow.session.scalars(select(AuditEntry).where(AuditEntry.action == "event.reviewed"))
        ).all()
    [entry] = entries
    assert (entry.actor_id, entry.entity_id) == (UUID(sitting.team.admin.id), incident.incident_id)
    assert (entry.before or {})["verdict"] == "none"
    assert (entry.after or {})["verdict"] == "confirmed"
    assert entry.ip == "127.0.0.1"


async def test_who_may_judge(world: World) -> None:
    sitting = await world.sitting(kind="live")
    incident = _incident()
    async with world.database.begin() as uow:
        from server.recordings.models import VideoSource
        from server.recordings.service import start_video

        video = await start_video(
            uow,
            session_id=sitting.id,
            question_id=None,
            participant_id=UUID(sitting.candidate.id),
            source=VideoSource.CAMERA,
        )
    await _record(world, sitting, video.id, Phase.OPENED, incident)
    path = f"/events/{incident.incident_id}"
    other = await world.team("Other")
    for person in (sitting.candidate, other.admin, sitting.team.reviewer):
        assert (await person.patch(path, {"verdict": "confirmed"})).refused == (404, "event_not_found")
    await sitting.team.interviewer.post(f"{sitting.path}/end")
    for person in (sitting.team.interviewer, sitting.team.reviewer, sitting.team.admin):
        assert (await person.patch(path, {"verdict": "confirmed"})).status == 200
    assert (await sitting.team.admin.patch(path, {"verdict": "maybe"})).refused == (422, "bad_request")


async def test_a_deleted_session_takes_its_events_along(world: World) -> None:
    sitting = await world.sitting()
    await _record(world, sitting, await world.video(sitting), Phase.OPENED, _incident())
    async with world.database.begin() as uow:
        await uow.session.delete(await uow.session.get_one(InterviewSession, sitting.id))
    async with world.database.begin() as uow:
        assert (await uow.session.scalars(select(ProctoringEvent))).all() == []


async def _counted(world: World, sitting: Sitting) -> tuple[int, int]:
    async with world.database.begin() as uow:
        session = await uow.session.get_one(InterviewSession, sitting.id)
        return session.event_count, session.unreviewed_count


async def test_the_session_knows_how_many_there_are_and_how_many_nobody_looked_at(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    assert await _counted(world, sitting) == (0, 0)
    incidents = [_incident() for _ in range(5)]
    for incident in [*incidents, *incidents]:  # told twice
        await _record(world, sitting, video_id, Phase.OPENED, incident)
    assert await _counted(world, sitting) == (5, 5)
    paths = [f"/events/{incident.incident_id}" for incident in incidents]
    first, second = sitting.team.recruiter, sitting.team.admin
    answers = await asyncio.gather(
        *(first.patch(path, {"verdict": "confirmed"}) for path in paths[:3]),
        *(second.patch(path, {"verdict": "dismissed"}) for path in paths[1:]),
    )
    assert {answer.status for answer in answers} == {200}
    assert await _counted(world, sitting) == (5, 0)
    await first.patch(paths[0], {"verdict": "none"})
    await first.patch(paths[0], {"verdict": "none"})
    await first.patch(paths[1], {"reviewer_notes": "A cat."})
    assert await _counted(world, sitting) == (5, 1)


async def test_counting_is_no_change_anybody_could_lose(world: World) -> None:
    sitting = await world.sitting()
    video_id = await world.video(sitting)
    async with world.database.begin() as uow:
        version = (await uow.session.get_one(InterviewSession, sitting.id)).version
    await _record(world, sitting, video_id, Phase.OPENED, _incident())
    async with world.database.begin() as uow:
        assert (await uow.session.get_one(InterviewSession, sitting.id)).version == version
