"""A tab reloaded and a server killed in the middle of an answer: nothing to do, and next to nothing lost."""

from typing import Any

from playwright.sync_api import Page, expect

from server.accounts.models import Role
from tests.house.browser import Crowd
from tests.house.camera import FPS, Film
from tests.house.look import pictures
from tests.house.people import (
    begin_interview,
    by_id,
    finish_answer,
    let_pass,
    open_as,
    recording,
    seen_number,
)
from tests.house.recording import Shown, decode, has_cues_in_front
from tests.house.review import finished_review
from tests.house.server import House
from tests.house.visit import PATIENT, fetch, invite

ANSWER_FRAMES = 3 * FPS
MOST_LOST_FRAMES = round(1.5 * FPS)


def reload_while_answering(page: Page, film: Film) -> int:
    """The answer goes on without a click; the number last seen before the reload."""
    own = by_id(page, "self-video")
    last = let_pass(page, own, film, ANSWER_FRAMES)
    page.reload()
    expect(by_id(page, "step")).to_have_attribute("data-step", "answering")
    recording(page)
    expect(by_id(page, "connection-banner")).to_have_count(0)
    let_pass(page, own, film, FPS)
    return last


def check_reloaded(video: dict[str, Any], shown: list[Shown], last: int, film: Film) -> None:
    """Two segments in one file: from before the reload up to it, and from after it."""
    assert video["status"] == "ready"
    assert [segment["end_reason"] for segment in video["segments"]] == ["connection_lost", "finished"]
    again = video["segments"][1]["offset_ms"] / 1000
    before = [frame for frame in shown if frame.at < again - 0.001]
    after = shown[len(before) :]
    assert film.ahead(last, before[-1].number) <= MOST_LOST_FRAMES
    assert film.ahead(after[-1].number, after[0].number) >= FPS / 2


def check_recovered(video: dict[str, Any], shown: list[Shown], last: int, film: Film) -> None:
    """The file was finished by the next start and reaches to just before the kill."""
    assert video["status"] == "recovered"
    assert [segment["end_reason"] for segment in video["segments"]] == ["crash"]
    lost = film.ahead(last, shown[-1].number)
    print(f"{lost} frames before the kill are not in the file")
    assert lost <= MOST_LOST_FRAMES


def test_answers_survive_a_reload_and_a_killed_server(house: House, crowd: Crowd, film: Film) -> None:
    visit = invite(house, crowd.browser, PATIENT)
    page = crowd.enter()
    session_id = begin_interview(page, visit, PATIENT.title)
    by_id(page, "start-answer").click()
    recording(page)
    reloaded_at = reload_while_answering(page, film)
    finish_answer(page)

    pictures(page, "state-answered")
    by_id(page, "next-question").click()
    by_id(page, "start-answer").click()
    recording(page)
    let_pass(page, by_id(page, "self-video"), film, ANSWER_FRAMES)
    pictures(page, "state-answering")
    killed_at = seen_number(page, by_id(page, "self-video"))
    house.kill()
    expect(by_id(page, "connection-banner")).to_be_visible()
    pictures(page, "state-reconnecting")
    house.start()
    expect(by_id(page, "connection-banner")).to_have_count(0)

    reviewer = crowd.enter()
    open_as(reviewer, house, Role.RECRUITER, f"/sessions/{session_id}/review")
    videos = finished_review(reviewer, house, session_id, 2)["videos"]
    files = [fetch(reviewer, house, video["file_url"]) for video in videos]
    check_reloaded(videos[0], decode(files[0]), reloaded_at, film)
    check_recovered(videos[1], decode(files[1]), killed_at, film)
    assert all(map(has_cues_in_front, files))
    reviewer.reload()
    by_id(reviewer, "playlist-entry").nth(1).click()
    expect(by_id(reviewer, "recovered-badge")).to_be_visible()
    expect(by_id(reviewer, "player")).to_have_js_property("error", None)
    pictures(reviewer, "state-recovered")
    assert crowd.problems == []
