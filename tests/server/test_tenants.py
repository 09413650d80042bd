"""Every table, read and written on behalf of those whose business it is not."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Table, delete, func, insert, inspect, select, text, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import DBAPIError

from server.interviews.models import Interview
from server.models import Base
from server.recordings.models import RecordingSegment
from server.retention.models import Deletion, DeletionReason
from server.scheduling.models import PanelRole, SessionInterviewer
from server.storage.base import new_id
from server.storage.db import Database, UnitOfWork
from server.storage.scope import NOTHING, Scope, member, person
from tests.server.test_authorisation import everything
from tests.server.world import Sitting, World

SHARED = {
    "alembic_version": "which migrations were applied; the application's role cannot even read it",
    "users": "people belong to no organisation, and may belong to several",
    "refresh_tokens": "a person's sign-ins",
    "sign_in_families": "a person's sign-ins",
    "external_identities": "what a person is called elsewhere",
    "mailed_links": "a person's links",
    "kept_answers": "a person's requests, sealed with a key only they have",
    "erasure_requests": "a person's wish to be forgotten everywhere",
    "attempts": "failed guesses, counted before anybody knows who it is",
}
"""Tables that are nobody's: no policy, and the reason."""

HOW = """
No row-level security holds for: {names}. In the migration that makes such a table write

    from server.storage.rls import protect, show_own
    protect("{first}")  # its organisation_id says who sees, changes and makes its rows

and, where candidates' pages read it outside `uow.act_for`, also something like

    show_own("{first}", "user_id = ME")  # SQL; ME is the person's id

A table that belongs to no organisation goes into SHARED in this test, with the reason.
"""

WHAT_IS_BOUND = """
    SELECT relname, relrowsecurity AND relforcerowsecurity
        AND EXISTS (SELECT FROM pg_policy WHERE polrelid = pg_class.oid AND polname = 'whole_organisation')
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
"""

OWNED: dict[str, Table] = {name: table for name, table in Base.metadata.tables.items() if name not in SHARED}
NOT_OURS = "row-level security"


async def test_every_table_of_an_organisation_is_bound(database: Database) -> None:
    async with database.engine.connect() as connection:
        rows = (await connection.execute(text(WHAT_IS_BOUND))).all()
    bound: dict[str, bool] = {row[0]: row[1] for row in rows}
    missing = sorted(name for name, is_bound in bound.items() if not is_bound and name not in SHARED)
    assert not missing, HOW.format(names=", ".join(missing), first=missing[0])
    assert not [name for name in SHARED if bound.get(name)], "these have a policy now: not in SHARED any more"


def test_nothing_shared_belongs_to_an_organisation() -> None:
    tables = Base.metadata.tables
    assert not [name for name in SHARED if name in tables and "organisation_id" in tables[name].columns]


async def test_no_policy_can_be_got_around(database: Database) -> None:
    """The role of every transaction; views and functions that run as somebody else."""
    async with database.engine.connect() as connection:
        role = await connection.execute(
            text("SELECT rolsuper, rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = 'viva_app'")
        )
        assert role.all() == [(False, False, False)]
        others = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        assert (await connection.execute(text(others))).all() == []
        views = "SELECT viewname FROM pg_views WHERE schemaname = 'public'"
        assert (await connection.execute(text(views))).all() == []
        owned = "SELECT relname FROM pg_class WHERE relowner = 'viva_app'::regrole"
        assert (await connection.execute(text(owned))).all() == []


@pytest.fixture
async def ours(world: World) -> Sitting:
    """An organisation with a row in every table."""
    sitting, ids = await everything(world)
    async with world.database.begin() as uow:
        org = sitting.team.id
        uow.session.add_all(
            [
                SessionInterviewer(
                    organisation_id=org,
                    session_id=sitting.id,
                    user_id=UUID(sitting.team.interviewer.id),
                    panel_role=PanelRole.LEAD,
                ),
                Deletion(
                    organisation_id=org,
                    session_id=new_id(),
                    reason=DeletionReason.RETENTION,
                    next_attempt_at=world.clock() + timedelta(days=1),
                ),
                RecordingSegment(
                    organisation_id=org,
                    video_id=ids["video_id"],
                    index=7,
                    key="7.webm",
                    started_at=world.clock(),
                    offset_ms=0,
                ),
            ]
        )
    await _fill_the_rest(world, sitting)
    return sitting


async def _fill_the_rest(world: World, sitting: Sitting) -> None:
    team = sitting.team
    template = {"name": "y", "question_count": 1, "duration_minutes": 30, "tags": ["t"]}
    assert (await team.recruiter.post("/templates", template)).status == 201
    rules = (await team.admin.get("/organisation/data-rules")).json
    changed = rules | {"retention_days": 90}
    changed = {name: changed[name] for name in ("retention_days", "consent_text", "consent_version")}
    assert (await team.admin.put("/organisation/data-rules", changed)).status == 200
    live = await world.interview(team, "live")
    assert live["interviewers"]


