"""A one-way interview: from the mailed link to recordings that hold what the camera saw, frame by frame."""

import hashlib
from typing import Any

from playwright.sync_api import Page, expect

from server.accounts.models import Role
from tests.house.browser import PHONE, Crowd
from tests.house.camera import FPS, Film
from tests.house.people import (
    answer,
    by_id,
    consent,
    left_out,
    note_frames,
    noted_frames,
    open_as,
    open_session,
    pass_check,
    wait_for,
)
from tests.house.recording import decode, has_cues_in_front, missing, sound_seconds
from tests.house.review import finished_review
from tests.house.server import House
from tests.house.visit import ONE_WAY, fetch, invite, mailed_links

ANSWER_FRAMES = 2 * FPS
UNDERWAY = 1
"""A frame that was captured and not yet encoded whenever they were counted: the encoder may lag behind."""
ENDS_SECONDS = 0.5
"""The last frame's own length, and that picture and sound do not end at one moment."""


def come_by_link(page: Page, house: House, email: str, code: str) -> str:
    """From the mail's link to an account and the consent page, the code filled in; the session's id."""
    page.goto(wait_for(page, lambda: mailed_links(house, email, "i"), "the invitation's mail")[0])
    expect(by_id(page, "invitation")).to_contain_text(ONE_WAY.title)
    by_id(page, "take-part").click()
    page.get_by_label("Full name").fill("Casey Candidate")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(house.password)
    page.get_by_role("button", name="Create account").click()
    for place, digit in enumerate(code):
        expect(by_id(page, f"code-{place + 1}")).to_have_value(digit)
    by_id(page, "add-interview-submit").click()
    return open_session(page)


def check_file(video: dict[str, Any], content: bytes, seen: list[int], dropped: int, film: Film) -> None:
    """The file is what its row says and what was in front of the camera, and a player can seek in it."""
    shown = decode(content)
    length = shown[-1].at - shown[0].at
    lost = missing(shown, seen, film)
    print(f"{len(shown)} frames, {length:.2f} s; missing {lost}; the browser did not encode {dropped}")
    assert len(shown) > ANSWER_FRAMES / 2
    assert len(lost) <= dropped + UNDERWAY, lost  # everything the browser encoded arrived and was written
    assert abs(video["duration_ms"] / 1000 - length) < ENDS_SECONDS
    assert abs(sound_seconds(content) - length) < ENDS_SECONDS
    assert has_cues_in_front(content)
    assert (video["width"], video["height"]) == (film.width, film.height)
    assert video["bytes"] == len(content)
    assert video["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_one_way_interview_holds_what_the_camera_saw(house: House, crowd: Crowd, film: Film) -> None:
    visit = invite(house, crowd.browser, ONE_WAY, account=False)
    page = crowd.enter(PHONE)
    sockets: list[str] = []
    page.on("websocket", lambda socket: sockets.append(socket.url))

    session_id = come_by_link(page, house, visit.email, visit.codes[ONE_WAY.title])
    expect(by_id(page, "consent-button")).to_be_visible()
    assert page.evaluate("[viva.captures, viva.connections.length]") == [0, 0]
    assert [url for url in sockets if session_id in url] == []
    consent(page)
    pass_check(page)
    page.wait_for_url("**/interview")
    note_frames(page)

    before = left_out(page)
    expect(by_id(page, "step")).to_have_attribute("data-step", "thinking")
    answer(page, film, ANSWER_FRAMES, press=False)  # it begins when the time to think is over
    by_id(page, "next-question").click()
    expect(by_id(page, "question-text")).to_have_text(ONE_WAY.questions[1].text)
    answer(page, film, ANSWER_FRAMES)
    dropped, seen = left_out(page) - before, [number for number, _ in noted_frames(page)]
    by_id(page, "next-question").click()
    by_id(page, "finish-interview").click()
    expect(by_id(page, "done")).to_be_visible()

    reviewer = crowd.enter()
    open_as(reviewer, house, Role.REVIEWER, f"/sessions/{session_id}/review")
    review = finished_review(reviewer, house, session_id, 2)
    assert review["session"]["status"] == "completed"
    assert [video["status"] for video in review["videos"]] == ["ready", "ready"]
    for video in review["videos"]:
        check_file(video, fetch(reviewer, house, video["file_url"]), seen, dropped, film)
    assert crowd.problems == []
