"""A one-way interview through the screens: questions, takes, a reload in the middle, and the review of it."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect

from server.demo import ONE_WAY
from tests.e2e.house import Place
from tests.e2e.people import (
    api,
    by_id,
    consent,
    new_page,
    open_interview,
    pass_check,
    picture,
    sign_in,
    wait_for,
)
from tests.e2e.recording import decode, has_cues_in_front

PHONE = ViewportSize(width=390, height=844)


async def answer(page: Page, seconds: float) -> None:
    """Record an answer of about this length and wait until it is saved."""
    await by_id(page, "start-answer").click()
    await expect(by_id(page, "recording-indicator")).to_be_visible(timeout=15_000)
    await asyncio.sleep(seconds)
    await picture(page, "answer")
    await by_id(page, "finish-answer").click()
    await expect(by_id(page, "answer-saved")).to_be_visible(timeout=30_000)


async def test_a_one_way_interview(house: Place, film_browser: Browser) -> None:
    problems: list[str] = []
    page = await new_page(await film_browser.new_context(viewport=PHONE), problems)
    session_id = await open_interview(page, house, ONE_WAY.title)
    await picture(page, "consent")
    await consent(page)
    await pass_check(page)
    await picture(page, "check")
    await by_id(page, "room-enter").click()
    await page.wait_for_url("**/interview")

    await answer(page, 2)
    await by_id(page, "retake").click()
    await answer(page, 3)
    await expect(by_id(page, "take")).to_have_count(2)
    await expect(by_id(page, "retake")).to_have_count(0)  # two takes were allowed
    await by_id(page, "next-question").click()

    await page.reload()  # a reload is no way to lose one's place
    await expect(by_id(page, "question-count")).to_contain_text("2")
    await answer(page, 2)
    await by_id(page, "next-question").click()
    await answer(page, 2)
    await by_id(page, "next-question").click()
    await by_id(page, "finish-interview").click()
    await page.wait_for_url("**/done")
    await picture(page, "done")

    reviewer = await new_page(
        await film_browser.new_context(viewport={"width": 1440, "height": 900}), problems
    )
    await sign_in(reviewer, house, "reviewer@northwind.example")
    await check_review(reviewer, house, session_id)
    assert problems == []


async def check_review(page: Page, house: Place, session_id: str) -> None:
    """Four videos of three questions, the newer take of the first selected, each of them playable."""
    review = await api(page, f"/sessions/{session_id}/review")
    assert review["session"]["status"] == "completed"
    videos = review["videos"]
    assert [(video["status"], video["take_number"], video["is_selected"]) for video in videos] == [
        ("ready", 1, False),
        ("ready", 2, True),
        ("ready", 1, True),
        ("ready", 1, True),
    ]
    assert [video["duration_ms"] / 1000 for video in videos] == pytest.approx([2, 3, 2, 2], abs=1.2)
    for video in videos:
        content = await (await page.request.get(f"{house.url}{video['file_url']}")).body()
        assert has_cues_in_front(content)
        assert len(await asyncio.to_thread(decode, content)) > 10
    await page.goto(f"{house.url}/sessions/{session_id}/review")
    player = by_id(page, "player")
    await expect(player).to_be_visible()
    await page.keyboard.press("k")  # at once: playing begins when the file is there

    async def plays() -> bool:
        at: float = await player.evaluate("video => video.currentTime")
        return at > 0.3

    await wait_for(plays)
    await picture(page, "review-one-way")
