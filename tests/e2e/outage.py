"""An answer given on the screens while the network comes and goes: for the tests, and for `bench.live`."""

import asyncio
import time
from datetime import datetime
from typing import Any

from playwright.async_api import Page, expect

from server.demo import ONE_WAY
from tests.e2e.cable import Cable
from tests.e2e.house import Place
from tests.e2e.people import api, by_id, consent, open_interview, pass_check, picture, sign_in, wait_for


async def begin_answer(page: Page, house: Place) -> str:
    """Get as far as an answer that is being recorded; the session's id."""
    session_id = await open_interview(page, house, ONE_WAY.title)
    await consent(page)
    await pass_check(page)
    await by_id(page, "room-enter").click()
    await page.wait_for_url("**/interview")
    await by_id(page, "start-answer").click()
    await expect(by_id(page, "recording-indicator")).to_be_visible(timeout=15_000)
    return session_id


async def end_answer(page: Page) -> None:
    """Finish it and wait until it is saved."""
    await by_id(page, "finish-answer").click()
    await expect(by_id(page, "answer-saved")).to_be_visible(timeout=30_000)


async def review_of(page: Page, house: Place, session_id: str) -> dict[str, Any]:
    """The review, once its only video is ready."""
    await sign_in(page, house, "recruiter@northwind.example")

    async def ready() -> dict[str, Any] | None:
        review: dict[str, Any] = await api(page, f"/sessions/{session_id}/review")
        return review if [video["status"] for video in review["videos"]] == ["ready"] else None

    review: dict[str, Any] = await wait_for(ready, 30)
    return review


def seconds(moment: str) -> float:
    """A time of the API as seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


async def outage(page: Page, network: Cable, seconds: float, browser_is_told: bool) -> tuple[float, float]:
    """Pull the cable and plug it in again; when either happened, in Unix seconds."""
    network.pull()
    await page.context.set_offline(browser_is_told)
    lost_at = time.time()
    banner = by_id(page, "connection-banner")
    await expect(banner).to_have_attribute("data-state", "reconnecting", timeout=15_000)
    await picture(page, "connection-lost")
    await asyncio.sleep(max(0.0, seconds - (time.time() - lost_at)))
    await expect(by_id(page, "recording-indicator")).to_be_visible()

    network.plug_in()
    await page.context.set_offline(False)
    back_at = time.time()
    await expect(banner).to_have_count(0, timeout=15_000)
    return lost_at, back_at
