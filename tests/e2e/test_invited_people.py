"""From "new interview" to "you are invited" and back: the list shows each person in their true state."""

from collections.abc import AsyncIterator
from email.message import EmailMessage
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser, Page, ViewportSize, expect

from server.storage.postgres import EmbeddedPostgres
from tests.e2e.house import House
from tests.e2e.people import by_id, consent, new_page, pass_check, picture, wait_for
from tests.e2e.test_one_way_interview import answer
from tests.e2e.test_policy import found_an_organisation
from tests.server.mail.post_office import PostOffice, letter_of
from tests.services import fresh_database

PHONE = ViewportSize(width=390, height=844)
WIDE = ViewportSize(width=1440, height=900)
COMES, WAITS, BOUNCES = "comes@people.example", "waits@people.example", "bounces@people.example"
COLOUR = "#663399"
FOUNDER = "founder@people.example"
PASTED = f"Casey Candidate <{COMES}>\n{WAITS}, {BOUNCES}; {COMES}\nnobody at all"


@pytest_asyncio.fixture(loop_scope="session")
async def rude_post_office() -> AsyncIterator[PostOffice]:
    """A mail server that knows one address is nobody's."""
    office = PostOffice()
    office.answers[BOUNCES] = ["550 5.1.1 No such user here"]
    await office.open()
    yield office
    await office.close()


@pytest_asyncio.fixture(loop_scope="session")
async def posting_house(
    postgres: EmbeddedPostgres, models_dir: Path, tmp_path: Path, rude_post_office: PostOffice
) -> AsyncIterator[House]:
    """A house whose mails leave through that server."""
    settings = {
        "VIVA_SMTP_HOST": "127.0.0.1",
        "VIVA_SMTP_PORT": str(rude_post_office.port),
        "VIVA_SMTP_TLS": "none",
        "VIVA_MAIL_FROM": "viva@mail.example",
    }
    async with fresh_database(postgres) as url:
        house = House(url, tmp_path, models_dir, settings=settings)
        await house.start()
        yield house
        await house.stop()


async def send(page: Page, house: House, path: str, body: object) -> None:
    """Fill the collection without its screens, which have a test of their own."""
    made = await page.request.post(f"{house.url}/api/v1{path}", data=body, headers={"Origin": house.url})
    assert made.ok, await made.text()


async def write_a_template(page: Page, house: House) -> None:
    for text, difficulty in (("Why us?", "easy"), ("How do you test?", "hard")):
        await send(page, house, "/questions", {"text": text, "difficulty": difficulty})
    template = {"name": "Engineer", "description": "Two questions.", "question_count": 2}
    spread = {"easy_percent": 50, "medium_percent": 0, "hard_percent": 50, "duration_minutes": 10}
    await send(page, house, "/templates", template | spread)


async def say_what(page: Page) -> None:
    """From the template, reordered by keyboard and by dragging, with a question from the keyboard."""
    await by_id(page, "template-choice").select_option(label="Engineer")
    rows = by_id(page, "form-question")
    await expect(rows).to_have_count(2)
    await expect(by_id(page, "interview-title")).to_have_value("Engineer")
    await expect(rows.nth(0).get_by_role("textbox")).to_have_value("Why us?")
    await by_id(page, "question-handle").nth(1).focus()
    await page.keyboard.press("ArrowUp")
    await expect(rows.nth(0).get_by_role("textbox")).to_have_value("How do you test?")
    await by_id(page, "question-handle").nth(1).hover()
    await page.mouse.down()
    box = await rows.nth(0).bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + 60, box["y"] + box["height"] / 2, steps=5)
    await page.mouse.up()
    await expect(rows.nth(0).get_by_role("textbox")).to_have_value("Why us?")
    await page.get_by_label("Time to think (seconds)").fill("60")
    await expect(by_id(page, "seen")).to_contain_text("2 questions, at most 6 minutes")
    await picture(page, "wizard-what")
    await by_id(page, "wizard-next").click()


async def say_whom(page: Page) -> None:
    """A pasted list in which a line is doubled and one is wrong."""
    await page.get_by_label("E-mail addresses").fill(PASTED)
    lines = by_id(page, "list-line")
    await expect(lines).to_have_count(5)
    verdicts = [await line.get_attribute("data-verdict") for line in await lines.all()]
    assert sorted(map(str, verdicts)) == ["duplicate", "fine", "fine", "fine", "wrong"]
    await picture(page, "wizard-whom")
    await by_id(page, "wizard-next").click()


