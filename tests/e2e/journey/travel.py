"""The journey itself: a live interview with two people at their screens, then an answer of a one-way one."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from server.accounts.models import Role
from server.demo import LIVE
from tests.house import live as room
from tests.house.browser import Crowd
from tests.house.camera import FPS, Film, Scene
from tests.house.live import Live
from tests.house.people import (
    answer,
    begin_interview,
    by_id,
    left_out,
    let_pass,
    note_frames,
    noted_frames,
    open_as,
    wait_for_beginning,
    wait_for_scene,
)
from tests.house.recording import Shown, decode
from tests.house.review import finished_review, seek_to, snapshot_number
from tests.house.server import House
from tests.house.visit import PATIENT, fetch, invite

ANSWER_FRAMES = 4 * FPS
QUICK = PATIENT.model_copy(update={"questions": PATIENT.questions[:1]})
WATCHED: dict[str, Scene] = {"no_face": "no_face", "multiple_faces": "two_faces"}


@dataclass(slots=True)
class Taken:
    """A finished session: its review, its file's frames, and what the camera saw meanwhile."""

    review: dict[str, Any]
    shown: list[Shown]
    seen: list[int]
    dropped: int


@dataclass(slots=True)
class Found:
    """An incident at the review desk; where the player stands after a click on it, by the frame's number."""

    event: dict[str, Any]
    snapshot: int | None
    sought: int | None


def in_the_room(crowd: Crowd, house: House, film: Film) -> Live:
    """Two people meet; nobody, and later two, are in front of the candidate's camera.

    While nobody is, and that is an open incident, the worker that looks at the pictures is killed.
    """
    live = room.meet(crowd, invite(house, crowd.browser, LIVE))
    room.begin(live, film)
    with suppress(AssertionError):  # what has not arrived is missing in the figures
        room.listen(live, film)
    own = by_id(live.candidate, "self-video")
    with suppress(AssertionError):
        room.see_incidents(live, "no_face")
        live.worker_back_s = round(house.kill_worker(), 2)
    wait_for_scene(live.candidate, own, film, "two_faces")
    let_pass(live.candidate, own, film, 3 * FPS)
    room.end(live)
    return live


def one_way(crowd: Crowd, house: House, film: Film) -> tuple[str, list[int], int]:
    """One answer with one face; the session's id, the frames seen, and how many the encoder left out."""
    page = crowd.enter()
    session_id = begin_interview(page, invite(house, crowd.browser, QUICK), QUICK.title)
    wait_for_beginning(page, film, ANSWER_FRAMES + FPS)
    note_frames(page)
    before = left_out(page)
    answer(page, film, ANSWER_FRAMES)
    seen, dropped = [number for number, _ in noted_frames(page)], left_out(page) - before
    by_id(page, "next-question").click()
    by_id(page, "finish-interview").click()
    by_id(page, "done").wait_for()
    return session_id, seen, dropped


def taken(page: Page, house: House, session_id: str, seen: list[int], dropped: int) -> Taken:
    """What was recorded of a session with one recording."""
    review = finished_review(page, house, session_id, 1)
    content = fetch(page, house, review["videos"][0]["file_url"])
    return Taken(review, decode(content), seen, dropped)


def at_the_desk(page: Page, house: House, review: dict[str, Any]) -> list[Found]:
    """Every watched incident is clicked on the timeline."""
    events = [event for event in review["events"] if event["event_type"] in WATCHED]
    open_as(page, house, Role.REVIEWER, f"/sessions/{review['session']['id']}/review")
    expect(by_id(page, "player")).to_have_js_property("readyState", 4)
    found = []
    for event in events:
        number = snapshot_number(page, house, event) if event["snapshot_url"] else None
        found.append(Found(event, number, seek_to(page, event)[1]))
    return found
