"""Families of refresh tokens become sign-ins."""

import asyncio

from alembic import command
from sqlalchemy import text

from server.storage.base import new_id
from server.storage.db import make_engine
from server.storage.migrate import config, upgrade
from server.storage.postgres import EmbeddedPostgres
from tests.services import administrator


async def test_who_was_signed_in_before_sign_ins_were_rows_stays_signed_in(
    postgres: EmbeddedPostgres,
) -> None:
    name = f"signed_{new_id().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} OWNER viva")
    url = postgres.url(name)
    await asyncio.to_thread(command.upgrade, config(url), "0007")
    user_id, organisation_id, open_family, revoked = (new_id() for _ in range(4))
    engine = make_engine(postgres.url(name, superuser=True))
    async with engine.begin() as connection:
        for statement in (
            "INSERT INTO users (id, email, full_name, auth_provider) VALUES (:user, 'a@b.c', '', 'local')",
            "INSERT INTO organisations (id, name, slug) VALUES (:org, 'O', 'o')",
            "INSERT INTO memberships (id, organisation_id, user_id, role) SELECT :org, :org, :user, 'admin'",
        ):
            await connection.execute(text(statement), {"user": user_id, "org": organisation_id})
        for family_id, day, agent, is_revoked in (
            (open_family, 1, "old", False),
            (open_family, 2, "new", False),
            (revoked, 1, "old", True),
        ):
            await connection.execute(
                text(
                    "INSERT INTO refresh_tokens (id, user_id, family_id, token_hash, created_at, expires_at,"
                    " user_agent, is_revoked) VALUES (:id, :user, :family, :hash,"
                    " make_timestamptz(2030, 1, :day, 0, 0, 0), make_timestamptz(2030, 2, :day, 0, 0, 0),"
                    " :agent, :is_revoked)"
                ),
                {
                    "id": new_id(),
                    "user": user_id,
                    "family": family_id,
                    "hash": new_id().bytes,
                    "day": day,
                    "agent": agent,
                    "is_revoked": is_revoked,
                },
            )
    await upgrade(url)
    async with engine.connect() as connection:
        rows = await connection.execute(
            text(
                "SELECT id, user_id, auth_provider, extract(day FROM created_at),"
                " extract(day FROM last_used_at), extract(day FROM expires_at), revoked_at IS NULL,"
                " user_agent FROM sign_in_families"
            )
        )
        assert {tuple(row) for row in rows} == {
            (open_family, user_id, "local", 1, 2, 2, True, "new"),
            (revoked, user_id, "local", 1, 1, 1, False, "old"),
        }
        assert await connection.scalar(text("SELECT is_active FROM memberships")) is True
    await engine.dispose()