async def states(page: Page) -> dict[str, str]:
    """The state that the list shows for each person."""
    rows = await by_id(page, "person-row").all()
    return {
        str(await row.get_attribute("data-email")): str(await row.get_attribute("data-state")) for row in rows
    }


async def stands(page: Page, expected: dict[str, str]) -> None:
    """Wait until the list, which nobody reloads, shows everybody in these states."""

    async def so() -> bool:
        return await states(page) == expected

    try:
        await wait_for(so, 30)
    except TimeoutError:
        raise AssertionError(await states(page)) from None


def link_in(mail: EmailMessage) -> str:
    """The link of an invitation's letter."""
    letter = letter_of(mail, "plain")
    [link] = [word for word in letter.split() if "/i/" in word]
    return link


async def take_part(page: Page, link: str) -> None:
    """From the mail's link to an account, with the code filled in, into the interview and to its end."""
    await page.goto(link)
    await expect(by_id(page, "invitation")).to_contain_text("Engineer")
    await expect(by_id(page, "take-part")).to_have_css("background-color", "rgb(102, 51, 153)")
    await expect(by_id(page, "take-part")).to_have_css("color", "rgb(255, 255, 255)")
    await picture(page, "invitation")
    await by_id(page, "take-part").click()
    await page.get_by_label("Full name").fill("Casey Candidate")
    await page.get_by_label("E-mail").fill(COMES)
    await page.get_by_label("Password", exact=True).fill("correct horse battery")
    await page.get_by_role("button", name="Create account").click()
    code = link.split("#")[1]
    for place, digit in enumerate(code):
        await expect(by_id(page, f"code-{place + 1}")).to_have_value(digit)
    await by_id(page, "add-interview-submit").click()
    await by_id(page, "interview-card").get_by_test_id("open-session").click()
    await page.wait_for_url("**/sessions/*/consent")
    await consent(page)
    await pass_check(page)
    await by_id(page, "room-enter").click()
    await page.wait_for_url("**/interview")


async def set_up_a_company(page: Page, house: House, office: PostOffice) -> None:
    """From the first screen to an account whose address is confirmed by the mail's link."""
    await page.goto(f"{house.url}/sign-up")
    await page.get_by_role("link", name="Set up your company").click()
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_text("Please enter the name of your company.")).to_be_visible()
    await page.get_by_label("Company").fill("Southwind")
    await page.get_by_label("Full name").fill("Ada Admin")
    await page.get_by_label("E-mail").fill(FOUNDER)
    await page.get_by_label("Password", exact=True).fill("correct horse battery")
    await picture(page, "sign-up-company")
    await page.get_by_role("button", name="Create account").click()
    await page.wait_for_url("**/interviews")
    await expect(by_id(page, "verify-banner")).to_contain_text(FOUNDER)
    token = await office.link_to(FOUNDER, "verify-email")
    await page.goto(f"{house.url}/verify-email#{token}")
    await by_id(page, "verify").click()
    await page.get_by_role("link", name="Go on").click()
    await expect(by_id(page, "user-menu")).to_be_visible()
    await expect(by_id(page, "verify-banner")).to_have_count(0)


async def choose_a_colour(page: Page, house: House) -> None:
    """One on which words cannot be read is not taken."""
    await page.goto(f"{house.url}/organisation")
    await by_id(page, "accent-color").fill("#7a7a7a")
    await expect(by_id(page, "accent-contrast")).to_contain_text("hard to read")
    await expect(by_id(page, "branding-save")).to_be_disabled()
    await by_id(page, "accent-color").fill(COLOUR)
    await by_id(page, "branding-save").click()
    await expect(page.get_by_text("Saved.")).to_be_visible()
    await picture(page, "company")


