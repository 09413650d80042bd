"""What is refused says so on the screen, with a way on where there is one."""

from playwright.sync_api import Page, expect

from tests.house.browser import Crowd
from tests.house.look import pictures
from tests.house.people import by_id, consent, enter_code, open_session
from tests.house.server import House
from tests.house.visit import PATIENT, invite, let_in, send


def refused(page: Page, code: str) -> None:
    """Wait until the page says why not."""
    expect(page.locator(f"[data-error={code}]").first).to_be_visible()


def wrong(code: str) -> str:
    """A code that nobody was given: each digit of the right one is another."""
    return "".join(str((int(digit) + 1) % 10) for digit in code)


def test_refusals_say_why_and_what_to_do(house: House, crowd: Crowd) -> None:
    visit = invite(house, crowd.browser, PATIENT)
    page = crowd.enter(camera=False)
    let_in(page.context, house, visit.email)
    page.goto(f"{house.url}/candidates/dashboard")
    by_id(page, "add-interview").click()
    enter_code(page, wrong(visit.codes[PATIENT.title]))
    refused(page, "invite_unknown_code")
    pictures(page, "state-code-wrong")
    enter_code(page, visit.codes[PATIENT.title])
    session_id = open_session(page)

    consent(page)
    refused(page, "camera_refused")
    pictures(page, "state-camera-refused")
    expect(by_id(page, "room-enter")).to_be_disabled()
    crowd.relent(page)
    expect(by_id(page, "check-server")).to_have_attribute("data-state", "ok")

    second = page.context.new_page()
    second.goto(f"{house.url}/sessions/{session_id}/check")
    refused(second, "already_connected")
    pictures(second, "state-second-tab")
    by_id(second, "take-over").click()
    refused(page, "superseded")
    expect(by_id(second, "check-camera")).to_have_attribute("data-state", "ok")

    send(second.context, house, f"/sessions/{session_id}/end")
    expect(by_id(second, "done")).to_be_visible()
    page.goto(f"{house.url}/sessions/{session_id}/check")  # there is no way back in
    expect(by_id(page, "done")).to_be_visible()
    assert crowd.problems == []
