"""A lost network or a reload in the middle of an answer: nothing to do, and nothing else is lost."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from tests.e2e.cable import Cable
from tests.e2e.house import House, Place
from tests.e2e.outage import begin_answer, end_answer, outage, review_of, seconds
from tests.e2e.people import by_id, new_page
from tests.e2e.recording import decode, has_cues_in_front

OUTAGE_SECONDS = 9
CAMERA = "document.querySelector('[data-testid=self-video]').srcObject.id"


@pytest_asyncio.fixture(loop_scope="session")
async def cable(database_url: str, models_dir: Path, tmp_path: Path) -> AsyncIterator[tuple[Cable, House]]:
    """A house at the end of a cable."""
    cable = Cable()
    house = House(database_url, tmp_path, models_dir, url=cable.url, settings=cable.settings)
    await house.start()
    async with cable.to(house.port):
        yield cable, house
    await house.stop()


async def check_recording(page: Page, house: Place, review: dict[str, Any], lost_seconds: float) -> None:
    """Two segments with the gap in place, and the gap in the timeline with its length."""
    (video,) = review["videos"]
    first, second = video["segments"]
    assert [first["end_reason"], second["end_reason"]] == ["connection_lost", "finished"]
    content = await (await page.request.get(f"{house.url}{video['file_url']}")).body()
    shown = await asyncio.to_thread(decode, content)
    assert has_cues_in_front(content)
    gap = max(later.at - earlier.at for earlier, later in itertools.pairwise(shown))
    assert gap == pytest.approx(lost_seconds, abs=1.0)

    (event,) = [event for event in review["events"] if event["event_type"] == "connection_lost"]
    assert event["duration_seconds"] == pytest.approx(gap, abs=1.0)
    assert not event["is_open"]


@pytest.mark.parametrize("browser_is_told", [False, True], ids=["unnoticed", "offline"])
async def test_an_outage_during_an_answer(
    cable: tuple[Cable, House], film_browser: Browser, browser_is_told: bool
) -> None:
    network, house = cable
    problems: list[str] = []
    context = await film_browser.new_context()
    page = await new_page(context, problems)
    session_id = await begin_answer(page, house)
    camera = await page.evaluate(CAMERA)
    await asyncio.sleep(3)
    lost_at, back_at = await outage(page, network, OUTAGE_SECONDS, browser_is_told)
    await asyncio.sleep(3)
    assert await page.evaluate(CAMERA) == camera  # the camera was not touched
    await end_answer(page)

    reviewer = await new_page(await film_browser.new_context(), problems)
    review = await review_of(reviewer, house, session_id)
    again_at = seconds(review["videos"][0]["segments"][1]["started_at"])
    print(f"recorded again {again_at - back_at:.2f} s after the network's return")
    assert again_at > back_at
    await check_recording(reviewer, house, review, again_at - lost_at)
    assert problems == []


async def test_a_reload_during_an_answer(house: Place, film_browser: Browser) -> None:
    problems: list[str] = []
    page = await new_page(await film_browser.new_context(), problems)
    session_id = await begin_answer(page, house)
    await asyncio.sleep(3)

    lost_at = time.time()
    await page.reload()
    step = by_id(page, "step")
    await expect(step).to_have_attribute("data-step", "answering", timeout=15_000)
    await expect(by_id(page, "question-count")).to_contain_text("1")
    await expect(by_id(page, "connection-banner")).to_have_count(0, timeout=15_000)
    await asyncio.sleep(3)
    await end_answer(page)

    reviewer = await new_page(await film_browser.new_context(), problems)
    review = await review_of(reviewer, house, session_id)
    again_at = seconds(review["videos"][0]["segments"][1]["started_at"])
    print(f"recorded again {again_at - lost_at:.2f} s after the reload began")
    await check_recording(reviewer, house, review, again_at - lost_at)
    assert problems == []
