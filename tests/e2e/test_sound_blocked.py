"""A browser that plays no sound before a click: whose tab is restored is told, and one click is enough."""

import asyncio
import json
from pathlib import Path

from playwright.async_api import Browser, Page, WebSocket, expect

from server.demo import LIVE
from tests.chromium import chromium
from tests.e2e.house import Place
from tests.e2e.people import (
    admit,
    by_id,
    consent,
    join_as_interviewer,
    new_page,
    open_interview,
    pass_check,
    received,
    wait_for,
)

SETTLED_SECONDS = 5
PLAYS = "(video) => !video.paused && !video.muted && video.currentTime > 0"


async def interview(browser: Browser, house: Place) -> tuple[Page, Page, str]:
    """A candidate and an interviewer in the room; the session's id."""
    candidate, interviewer = [await new_page(await browser.new_context()) for _ in range(2)]
    session_id = await open_interview(candidate, house, LIVE.title)
    await consent(candidate)
    await pass_check(candidate)
    await by_id(candidate, "room-enter").click()
    await expect(by_id(candidate, "lobby")).to_be_visible()
    await join_as_interviewer(interviewer, house, session_id)
    await by_id(interviewer, "room-enter").click()
    await interviewer.wait_for_url("**/room")
    await admit(interviewer)
    return candidate, interviewer, session_id


def pictures_wanted(page: Page) -> asyncio.Event:
    """Set once the page has asked for somebody's picture and sound."""
    asked = asyncio.Event()

    def said(frame: str | bytes) -> None:
        if json.loads(frame)["type"] == "subscribe":
            asked.set()

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", said)

    page.on("websocket", opened)
    return asked


async def come_back(page: Page, house: Place, session_id: str) -> None:
    """Open the room as a restored tab does, without a click: looking into the page would count as one."""
    who = {"email": "recruiter@northwind.example", "password": house.password}
    origin = {"Origin": house.url}
    response = await page.request.post(f"{house.url}/api/v1/auth/sign-in", data=who, headers=origin)
    assert response.ok, await response.text()
    asked = pictures_wanted(page)
    await page.add_init_script(f"sessionStorage.setItem('viva:{session_id}:entered', 'yes')")
    await page.goto(f"{house.url}/sessions/{session_id}/room")
    await asyncio.wait_for(asked.wait(), 60)
    await asyncio.sleep(SETTLED_SECONDS)


async def test_whose_tab_is_restored_is_asked_to_turn_the_sound_on(
    house: Place, browser: Browser, chromium_path: Path
) -> None:
    _, _, session_id = await interview(browser, house)
    strict = "--autoplay-policy=document-user-activation-required"
    async with chromium(chromium_path, grant=False, more=[strict]) as other:
        guest = await new_page(await other.new_context())
        await come_back(guest, house, session_id)
        button = by_id(guest, "click-to-hear")
        await expect(button).to_be_visible()
        await button.click()
        await expect(button).to_have_count(0)
        theirs = guest.locator("[data-testid=remote-video][data-participant-role=candidate]")
        await wait_for(lambda: theirs.evaluate(PLAYS), 30)

        async def heard() -> bool:
            return (await received(guest))["energy"] > 0

        await wait_for(heard, 30)
