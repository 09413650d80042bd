"""Somebody new who is invited to interviews of their own: tests share a house and never meet in it."""

import re
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any
from uuid import uuid4

from playwright.sync_api import APIRequestContext, Browser, BrowserContext, Page

from server.accounts.models import Role
from server.demo import DOMAIN, LIVE
from server.interviews.models import InterviewKind
from server.interviews.schemas import CreateInterview, CreateQuestion
from server.mail.carriers import FOLDER
from tests.house.server import House

ONE_WAY = CreateInterview(
    title="Two questions",
    description="Answer each in your own words.",
    kind=InterviewKind.ONE_WAY,
    think_seconds=3,
    answer_seconds=90,
    questions=[CreateQuestion(text="What are you proud of?"), CreateQuestion(text="What do you need?")],
)
PATIENT = ONE_WAY.model_copy(update={"title": "No hurry", "think_seconds": 600})
"""For tests that stop and look: nothing begins by itself."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A candidate, and the codes of the interviews they are invited to."""

    house: House
    email: str = field(default_factory=lambda: f"candidate-{uuid4().hex}@{DOMAIN}")
    codes: dict[str, str] = field(default_factory=dict)  # title -> code


def staff(role: Role) -> str:
    """The demo's person of this role."""
    return f"{role}@{DOMAIN}"


def invite(house: House, browser: Browser, *interviews: CreateInterview, account: bool = True) -> Visit:
    """Invite somebody new to new interviews; with `account` they have one already."""
    visit = Visit(house)
    if account:
        with closing(browser.new_context()) as context:
            who = {"email": visit.email, "password": house.password, "full_name": "Casey Candidate"}
            send(context, house, "/auth/sign-up", who)
    with closing(browser.new_context()) as context:
        let_in(context, house, staff(Role.RECRUITER))
        for interview in interviews:
            visit.codes[interview.title] = _invite(context, house, interview, visit.email)
    return visit


def _invite(context: BrowserContext, house: House, interview: CreateInterview, email: str) -> str:
    new = interview.model_dump(mode="json") | {"interviewer_ids": _panel(context, house, interview)}
    made = send(context, house, "/interviews", new)
    invited = send(context, house, f"/interviews/{made['id']}/invites", {"emails": [email]})
    return str(invited["items"][0]["code"])


def _panel(context: BrowserContext, house: House, interview: CreateInterview) -> list[str]:
    if interview.kind is not LIVE.kind:
        return []
    people: Iterable[dict[str, str]] = ask(context, house, "/people")["items"]
    return [person["id"] for person in people if person["role"] in (Role.INTERVIEWER, Role.RECRUITER)]


def let_in(context: BrowserContext, house: House, email: str) -> None:
    """Sign a browser profile in without the screen for it, which has a test of its own."""
    send(context, house, "/auth/sign-in", {"email": email, "password": house.password})


def send(context: BrowserContext, house: House, path: str, body: Any = None) -> Any:
    """Send something to the API as whoever is signed in; what it answers."""
    headers = {"Origin": house.url}
    response = context.request.post(f"{house.url}/api/v1{path}", data=body, headers=headers)
    assert response.ok, response.text()
    return response.json()


def ask(who: BrowserContext | APIRequestContext, house: House, path: str) -> Any:
    """What the API answers."""
    request = who.request if isinstance(who, BrowserContext) else who
    response = request.get(f"{house.url}/api/v1{path}")
    assert response.ok, response.text()
    return response.json()


def fetch(page: Page, house: House, url: str) -> bytes:
    """A file, such as a recording or a snapshot."""
    response = page.request.get(f"{house.url}{url}")
    assert response.ok, response.text()
    return response.body()


def mailed_links(house: House, email: str, where: str) -> list[str]:
    """The links to a page that were mailed to somebody, as they lie in the folder without a mail server."""
    found = []
    for file in Path(house.data_dir / FOLDER).glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=default)
        body = mail.get_body(("plain",))
        if body is not None and mail["To"] == email:
            found += re.findall(rf"https?://\S+/{where}[#/]\S+", str(body.get_content()))
    return found
