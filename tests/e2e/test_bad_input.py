"""What goes wrong is said by name on the screen, and nothing is lost."""

import asyncio
from pathlib import Path

from playwright.async_api import Browser, expect

from server.demo import ONE_WAY
from tests.chromium import chromium
from tests.e2e.house import Place
from tests.e2e.people import (
    api,
    by_id,
    consent,
    enter_code,
    new_page,
    open_interview,
    pass_check,
    sign_in,
    wait_for,
)


async def test_a_wrong_code_says_so_and_the_right_one_still_works(house: Place, browser: Browser) -> None:
    right = house.code(ONE_WAY.title)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    page = await new_page(await browser.new_context())
    await sign_in(page, house, house.candidate)
    await by_id(page, "add-interview").click()
    await enter_code(page, wrong)
    await expect(page.locator("[data-error=invite_unknown_code]")).to_be_visible()
    await enter_code(page, right)
    await expect(by_id(page, "interview-card").filter(has_text=ONE_WAY.title)).to_be_visible()


async def test_without_consent_no_camera_is_asked_for(house: Place, browser: Browser) -> None:
    page = await new_page(await browser.new_context())
    await page.add_init_script(
        "const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);"
        "window.asked = 0;"
        "navigator.mediaDevices.getUserMedia = (...given) => { window.asked++; return ask(...given); };"
    )
    session_id = await open_interview(page, house, ONE_WAY.title)
    for place in ("check", "interview"):
        await page.goto(f"{house.url}/sessions/{session_id}/{place}")
        await page.wait_for_url("**/consent")
        await expect(by_id(page, "consent-button")).to_be_visible()
        assert await page.evaluate("window.asked") == 0


async def test_a_refused_camera_is_named_and_can_be_allowed(house: Place, chromium_path: Path) -> None:
    async with chromium(chromium_path, grant=False) as browser:
        context = await browser.new_context()
        page = await new_page(context)
        await open_interview(page, house, ONE_WAY.title)
        await consent(page)
        problem = page.locator("[data-error=camera_refused]")
        await expect(problem).to_be_visible(timeout=15_000)
        await context.grant_permissions(["camera", "microphone"])
        await problem.get_by_role("button").click()
        await pass_check(page)


async def test_a_second_tab_is_told_and_may_take_over(house: Place, browser: Browser) -> None:
    context = await browser.new_context()
    first = await new_page(context)
    session_id = await open_interview(first, house, ONE_WAY.title)
    await consent(first)
    await pass_check(first)
    await by_id(first, "room-enter").click()
    await by_id(first, "start-answer").click()
    await expect(by_id(first, "recording-indicator")).to_be_visible(timeout=15_000)
    second = await new_page(context)
    await second.goto(f"{house.url}/sessions/{session_id}/interview")
    await expect(second.locator("[data-error=already_connected]")).to_be_visible(timeout=15_000)
    await expect(by_id(first, "recording-indicator")).to_be_visible()
    await by_id(second, "take-over").click()
    await expect(first.locator("[data-error=superseded]")).to_be_visible(timeout=15_000)
    await first.close()
    await asyncio.sleep(1)
    await api(second, f"/sessions/{session_id}")
    response = await second.request.post(
        f"{house.url}/api/v1/sessions/{session_id}/end", headers={"Origin": house.url}
    )
    assert response.ok, await response.text()

    async def kept() -> bool:
        detail = await api(second, f"/sessions/{session_id}")
        return [video["status"] for video in detail["videos"]] == ["ready"]

    await wait_for(kept, 30)


async def test_an_ended_session_leads_to_its_end(house: Place, browser: Browser) -> None:
    page = await new_page(await browser.new_context())
    session_id = await open_interview(page, house, ONE_WAY.title)
    await consent(page)
    await pass_check(page)
    response = await page.request.post(
        f"{house.url}/api/v1/sessions/{session_id}/end", headers={"Origin": house.url}
    )
    assert response.ok, await response.text()
    await page.wait_for_url("**/done")
    await page.goto(f"{house.url}/sessions/{session_id}/interview")
    await page.wait_for_url("**/done")
    await expect(by_id(page, "done")).to_be_visible()
