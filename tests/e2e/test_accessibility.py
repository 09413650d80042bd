"""Every screen, for every eye and by keyboard: axe-core finds nothing serious, and Tab leads everywhere."""

import re
from typing import Any
from uuid import uuid4

import pytest
from playwright.async_api import Browser, Page, expect

from server.demo import DOMAIN, LIVE
from tests.e2e.house import House, Place, Visit
from tests.e2e.looking import Walk, routes
from tests.e2e.mailbox import mailed_link
from tests.e2e.people import api, by_id, consent, enter_code, pass_check, sign_in

LEADS_ON = {"/", "/signup", "/sessions/:sessionId"}
"""Addresses that lead to another at once."""
ASKED = {
    "title": "One question",
    "description": "To see every screen.",
    "kind": "one_way",
    "think_seconds": 600,
    "answer_seconds": 60,
    "takes": 2,
    "practice_question": True,
    "questions": [{"text": "What did you see?"}],
}
SESSION = "/sessions/:sessionId"


async def send(page: Page, house: Place, path: str, body: object) -> Any:
    """Something that has screens of its own, sent to the API."""
    made = await page.request.post(f"{house.url}/api/v1{path}", data=body, headers={"Origin": house.url})
    assert made.ok, await made.text()
    return await made.json()


async def staff(walk: Walk, browser: Browser, house: Place, role: str) -> Page:
    """Somebody of the demo, signed in."""
    page = await walk.enter(browser)
    await sign_in(page, house, f"{role}@{DOMAIN}")
    return page


async def at(walk: Walk, page: Page, house: Place, route: str, waits: str = "h1", **ids: str) -> None:
    """Open an address, wait until it is there, and look."""
    address = re.sub(r":(\w+)", lambda name: ids[name[1]], route)
    await page.goto(f"{house.url}{address}")
    await there(page, waits)
    await walk.look(page, route)


async def there(page: Page, waits: str = "h1") -> None:
    """Wait until a page shows what it is about, and says of nothing that it is loading."""
    await expect(page.locator(waits).first).to_be_visible(timeout=15_000)
    await expect(page.locator(".mantine-Loader-root")).to_have_count(0)


async def outside(walk: Walk, browser: Browser, house: Visit, shared: House, colleague: str) -> None:
    """What nobody needs to sign in for."""
    page = await walk.enter(browser)
    for route in ("/sign-in", "/sign-up", "/sign-up/company", "/forgot-password"):
        await at(walk, page, house, route)
    await page.get_by_label("E-mail").fill(colleague)
    await page.get_by_role("button", name="Mail me the link").click()
    await expect(by_id(page, "reset-mailed")).to_be_visible()
    await page.goto(f"{house.url}/sign-in?problem=oidc_refused")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await walk.look(page, "/sign-in", "refused")
    for route in ("/reset-password", "/verify-email"):
        await page.goto(f"{house.url}{route}#nothing")
        await there(page)
        await walk.look(page, route)
    await page.goto(await mailed_link(shared, colleague, "join"))
    await expect(page.get_by_label("Full name")).to_be_visible()
    await walk.look(page, "/join")
    await page.goto(await mailed_link(shared, house.candidate, "i"))
    await there(page)
    await walk.look(page, "/i/:token")
    await page.goto(f"{house.url}/i/nothing")
    await expect(page.get_by_role("alert")).to_be_visible()
    await walk.look(page, "/i/:token", "unknown")
    await page.goto(f"{house.url}/nowhere")
    await there(page, "h1")
    await walk.look(page, "*")


