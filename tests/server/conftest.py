"""The server under test: its own database, a clock that stands still, people who send requests."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from argon2 import PasswordHasher

from server.accounts import passwords
from server.app import create_app
from server.keys import DATABASE, FILES
from server.mail.delivery import DELIVERER, Deliverer
from server.settings import Settings
from server.storage.db import Database
from server.storage.files import Files
from server.storage.scope import system
from tests.server.mail.post_office import PostOffice
from tests.server.world import Person, VirtualClock, World


@pytest.fixture
def clock() -> VirtualClock:
    """The time the server believes it is."""
    return VirtualClock()


@pytest.fixture
def settings(settings_without_mail: Settings) -> Settings:
    """A configuration of this test's own."""
    return settings_without_mail


@pytest.fixture
def settings_without_mail(database_url: str, tmp_path: Path) -> Settings:
    """The same, for those who need to change it first."""
    web_dir = tmp_path / "web"
    return Settings(database_url=database_url, data_dir=tmp_path / "data", web_dir=web_dir, redis_url=None)


@pytest.fixture
async def server(settings: Settings, clock: VirtualClock) -> AsyncIterator[TestServer]:
    """The REST API, listening; it runs no rooms."""
    server = TestServer(create_app(settings, clock=clock, rooms=False))
    async with server:
        yield server


@pytest.fixture
def app(server: TestServer) -> web.Application:
    """The application behind the server."""
    app = server.app
    assert isinstance(app, web.Application)
    return app


@pytest.fixture
def database(app: web.Application) -> Database:
    """The server's database, with sight of everything; requests see what they may."""
    return app[DATABASE].within(system("tests"))


@pytest.fixture
def files(app: web.Application) -> Files:
    """The server's files."""
    return app[FILES]


@pytest.fixture
async def world(server: TestServer, database: Database, clock: VirtualClock) -> AsyncIterator[World]:
    """People, organisations and interviews, made as needed."""
    async with AsyncExitStack() as stack:
        yield World(server, database, clock, stack)


@pytest.fixture
async def post_office() -> AsyncIterator[PostOffice]:
    """A mail server that takes everything until it is told otherwise."""
    office = PostOffice()
    await office.open()
    yield office
    await office.close()


@pytest.fixture
def mail_settings(settings_without_mail: Settings, post_office: PostOffice) -> Settings:
    """A configuration with that mail server."""
    return settings_without_mail.model_copy(
        update={
            "smtp_host": "127.0.0.1",
            "smtp_port": post_office.port,
            "smtp_tls": "none",
            "mail_from": "viva@mail.example",
        }
    )


@pytest.fixture
def deliverer(app: web.Application) -> Deliverer:
    """The server's deliverer of mails."""
    return app[DELIVERER]


@pytest.fixture
async def stranger(world: World) -> Person:
    """Somebody who is not signed in."""
    return await world.somebody()


@pytest.fixture(autouse=True)
def _cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real hashes, with parameters that cost next to nothing."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the machine reaches a test."""
    for name in ("DATABASE_URL", "REDIS_URL", "VIVA_SECRET_KEY", "VIVA_PUBLIC_URL", "VIVA_STORAGE_URL"):
        monkeypatch.delenv(name, raising=False)
