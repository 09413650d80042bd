"""Sessions of before they counted their events have the right numbers afterwards."""

import asyncio

import pytest
from alembic import command
from sqlalchemy import text

from server.scheduling.service import lock_session
from server.storage.base import new_id
from server.storage.db import Database, make_engine
from server.storage.migrate import config, upgrade
from server.storage.postgres import EmbeddedPostgres
from server.storage.scope import system
from tests.services import administrator

SESSION = (
    "INSERT INTO interview_sessions (id, organisation_id, interview_id, participant_id, candidate_id,"
    " type, mode, status, meeting_provider, version)"
    " VALUES (:id, :id, :id, :id, :id, 'video', 'video', 'completed', 'viva', 1)"
)
EVENT = (
    "INSERT INTO proctoring_events (id, organisation_id, session_id, event_type, severity, detected_at,"
    " offset_ms, duration_seconds, is_open, reviewed, verdict)"
    " VALUES (:id, :session, :session, 'no_face', 'low', now(), 0, 1, false, :reviewed, 'none')"
)


@pytest.mark.parametrize(
    ("reviewed", "counts"), [((), (0, 0)), ((True, True), (2, 0)), ((True, False, False), (3, 2))]
)
async def test_events_of_before_are_counted(
    postgres: EmbeddedPostgres, reviewed: tuple[bool, ...], counts: tuple[int, int]
) -> None:
    name = f"counted_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0014")
    session_id = new_id()
    owner = make_engine(postgres.url(name, superuser=True))
    async with owner.begin() as connection:
        for table in ("interview_sessions", "proctoring_events"):  # not what they belong to: only these rows
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        await connection.execute(text(SESSION), {"id": session_id})
        for one in reviewed:
            await connection.execute(text(EVENT), {"id": new_id(), "session": session_id, "reviewed": one})
    await owner.dispose()
    await upgrade(url)
    engine = make_engine(url)
    async with Database(engine).begin(system("tests")) as uow:
        session = await lock_session(uow, session_id)
        assert (session.event_count, session.unreviewed_count) == counts
    await engine.dispose()
