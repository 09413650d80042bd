"""A candidate's own affairs: trying it out, going on later, withdrawing, taking data along, deleting it."""

import asyncio
import io
import zipfile
from pathlib import Path

from aiohttp import ClientSession, CookieJar
from playwright.async_api import Browser, Page, ViewportSize, expect

from server.demo import ONE_WAY
from tests.e2e.house import Place
from tests.e2e.people import api, by_id, consent, new_page, pass_check, picture, sign_in, wait_for

DESK = ViewportSize(width=1440, height=900)
PHONE = ViewportSize(width=390, height=844)


async def _practise_first(house: Place) -> None:
    """The recruiter turns the practice question on, before anybody takes part."""
    headers, jar = {"Origin": house.url}, CookieJar(unsafe=True)
    async with ClientSession(house.url, headers=headers, cookie_jar=jar) as recruiter:
        body = {"email": "recruiter@northwind.example", "password": house.password}
        assert (await recruiter.post("/api/v1/auth/sign-in", json=body)).ok
        page = await (await recruiter.get("/api/v1/interviews")).json()
        [interview] = [one for one in page["items"] if one["title"] == ONE_WAY.title]
        path = f"/api/v1/interviews/{interview['id']}"
        changed = await recruiter.patch(path, json={"practice_question": True})
        assert changed.ok, await changed.text()


async def begin(page: Page, title: str) -> str:
    """What the candidate's confirmed address is invited to is listed: no code is needed; the session's id."""
    await expect(by_id(page, "open-invitation")).to_have_count(2)
    await picture(page, "dashboard-invited")
    mine = by_id(page, "open-invitation").filter(has_text=title)
    await mine.get_by_test_id("begin").click()
    await page.wait_for_url("**/sessions/*/consent")
    return page.url.split("/sessions/")[1].split("/")[0]


async def test_a_candidates_own_affairs(own_house: Place, film_browser: Browser) -> None:
    house, problems = own_house, list[str]()
    await _practise_first(house)
    page = await new_page(await film_browser.new_context(viewport=PHONE, accept_downloads=True), problems)
    await sign_in(page, house, house.candidate)
    session_id = await begin(page, ONE_WAY.title)
    await consent(page)
    await pass_check(page)
    await by_id(page, "room-enter").click()
    await page.wait_for_url("**/interview")

    await by_id(page, "practice-start").click()
    await expect(by_id(page, "practice")).to_have_attribute("data-state", "recording")
    await picture(page, "practice-recording")
    await asyncio.sleep(1)
    await by_id(page, "practice-stop").click()
    await expect(by_id(page, "practice-video")).to_be_visible()
    await picture(page, "practice-played")
    assert (await api(page, f"/sessions/{session_id}"))["videos"] == []  # nothing of it was sent
    await by_id(page, "practice-done").click()

    await by_id(page, "start-answer").click()
    await expect(by_id(page, "recording-indicator")).to_be_visible(timeout=15_000)
    await asyncio.sleep(2)
    await by_id(page, "finish-answer").click()
    await expect(by_id(page, "answer-saved")).to_be_visible(timeout=30_000)

    admin = await new_page(await film_browser.new_context(viewport=DESK), problems)
    await sign_in(admin, house, "admin@northwind.example")
    await find_video(admin, house)

    await page.goto(f"{house.url}/candidates/dashboard")
    await expect(by_id(page, "progress")).to_contain_text("1 of 3")
    await picture(page, "dashboard-continue")
    await by_id(page, "open-session").click()
    await page.wait_for_url("**/sessions/**")
    await page.goto(f"{house.url}/sessions/{session_id}/interview")
    await expect(by_id(page, "question-count")).to_contain_text("2")

    await page.goto(f"{house.url}/candidates/dashboard")
    await by_id(page, "withdraw").click()
    await picture(page, "dashboard-withdraw")
    await by_id(page, "withdraw-confirm").click()
    await expect(by_id(page, "interview-card")).to_have_attribute("data-state", "withdrawn")
    await expect(by_id(page, "open-session")).to_have_count(0)

    await by_id(page, "user-menu").click()
    await picture(page, "user-menu")
    await by_id(page, "my-data").click()
    await picture(page, "my-data")
    async with page.expect_download() as download:
        await by_id(page, "download-data").click()
    archive = await asyncio.to_thread(Path(await (await download.value).path()).read_bytes)
    with zipfile.ZipFile(io.BytesIO(archive)) as found:
        assert found.testzip() is None
        assert "interview-1/recording-1.webm" in found.namelist()

    await by_id(page, "erase-data").click()
    await by_id(page, "erase-email").fill("somebody@else.example")
    await expect(by_id(page, "erase-confirm")).to_be_disabled()
    await by_id(page, "erase-email").fill(house.candidate)
    await picture(page, "erase")
    await by_id(page, "erase-confirm").click()
    await expect(by_id(page, "erased-leave")).to_be_visible()
    await picture(page, "erased")
    await by_id(page, "erased-leave").click()
    await page.wait_for_url("**/sign-in")

    async def nothing_left() -> bool:
        return not (await api(admin, "/sessions"))["items"]

    await wait_for(nothing_left)
    await publish_rules(admin, house)
    assert problems == []


async def find_video(page: Page, house: Place) -> None:
    """By the candidate's e-mail and the day; nobody else's."""
    await page.goto(f"{house.url}/videos")
    await expect(by_id(page, "video-row")).to_have_count(1)
    await picture(page, "videos")
    await by_id(page, "video-search").fill("nobody@")
    await expect(by_id(page, "video-row")).to_have_count(0)
    await by_id(page, "video-search").fill(house.candidate.upper())
    await expect(by_id(page, "video-row")).to_have_count(1)
    await page.get_by_label("To day").fill("2001-01-01")
    await expect(by_id(page, "video-row")).to_have_count(0)
    await page.goto(f"{house.url}/sessions")
    await expect(by_id(page, "session-row")).to_have_count(1)
    await picture(page, "sessions-days")
    await page.get_by_label("To day").fill("2001-01-01")
    await expect(by_id(page, "session-row")).to_have_count(0)


async def publish_rules(page: Page, house: Place) -> None:
    """Fewer days and another text: the question says what that deletes, and there are two versions."""
    await page.goto(f"{house.url}/data-rules")
    await by_id(page, "retention-days").fill("30")
    await by_id(page, "consent-text").fill("{organisation} keeps what is recorded for {retention_days} days.")
    await by_id(page, "publish-rules").click()
    await expect(page.get_by_text("deletes nothing now")).to_be_visible()
    await picture(page, "data-rules-confirm")
    await by_id(page, "publish-confirm").click()
    await expect(by_id(page, "consent-version")).to_have_count(2)
    await picture(page, "data-rules")
