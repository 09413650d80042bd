"""One interview, end to end: from camera film to recording, incidents, both screens and the review desk."""

import asyncio
import time
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.async_api import Browser, Page, expect

from proctoring.detectors.face import MediaPipeFaceDetector
from proctoring.detectors.picture import Picture
from proctoring.models import ensure_models
from proctoring.rules.policy import Policy
from server.demo import LIVE
from tests.e2e.camera import FPS, STANDARD_FILM, Scene, frames_of, start_of
from tests.e2e.house import Place
from tests.e2e.people import (
    admit,
    api,
    by_id,
    consent,
    frame_number,
    join_as_interviewer,
    new_page,
    note_frames,
    open_interview,
    pass_check,
    picture,
    received,
    wait_for,
    wait_for_frame,
)
from tests.e2e.recording import (
    Shown,
    decode,
    has_cues_in_front,
    keyframe_seconds,
    scene_span,
    sent_seconds,
    unwrapped,
)

TWO_AT, LAST = start_of(STANDARD_FILM, "two_faces"), frames_of(STANDARD_FILM) - 1
DWELL_SECONDS = {"no_face": 3.0, "multiple_faces": 2.0}
SEEK_SECONDS = 13
"""A keyframe is asked for every ten seconds, and a busy browser takes its time."""
NOTE_INCIDENTS = """
() => {
  window.incidents = {};
  const look = () => document.querySelectorAll('[data-testid=live-incident]').forEach(item => {
    window.incidents[item.dataset.eventType] ??= Date.now() / 1000;
  });
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
  look();
}
"""


async def test_a_live_interview(
    house: Place, film_browser: Browser, browser: Browser, models_dir: Path
) -> None:
    problems: list[str] = []
    candidate = await new_page(await film_browser.new_context(), problems)
    wide = await browser.new_context(viewport={"width": 1440, "height": 900})
    interviewer = await new_page(wide, problems)
    session_id = await open_interview(candidate, house, LIVE.title)
    await consent(candidate)
    await pass_check(candidate)
    await by_id(candidate, "room-enter").click()
    await candidate.wait_for_url("**/room")
    await expect(by_id(candidate, "lobby")).to_be_visible()
    await join_as_interviewer(interviewer, house, session_id)
    await by_id(interviewer, "room-enter").click()
    await interviewer.wait_for_url("**/room")
    await interviewer.evaluate(NOTE_INCIDENTS)

    await candidate.reload()  # the film begins again with the camera
    await wait_for_frame(by_id(candidate, "self-video"), 0, 4 * FPS)
    await note_frames(candidate)
    await admit(interviewer)
    await expect(by_id(candidate, "recording-indicator")).to_be_visible(timeout=15_000)
    await expect(by_id(interviewer, "recording-indicator")).to_be_visible()
    await sees_and_hears(interviewer)

    await wait_for_frame(by_id(candidate, "self-video"), TWO_AT + 6 * FPS, TWO_AT + 8 * FPS)
    await picture(interviewer, "room")
    await wait_for_frame(by_id(candidate, "self-video"), LAST - FPS, LAST)
    await picture(candidate, "room-candidate")
    appeared: dict[str, float] = await interviewer.evaluate("window.incidents")
    assert await candidate.get_by_test_id("live-incident").count() == 0
    await end_session(interviewer)
    await candidate.wait_for_url("**/done")
    notes: list[tuple[float, int]] = await candidate.evaluate("window.notes")

    review = await finished_review(interviewer, session_id)
    (video,) = review["videos"]
    response = await interviewer.request.get(f"{house.url}{video['file_url']}")
    content = await response.body()
    shown = await asyncio.to_thread(decode, content)
    check_video(video, content, shown, notes)
    await check_incidents(interviewer, house, models_dir, review, shown, appeared)
    await check_review_page(interviewer, house, session_id, review, shown)
    assert problems == []


async def sees_and_hears(interviewer: Page) -> None:
    """The candidate's picture moves and their sound arrives."""
    remote = interviewer.locator("[data-testid=remote-video][data-participant-role=candidate]")
    await expect(remote).to_be_visible(timeout=15_000)
    await wait_for(lambda: frame_number(remote))
    before, number, began = await received(interviewer), await frame_number(remote), time.monotonic()

    async def moved() -> bool:  # a second's worth of sound; two browsers share two cores here
        after = await received(interviewer)
        pictures, samples = (after[each] - before[each] for each in ("frames", "samples"))
        return bool(pictures > 5 and samples > 48_000 and after["energy"] > before["energy"])

    await wait_for(moved, 10)
    later, waited = await frame_number(remote), time.monotonic() - began
    assert number is not None
    assert later is not None
    seen_seconds = (later - number) % frames_of(STANDARD_FILM) / FPS
    assert waited - 2 < seen_seconds < waited + 2


