"""Those invited, each in their state; funnels and weeks; the file; the socket that says read anew."""

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from proctoring.types import EventType, Incident, IncidentChange, Phase, Severity
from server.evidence.service import record_change
from server.interviews.models import Participant, ParticipantStatus
from server.keys import FILES
from server.mail.delivery import DELIVERER
from server.mail.models import Mail, MailStatus
from server.storage.base import new_id
from server.storage.db import Database
from tests.server.counting import queries
from tests.server.world import Json, Person, Sitting, Team, VirtualClock, World


async def people(person: Person, interview: Json, **query: str) -> list[Json]:
    answer = await person.get(f"/interviews/{interview['id']}/people", params=query)
    assert answer.status == 200, answer
    items: list[Json] = answer.json["items"]
    return items


async def state(person: Person, interview: Json, email: str) -> Json:
    [found] = [one for one in await people(person, interview) if one["email"] == email]
    return found["state"]


async def funnel(person: Person, interview: Json) -> Json:
    return (await person.get(f"/dashboard/interviews/{interview['id']}")).json["funnel"]


async def token_of(database: Database, email: str) -> str:
    """The token of the link in the letter that waits."""
    async with database.begin() as uow:
        letter = await uow.session.scalar(select(Mail.text).where(Mail.to_email == email))
    assert letter is not None
    return letter.split("/i/")[1].split("#")[0]


async def begin(sitting: Sitting, world: World) -> UUID:
    """An answer is being recorded."""
    return await world.video(sitting, question=1)


async def test_each_is_in_the_state_they_are_in(world: World, database: Database) -> None:
    sitting = await world.sitting()
    recruiter, interview = sitting.team.recruiter, sitting.interview
    for email in ("waiting@example.com", "failed@example.com", "opened@example.com", "gone@example.com"):
        await world.code(sitting.team, interview, email)
    async with database.begin() as uow:
        await uow.session.execute(
            update(Mail)
            .where(Mail.to_email == "failed@example.com")
            .values(status=MailStatus.FAILED, last_error="550 nobody here")
        )
    stranger = await world.somebody()
    token = await token_of(database, "opened@example.com")
    assert (await stranger.post("/invitations/look", {"token": token})).status == 200
    [gone] = [one for one in await people(recruiter, interview) if one["email"] == "gone@example.com"]
    await recruiter.post(f"/interviews/{interview['id']}/invites/{gone['invite_id']}/revoke")

    found = {one["email"]: one for one in await people(recruiter, interview)}
    assert {email: one["state"] for email, one in found.items()} == {
        "waiting@example.com": "invited",
        "failed@example.com": "undelivered",
        "opened@example.com": "opened",
        "gone@example.com": "revoked",
        sitting.candidate.email: "joined",
    }
    assert found["failed@example.com"]["delivery_error"] == "550 nobody here"
    assert found["opened@example.com"]["opened_at"] is not None
    assert found[sitting.candidate.email]["name"] == "Casey Candidate"
    told = await funnel(recruiter, interview)
    assert told == {
        "invited": 4,
        "undelivered": 1,
        "opened": 2,
        "joined": 1,
        "started": 0,
        "in_progress": 0,
        "done": 0,
        "reviewed": 0,
    }


async def test_one_candidate_on_their_way(world: World) -> None:
    sitting = await world.sitting()
    recruiter, interview, email = sitting.team.recruiter, sitting.interview, sitting.candidate.email
    await world.finish(sitting, await world.video(sitting, question=0))
    await begin(sitting, world)
    [row] = await people(recruiter, interview)
    assert (row["state"], row["answered"], row["asking"]) == ("in_progress", 1, 2)
    assert (await funnel(recruiter, interview))["in_progress"] == 1
    assert (await sitting.candidate.post(f"{sitting.path}/end")).status == 200
    assert await state(recruiter, interview, email) == "done"
    told = await funnel(recruiter, interview)
    assert [told[name] for name in ("started", "in_progress", "done", "reviewed")] == [1, 0, 1, 0]


