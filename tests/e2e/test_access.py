"""An administrator's account, people and audit log; mailed links, read from the folder they land in."""

from pathlib import Path
from uuid import uuid4

from playwright.async_api import Browser, expect

from server.demo import DOMAIN
from tests.e2e.house import House, Place
from tests.e2e.mailbox import mailed_link
from tests.e2e.people import by_id, new_page, picture
from tests.services import free_port


async def test_an_administrator_confirms_invites_and_chooses_a_new_password(
    house: Place, shared_house: House, browser: Browser
) -> None:
    email, colleague = (f"{name}-{uuid4().hex}@{DOMAIN}" for name in ("admin", "colleague"))
    problems: list[str] = []
    page = await new_page(await browser.new_context(viewport={"width": 1440, "height": 900}), problems)
    someone = {"email": email, "password": house.password, "full_name": "Ada Admin"}
    signed_up = await page.request.post(
        f"{house.url}/api/v1/auth/sign-up",
        data=someone | {"organisation_name": "Westwind"},
        headers={"Origin": house.url},
    )
    assert signed_up.ok, await signed_up.text()

    await page.goto(f"{house.url}/account")
    await expect(by_id(page, "verify-banner")).to_contain_text(email)
    await page.get_by_label("Name").fill("Nightly export")
    await page.get_by_role("button", name="Make a token").click()
    await expect(by_id(page, "api-token")).to_contain_text("viva_")
    await picture(page, "account")

    await page.goto(await mailed_link(shared_house, email, "verify-email"))
    await picture(page, "verify-email")
    await by_id(page, "verify").click()
    await expect(by_id(page, "verified")).to_be_visible()

    await page.goto(f"{house.url}/people")
    await expect(by_id(page, "verify-banner")).to_have_count(0)
    await page.get_by_role("button", name="Invite a colleague").click()
    await page.get_by_role("dialog").get_by_label("E-mail").fill(colleague)
    await page.get_by_role("button", name="Mail the invitation").click()
    await expect(by_id(page, "colleague-invite")).to_contain_text(colleague)
    await picture(page, "people")

    other = await new_page(await browser.new_context(), problems)
    await other.goto(await mailed_link(shared_house, colleague, "join"))
    await other.get_by_label("Full name").fill("Cora Colleague")
    await other.get_by_label("Password", exact=True).fill(house.password)
    await picture(other, "join")
    await other.get_by_role("button", name="Join").click()
    await other.wait_for_url("**/sessions")

    await page.goto(f"{house.url}/audit")
    await expect(by_id(page, "audit-entry").first).to_contain_text("colleague.joined")
    await page.get_by_label("Action begins with").fill("api_token")
    await expect(by_id(page, "audit-entry")).to_have_count(1)
    await picture(page, "audit")

    await other.goto(f"{house.url}/forgot-password")
    await other.get_by_label("E-mail").fill(email)
    await other.get_by_role("button", name="Mail me the link").click()
    await expect(by_id(other, "reset-mailed")).to_be_visible()
    await other.goto(await mailed_link(shared_house, email, "reset-password"))
    await other.get_by_label("New password").fill(f"{house.password} and more")
    await picture(other, "reset-password")
    await other.get_by_role("button", name="Save the password").click()
    await expect(by_id(other, "reset-done")).to_be_visible()
    await page.goto(f"{house.url}/account")
    await page.wait_for_url("**/sign-in?**")
    await picture(page, "sign-in")
    assert problems == []


async def test_a_provider_that_is_away_is_told_on_the_sign_in_screen(
    database_url: str, models_dir: Path, tmp_path: Path, browser: Browser
) -> None:
    settings = {
        "VIVA_OIDC_ISSUER": f"http://127.0.0.1:{free_port()}",  # where nobody answers
        "VIVA_OIDC_CLIENT_ID": "viva",
        "VIVA_OIDC_CLIENT_SECRET": "secret",
        "VIVA_OIDC_NAME": "Northwind",
    }
    house = House(database_url, tmp_path, models_dir, settings=settings)
    await house.start()
    try:
        page = await new_page(await browser.new_context())
        await page.goto(f"{house.url}/sign-in")
        await page.get_by_role("link", name="Northwind").click()
        await page.wait_for_url("**/sign-in?problem=oidc_unavailable")
        await expect(page.get_by_role("alert")).to_contain_text("does not answer")
        await picture(page, "sign-in-provider-away")
    finally:
        await house.stop()