async def end_session(interviewer: Page) -> None:
    """End it for everybody, which is asked for again."""
    await by_id(interviewer, "end-session").click()
    await interviewer.get_by_role("dialog").get_by_role("button", name="End").click()
    await interviewer.wait_for_url(lambda url: "/room" not in url)


async def finished_review(interviewer: Page, session_id: str) -> dict[str, Any]:
    """The review once its video is ready."""

    async def ready() -> dict[str, Any] | None:
        review: dict[str, Any] = await api(interviewer, f"/sessions/{session_id}/review")
        return review if [video["status"] for video in review["videos"]] == ["ready"] else None

    review: dict[str, Any] = await wait_for(ready, 30)
    return review


def check_video(
    video: dict[str, Any], content: bytes, shown: list[Shown], notes: list[tuple[float, int]]
) -> None:
    """The row says what the file is, and the file is what was sent."""
    duration = video["duration_ms"] / 1000
    started_at = datetime.fromisoformat(video["segments"][0]["started_at"]).timestamp()
    sent = sent_seconds(shown, notes, STANDARD_FILM, started_at)
    print(f"video: {duration:.2f} s recorded of {sent:.2f} s sent, {len(shown)} frames decoded")
    assert duration == pytest.approx(sent, abs=0.5)
    assert duration == pytest.approx(shown[-1].at - shown[0].at, abs=0.5)
    assert unwrapped(shown, STANDARD_FILM)[-1].number > LAST - 2 * FPS  # it was ended after that
    assert video["bytes"] == len(content)
    assert (video["width"], video["height"]) == (1280, 720)
    assert has_cues_in_front(content)
    times = [*keyframe_seconds(content), duration]
    assert max(later - earlier for earlier, later in pairwise(times)) < SEEK_SECONDS


async def check_incidents(
    page: Page,
    house: Place,
    models_dir: Path,
    review: dict[str, Any],
    shown: list[Shown],
    appeared: dict[str, float],
) -> None:
    """Exactly the two, each beginning when it did, with a picture of it, on the screen in time."""
    assert sorted(event["event_type"] for event in review["events"]) == ["multiple_faces", "no_face"]
    detector = MediaPipeFaceDetector(ensure_models(models_dir))
    started = datetime.fromisoformat(review["videos"][0]["segments"][0]["started_at"]).timestamp()
    try:
        for event in review["events"]:
            kind = event["event_type"]
            scene: Scene = "no_face" if kind == "no_face" else "two_faces"
            truth, end = scene_span(shown, STANDARD_FILM, scene)
            late = appeared[kind] - (started + truth + DWELL_SECONDS[kind])
            off = event["offset_ms"] / 1000 - truth
            print(f"{kind}: begins {off:+.2f} s from the truth, on screen {late:.2f} s after its dwell time")
            assert event["offset_ms"] / 1000 == pytest.approx(truth, abs=1.0), kind
            assert event["duration_seconds"] == pytest.approx(end - truth, abs=1.5), kind
            response = await page.request.get(f"{house.url}{event['snapshot_url']}")
            picture = cv2.imdecode(np.frombuffer(await response.body(), np.uint8), cv2.IMREAD_COLOR)
            assert picture is not None
            rgb = np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)
            seen = detector.detect(Picture.from_rgb(rgb))
            faces = [face for face in seen if face.score >= Policy().present_min_score]
            assert len(faces) == (0 if kind == "no_face" else 2)
            assert late < 2.0, f"{kind} was on screen {late:.1f} s after its dwell time"
    finally:
        detector.close()


async def check_review_page(
    page: Page, house: Place, session_id: str, review: dict[str, Any], shown: list[Shown]
) -> None:
    """Both markers are there, and a click puts the player three seconds before the moment."""
    await page.goto(f"{house.url}/sessions/{session_id}/review")
    player = by_id(page, "player")
    await expect(player).to_be_visible()
    await expect(by_id(page, "incident-marker")).to_have_count(2)
    for event in review["events"]:
        marker = page.locator(f"[data-testid=incident-marker][data-event-id='{event['id']}']")
        await marker.click()
        wanted = max(0.0, event["offset_ms"] / 1000 - 3)

        async def there(wanted: float = wanted) -> bool:
            at: float = await player.evaluate("video => video.seeking ? -1 : video.currentTime")
            return abs(at - wanted) < 0.5

        await wait_for(there, 5)
        number = await frame_number(player)
        frame = min(shown, key=lambda frame: abs(frame.at - wanted))
        assert number is not None
        assert abs(number - frame.number) < FPS
    await asyncio.sleep(4)
    await picture(page, "review")
