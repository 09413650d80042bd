"""Whole tasks without a mouse: taking an interview's code as far as the consent, and making an interview."""

from playwright.async_api import Browser, Locator, Page, expect

from server.demo import ONE_WAY
from tests.e2e.house import Place
from tests.e2e.people import by_id, new_page
from tests.e2e.test_policy import found_an_organisation

MOST_STOPS = 80
IS_FOCUSED = "(element) => element === document.activeElement"


async def tab_to(page: Page, wanted: Locator) -> None:
    """Press Tab until it has the focus."""
    await expect(wanted).to_be_visible()
    for _ in range(MOST_STOPS):
        if await wanted.evaluate(IS_FOCUSED):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {wanted}")


async def write(page: Page, wanted: Locator, words: str) -> None:
    """Go to a field and type."""
    await tab_to(page, wanted)
    await page.keyboard.type(words)


async def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    """Go to a button and press it."""
    await tab_to(page, wanted)
    await page.keyboard.press(key)


async def test_a_candidate_gets_from_the_code_to_the_consent(house: Place, browser: Browser) -> None:
    problems: list[str] = []
    page = await new_page(await browser.new_context(), problems)
    await page.goto(f"{house.url}/sign-in")
    await write(page, page.get_by_label("E-mail"), house.candidate)
    await write(page, page.get_by_label("Password", exact=True), house.password)
    await page.keyboard.press("Enter")
    await press(page, by_id(page, "add-interview"))
    await expect(by_id(page, "code-1")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(by_id(page, "add-interview")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.type(house.code(ONE_WAY.title))
    await page.keyboard.press("Enter")
    card = by_id(page, "interview-card").filter(has_text=ONE_WAY.title)
    await press(page, card.get_by_test_id("open-session"))
    await page.wait_for_url("**/consent")
    await write(page, by_id(page, "consent-name"), "Casey Candidate")
    await press(page, by_id(page, "consent-checkbox"), "Space")
    await press(page, by_id(page, "consent-button"))
    await page.wait_for_url("**/check")
    assert problems == []


async def test_a_recruiter_makes_an_interview_and_orders_its_questions(
    house: Place, browser: Browser
) -> None:
    problems: list[str] = []
    page = await new_page(await browser.new_context(), problems)
    await found_an_organisation(page, house)
    await page.goto(f"{house.url}/interviews")
    await press(page, by_id(page, "create-interview"))
    await write(page, by_id(page, "interview-title"), "By keyboard")
    await write(page, page.get_by_label("Question 1", exact=True), "First?")
    await press(page, page.get_by_role("button", name="Write a question"))
    await write(page, page.get_by_label("Question 2", exact=True), "Second?")
    await page.keyboard.press("Shift+Tab")
    handle = by_id(page, "question-handle").nth(1)
    await expect(handle).to_be_focused()
    await page.keyboard.press("ArrowUp")
    await expect(by_id(page, "question-handle").nth(0)).to_be_focused()
    await expect(page.get_by_label("Question 1", exact=True)).to_have_value("Second?")
    await press(page, by_id(page, "wizard-next"))
    await write(page, page.get_by_label("E-mail addresses"), "someone@people.example")
    await expect(by_id(page, "list-line")).to_have_attribute("data-verdict", "fine")
    await press(page, by_id(page, "wizard-next"))
    await expect(by_id(page, "review-people")).to_contain_text("1 person")
    await press(page, by_id(page, "wizard-create"))
    await press(page, by_id(page, "to-interview"))
    await expect(page.get_by_role("heading", name="By keyboard", level=1)).to_be_visible()
    assert problems == []
