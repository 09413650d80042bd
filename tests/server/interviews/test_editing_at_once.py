"""Changes to one interview at the same moment."""

import asyncio

import pytest

from server.accounts.models import User
from server.errors import InterviewBegun, InterviewClosed, StaleVersion
from server.interviews.editing import change_interview, move_interview
from server.interviews.invites import redeem
from server.interviews.models import Interview, InterviewStatus
from server.interviews.schemas import ChangeInterview
from server.keys import SIGNING
from server.storage.db import Database
from tests.server.interviews.test_editing import ANY, path_of, texts
from tests.server.world import World


async def test_of_many_who_change_it_at_once_one_wins_whole(world: World) -> None:
    team = await world.team()
    made = await world.interview(team)
    answers = await asyncio.gather(
        *(
            team.recruiter.patch(
                path_of(made),
                {"title": f"{number}", "questions": [{"text": f"{number}?"}]},
                headers={"If-Match": '"1"'},
            )
            for number in range(5)
        )
    )
    assert sorted(answer.status for answer in answers) == [200, 409, 409, 409, 409]
    assert {answer.json["error"] for answer in answers if answer.status == 409} == {"stale_version"}
    [won] = [answer.json for answer in answers if answer.status == 200]
    assert (await team.recruiter.get(path_of(made))).json == won
    assert texts(won) == [f"{won['title']}?"]


async def test_of_two_changes_that_read_the_same_the_second_stops(world: World, database: Database) -> None:
    made = await world.interview(await world.team())
    async with database.begin() as first:
        mine = await first.session.get_one(Interview, made["id"])
        await change_interview(first, mine, ChangeInterview(title="Mine"), ANY)
        late = asyncio.create_task(_changed(database, made["id"], "Theirs"))
        await _blocked(database)
    with pytest.raises(StaleVersion):
        await late


async def _changed(database: Database, interview_id: str, title: str) -> None:
    async with database.begin() as uow:
        interview = await uow.session.get_one(Interview, interview_id)
        await change_interview(uow, interview, ChangeInterview(title=title), ANY)


async def _blocked(database: Database) -> None:
    """Return once a statement waits for a lock somebody else holds.

    Each look is a transaction of its own: within one PostgreSQL shows those there were at the first.
    """
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        while not (
            await connection.exec_driver_sql(
                "SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
        ).scalar_one():
            await asyncio.sleep(0.01)


async def test_who_joins_during_a_change_waits_for_it(world: World, database: Database) -> None:
    team, candidate = await world.team(), await world.person()
    made = await world.interview(team)
    code = await world.code(team, made, candidate.email)
    async with database.begin() as uow:
        interview = await uow.session.get_one(Interview, made["id"])
        await move_interview(uow, interview, InterviewStatus.COMPLETED, ANY)
        joining = asyncio.create_task(candidate.post("/candidate/interviews", {"code": code}))
        await _blocked(database)
    assert (await joining).refused == (409, InterviewClosed.code)


async def test_a_change_waits_for_who_is_joining(world: World, database: Database) -> None:
    team, candidate = await world.team(), await world.person()
    made = await world.interview(team)
    code = await world.code(team, made, candidate.email)
    key = world.app[SIGNING].invite_codes
    async with database.begin() as uow:
        user = await uow.session.get_one(User, candidate.id)
        await redeem(uow, user=user, code=code, address="x", code_key=key)
        change = asyncio.create_task(team.recruiter.patch(path_of(made), {"takes": 5}))
        await _blocked(database)
    assert (await change).refused == (409, InterviewBegun.code)
