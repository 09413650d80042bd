"""Fixtures that every test may use: real services, started once, only when something asks for them."""

import asyncio
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from server.storage.postgres import EmbeddedPostgres
from tests.services import fresh_database, make_template, redis_server

ROOT = Path(__file__).resolve().parents[1]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Say what fails at once: a run that is ended by its deadline prints no summary."""
    if report.failed:
        sys.stderr.write(f"\nfailed: {report.nodeid}\n{report.longreprtext[-3000:]}\n")


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedPostgres]:
    """A PostgreSQL for this run, with a migrated template database.

    Not under pytest's own folder: a second run would close that to the account PostgreSQL runs under.
    """
    with tempfile.TemporaryDirectory(prefix="viva-postgres-") as folder:
        server = EmbeddedPostgres(Path(folder), durable=False)
        asyncio.run(server.start())
        try:
            asyncio.run(make_template(server))
            yield server
        finally:
            asyncio.run(server.stop())


@pytest.fixture
async def database_url(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database of this test's own: migrated, empty, with the rights the server has."""
    async with fresh_database(postgres) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url(postgres: EmbeddedPostgres) -> str:
    """A database without tables, shared by the tests of this run."""
    return postgres.url()


@pytest.fixture(scope="session")
def redis_session_url() -> Iterator[str]:
    """A redis-server for this run; ask for `redis_url` unless a session-wide fixture needs it."""
    with redis_server() as url:
        yield url


@pytest.fixture
async def redis_url(redis_session_url: str) -> str:
    """A redis-server that is empty at the start of the test."""
    async with Redis.from_url(redis_session_url) as redis:
        await redis.flushall()
    return redis_session_url


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    """A real Chromium; `make test` finds or installs one."""
    from tools.bootstrap import browser

    return browser.ensure()


@pytest.fixture(scope="session")
def models_dir() -> Path:
    """The folder of the pinned model files; fetched on first use."""
    from tools.bootstrap import models

    models.ensure()
    return Path(os.environ.get("VIVA_MODELS_DIR") or models.folder())
