"""Rows that were there before the later migrations come through them."""

from alembic import command
from sqlalchemy import text

from server.accounts.auditing import Wanted, search
from server.accounts.service import people_matching
from server.scheduling.service import lock_session
from server.storage.base import new_id
from server.storage.db import Database, make_engine
from server.storage.migrate import config, upgrade
from server.storage.postgres import EmbeddedPostgres
from server.storage.scope import NOTHING, person, system
from tests.services import administrator


async def test_interviews_of_before_they_were_edited_keep_their_age(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"edited_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0005")
    ids = {"organisation": new_id(), "interview": new_id()}
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO organisations (id, name, slug) VALUES (:organisation, 'O', 'o')",
            (
                "INSERT INTO interviews (id, organisation_id, title, status, kind, think_seconds,"
                " answer_seconds, takes, version, created_at) VALUES (:interview, :organisation, 'I',"
                " 'active', 'one_way', 1, 1, 1, 1, '2026-01-02T03:04:05Z')"
            ),
        ):
            await connection.execute(text(statement), ids)
    await upgrade(url)
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT updated_at = created_at, version FROM interviews"))
        assert rows.all() == [(True, 1)]
    await engine.dispose()


async def test_no_session_of_before_retention_is_taken_for_deleted(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"kept_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0006")
    session_id = new_id()
    owner = make_engine(postgres.url(name, superuser=True))
    async with owner.begin() as connection:
        # Only the row itself matters here, not what it belongs to.
        await connection.execute(text("ALTER TABLE interview_sessions DISABLE TRIGGER ALL"))
        await connection.execute(
            text(
                "INSERT INTO interview_sessions (id, organisation_id, interview_id, participant_id,"
                " candidate_id, type, mode, status, meeting_provider, version)"
                " VALUES (:id, :id, :id, :id, :id, 'video', 'video', 'confirmed', 'viva', 1)"
            ),
            {"id": session_id},
        )
    await owner.dispose()
    await upgrade(url)
    engine = make_engine(url)
    async with Database(engine).begin(system("tests")) as uow:
        assert (await lock_session(uow, session_id)).deleted_at is None
    await engine.dispose()


async def test_who_agreed_before_days_were_noted_promised_none(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"promised_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0008")
    owner = make_engine(postgres.url(name, superuser=True))
    async with owner.begin() as connection:
        # Only the row itself matters here, not what it belongs to.
        await connection.execute(text("ALTER TABLE consents DISABLE TRIGGER ALL"))
        await connection.execute(
            text(
                "INSERT INTO consents (id, session_id, user_id, organisation_id, text_version, text,"
                " full_name, given_at) VALUES (:id, :id, :id, :id, '1', 't', 'n', now())"
            ),
            {"id": new_id()},
        )
    await owner.dispose()
    await upgrade(url)
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT text_version, retention_days FROM consents"))
        assert rows.all() == [("1", None)]
    await engine.dispose()


async def test_rows_of_before_row_level_security_are_their_organisations(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"bound_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0010")
    ids = {"ours": new_id(), "theirs": new_id(), "me": new_id()}
    engine = make_engine(url)
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO organisations (id, name, slug) VALUES (:ours, 'O', 'o'), (:theirs, 'T', 't')",
            "INSERT INTO users (id, email, full_name, auth_provider) VALUES (:me, 'a@b.c', '', 'local')",
            "INSERT INTO memberships (id, organisation_id, user_id, role) VALUES (:me, :ours, :me, 'admin')",
        ):
            await connection.execute(text(statement), ids)
    await upgrade(url)
    database = Database(engine)
    for scope, seen in (
        (NOTHING, set()),
        (person(ids["me"]), {ids["ours"]}),
        (system("tests"), {ids["ours"], ids["theirs"]}),
    ):
        async with database.begin(scope) as uow:
            assert set(await uow.session.scalars(text("SELECT id FROM organisations"))) == seen
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM organisations")) == 0  # the owner sees none
    await asyncio.to_thread(command.downgrade, config(url), "0010")
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT count(*) FROM organisations")) == 2
    await engine.dispose()


async def test_people_of_before_searches_are_found(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"searched_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0012")
    ids = {"organisation": new_id(), "user": new_id(), "entry": new_id()}
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO organisations (id, name, slug) VALUES (:organisation, 'O', 'o')",
            (
                "INSERT INTO users (id, email, full_name, auth_provider)"
                " VALUES (:user, 'ada@example.com', 'Ada LOVELACE', 'local')"
            ),
            (
                "INSERT INTO audit_entries (id, at, organisation_id, action, entity_type, entity_id)"
                " VALUES (:entry, now(), :organisation, 'member.changed', 'user', :user)"
            ),
        ):
            values = {name: ids[name] for name in text(statement).compile().params}
            await connection.execute(text(statement), values)
    await upgrade(url)
    database = Database(engine, scope=system("tests"))
    async with database.begin() as uow:
        for part in ("lovel", "ADA@", "example"):
            assert await people_matching(uow, part) == [ids["user"]]
        assert await people_matching(uow, "%") == []
        found = await search(uow, ids["organisation"], Wanted(action="member."), limit=1, cursor=None)
        assert [entry.id for entry in found.items] == [ids["entry"]]
    await engine.dispose()
