"""A live interview in the room, and its review: one session, prepared once, looked at by two tests."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from server.accounts.models import Role
from server.demo import LIVE
from tests.house import live as room
from tests.house.browser import Crowd
from tests.house.camera import FPS, Film, Scene
from tests.house.live import Live
from tests.house.look import Tour, pictures
from tests.house.people import by_id, open_as
from tests.house.recording import Shown, begins, decode, number_at
from tests.house.review import finished_review, marker, row, seek_to, snapshot_number
from tests.house.server import House
from tests.house.visit import fetch, invite

SCENES: dict[str, Scene] = {"no_face": "no_face", "multiple_faces": "two_faces"}
ONSET_SECONDS = (-0.1, 1.0)
"""Sampled twice a second, and dated back to the first of two samples that agree."""
PRE_ROLL_MS = 3000
SEEK_FRAMES = 2
"""Seeking leads to the frame before the moment; the player may be on to the next when it is looked at.

In frames that the file holds, not in seconds: on a busy machine files were seen with few pictures in their
first two seconds. Why is not known (docs/ROADMAP.md); this test does not look for such holes.
"""
NOTE = "Looked away to read a message."


@pytest.fixture(scope="module")
def interview(shared_house: House, browser: Browser, film: Film) -> Live:
    """A live interview in which nobody, and then two people, were in front of the candidate's camera."""
    if not shared_house.runs:
        shared_house.start()
    crowd = Crowd(browser)
    live = room.meet(crowd, invite(shared_house, browser, LIVE))
    room.begin(live, film)
    room.listen(live, film)
    tour = Tour(shared_house)  # while the film goes on
    for page in (live.candidate, live.interviewer):
        tour.look(page, "/sessions/:sessionId/room", "[data-testid=remote-video]")
    room.see_incidents(live, *SCENES)
    tour.picture(live.interviewer, "room-with-signals")
    room.end(live)
    crowd.leave()
    live.problems = [*crowd.problems, *tour.found]
    return live


def test_the_interviewer_sees_hears_and_is_told(interview: Live) -> None:
    assert interview.heard.counted_on >= FPS  # what was decoded is the film, and it moves
    assert interview.heard.frames >= FPS
    assert interview.heard.energy > 0
    assert interview.ciphers == [["AEAD_AES_128_GCM"]] * 2  # not what Chromium itself would choose
    assert set(SCENES) <= set(interview.appeared)
    assert interview.appeared_to_candidate == {}
    assert interview.problems == []


def check_places(
    page: Page, house: House, events: list[dict[str, Any]], shown: list[Shown], film: Film
) -> None:
    """Each incident begins where the file shows its scene, and its snapshot is a picture of it."""
    for kind, scene in SCENES.items():
        [event] = [event for event in events if event["event_type"] == kind]
        late = event["offset_ms"] / 1000 - begins(shown, film, scene)
        number = snapshot_number(page, house, event)
        print(f"{kind}: {late:+.2f} s, snapshot of frame {number}")
        assert ONSET_SECONDS[0] <= late <= ONSET_SECONDS[1], kind
        assert number is not None, kind
        assert film.scene(number) == scene, kind


def check_seeking(page: Page, events: list[dict[str, Any]], shown: list[Shown], film: Film) -> None:
    """A click on an incident shows what was recorded three seconds before it."""
    expect(by_id(page, "player")).to_have_js_property("readyState", 4)
    for event in events:
        at, number = seek_to(page, event)
        aim = max(0, event["offset_ms"] - PRE_ROLL_MS) / 1000
        print(f"{event['event_type']}: wanted {aim:.2f} s, is at {at:.2f} s, frame {number}")
        place, wanted = (sum(frame.at <= moment + 0.001 for frame in shown) for moment in (at, aim))
        assert abs(place - max(1, wanted)) <= SEEK_FRAMES
        assert number is not None
        assert abs(film.ahead(number, number_at(shown, at))) <= SEEK_FRAMES


def check_deciding(page: Page, events: list[dict[str, Any]]) -> None:
    """What is decided and written stays when the page is loaded again."""
    for event, button in zip(events, ("confirm", "dismiss"), strict=True):
        row(page, event).click()
        expect(by_id(page, "incident-panel")).to_have_attribute("data-event-id", event["id"])
        by_id(page, button).click()
        expect(by_id(page, "undo-verdict")).to_be_visible()
    by_id(page, "incident-note").fill(NOTE)
    by_id(page, "save-note").click()
    expect(by_id(page, "save-note")).to_be_disabled()
    page.reload()
    for event, verdict in zip(events, ("confirmed", "dismissed"), strict=True):
        expect(row(page, event)).to_have_attribute("data-verdict", verdict)
    row(page, events[-1]).click()
    expect(by_id(page, "incident-note")).to_have_value(NOTE)


def check_unreviewed(page: Page, house: House, live: Live) -> None:
    """Before anybody decides, the session is among those with incidents nobody has looked at."""
    page.goto(f"{house.url}/sessions")
    page.get_by_label("Search").fill(live.visit.email)
    page.get_by_label("Incidents").select_option(value="unreviewed")
    expect(by_id(page, "session-row")).to_have_attribute("data-session-id", live.session_id)
    page.close()


def check_finding(page: Page, house: House, live: Live) -> None:
    """The session is found by e-mail and by what kind it is, and not by what it is not."""
    page.goto(f"{house.url}/sessions")
    rows = by_id(page, "session-row")
    page.get_by_label("Search").fill(live.visit.email)
    expect(rows).to_have_count(1)
    expect(rows).to_have_attribute("data-session-id", live.session_id)
    kind, status = page.get_by_label("Kind"), page.get_by_label("Status")
    kind.select_option(value="one_way")
    expect(rows).to_have_count(0)
    kind.select_option(value="live")
    status.select_option(value="completed")
    expect(rows).to_have_count(1)
    status.select_option(value="cancelled")
    expect(rows).to_have_count(0)


def test_the_review_leads_to_what_was_recorded(
    house: House, crowd: Crowd, film: Film, interview: Live
) -> None:
    page = crowd.enter()
    open_as(page, house, Role.REVIEWER, f"/sessions/{interview.session_id}/review")
    review = finished_review(page, house, interview.session_id, 1)
    [video] = review["videos"]
    assert video["status"] == "ready"
    shown = decode(fetch(page, house, video["file_url"]))
    events = sorted(
        (event for event in review["events"] if event["event_type"] in SCENES),
        key=lambda event: int(event["offset_ms"]),
    )
    check_places(page, house, events, shown, film)
    page.reload()  # with everything finished
    for event in events:
        expect(marker(page, event)).to_be_visible()
    check_seeking(page, events, shown, film)
    tour = Tour(house)
    tour.look(page, "/sessions/:sessionId/review", "[data-testid=incident-panel]")
    pictures(page, "state-incident")
    assert tour.found == []
    check_unreviewed(page.context.new_page(), house, interview)
    check_deciding(page, events)
    check_finding(page, house, interview)
    assert crowd.problems == []
