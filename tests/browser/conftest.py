"""Fixtures of the browser journeys: one house, one Chromium, one film for its camera.

Playwright is the synchronous one, and leaves a running event loop in the main thread: these tests run in a
pytest process of their own, and their database is made before it starts and dropped after it ended.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from server.storage.postgres import EmbeddedPostgres
from tests.house.browser import Crowd, chromium, never_asks
from tests.house.camera import SHORT, Film, write_film
from tests.house.server import ROOT, House
from tests.services import fresh_database

HERE = Path(__file__).parent


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A limit that lets fixtures end what they started, one more try, and nothing beside other tests."""
    ours = [item for item in items if Path(item.path).is_relative_to(HERE)]
    if len(ours) < len(items):
        config.hook.pytest_deselected(items=ours)
        items[:] = [item for item in items if item not in ours]
        return
    for item in ours:
        item.add_marker(pytest.mark.browser)
        item.add_marker(pytest.mark.timeout(120, method="signal"))
        item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def film() -> Film:
    """The short one: 22 s."""
    return Film(SHORT)


@pytest.fixture(scope="session")
def camera(film: Film, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film as a file."""
    return write_film(tmp_path_factory.mktemp("camera") / "film.mjpeg", film)


@pytest.fixture(scope="session")
def shared_house(
    postgres: EmbeddedPostgres, models_dir: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The house of all journeys."""
    assert (ROOT / "web" / "dist" / "index.html").exists(), "build the web app first (make test does)"
    database = fresh_database(postgres)
    with asyncio.Runner() as runner:
        house = House(tmp_path_factory.mktemp("house"), models_dir, runner.run(database.__aenter__()))
        try:
            house.start()
            yield house
        finally:
            house.stop()
            runner.run(database.__aexit__(None, None, None))


@pytest.fixture(scope="session")
def browser(shared_house: House, chromium_path: Path, camera: Path) -> Iterator[Browser]:
    """The browser of all journeys; it ends before the house does, and so does Playwright's event loop."""
    assert shared_house.runs
    with chromium(chromium_path, camera) as browser:
        yield browser


@pytest.fixture
def house(shared_house: House, browser: Browser) -> House:
    """The house, running, whatever a test before did to it."""
    if not shared_house.runs:
        shared_house.start()
    return shared_house


@pytest.fixture
def crowd(house: House, browser: Browser, chromium_path: Path) -> Iterator[Crowd]:
    """The people of one test; they leave when it is over."""
    assert house.runs
    crowd = Crowd(browser, never_asks=never_asks(chromium_path))
    yield crowd
    crowd.leave()
