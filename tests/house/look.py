"""Looks at screens, at phone and desktop width, light and dark: do they fit, and what does axe-core find."""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, ViewportSize, expect

from tests.house.browser import PHONE, WIDE
from tests.house.server import ROOT, House

AXE = ROOT / "web" / "node_modules" / "axe-core" / "axe.min.js"
LOOK = Path(__file__).with_name("look.js")
ROUTER = ROOT / "web" / "src" / "app" / "router.tsx"
SERIOUS = ["serious", "critical"]
COLOURS = ["color-contrast", "link-in-text-block"]
PICTURES = os.environ.get("VIVA_PICTURES")
"""A folder for what is seen, for people to look at; the README's pictures are made so."""
LOOKS: tuple[tuple[ViewportSize, Literal["light", "dark"], list[str] | None], ...] = (
    (WIDE, "light", []),
    (WIDE, "dark", COLOURS),  # what has no colour is the same in the dark
    (PHONE, "dark", []),
    (PHONE, "light", None),
)
"""Size, colour scheme, and by which of axe's rules: none, some or all."""
GO = """(path) => {
  const title = document.querySelector('h1');
  window.before = [title, title?.textContent];
  history.pushState(null, '', path);
  dispatchEvent(new PopStateEvent('popstate'));
}"""
"""As a link within the app: a second faster than a page that begins anew."""
CAME = """() => {
  const title = document.querySelector('h1');
  return title && (title !== before[0] || title.textContent !== before[1]);
}"""
"""The old page stays until the new one is there."""


SCHEME = "(scheme) => document.documentElement.dataset.mantineColorScheme === scheme"
SETTLED_MS = 400
"""Colours fade over; only pictures for people wait for that."""


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
class Tour:
    """One way through screens: where it came by, and what is wrong there."""

    house: House
    seen: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)

    def at(self, page: Page, route: str, waits: str = "h1", address: str | None = None, **ids: str) -> None:
        """Open an address, wait until it is there, and look."""
        if address is not None:
            page.goto(address)
        else:
            self._go(page, re.sub(r":(\w+)", lambda name: ids[name[1]], route))
        self.look(page, route, waits)

    def _go(self, page: Page, path: str) -> None:
        if not page.url.startswith(self.house.url):
            page.goto(self.house.url + path)
            return
        page.evaluate(GO, path)
        page.wait_for_function(CAME)

    def look(self, page: Page, route: str, waits: str = "h1") -> None:
        """Look at a screen that is there, or comes."""
        page.wait_for_url(lambda url: matches(route, url))
        expect(page.locator(waits).first).to_be_visible()
        expect(page.locator(".mantine-Loader-root")).to_have_count(0)
        self.seen.add(route)
        if not page.evaluate("'look' in window"):
            for script in (AXE, LOOK):
                page.evaluate(script.read_text())
        for size, scheme, rules in LOOKS:
            page.set_viewport_size(size)
            page.emulate_media(color_scheme=scheme)
            found = page.evaluate("(given) => look(...given)", [scheme, rules, SERIOUS])
            self.found += [f"{route}, {size['width']} px, {scheme}: {what}" for what in found]
            name = re.sub(r"\W+", "-", route).strip("-") or "elsewhere"
            self.picture(page, f"{name}-{size['width']}-{scheme}")
        page.set_viewport_size(WIDE)

    def picture(self, page: Page, name: str) -> None:
        """Keep what the page shows, where somebody wants pictures."""
        if PICTURES:
            page.screenshot(path=Path(PICTURES) / f"{name}.png")


def pictures(page: Page, name: str) -> None:
    """Keep a state that has no address of its own in every look, where somebody wants pictures."""
    if not PICTURES:
        return
    before = page.viewport_size
    for size, scheme, _ in LOOKS:
        page.set_viewport_size(size)
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(SCHEME, arg=scheme)
        page.wait_for_timeout(SETTLED_MS)
        page.screenshot(path=Path(PICTURES) / f"{name}-{size['width']}-{scheme}.png")
    if before:
        page.set_viewport_size(before)