async def candidate(walk: Walk, browser: Browser, house: Visit, code: str) -> str:
    """Everything a candidate sees on the way through a one-way interview; the session's id."""
    page = await walk.enter(browser, phone=True)
    await sign_in(page, house, house.candidate)
    dashboard = "/candidates/dashboard"
    await at(walk, page, house, dashboard)
    for one in (house.code(LIVE.title), code):
        await walk.open(page, by_id(page, "add-interview"))
        await enter_code(page, one)
        await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(by_id(page, "interview-card")).to_have_count(2)
    await walk.look(page, dashboard, "two")
    await walk.dialog(page, by_id(page, "add-interview"), dashboard, "code")
    await walk.dialog(page, by_id(page, "withdraw").first, dashboard, "withdraw")
    await by_id(page, "user-menu").press("Enter")
    await expect(by_id(page, "my-data")).to_be_visible()
    await walk.look(page, dashboard, "menu")
    await at(walk, page, house, "/my-data")
    await walk.dialog(page, by_id(page, "erase-data"), "/my-data", "erase")
    await at(walk, page, house, "/account")
    await page.goto(f"{house.url}{dashboard}")
    await by_id(page, "interview-card").filter(has_text="One question").get_by_test_id("open-session").click()
    await page.wait_for_url("**/consent")
    session_id = page.url.split("/sessions/")[1].split("/")[0]
    await there(page, "[data-testid=consent-button]")
    await walk.look(page, f"{SESSION}/consent")
    await consent(page)
    await pass_check(page)
    await walk.look(page, f"{SESSION}/check")
    await by_id(page, "room-enter").click()
    await page.wait_for_url("**/interview")
    await answers(walk, page)
    await page.wait_for_url("**/done")
    await there(page, "[data-testid=done]")
    await walk.look(page, f"{SESSION}/done")
    await page.context.close()
    return session_id


async def invited(walk: Walk, browser: Browser, house: Place) -> None:
    """Somebody whose address is confirmed sees what it is invited to."""
    page = await staff(walk, browser, house, "candidate")
    await expect(by_id(page, "open-invitation").first).to_be_visible()
    await walk.look(page, "/candidates/dashboard", "invited")
    await page.context.close()


async def answers(walk: Walk, page: Page) -> None:
    """Practises, answers and finishes."""
    route = f"{SESSION}/interview"
    await expect(by_id(page, "practice-start")).to_be_enabled()
    await walk.look(page, route, "practice")
    await by_id(page, "practice-start").click()
    await expect(by_id(page, "practice")).to_have_attribute("data-state", "recording")
    await by_id(page, "practice-stop").click()
    await expect(by_id(page, "practice-video")).to_be_visible()
    await walk.look(page, route, "practised")
    await by_id(page, "practice-done").click()
    await expect(by_id(page, "start-answer")).to_be_enabled()
    await walk.look(page, route, "thinking")
    await by_id(page, "start-answer").click()
    await expect(by_id(page, "recording-indicator")).to_be_visible(timeout=15_000)
    await walk.look(page, route, "recording")
    await by_id(page, "finish-answer").click()
    await expect(by_id(page, "answer-saved")).to_be_visible(timeout=30_000)
    await walk.look(page, route, "saved")
    await by_id(page, "next-question").click()
    await expect(by_id(page, "finish-interview")).to_be_visible()
    await walk.look(page, route, "last")
    await by_id(page, "finish-interview").click()


async def room(walk: Walk, browser: Browser, house: Visit) -> None:
    """A live interview from both sides."""
    guest = await walk.enter(browser, phone=True)
    await sign_in(guest, house, house.candidate)
    live = by_id(guest, "interview-card").filter(has_text=LIVE.title)
    await live.get_by_test_id("open-session").click()
    await guest.wait_for_url("**/consent")
    session_id = guest.url.split("/sessions/")[1].split("/")[0]
    await consent(guest)
    await pass_check(guest)
    await by_id(guest, "room-enter").click()
    await expect(by_id(guest, "lobby")).to_be_visible()
    await walk.look(guest, f"{SESSION}/room", "lobby")
    host = await staff(walk, browser, house, "interviewer")
    await at(walk, host, house, "/sessions")
    await host.goto(f"{house.url}/sessions/{session_id}/check")
    await pass_check(host)
    await walk.look(host, f"{SESSION}/check", "interviewer")
    await by_id(host, "room-enter").click()
    await expect(by_id(host, "knock-video")).to_be_visible(timeout=15_000)
    await walk.look(host, f"{SESSION}/room", "knock")
    await by_id(host, "admit").click()
    await expect(by_id(guest, "recording-indicator")).to_be_visible(timeout=15_000)
    await walk.look(guest, f"{SESSION}/room", "candidate")
    await walk.look(host, f"{SESSION}/room", "interviewer")
    await by_id(host, "toggle-chat").click()
    await by_id(host, "chat-input").fill("Good morning")
    await by_id(host, "chat-input").press("Enter")
    await expect(by_id(host, "chat-message")).to_have_count(1)
    await walk.look(host, f"{SESSION}/room", "chat")
    await walk.dialog(host, by_id(host, "end-session"), f"{SESSION}/room", "end")
    await guest.context.close()
    await host.context.close()


