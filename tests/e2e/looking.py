"""Looks at screens with the eyes of those who have them read aloud, see little, or use no mouse."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, BrowserContext, Locator, Page, ViewportSize, expect

from tests.e2e.house import ROOT
from tests.e2e.people import LOOKS, SCHEMES, note_problems, picture

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
KEYBOARD = Path(__file__).with_suffix(".js")
ROUTER = ROOT / "web" / "src" / "app" / "router.tsx"
SERIOUS = {"serious", "critical"}
MOST_STOPS = 400
PHONE = LOOKS[1][0]
OF_COLOURS = ["color-contrast", "link-in-text-block"]
RUN_AXE = "([scheme, rules]) => looking.axe(scheme, rules)"


def routes() -> set[str]:
    """The addresses of all screens, as the router has them."""
    source = ROUTER.read_text()
    paths = re.findall(r'<Route path="([^"]+)"', source)
    # Without an address there are only the door for signed-in people and a session's first page.
    assert len(paths) + 2 == source.count("<Route "), "the router is written in another way"
    return {path if path[0] in "/*" else f"/sessions/:sessionId/{path}" for path in paths}


def matches(route: str, url: str) -> bool:
    """Whether a page is at a route's address."""
    pattern = "/[^?#]*" if route == "*" else re.sub(r":\w+", r"[^/?#]+", route)
    return re.fullmatch(rf"https?://[^/]+{pattern}([?#].*)?", url) is not None


@dataclass(slots=True)
class Walk:
    """One way through screens: where it came by, and what is wrong there."""

    seen: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    async def enter(self, browser: Browser, *, phone: bool = False) -> Page:
        """Somebody new with a browser of their own."""
        width, height = LOOKS[1 if phone else 0]
        context = await browser.new_context(
            viewport=ViewportSize(width=width, height=height), reduced_motion="reduce"
        )
        return await self.page(context)

    async def page(self, context: BrowserContext) -> Page:
        """A page that can be looked at."""
        await context.add_init_script(path=AXE)
        await context.add_init_script(path=KEYBOARD)
        page = await context.new_page()
        note_problems(page, self.errors)
        return page

    async def look(self, page: Page, route: str, state: str = "") -> None:
        """At a screen with axe and by keyboard: as it comes in all widths and colours, else in two."""
        assert matches(route, page.url), f"{page.url} is not {route}"
        self.seen.add(route)
        where = f"{route} {state}".strip()
        await picture(page, re.sub(r"\W+", "-", f"look {where}"))
        for width, height in reversed(LOOKS):  # the wide one last: it is the one with a keyboard
            await page.set_viewport_size(ViewportSize(width=width, height=height))
            for scheme in SCHEMES if not state else SCHEMES[width > PHONE :][:1]:
                await page.emulate_media(color_scheme=scheme)
                # What has no colour is the same in the dark.
                rules = OF_COLOURS if scheme == "dark" and not state else None
                self._note(where, f"{width} {scheme}", await page.evaluate(RUN_AXE, [scheme, rules]))
        self.found += [f"{where}: {what}" for what in await tab_through(page)]
        await page.emulate_media(color_scheme="null")

    def _note(self, where: str, how: str, violations: list[dict[str, Any]]) -> None:
        for one in violations:
            if one["impact"] in SERIOUS:
                self.found += [f"{where}, {how}: {one['id']}: {node}" for node in one["nodes"]]

    async def dialog(self, page: Page, opener: Locator, route: str, state: str) -> None:
        """Opened by keyboard, looked at, closed by Escape; the focus is back where it was."""
        await self.open(page, opener)
        await self.look(page, route, state)
        await self.close(page, opener, f"{route} {state}")

    async def open(self, page: Page, opener: Locator) -> None:
        """Open a dialog by keyboard."""
        await opener.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("dialog")).to_be_visible()

    async def close(self, page: Page, opener: Locator, where: str) -> None:
        """Close it by Escape, from a place that is not in a frame: that keeps its keys for itself."""
        await page.get_by_role("dialog").get_by_role("button").first.focus()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("dialog")).to_have_count(0)
        if not await opener.evaluate("(element) => element === document.activeElement"):
            self.found.append(f"{where}: the focus does not come back")


async def tab_through(page: Page) -> list[str]:
    """All the way round by Tab; what cannot be reached, cannot be seen to be reached, or holds one back."""
    found: list[str] = await page.evaluate("looking.misbuilt()")
    await page.evaluate("looking.begin()")
    for _ in range(MOST_STOPS):
        await page.keyboard.press("Tab")
        if not await page.evaluate("looking.step()"):
            break
    found += await page.evaluate("looking.missed()")
    return found
