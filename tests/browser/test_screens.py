"""Every screen of every role: no script error, no complaint of the page policy, fits its window, readable."""

from dataclasses import dataclass
from uuid import uuid4

from playwright.sync_api import Page, expect

from server.accounts.models import Role
from server.demo import DOMAIN
from tests.house.browser import Crowd
from tests.house.camera import FPS, Film
from tests.house.look import Tour, routes
from tests.house.people import (
    answer,
    by_id,
    consent,
    pass_check,
    redeem,
    wait_for,
)
from tests.house.review import finished_review
from tests.house.server import House
from tests.house.visit import PATIENT, Visit, ask, invite, let_in, mailed_links, send, staff

QUICK = PATIENT.model_copy(update={"questions": PATIENT.questions[:1]})
LEADS_ON = {"/", "/signup", "/sessions/:sessionId"}
"""Addresses that lead to another at once."""
ELSEWHERE = {"/sessions/:sessionId/room"}
"""Looked at where there is somebody in it."""
SESSION = "/sessions/:sessionId"


@dataclass(frozen=True, slots=True)
class Way:
    """A tour and who is on it."""

    tour: Tour
    house: House
    crowd: Crowd
    film: Film

    def staff(self, role: Role) -> Page:
        """Somebody of the demo, signed in."""
        page = self.crowd.enter()
        let_in(page.context, self.house, staff(role))
        return page


def strangers(way: Way, visit: Visit, colleague: str) -> None:
    """What nobody needs to sign in for."""
    page, tour = way.crowd.enter(), way.tour
    for route in ("/sign-in", "/sign-up", "/sign-up/company", "/forgot-password", "/api/docs"):
        tour.at(page, route)
    for route in ("/reset-password", "/verify-email"):
        tour.at(page, route, address=f"{way.house.url}{route}#nothing")
    join = wait_for(page, lambda: mailed_links(way.house, colleague, "join"), "the colleague's mail")
    tour.at(page, "/join", address=join[0])
    link = wait_for(page, lambda: mailed_links(way.house, visit.email, "i"), "the invitation's mail")
    tour.at(page, "/i/:token", address=link[0])
    tour.at(page, "*", address=f"{way.house.url}/nowhere")


def candidate(way: Way, visit: Visit) -> str:
    """All that a candidate sees of a one-way interview; the session's id."""
    page, tour = way.crowd.enter(), way.tour
    session_id = redeem(page, visit, QUICK.title)
    tour.look(page, f"{SESSION}/consent", "[data-testid=consent-button]")
    consent(page)
    expect(by_id(page, "check-server")).to_have_attribute("data-state", "ok")
    tour.look(page, f"{SESSION}/check")
    pass_check(page)
    tour.look(page, f"{SESSION}/interview", "[data-testid=question-text]")
    for _ in QUICK.questions:
        answer(page, way.film, FPS)
        by_id(page, "next-question").click()
    by_id(page, "finish-interview").click()
    tour.look(page, f"{SESSION}/done")
    for route in ("/candidates/dashboard", "/my-data", "/account"):
        tour.at(page, route)
    page.context.close()
    return session_id


def recruiter(way: Way) -> None:
    """Sessions, interviews and questions."""
    page, tour = way.staff(Role.RECRUITER), way.tour
    tour.at(page, "/sessions", "[data-testid=session-row]")
    tour.at(page, "/interviews", "[data-testid=interview-row]")
    interview = ask(page.context, way.house, "/interviews")["items"][0]["id"]
    for route in ("", "/edit", "/policy"):
        tour.at(page, f"/interviews/:interviewId{route}", interviewId=interview)
    for route in ("/interviews/new", "/policy", "/questions", "/questions/banks", "/questions/templates"):
        tour.at(page, route)
    bank = ask(page.context, way.house, "/banks")["items"][0]["id"]
    tour.at(page, "/questions/banks/:bankId", bankId=bank)
    page.context.close()


def admin(way: Way) -> None:
    """The organisation's own affairs."""
    page = way.staff(Role.ADMIN)
    for route in ("/people", "/mails", "/data-rules", "/videos", "/audit", "/organisation", "/accuracy"):
        way.tour.at(page, route)
    page.context.close()


def reviewer(way: Way, session_id: str) -> None:
    """The desk of a finished session."""
    page = way.staff(Role.REVIEWER)
    finished_review(page, way.house, session_id, len(QUICK.questions))
    way.tour.at(page, f"{SESSION}/review", "[data-testid=player]", sessionId=session_id)


def test_every_screen_opens_fits_and_can_be_read(house: House, crowd: Crowd, film: Film) -> None:
    way = Way(Tour(house), house, crowd, film)
    colleague = f"colleague-{uuid4().hex}@{DOMAIN}"
    boss = crowd.context()
    let_in(boss, house, staff(Role.ADMIN))
    send(boss, house, "/members/invites", {"email": colleague, "role": Role.REVIEWER})
    visit = invite(house, crowd.browser, QUICK)

    strangers(way, visit, colleague)
    session_id = candidate(way, visit)
    recruiter(way)
    admin(way)
    reviewer(way, session_id)
    assert way.tour.seen == routes() - LEADS_ON - ELSEWHERE
    assert crowd.problems == []
    assert way.tour.found == [], "\n".join(way.tour.found)