async def test_who_was_looked_at_is_reviewed(world: World, database: Database) -> None:
    sitting = await world.sitting()
    recruiter, interview, email = sitting.team.recruiter, sitting.interview, sitting.candidate.email
    video_id = await world.video(sitting, content=b"x")
    events = [await _incident(world, sitting, video_id) for _ in range(2)]
    await sitting.candidate.post(f"{sitting.path}/end")
    for event, expected in zip(events, ("done", "reviewed"), strict=True):
        changed = await sitting.team.reviewer.patch(f"/events/{event}", {"verdict": "dismissed"})
        assert changed.status == 200, changed
        assert await state(recruiter, interview, email) == expected
    assert (await funnel(recruiter, interview))["reviewed"] == 1


async def _incident(world: World, sitting: Sitting, video_id: UUID) -> UUID:
    incident = Incident(
        incident_id=new_id(),
        event_type=EventType.NO_FACE,
        severity=Severity.HIGH,
        started_ms=0,
        ended_ms=1,
        measured={},
        thresholds={},
        detector="d",
        model_version="1",
        snapshot=None,
        snapshot_offset_ms=None,
    )
    async with world.database.begin() as uow:
        await record_change(
            uow,
            world.app[FILES],
            session_id=sitting.id,
            video_id=video_id,
            question_id=None,
            change=IncidentChange(Phase.CLOSED, incident),
        )
    return incident.incident_id


async def test_who_withdrew_and_whose_time_is_over(
    world: World, database: Database, clock: VirtualClock
) -> None:
    sitting = await world.sitting()
    recruiter, interview = sitting.team.recruiter, sitting.interview
    await world.code(sitting.team, interview, "late@example.com")
    async with database.begin() as uow:
        await uow.session.execute(update(Participant).values(status=ParticipantStatus.WITHDRAWN))
    clock.advance(days=15)
    await recruiter.post("/auth/refresh")
    assert [one["state"] for one in await people(recruiter, interview)] == ["expired", "withdrawn"]


async def _many(world: World, team: Team, count: int) -> Json:
    interview = await world.interview(team)
    emails = [f"Person {number} <p{number}@example.com>" for number in range(count)]
    await team.recruiter.post(f"/interviews/{interview['id']}/invites", {"emails": emails})
    return interview


async def test_people_are_filtered_and_searched_and_go_on_after_the_cursor(world: World) -> None:
    team = await world.team()
    interview = await _many(world, team, 5)
    path = f"/interviews/{interview['id']}/people"
    first = (await team.recruiter.get(path, params={"limit": "3"})).json
    second = (await team.recruiter.get(path, params={"limit": "3", "cursor": first["next_cursor"]})).json
    emails = [one["email"] for one in first["items"] + second["items"]]
    assert emails == [f"p{number}@example.com" for number in reversed(range(5))]
    assert second["next_cursor"] is None
    assert [one["email"] for one in await people(team.recruiter, interview, q="SON 3")] == ["p3@example.com"]
    assert await people(team.recruiter, interview, q="%") == []
    assert await people(team.recruiter, interview, state="done") == []
    assert len(await people(team.recruiter, interview, state="invited")) == 5
    assert (await team.recruiter.get(path, params={"state": "lost"})).refused == (422, "bad_request")


async def test_the_file_has_everybody_and_runs_nothing(world: World) -> None:
    team = await world.team()
    interview = await world.interview(team)
    await team.recruiter.post(
        f"/interviews/{interview['id']}/invites", {"emails": ["=cmd|x <a@example.com>", "b@example.com"]}
    )
    answer = await team.recruiter.get(f"/interviews/{interview['id']}/people/export")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.raw.decode())))
    assert [(row["email"], row["name"], row["state"]) for row in rows] == [
        ("b@example.com", "", "invited"),
        ("a@example.com", "'=cmd|x", "invited"),
    ]
    filtered = await team.recruiter.get(f"/interviews/{interview['id']}/people/export?state=done")
    assert len(filtered.raw.splitlines()) == 1