def _id_column(table: Table) -> Any:
    return table.c.id if table.name == "organisations" else table.c.organisation_id


async def _rows(database: Database, organisation_id: UUID) -> dict[str, list[RowMapping]]:
    """Everything an organisation has, per table."""
    async with database.begin() as uow:
        found = {}
        for name, table in OWNED.items():
            rows = await uow.session.execute(select(table).where(_id_column(table) == organisation_id))
            found[name] = list(rows.mappings())
    return found


async def _scopes(world: World, ours: Sitting) -> dict[str, Scope]:
    """Those whose business it is not, one of each kind."""
    theirs = await world.sitting(await world.team("Other"))
    other = theirs.team
    return {
        "nobody": NOTHING,
        "admin": person(UUID(other.admin.id)),
        "program": member(UUID(other.admin.id), [other.id]),
        "their candidate": person(UUID(theirs.candidate.id)),
        "somebody": person(UUID((await world.person()).id)),
    }


async def _key(table: Table, row: RowMapping) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in inspect(table).primary_key)


@pytest.mark.parametrize("who", ["nobody", "admin", "program", "their candidate", "somebody"])
async def test_others_see_and_change_nothing(world: World, ours: Sitting, who: str) -> None:
    before = await _rows(world.database, ours.team.id)
    empty = [name for name, rows in before.items() if not rows]
    assert not empty, f"The fixture `ours` should make a row in each of these: {empty}"
    scope = (await _scopes(world, ours))[who]
    async with world.database.begin(scope) as uow:
        for name, table in OWNED.items():
            seen, count = await _seen(uow, table, ours.team.id)
            assert (name, seen) == (name, 0)
            assert who not in {"nobody", "somebody"} or count == 0, f"{who} sees rows of {name}"
            await _change_nothing(uow, table, before[name][0])
    assert await _rows(world.database, ours.team.id) == before


async def _seen(uow: UnitOfWork, table: Table, organisation_id: UUID) -> tuple[int, int]:
    """How many rows of the organisation, and of all."""
    theirs = func.count().filter(_id_column(table) == organisation_id)
    row = (await uow.session.execute(select(theirs, func.count()).select_from(table))).one()
    return row[0], row[1]


async def _change_nothing(uow: UnitOfWork, table: Table, row: RowMapping) -> None:
    """Nothing to update or delete, and no row to add, neither in their name nor moved to ours."""
    column = _id_column(table)
    organisation_id = row[column.name]
    mine = column == organisation_id
    for statement in (
        update(table).where(mine).values({column.name: organisation_id}),
        delete(table).where(mine),
    ):
        result = await uow.session.execute(statement)
        assert (table.name, result.rowcount) == (table.name, 0)  # type: ignore[attr-defined]
    with pytest.raises(DBAPIError, match=NOT_OURS):
        async with uow.session.begin_nested():
            await uow.session.execute(insert(table).values(**row))


@pytest.mark.parametrize("who", ["admin", "program"])
async def test_nobody_gives_rows_away_or_takes_them(world: World, ours: Sitting, who: str) -> None:
    scope = (await _scopes(world, ours))[who]
    async with world.database.begin(scope) as uow:
        with pytest.raises(DBAPIError, match=NOT_OURS):
            async with uow.session.begin_nested():
                await uow.session.execute(update(Interview).values(organisation_id=ours.team.id))


SHOWN_TO_CANDIDATES = {
    "api_tokens",
    "consents",
    "interview_questions",
    "interview_sessions",
    "interview_videos",
    "interviews",
    "memberships",
    "organisations",
    "participants",
    "proctoring_policies",
    "recording_segments",
    "session_interviewers",
    "session_policies",
}


async def test_a_candidate_sees_what_is_theirs_and_changes_none_of_it(world: World, ours: Sitting) -> None:
    other = await world.sitting(ours.team)  # the same organisation, another interview
    before = await _rows(world.database, ours.team.id)
    own = person(UUID(ours.candidate.id))
    async with world.database.begin(own) as uow:
        for name, table in OWNED.items():
            seen, count = await _seen(uow, table, ours.team.id)
            assert seen == count
            assert name in SHOWN_TO_CANDIDATES or seen == 0, f"candidates see {name}"
            await _change_nothing(uow, table, before[name][0])
        for name, column, theirs in (
            ("interview_sessions", "id", ours.id),
            ("participants", "user_id", UUID(ours.candidate.id)),
            ("interviews", "id", UUID(ours.interview["id"])),
            ("interview_videos", "session_id", ours.id),
            ("consents", "session_id", ours.id),
        ):
            found = await uow.session.scalars(select(OWNED[name].c[column]).distinct())
            assert (name, set(found)) == (name, {theirs})
            assert theirs != other.id
    assert await _rows(world.database, ours.team.id) == before
