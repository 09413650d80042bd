"""The migrations make what the models describe."""

import json

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from proctoring.types import EventType
from server.accounts.service import audit
from server.evidence.rules import read_rules
from server.interviews.models import Interview
from server.models import Base
from server.questions.schemas import ChangeQuestion
from server.questions.service import change_question, find_question
from server.storage.base import new_id
from server.storage.db import Database, make_engine
from server.storage.migrate import config, newest, upgrade
from server.storage.postgres import EmbeddedPostgres
from server.storage.scope import system
from server.web.versions import IfMatch
from tests.services import administrator


def _differences(connection: Connection) -> list[object]:
    options = {"compare_server_default": True, "compare_type": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


async def test_an_empty_database_becomes_what_the_models_say(postgres: EmbeddedPostgres) -> None:
    name = f"empty_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    engine = make_engine(postgres.url(name))
    await upgrade(postgres.url(name))
    await upgrade(postgres.url(name))
    async with engine.connect() as connection:
        assert await connection.run_sync(_differences) == []
    await engine.dispose()


async def test_recordings_of_before_waveforms_stay(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"before_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0001e")
    owner = make_engine(postgres.url(name, superuser=True))
    async with owner.begin() as connection:
        # Only the row itself matters here, not what it belongs to.
        await connection.execute(text("ALTER TABLE interview_videos DISABLE TRIGGER ALL"))
        await connection.execute(
            text(
                "INSERT INTO interview_videos (id, session_id, participant_id, organisation_id, source,"
                " status, started_at, take_number, is_selected, duration_ms)"
                " VALUES (:id, :id, :id, :id, 'camera', 'ready', now(), 1, true, 1234)"
            ),
            {"id": new_id()},
        )
    await owner.dispose()
    await upgrade(url)
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT duration_ms, waveform FROM interview_videos"))
        assert rows.all() == [(1234, None)]
    await engine.dispose()


async def test_who_agreed_before_policies_were_chosen_keeps_the_first_rules(
    postgres: EmbeddedPostgres,
) -> None:
    import asyncio

    name = f"agreed_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0002")
    with_policy, without, untouched = new_id(), new_id(), new_id()
    fixed, agreed, silent, other = (new_id() for _ in range(4))
    owner = make_engine(postgres.url(name, superuser=True))
    async with owner.begin() as connection:
        for table in ("proctoring_policies", "session_policies", "consents", "interview_sessions"):
            # Only these rows matter here, not what they belong to.
            await connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        rules = {"event_types": ["no_face", "multiple_faces", "analysis_degraded", "connection_lost"]}
        chosen = {"event_types": ["no_face"], "policy": {"version": "ours"}}
        for organisation_id, version, row in (
            (with_policy, 1, rules | {"policy": {"version": "standard-1"}}),
            (untouched, 1, chosen),
        ):
            await connection.execute(
                text(
                    "INSERT INTO proctoring_policies (id, organisation_id, version, rules)"
                    " VALUES (:organisation_id, :organisation_id, :version, CAST(:rules AS jsonb))"
                ),
                {"organisation_id": organisation_id, "version": version, "rules": json.dumps(row)},
            )
        for session_id, organisation_id in (
            (fixed, untouched),
            (agreed, with_policy),
            (silent, with_policy),
            (other, without),
        ):
            await connection.execute(
                text(
                    "INSERT INTO interview_sessions (id, organisation_id, interview_id, participant_id,"
                    " candidate_id, type, mode, status, meeting_provider, version)"
                    " VALUES (:id, :organisation_id, :id, :id, :id, 'video', 'video', 'confirmed', 'viva', 1)"
                ),
                {"id": session_id, "organisation_id": organisation_id},
            )
            if session_id != silent:
                await connection.execute(
                    text(
                        "INSERT INTO consents (id, session_id, user_id, organisation_id, text_version, text,"
                        " full_name, given_at) VALUES (:id, :id, :id, :organisation_id, '1', 't', 'n', now())"
                    ),
                    {"id": session_id, "organisation_id": organisation_id},
                )
        await connection.execute(
            text(
                "INSERT INTO session_policies (organisation_id, session_id, policy_id)"
                " VALUES (:organisation_id, :session_id, :organisation_id)"
            ),
            {"organisation_id": untouched, "session_id": fixed},
        )
    await owner.dispose()
    await upgrade(url)
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.connect() as connection:
        policies = {
            row.organisation_id: row
            for row in await connection.execute(
                text("SELECT id, organisation_id, is_default, withdrawn_at, rules FROM proctoring_policies")
            )
        }
        kept = await connection.execute(text("SELECT session_id, policy_id FROM session_policies"))
        assert {row[0]: row[1] for row in kept} == {
            fixed: untouched,
            agreed: with_policy,
            other: policies[without].id,
        }
    await engine.dispose()
    assert {key: row.is_default for key, row in policies.items()} == {
        with_policy: True,
        untouched: False,
        without: True,
    }
    assert all(row.withdrawn_at is None for row in policies.values())
    policy = read_rules(policies[without].rules).policy("organisation-1")
    assert policy.event_types == [
        EventType.NO_FACE,
        EventType.MULTIPLE_FACES,
        EventType.CONNECTION_LOST,
        EventType.ANALYSIS_DEGRADED,
    ]
    assert policy[EventType.NO_FACE].dwell_ms == 3000