async def test_the_dashboard_is_filtered_and_counts_what_is_there(world: World) -> None:
    sitting = await world.sitting()
    team = sitting.team
    draft = await world.interview(team, "live", title="A 100% draft", draft=True)
    ask = team.recruiter.get
    rows = (await ask("/dashboard/interviews")).json["items"]
    assert [row["id"] for row in rows] == [draft["id"], sitting.interview["id"]]
    assert rows[0]["last_activity_at"] is None
    assert rows[1]["last_activity_at"] is not None
    assert [row["question_count"] for row in rows] == [2, 2]
    assert rows[1]["funnel"] == await funnel(team.recruiter, sitting.interview)
    for query, found in (
        ("q=0%25", [draft["id"]]),
        ("status=active", [sitting.interview["id"]]),
        ("kind=live", [draft["id"]]),
        ("q=nothing", []),
    ):
        items = (await ask(f"/dashboard/interviews?{query}")).json["items"]
        assert [row["id"] for row in items] == found, query
    page = (await ask("/dashboard/interviews?limit=1")).json
    more = (await ask(f"/dashboard/interviews?limit=1&cursor={page['next_cursor']}")).json
    assert [row["id"] for row in more["items"]] == [sitting.interview["id"]]


async def test_the_lists_ask_the_same_however_long_they_are(world: World, database: Database) -> None:
    team = await world.team()
    few, many = await _many(world, team, 2), await _many(world, team, 40)
    await world.app[DELIVERER].close()  # whoever delivers mails asks the same database
    counts = []
    for interview in (few, many):
        with queries(database) as asked:
            await people(team.recruiter, interview)
        counts.append(len(asked))
    assert counts[0] == counts[1]
    with queries(database) as two:
        await team.recruiter.get("/dashboard/interviews")
    for _ in range(5):
        await world.interview(team)
    with queries(database) as seven:
        await team.recruiter.get("/dashboard/interviews")
    assert len(two) == len(seven)


async def test_weeks_begin_on_mondays_and_empty_ones_are_there(world: World, clock: VirtualClock) -> None:
    monday = clock.now - timedelta(days=clock.now.weekday())
    clock.now = monday.replace(hour=12)
    sitting = await world.sitting()
    await world.video(sitting, content=b"x")
    await sitting.candidate.post(f"{sitting.path}/end")
    other = await world.interview(sitting.team)
    await world.code(sitting.team, other, "a@example.com")
    weeks = (await sitting.team.recruiter.get("/dashboard/weeks")).json["items"]
    assert len(weeks) == 12
    assert weeks[-1] == {"begins": monday.date().isoformat(), "invited": 2, "finished": 1}
    assert {(week["invited"], week["finished"]) for week in weeks[:-1]} == {(0, 0)}
    one = await sitting.team.recruiter.get("/dashboard/weeks", params={"interview_id": other["id"]})
    assert one.json["items"][-1] == weeks[-1] | {"invited": 1, "finished": 0}


@pytest.mark.parametrize("who", ["interviewer", "reviewer"])
async def test_only_those_who_manage_see_people(world: World, who: str) -> None:
    team, other = await world.team(), await world.team("Other")
    interview = await world.interview(team)
    for path in (f"/interviews/{interview['id']}/people", f"/dashboard/interviews/{interview['id']}"):
        assert (await team.everybody[who].get(path)).refused == (403, "not_allowed")
        assert (await other.admin.get(path)).refused == (404, "interview_not_found")
    assert (await other.admin.get(f"/dashboard/weeks?interview_id={interview['id']}")).status == 404


async def _hear(socket: Any) -> Any:
    return await asyncio.wait_for(socket.receive_json(), 5)


async def test_the_socket_says_when_something_changed(world: World) -> None:
    sitting = await world.sitting()
    team, other = sitting.team, await world.team("Other")
    async with (
        team.recruiter.watch("/dashboard/live") as socket,
        other.recruiter.watch("/dashboard/live") as elsewhere,
    ):
        await world.code(team, sitting.interview, "a@example.com")
        assert await _hear(socket) == {"type": "people"}
        await world.video(sitting)  # the session begins, and an answer
        assert [await _hear(socket) for _ in range(2)] == [{"type": "people"}] * 2
        await world.code(other, await world.interview(other), "b@example.com")
        assert await _hear(elsewhere) == {"type": "people"}
