"""Real services for tests: databases from a migrated template, and a redis-server of our own."""

import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from uuid import uuid4

import asyncpg

from server.storage.postgres import EmbeddedPostgres
from tools.bootstrap import redis

TEMPLATE = "viva_template"
START_TIMEOUT_SECONDS = 10


@asynccontextmanager
async def administrator(postgres: EmbeddedPostgres) -> AsyncIterator[asyncpg.Connection]:
    """A superuser's connection, for creating and dropping databases."""
    url = postgres.url("postgres", superuser=True).replace("+asyncpg", "")
    connection = await asyncpg.connect(url, timeout=START_TIMEOUT_SECONDS)
    try:
        yield connection
    finally:
        await connection.close()


async def make_template(postgres: EmbeddedPostgres) -> None:
    """Create the database that every test's database is copied from, with all migrations applied."""
    from server.storage.migrate import upgrade

    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {TEMPLATE} OWNER viva")
    await upgrade(postgres.url(TEMPLATE))


@asynccontextmanager
async def fresh_database(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The URL of a migrated, empty database that is dropped afterwards; takes about 20 ms."""
    name = f"test_{uuid4().hex}"
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY file_copy OWNER viva")
    try:
        yield postgres.url(name)
    finally:
        async with administrator(postgres) as admin:
            await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def free_port() -> int:
    """A TCP port on loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def redis_server() -> Iterator[str]:
    """The URL of a redis-server that keeps nothing."""
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="viva-redis-") as folder:
        command = [
            *(str(redis.ensure()), "--port", str(port), "--bind", "127.0.0.1", "--dir", folder),
            *("--save", "", "--appendonly", "no", "--logfile", f"{folder}/redis.log"),
        ]
        with subprocess.Popen(command, stdin=subprocess.DEVNULL) as process:
            try:
                _wait_for_port(port, process, Path(folder) / "redis.log")
                yield f"redis://127.0.0.1:{port}/0"
            finally:
                process.terminate()


def _wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_at = time.monotonic() + START_TIMEOUT_SECONDS
    while process.poll() is None and time.monotonic() < give_up_at:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"redis-server did not start: {log.read_text() if log.exists() else 'no log'}")