async def test_each_of_three_is_shown_in_their_true_state(
    posting_house: House, rude_post_office: PostOffice, film_browser: Browser, browser: Browser
) -> None:
    problems: list[str] = []
    page = await new_page(await browser.new_context(viewport=WIDE), problems)
    await set_up_a_company(page, posting_house, rude_post_office)
    await choose_a_colour(page, posting_house)
    await write_a_template(page, posting_house)
    await page.goto(f"{posting_house.url}/interviews")
    await picture(page, "interviews-empty")
    await by_id(page, "create-interview").click()
    await say_what(page)
    await say_whom(page)
    await expect(by_id(page, "review-people")).to_contain_text("3 people")
    await picture(page, "wizard-review")
    await by_id(page, "wizard-create").click()
    await expect(by_id(page, "invite-code")).to_have_count(3)
    await picture(page, "wizard-done")
    await by_id(page, "to-interview").click()
    await stands(page, {COMES: "invited", WAITS: "invited", BOUNCES: "undelivered"})
    bounced = page.locator(f"[data-testid=person-row][data-email='{BOUNCES}']")
    await expect(bounced).to_contain_text("No such user here")

    await rude_post_office.until(2)
    [mail] = [mail for mail in rude_post_office.received if COMES in str(mail["To"])]
    assert f"background:{COLOUR}" in letter_of(mail, "html")
    candidate = await new_page(await film_browser.new_context(viewport=PHONE), problems)
    await take_part(candidate, link_in(mail))
    await stands(page, {COMES: "joined", WAITS: "invited", BOUNCES: "undelivered"})
    await answer(candidate, 2)
    await by_id(candidate, "next-question").click()
    await stands(page, {COMES: "in_progress", WAITS: "invited", BOUNCES: "undelivered"})
    await by_id(candidate, "start-answer").click()
    await expect(by_id(page, "asking")).to_have_text("Answering question 2", timeout=20_000)
    await picture(page, "interview-live")
    await by_id(candidate, "finish-answer").click()
    await expect(by_id(candidate, "answer-saved")).to_be_visible(timeout=30_000)
    await by_id(candidate, "next-question").click()
    await by_id(candidate, "finish-interview").click()
    await candidate.wait_for_url("**/done")
    await expect(by_id(page, "asking")).to_have_count(0, timeout=20_000)
    await stands(page, {COMES: "done", WAITS: "invited", BOUNCES: "undelivered"})
    await picture(page, "interview-done")
    await page.goto(f"{posting_house.url}/interviews")
    await expect(by_id(page, "funnel")).to_be_visible()
    counts = {
        str(await stage.get_attribute("data-stage")): str(await stage.get_attribute("data-count"))
        for stage in await by_id(page, "funnel").locator("[data-stage]").all()
    }
    came = dict.fromkeys(("opened", "joined", "started", "done"), "1")
    assert counts == {"invited": "3", "reviewed": "0"} | came
    await picture(page, "interviews")
    assert problems == []


async def test_who_saves_second_is_told_and_loses_nothing_unseen(
    posting_house: House, browser: Browser
) -> None:
    problems: list[str] = []
    context = await browser.new_context(viewport=WIDE)
    page = await new_page(context, problems)
    await found_an_organisation(page, posting_house)
    new = {"title": "First", "kind": "one_way", "questions": [{"text": "Why?"}]}
    await send(page, posting_house, "/interviews", new)
    await page.goto(f"{posting_house.url}/interviews")
    await page.get_by_role("link", name="First", exact=True).click()
    await by_id(page, "edit-interview").click()
    await expect(by_id(page, "interview-title")).to_have_value("First")
    other = await new_page(context, problems)
    await other.goto(page.url)
    await by_id(other, "interview-title").fill("Theirs")
    await by_id(other, "interview-save").click()
    await expect(other.get_by_role("heading", name="Theirs", level=1)).to_be_visible()
    await by_id(page, "interview-title").fill("Mine")
    await by_id(page, "interview-save").click()
    await picture(page, "interview-stale")
    await by_id(page, "stale-reload").click()
    await expect(by_id(page, "interview-title")).to_have_value("Theirs")
    await by_id(page, "interview-title").fill("Both")
    await by_id(page, "interview-save").click()
    await by_id(page, "duplicate").click()
    await expect(page.get_by_role("heading", name="Copy of Both", level=1)).to_be_visible()
    status = by_id(page, "interview-status")
    await expect(status).to_have_attribute("data-status", "inactive")
    await by_id(page, "activate").click()
    await expect(status).to_have_attribute("data-status", "active")
    await by_id(page, "close-interview").click()
    await by_id(page, "close-confirm").click()
    await expect(status).to_have_attribute("data-status", "completed")
    await expect(by_id(page, "edit-interview")).to_have_count(0)
    await picture(page, "interview-closed")
    await page.set_viewport_size(PHONE)
    await page.goto(f"{posting_house.url}/mails")  # what administrators look after does not fit on a phone
    await page.get_by_role("button", name="More").click()
    await expect(page.get_by_role("link", name="Mails")).to_be_in_viewport(ratio=1)
    assert problems == []