async def test_invites_of_before_the_outbox_stay(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"invited_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0003")
    owner = make_engine(postgres.url(name, superuser=True))
    async with owner.begin() as connection:
        # Only the row itself matters here, not what it belongs to.
        await connection.execute(text("ALTER TABLE invites DISABLE TRIGGER ALL"))
        await connection.execute(
            text(
                "INSERT INTO invites (id, organisation_id, interview_id, email, code_hash, token_hash,"
                " status, expires_at, delivery_status)"
                " VALUES (:id, :id, :id, 'a@example.com', 'c', 't', 'pending', now(), 'not_sent')"
            ),
            {"id": new_id()},
        )
    await owner.dispose()
    await upgrade(url)
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT email, status, name, opened_at FROM invites"))
        assert rows.all() == [("a@example.com", "pending", None, None)]
        assert (await connection.execute(text("SELECT count(*) FROM mails"))).scalar_one() == 0
    await engine.dispose()


async def test_questions_of_before_versions_stay_and_can_be_changed(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"questions_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0004")
    ids = {"organisation": new_id(), "question": new_id(), "interview": new_id()}
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO organisations (id, name, slug) VALUES (:organisation, 'O', 'o')",
            (
                "INSERT INTO questions (id, organisation_id, text, category, difficulty)"
                " VALUES (:question, :organisation, 'Why?', 'custom', 'hard')"
            ),
            (
                "INSERT INTO interviews (id, organisation_id, title, status, kind, think_seconds,"
                " answer_seconds, takes, version)"
                " VALUES (:interview, :organisation, 'I', 'active', 'one_way', 1, 1, 1, 1)"
            ),
            (
                "INSERT INTO interview_questions (id, organisation_id, interview_id, question_id, text,"
                " order_index) VALUES (:question, :organisation, :interview, :question, 'Why?', 0)"
            ),
        ):
            await connection.execute(text(statement), ids)
    await upgrade(url)
    database = Database(engine, scope=system("tests"))
    async with database.begin() as uow:
        question = await find_question(uow, ids["question"], [ids["organisation"]])
        assert (question.text, question.version, question.archived_at) == ("Why?", 1, None)
        await change_question(uow, question, ChangeQuestion(tags=["old"]), IfMatch(frozenset({1})))
        assert question.version == 2
        interview = await uow.session.get_one(Interview, ids["interview"])
        assert (interview.duration_minutes, interview.interview_guide) == (None, "")
        await uow.session.delete(question)
    async with engine.connect() as connection:
        left = await connection.execute(text("SELECT text, question_id FROM interview_questions"))
        assert left.all() == [("Why?", None)]
    await engine.dispose()


def test_there_is_one_newest_revision(database_url: str) -> None:
    command.check(config(database_url))
    assert ScriptDirectory.from_config(config(database_url)).get_heads() == [newest()]


async def test_going_down_leaves_nothing(postgres: EmbeddedPostgres) -> None:
    import asyncio

    name = f"down_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await upgrade(url)
    await asyncio.to_thread(command.downgrade, config(url), "base")
    engine = make_engine(url)
    async with engine.connect() as connection:
        left = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        assert left.all() == ["alembic_version"]
    await engine.dispose()


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET action = 'x'", "DELETE FROM audit_entries"])
async def test_the_audit_log_cannot_be_changed(database: Database, statement: str) -> None:
    async with database.begin() as uow:
        audit(uow, action="a", entity=("thing", new_id()), organisation_id=None, actor_id=None)
    with pytest.raises(DBAPIError, match="append-only"):
        async with database.begin() as uow:
            await uow.session.execute(text(statement))
