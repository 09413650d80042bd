"""A recruiter fills the collection: writes, imports, orders a bank by keyboard, and draws from a template."""

from playwright.async_api import Browser, Page, expect

from tests.e2e.house import Place
from tests.e2e.people import by_id, new_page, picture
from tests.e2e.test_policy import found_an_organisation

FILE = "text,difficulty,tags\nWhy?,hard,web;sql\nHow?,easy,web\n,brutal,\n"


async def write_a_question(page: Page) -> None:
    """By the drawer, and anew."""
    await by_id(page, "question-create").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("Question").fill("What?")
    await drawer.get_by_role("combobox", name="Tags").fill("web,")
    await picture(page, "questions-drawer")
    await by_id(page, "question-save").click()
    row = by_id(page, "question-row").filter(has_text="What?")
    await expect(row).to_contain_text("web")
    await expect(row).not_to_contain_text("web,")
    await row.get_by_test_id("question-edit").click()
    await drawer.get_by_label("Question").fill("What then?")
    await by_id(page, "question-save").click()
    await expect(by_id(page, "question-row")).to_have_count(1)
    await expect(by_id(page, "question-row")).to_contain_text("What then?")


async def import_a_file(page: Page) -> None:
    """Two lines come in, the one with mistakes is shown and stays out."""
    await by_id(page, "question-import").click()
    await by_id(page, "import-text").fill(FILE)
    await by_id(page, "import-check").click()
    await expect(by_id(page, "import-line")).to_have_attribute("data-status", "wrong")
    await expect(by_id(page, "question-row")).to_have_count(1)
    await picture(page, "questions-import")
    await by_id(page, "import-go").click()
    await expect(by_id(page, "import-done")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(by_id(page, "question-row")).to_have_count(3)
    await picture(page, "questions")


async def drag(page: Page, start: int, end: int) -> None:
    """Drag a question of the bank by its handle onto another's place."""
    rows = by_id(page, "bank-question")
    dragged = await rows.nth(start).get_attribute("data-question-id")
    assert dragged
    await by_id(page, "bank-handle").nth(start).hover()
    await page.mouse.down()
    await by_id(page, "bank-handle").nth(end).hover()
    await page.mouse.up()
    await expect(rows.nth(end)).to_have_attribute("data-question-id", dragged)


async def order_a_bank(page: Page) -> None:
    """All three go into a bank; one is moved by keyboard and one is dragged, and so they stay."""
    await page.get_by_role("link", name="Banks").click()
    await by_id(page, "bank-create").click()
    await page.get_by_role("dialog").get_by_label("Name").fill("Engineers")
    await by_id(page, "name-save").click()
    await by_id(page, "bank-add").click()
    for box in await by_id(page, "bank-choose").all():
        await box.check()
    await by_id(page, "bank-add-go").click()
    rows = by_id(page, "bank-question")
    await expect(rows).to_have_count(3)
    last = await rows.nth(2).get_attribute("data-question-id")
    assert last
    await by_id(page, "bank-handle").nth(2).focus()
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("ArrowUp")
    await expect(by_id(page, "bank-handle").nth(0)).to_be_focused()
    await drag(page, 1, 2)
    await by_id(page, "bank-save").click()
    await expect(by_id(page, "bank-status")).to_have_text("Saved")
    await picture(page, "questions-bank")
    await page.reload()
    await expect(rows.nth(0)).to_have_attribute("data-question-id", last, timeout=15_000)


async def draw_from_a_template(page: Page) -> None:
    """Percentages are summed as they are typed; the draw says what stood in."""
    await page.get_by_role("link", name="Templates").click()
    await by_id(page, "template-create").click()
    drawer = page.get_by_role("dialog")
    await drawer.get_by_label("Name").fill("Engineer")
    await drawer.get_by_label("Number of questions").fill("2")
    await drawer.get_by_label("Easy %").fill("0")
    await expect(by_id(page, "template-sum")).to_have_text("Sum: 67 %, 33 too few")
    await expect(by_id(page, "template-save")).to_be_disabled()
    await drawer.get_by_label("Medium %").fill("0")
    await drawer.get_by_label("Hard %").fill("100")
    await expect(by_id(page, "template-spread")).to_have_text("0 easy · 0 medium · 2 hard")
    await picture(page, "questions-template")
    await by_id(page, "template-save").click()
    await picture(page, "questions-templates")
    await by_id(page, "template-preview").click()
    await expect(by_id(page, "drawn-question")).to_have_count(2)
    await expect(by_id(page, "draw-short")).to_contain_text("1 hard question is missing")
    await picture(page, "questions-draw")


async def test_a_collection_is_filled_and_drawn_from(house: Place, browser: Browser) -> None:
    problems: list[str] = []
    page = await new_page(await browser.new_context(viewport={"width": 1440, "height": 900}), problems)
    await found_an_organisation(page, house)
    await page.goto(f"{house.url}/sessions")
    await page.get_by_role("link", name="Questions").click()
    await picture(page, "questions-empty")
    await write_a_question(page)
    await import_a_file(page)
    await order_a_bank(page)
    await draw_from_a_template(page)
    assert problems == []
