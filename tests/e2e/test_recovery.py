"""`kill -9` of the server in the middle of an answer loses at most a second and a half of it."""

import asyncio
import time
from typing import Any

from playwright.async_api import Browser, expect

from server.demo import ONE_WAY
from tests.e2e.house import House
from tests.e2e.people import (
    api,
    by_id,
    consent,
    new_page,
    note_frames,
    open_interview,
    pass_check,
    wait_for,
)
from tests.e2e.recording import decode, has_cues_in_front

ANSWER_SECONDS = 6


async def test_a_killed_server_recovers_the_answer(own_house: House, film_browser: Browser) -> None:
    house = own_house
    page = await new_page(await film_browser.new_context())
    session_id = await open_interview(page, house, ONE_WAY.title)
    await consent(page)
    await pass_check(page)
    await by_id(page, "room-enter").click()
    await page.wait_for_url("**/interview")
    await note_frames(page)
    await by_id(page, "start-answer").click()
    await expect(by_id(page, "recording-indicator")).to_be_visible(timeout=15_000)
    await asyncio.sleep(ANSWER_SECONDS)
    house.kill()
    killed_at = time.time()
    notes: list[tuple[float, int]] = await page.evaluate("window.notes")
    await house.start()

    async def recovered() -> dict[str, Any] | None:
        detail = await api(page, f"/sessions/{session_id}")
        video: dict[str, Any] = detail["videos"][0]
        return video if video["status"] == "recovered" else None

    video = await wait_for(recovered, 30)
    assert [segment["end_reason"] for segment in video["segments"]] == ["crash"]
    content = await (await page.request.get(f"{house.url}{video['file_url']}")).body()
    shown = await asyncio.to_thread(decode, content)
    assert has_cues_in_front(content)
    last_at = max(at for at, number in notes if number <= shown[-1].number)
    print(f"recovered: {killed_at - last_at:.2f} s before the kill are missing")
    assert killed_at - last_at < 1.5, f"{killed_at - last_at:.2f} s before the kill are missing"
    assert abs(video["duration_ms"] / 1000 - shown[-1].at) < 0.5