async def recruiter(walk: Walk, page: Page, house: Place, interview_id: str) -> None:
    """Interviews and questions."""
    await at(walk, page, house, "/interviews", waits="[data-testid=interview-row]")
    await at(walk, page, house, "/interviews/:interviewId", interviewId=interview_id)
    await walk.dialog(page, by_id(page, "invite"), "/interviews/:interviewId", "invite")
    await at(walk, page, house, "/interviews/:interviewId/edit", interviewId=interview_id)
    await at(walk, page, house, "/interviews/:interviewId/policy", interviewId=interview_id)
    await at(walk, page, house, "/policy")
    await at(walk, page, house, "/interviews/new")
    await by_id(page, "wizard-next").click()
    await expect(page.locator("[aria-invalid=true]").first).to_be_visible()
    await walk.look(page, "/interviews/new", "wrong")
    await by_id(page, "interview-title").fill("Never made")
    await page.get_by_label("Question 1", exact=True).fill("Why?")
    await by_id(page, "wizard-next").click()
    await page.get_by_label("E-mail addresses").fill("a@people.example, a@people.example, nobody")
    await expect(by_id(page, "list-line")).to_have_count(3)
    await walk.look(page, "/interviews/new", "whom")
    await by_id(page, "wizard-next").click()
    await expect(by_id(page, "review-people")).to_be_visible()
    await walk.look(page, "/interviews/new", "review")
    bank = (await api(page, "/banks"))["items"][0]["id"]
    await at(walk, page, house, "/questions", waits="[data-testid=question-row]")
    for opener in ("question-create", "question-import", "question-tags"):
        await walk.dialog(page, by_id(page, opener), "/questions", opener)
    await at(walk, page, house, "/questions/banks", waits="[data-testid=bank-row]")
    await walk.dialog(page, by_id(page, "bank-create"), "/questions/banks", "new")
    await at(walk, page, house, "/questions/banks/:bankId", bankId=bank)
    await walk.dialog(page, by_id(page, "bank-add"), "/questions/banks/:bankId", "add")
    await at(walk, page, house, "/questions/templates", waits="[data-testid=template-row]")
    for opener in ("template-create", "template-preview"):
        await walk.dialog(page, by_id(page, opener).first, "/questions/templates", opener)


async def admin(walk: Walk, page: Page, house: Place) -> None:
    """What the organisation's own affairs need."""
    await at(walk, page, house, "/people")
    opener = page.get_by_role("button", name="Invite a colleague")
    await walk.dialog(page, opener, "/people", "invite")
    await at(walk, page, house, "/mails", waits="[data-testid=mail-row]")
    await walk.dialog(page, by_id(page, "open-mail").first, "/mails", "letter")
    await by_id(page, "open-mail").first.click()
    await expect(page.frame_locator("[data-testid=letter]").locator("h1")).to_be_visible()
    await page.keyboard.press("Escape")
    for route in ("/data-rules", "/videos", "/audit", "/organisation", "/accuracy"):
        await at(walk, page, house, route)
    await at(walk, page, house, "/api/docs", waits="details")
    await page.locator("#create_interview > summary").click()
    await walk.look(page, "/api/docs", "operation")


@pytest.mark.timeout(300)
async def test_every_screen_can_be_used_by_everybody(
    house: Visit, shared_house: House, browser: Browser
) -> None:
    walk = Walk()
    colleague = f"colleague-{uuid4().hex}@{DOMAIN}"
    boss = await staff(walk, browser, house, "admin")
    await send(boss, house, "/members/invites", {"email": colleague, "role": "reviewer"})
    interview = await send(boss, house, "/interviews", ASKED)
    path = f"/interviews/{interview['id']}/invites"
    emails = [house.candidate, f"waits-{uuid4().hex}@{DOMAIN}"]
    code = (await send(boss, house, path, {"emails": emails}))["items"][0]["code"]

    await outside(walk, browser, house, shared_house, colleague)
    session_id = await candidate(walk, browser, house, code)
    await invited(walk, browser, house)
    await room(walk, browser, house)
    await recruiter(walk, await staff(walk, browser, house, "recruiter"), house, interview["id"])
    await admin(walk, boss, house)
    reviewer = await staff(walk, browser, house, "reviewer")
    await at(walk, reviewer, house, f"{SESSION}/review", waits="[data-testid=player]", sessionId=session_id)
    assert walk.seen == routes() - LEADS_ON
    assert walk.errors == []
    assert walk.found == [], "\n".join(walk.found)
