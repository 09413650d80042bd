"""Runs the migrations against the URL it is given, or DATABASE_URL."""

import asyncio
import os

from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

from server.models import Base
from server.storage.db import asyncpg_url

LOCK = 0x76697661  # "viva": two servers that start together migrate one after the other


def migrate(connection: Connection) -> None:
    """Apply the revisions in one transaction."""
    context.configure(connection=connection, target_metadata=Base.metadata, compare_server_default=True)
    with context.begin_transaction():
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        # Row-level security binds the tables' owner too, and migrations change everybody's rows.
        connection.exec_driver_sql("SELECT set_config('viva.system', 'migration', true)")
        context.run_migrations()


async def run() -> None:
    """Connect and migrate."""
    url = context.config.attributes.get("url") or os.environ["DATABASE_URL"]
    engine = create_async_engine(asyncpg_url(url), poolclass=pool.NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(migrate)
        await connection.commit()
    await engine.dispose()


asyncio.run(run())
