"""Fixtures of the end-to-end tests: a house with the demo in it, browsers, and the film for the camera.

Houses and browsers take seconds to start: there is one house, and one browser for each camera, for all tests
that leave them as they were. All tests run on one event loop, since a browser lives on the loop it began on.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from server.storage.postgres import EmbeddedPostgres
from tests.chromium import chromium
from tests.e2e.camera import write_film
from tests.e2e.house import ROOT, House, Visit, visit
from tests.services import fresh_database


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here is an end-to-end test."""
    for item in items:
        if Path(item.path).is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.e2e)
            item.add_marker(pytest.mark.timeout(300))
            item.add_marker(pytest.mark.flaky(reruns=1))  # see docs/decisions/0020
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The standard film: 10 s one face, 8 s none, 8 s two, 6 s one."""
    return write_film(tmp_path_factory.mktemp("camera") / "film.mjpeg")


@pytest_asyncio.fixture(loop_scope="session")
async def database_url(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """A database of this test's own, made on the loop of these tests."""
    async with fresh_database(postgres) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_house(
    postgres: EmbeddedPostgres, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[House]:
    assert (ROOT / "web" / "dist" / "index.html").exists(), "build the web app first (make test does)"
    async with fresh_database(postgres) as url:
        house = House(url, tmp_path_factory.mktemp("house"), models_dir)
        await house.start()
        yield house
        await house.stop()


@pytest_asyncio.fixture(loop_scope="session")
async def house(shared_house: House) -> AsyncIterator[Visit]:
    """The house all tests share, with a candidate and interviews of this test's own."""
    assert shared_house.runs, shared_house.log.read_text()
    yield await visit(shared_house)
    assert shared_house.runs, shared_house.log.read_text()


@pytest_asyncio.fixture(loop_scope="session")
async def own_house(database_url: str, models_dir: Path, tmp_path: Path) -> AsyncIterator[House]:
    """A house of this test's own, to do to it whatever the test likes."""
    house = House(database_url, tmp_path, models_dir)
    await house.start()
    yield house
    await house.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with chromium(chromium_path, camera_fps=5) as browser:
        yield browser


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_film_browser(chromium_path: Path, film: Path) -> AsyncIterator[Browser]:
    async with chromium(chromium_path, camera=film) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def browser(shared_browser: Browser) -> AsyncIterator[Browser]:
    """A browser whose camera shows the test picture, five times a second: looking costs next to nothing."""
    yield shared_browser
    await leave(shared_browser)


@pytest_asyncio.fixture(loop_scope="session")
async def film_browser(shared_film_browser: Browser) -> AsyncIterator[Browser]:
    """A browser whose camera shows the standard film, from its beginning whenever it is opened."""
    yield shared_film_browser
    await leave(shared_film_browser)


async def leave(browser: Browser) -> None:
    """Close all pages, which ends what they sent."""
    for context in browser.contexts:
        await context.close()
