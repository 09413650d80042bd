"""A database that is ready: started when it is our own, migrated, connected."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from server.clock import Clock, utcnow
from server.settings import Settings
from server.storage.db import Database, Publish, make_engine, publish_nowhere
from server.storage.migrate import upgrade
from server.storage.postgres import embedded_postgres


@asynccontextmanager
async def running_database(
    settings: Settings, publish: Publish = publish_nowhere, clock: Clock = utcnow
) -> AsyncIterator[Database]:
    """The database of this configuration for as long as the block runs."""
    if settings.database_url is None:
        async with embedded_postgres(settings.data_dir) as url, _connected(url, publish, clock) as database:
            yield database
    else:
        async with _connected(settings.database_url, publish, clock) as database:
            yield database


@asynccontextmanager
async def _connected(url: str, publish: Publish, clock: Clock) -> AsyncIterator[Database]:
    await upgrade(url)
    database = Database(make_engine(url), publish, clock)
    try:
        yield database
    finally:
        await database.close()
