"""Staff choose how strictly sessions are watched; what they chose is what the next candidate agrees to."""

from uuid import uuid4

from playwright.async_api import Browser, Page, expect

from proctoring.rules.policy import Preset
from proctoring.rules.presets import preset
from server.demo import DOMAIN
from tests.e2e.house import Place
from tests.e2e.people import by_id, new_page, picture, redeem, sign_in


async def found_an_organisation(page: Page, house: Place) -> None:
    """Sign up with an organisation of one's own: nobody else's sessions follow its policy."""
    someone = {
        "email": f"admin-{uuid4().hex}@{DOMAIN}",
        "password": house.password,
        "full_name": "Ada Admin",
        "organisation_name": "Southwind",
    }
    response = await page.request.post(
        f"{house.url}/api/v1/auth/sign-up", data=someone, headers={"Origin": house.url}
    )
    assert response.ok, await response.text()


async def in_force(page: Page, name: Preset, origin: str, version: int) -> None:
    """The page says which policy holds, whose it is, and which version of theirs."""
    shown = by_id(page, "policy-in-force")
    await expect(shown).to_have_attribute("data-preset", name, timeout=15_000)
    await expect(shown).to_have_attribute("data-origin", origin)
    await expect(shown).to_have_attribute("data-version", str(version))


async def choose(page: Page, name: Preset) -> None:
    """Choose a preset and save it."""
    await expect(by_id(page, "policy-save")).to_be_disabled()
    await by_id(page, f"preset-{name}").check()
    await expect(by_id(page, "policy-status")).to_have_text("Not saved yet")
    await picture(page, f"policy-{name}")
    await by_id(page, "policy-save").click()
    await expect(by_id(page, "policy-status")).to_have_text("Saved")


async def create_interview(page: Page, title: str, email: str) -> str:
    """Create an interview of one question and invite somebody; their code."""
    await by_id(page, "create-interview").click()
    await by_id(page, "interview-title").fill(title)
    await page.get_by_label("Question 1", exact=True).fill("Why?")
    await by_id(page, "wizard-next").click()
    await page.get_by_label("E-mail addresses").fill(email)
    await by_id(page, "wizard-next").click()
    await expect(by_id(page, "review-people")).to_contain_text("1 person")
    await by_id(page, "wizard-create").click()
    code = await by_id(page, "invite-code").inner_text()
    await page.get_by_role("link", name="Interviews").click()
    return code


async def open_policy(page: Page, title: str) -> None:
    """From the list of interviews to one interview's policy."""
    row = by_id(page, "interview-row").filter(has_text=title)
    await row.get_by_test_id("interview-policy").click()
    await page.wait_for_url("**/interviews/*/policy")


async def agrees_to(page: Page, house: Place, code: str, title: str, name: Preset) -> None:
    """A candidate who opens an interview reads what the preset watches for, and nothing else."""
    await page.goto(f"{house.url}/")
    await redeem(page, code, title)
    await expect(by_id(page, "consent-button")).to_be_visible()
    watched = [kind for kind, each in preset(name).types.items() if each.enabled]
    await expect(by_id(page, "consent-event-types").get_by_role("listitem")).to_have_count(len(watched))


async def test_a_chosen_policy_holds_for_interviews_created_afterwards(
    house: Place, browser: Browser
) -> None:
    problems: list[str] = []
    wide = await browser.new_context(viewport={"width": 1440, "height": 900})
    admin = await new_page(wide, problems)
    candidate = await new_page(await browser.new_context(), problems)
    await found_an_organisation(admin, house)

    await admin.goto(f"{house.url}/policy")
    await in_force(admin, "standard", "preset", 0)
    await choose(admin, "strict")
    await in_force(admin, "strict", "organisation", 1)
    await choose(admin, "gentle")
    await in_force(admin, "gentle", "organisation", 2)
    await admin.reload()
    await in_force(admin, "gentle", "organisation", 2)

    await admin.goto(f"{house.url}/interviews")
    follows = await create_interview(admin, "Follows", house.candidate)
    own = await create_interview(admin, "Has its own", house.candidate)
    await open_policy(admin, "Follows")
    await in_force(admin, "gentle", "organisation", 2)
    await admin.go_back()
    await open_policy(admin, "Has its own")
    await choose(admin, "off")
    await in_force(admin, "off", "interview", 1)

    await sign_in(candidate, house, house.candidate)
    await agrees_to(candidate, house, follows, "Follows", "gentle")
    await agrees_to(candidate, house, own, "Has its own", "off")

    await by_id(admin, "policy-withdraw").click()
    await by_id(admin, "policy-withdraw-confirm").click()
    await in_force(admin, "gentle", "organisation", 2)
    assert problems == []
