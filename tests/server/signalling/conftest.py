"""A whole server with the demo organisation, on real PostgreSQL, and its people."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import BaseTestServer, TestServer

from server.app import create_app
from server.demo import CANDIDATE, LIVE, ONE_WAY, Demo, seed
from server.keys import DATABASE
from server.settings import Settings
from tests.server.signalling.client import Participant

INTERVIEWER = "interviewer@northwind.example"
RECRUITER = "recruiter@northwind.example"


@dataclass(slots=True)
class House:
    """A running server and the demo's credentials."""

    server: BaseTestServer
    demo: Demo
    settings: Settings
    app: web.Application

    def person(self, email: str) -> Participant:
        """Somebody of the demo, not signed in yet."""
        return Participant(self.server, email, self.demo.password)


@pytest.fixture
def house_settings(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Settings that differ from the usual; tests give them by indirect parametrisation."""
    given: dict[str, Any] = getattr(request, "param", {})
    return given


@pytest.fixture
async def house(
    database_url: str, models_dir: Path, tmp_path: Path, house_settings: dict[str, Any]
) -> AsyncIterator[House]:
    settings = Settings(
        database_url=database_url,
        data_dir=tmp_path,
        models_dir=models_dir,
        web_dir=tmp_path / "no-web",
        **({"proctoring": False} | house_settings),
    )
    app = create_app(settings)
    async with TestServer(app, shutdown_timeout=1) as server:
        yield House(server, await seed(app[DATABASE], settings), settings, app)


@pytest.fixture
async def candidate(house: House) -> AsyncIterator[Participant]:
    async with house.person(CANDIDATE) as person:
        yield person


@pytest.fixture
async def interviewer(house: House) -> AsyncIterator[Participant]:
    async with house.person(INTERVIEWER) as person:
        yield person


async def join(house: House, candidate: Participant, title: str) -> dict[str, Any]:
    """Redeem a code of the demo and open the session; its detail."""
    entry = await candidate.call("POST", "/candidate/interviews", code=house.demo.codes[title])
    detail: dict[str, Any] = await candidate.call(
        "POST", f"/candidate/interviews/{entry['interview']['id']}/session"
    )
    return detail


@pytest.fixture
async def one_way(house: House, candidate: Participant) -> dict[str, Any]:
    return await join(house, candidate, ONE_WAY.title)


@pytest.fixture
async def live(house: House, candidate: Participant) -> dict[str, Any]:
    return await join(house, candidate, LIVE.title)


@pytest.fixture
async def recruiter(house: House) -> AsyncIterator[Participant]:
    """The other member of the live session's panel."""
    async with house.person(RECRUITER) as person:
        yield person
