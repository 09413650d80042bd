"""The API to read, under the page policy and from this server alone."""

from urllib.parse import urlsplit

from playwright.async_api import Browser, expect

from server.app import openapi_document
from tests.e2e.house import Place
from tests.e2e.people import new_page, picture


async def test_a_stranger_reads_what_an_operation_takes(house: Place, browser: Browser) -> None:
    problems: list[str] = []
    hosts: set[str] = set()
    page = await new_page(await browser.new_context(viewport={"width": 1440, "height": 900}), problems)
    page.on("request", lambda request: hosts.add(urlsplit(request.url).netloc))
    page.on("console", lambda said: problems.append(said.text) if "Content Security" in said.text else None)
    await page.goto(f"{house.url}/api/docs")

    operations = [each for methods in openapi_document()["paths"].values() for each in methods.values()]
    await expect(page.locator("details")).to_have_count(len(operations))
    await page.get_by_label("Search operations").fill("post interviews duplicate")
    await expect(page.locator("details")).to_have_count(1)
    await page.get_by_label("Search operations").fill("create_invites")
    invites = page.locator("#create_invites")
    await invites.locator("summary").click()
    await expect(invites).to_contain_text("Idempotency-Key")
    await expect(invites).to_contain_text("expires_in_days")
    await expect(invites).to_contain_text("interview_closed")
    await expect(invites).to_contain_text("Authorization: Bearer $VIVA_TOKEN")
    await invites.get_by_text("Body", exact=True).scroll_into_view_if_needed()
    await picture(page, "api-docs")
    assert problems == []
    assert hosts == {urlsplit(house.url).netloc}
