"""A candidate's sitting: opening, seeing and ending it."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select

from server.accounts.models import Membership, Role
from server.accounts.service import add_member
from server.errors import InvalidTransition, SessionEnded, StaleVersion
from server.scheduling import service
from server.scheduling.models import InterviewSession, SessionInterviewer, SessionStatus
from server.storage.db import Database
from tests.server.world import Sitting, VirtualClock, World, unknown_id


async def test_opening_again_goes_on_with_the_same_sitting(world: World) -> None:
    sitting = await world.sitting()
    path = f"/candidate/interviews/{sitting.interview['id']}/session"
    answers = await asyncio.gather(*(sitting.candidate.post(path) for _ in range(3)))
    assert {answer.json["id"] for answer in answers} == {str(sitting.id)}
    assert sitting.session["my_role"] == "candidate"
    assert sitting.session["status"] == "confirmed"
    [mine] = (await sitting.candidate.get("/candidate/interviews")).json["items"]
    assert mine["session"]["id"] == str(sitting.id)


async def test_two_tabs_that_start_together_share_a_sitting(world: World, database: Database) -> None:
    team, candidate = await world.team(), await world.person()
    interview = await world.interview(team)
    code = await world.code(team, interview, candidate.email)
    await candidate.post("/candidate/interviews", {"code": code})
    path = f"/candidate/interviews/{interview['id']}/session"
    answers = await asyncio.gather(*(candidate.post(path) for _ in range(4)))
    assert {answer.status for answer in answers} == {200}
    async with database.begin() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(InterviewSession)) == 1


async def test_a_sitting_needs_an_invitation(world: World) -> None:
    sitting = await world.sitting()
    other = await world.person()
    path = f"/candidate/interviews/{sitting.interview['id']}/session"
    assert (await other.post(path)).refused == (404, "interview_not_found")
    nowhere = f"/candidate/interviews/{unknown_id()}/session"
    assert (await other.post(nowhere)).refused == (404, "interview_not_found")


async def test_after_the_deadline_one_may_finish_but_not_start(world: World, clock: VirtualClock) -> None:
    team = await world.team()
    deadline = (clock() + timedelta(days=1)).isoformat()
    begun = await world.sitting(team, deadline=deadline)
    late = await world.person()
    interview = await world.interview(team, deadline=deadline)
    code = await world.code(team, interview, late.email)
    await late.post("/candidate/interviews", {"code": code})
    clock.advance(days=1, seconds=1)
    for person in (late, begun.candidate):
        await person.post("/auth/refresh")
    started = await late.post(f"/candidate/interviews/{interview['id']}/session")
    assert started.refused == (409, "interview_closed")
    again = await begun.candidate.post(f"/candidate/interviews/{begun.interview['id']}/session")
    assert again.json["id"] == str(begun.id)


async def test_who_sees_a_session(world: World) -> None:
    sitting = await world.sitting(kind="live")
    team, other = sitting.team, await world.team("Other")
    expected = {
        sitting.candidate: "candidate",
        team.interviewer: "interviewer",
        team.recruiter: "interviewer",
        team.admin: "admin",
    }
    for person, role in expected.items():
        assert (await person.get(sitting.path)).json["my_role"] == role
    outsiders = [*other.everybody.values(), await world.person(), team.reviewer]
    for person in outsiders:
        assert (await person.get(sitting.path)).refused == (404, "session_not_found")
    await team.interviewer.post(f"{sitting.path}/end")
    assert (await team.reviewer.get(sitting.path)).json["my_role"] == "reviewer"
    assert (await team.admin.get(f"/sessions/{unknown_id()}")).refused == (404, "session_not_found")
    assert (await team.admin.get("/sessions/nonsense")).refused == (404, "not_found")


async def test_who_finds_no_place_to_speak_watches(world: World, database: Database) -> None:
    team = await world.team()
    panel = [await world.person(f"Interviewer {number}") for number in range(9)]
    async with database.begin() as uow:
        for person in panel:
            add_member(uow, team.id, UUID(person.id), Role.INTERVIEWER)
    sitting = await world.sitting(team, "live", interviewer_ids=[person.id for person in panel])
    async with database.begin() as uow:
        rows = await uow.session.execute(
            select(SessionInterviewer.user_id, SessionInterviewer.panel_role).where(
                SessionInterviewer.session_id == sitting.id
            )
        )
        roles = {str(user_id): role for user_id, role in rows}
    assert [roles[person.id] for person in panel] == ["lead"] + ["member"] * 6 + ["observer"] * 2
    assert (await panel[-1].get(sitting.path)).json["my_role"] == "interviewer"
    assert (await panel[-1].post(f"{sitting.path}/end")).refused == (403, "not_allowed")
    assert (await panel[-3].post(f"{sitting.path}/end")).status == 200


async def test_an_interviewer_sees_only_their_own_sessions(world: World) -> None:
    sitting = await world.sitting()
    assert (await sitting.team.interviewer.get(sitting.path)).refused == (404, "session_not_found")
    assert (await sitting.team.recruiter.get(sitting.path)).json["my_role"] == "recruiter"


async def test_a_seat_on_a_panel_is_worth_nothing_to_those_who_left(world: World, database: Database) -> None:
    sitting = await world.sitting(kind="live")
    interviewer = sitting.team.interviewer
    async with database.begin() as uow:
        await uow.session.execute(delete(Membership).where(Membership.user_id == interviewer.id))
    assert (await interviewer.get(sitting.path)).refused == (404, "session_not_found")


async def test_a_candidate_ends_a_one_way_session(world: World) -> None:
    sitting = await world.sitting()
    ended = await sitting.candidate.post(f"{sitting.path}/end")
    assert ended.status == 200
    assert ended.json["status"] == "completed"
    assert ended.json["ended_at"] is not None
    again = await sitting.candidate.post(f"{sitting.path}/end")
    assert again.refused == (409, "session_ended")
    reopened = await sitting.candidate.post(f"/candidate/interviews/{sitting.interview['id']}/session")
    assert reopened.refused == (409, "session_ended")
    [mine] = (await sitting.candidate.get("/candidate/interviews")).json["items"]
    assert mine["status"] == "completed"
    path = f"/interviews/{sitting.interview['id']}/invites"
    [invite] = (await sitting.team.recruiter.get(path)).json["items"]
    assert invite["status"] == "completed"


async def test_a_live_session_is_ended_by_those_who_lead_it(world: World) -> None:
    sitting = await world.sitting(kind="live")
    assert (await sitting.candidate.post(f"{sitting.path}/end")).refused == (403, "not_allowed")
    assert (await sitting.team.interviewer.post(f"{sitting.path}/end")).status == 200
    other = await world.sitting(sitting.team)
    assert (await other.team.recruiter.post(f"{other.path}/end")).status == 200


async def test_two_who_end_it_at_once(world: World) -> None:
    sitting = await world.sitting(kind="live")
    answers = await asyncio.gather(
        *(person.post(f"{sitting.path}/end") for person in (sitting.team.interviewer, sitting.team.admin))
    )
    assert sorted(answer.status for answer in answers) == [200, 409]


async def test_beginning_is_noted_once(world: World, database: Database, clock: VirtualClock) -> None:
    sitting = await world.sitting()
    started_at = clock()
    async with database.begin() as uow:
        await service.begin(uow, sitting.id)
    clock.advance(minutes=1)
    async with database.begin() as uow:
        session = await service.begin(uow, sitting.id)
    assert session.status is SessionStatus.IN_PROGRESS
    assert session.started_at == started_at


async def test_what_is_only_scheduled_cannot_begin(world: World, database: Database) -> None:
    sitting = await world.sitting()
    async with database.begin() as uow:
        session = await service.lock_session(uow, sitting.id)
        session.status = SessionStatus.SCHEDULED
    with pytest.raises(InvalidTransition):
        async with database.begin() as uow:
            await service.begin(uow, sitting.id)


async def test_a_cancelled_session_takes_nothing(world: World, database: Database) -> None:
    sitting = await world.sitting()
    async with database.begin() as uow:
        session = await service.lock_session(uow, sitting.id)
        session.status = SessionStatus.CANCELLED
    with pytest.raises(SessionEnded):
        async with database.begin() as uow:
            await service.begin(uow, sitting.id)


async def test_a_stale_write_is_refused(world: World, database: Database) -> None:
    sitting = await world.sitting()
    with pytest.raises(StaleVersion):
        await _write_while_another_writes(database, sitting)


async def _write_while_another_writes(database: Database, sitting: Sitting) -> None:
    async with database.begin() as slow:
        mine = await slow.session.get_one(InterviewSession, sitting.id)
        async with database.begin() as quick:
            theirs = await quick.session.get_one(InterviewSession, sitting.id)
            theirs.meeting_notes = "theirs"
        mine.meeting_notes = "mine"


async def test_who_withdraws_is_recorded_no_more_and_takes_part_no_more(world: World) -> None:
    sitting = await world.sitting()
    await world.video(sitting, 0, content=b"webm")
    path = f"/candidate/interviews/{sitting.interview['id']}"
    [mine] = (await sitting.candidate.get("/candidate/interviews")).json["items"]
    assert (mine["answered_count"], mine["interview"]["question_count"]) == (1, 2)
    withdrawn = await sitting.candidate.post(f"{path}/withdraw")
    assert (withdrawn.status, withdrawn.json["status"]) == (200, "withdrawn")
    assert (await sitting.candidate.post(f"{path}/withdraw")).json["status"] == "withdrawn"
    assert (await sitting.candidate.post(f"{path}/session")).refused == (409, "session_ended")
    with pytest.raises(SessionEnded):
        await world.video(sitting, 1)
    session = (await sitting.team.recruiter.get(sitting.path)).json
    assert (session["status"], session["consent"]["given_at"]) == ("cancelled", None)
    assert session["ended_at"] is not None
    assert len(session["videos"]) == 1


async def test_withdrawing_afterwards_takes_consent_back_and_leaves_the_session_done(world: World) -> None:
    sitting = await world.sitting()
    await sitting.candidate.post(f"{sitting.path}/end")
    path = f"/candidate/interviews/{sitting.interview['id']}/withdraw"
    assert (await sitting.candidate.post(path)).status == 200
    session = (await sitting.team.recruiter.get(sitting.path)).json
    assert (session["status"], session["consent"]["given_at"]) == ("completed", None)


async def test_nobody_withdraws_for_somebody_else(world: World) -> None:
    sitting, other = await world.sitting(), await world.sitting()
    path = f"/candidate/interviews/{sitting.interview['id']}/withdraw"
    for person in (other.candidate, sitting.team.admin):
        assert (await person.post(path)).refused == (404, "interview_not_found")
    nowhere = f"/candidate/interviews/{unknown_id()}/withdraw"
    assert (await sitting.candidate.post(nowhere)).refused == (404, "interview_not_found")
