"""One Chromium whose camera is a film, driven by Playwright; each person has a context of their own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Route,
    ViewportSize,
    sync_playwright,
)

from tests.chromium import QUIET
from tools.bootstrap import portable_chromium

LOOKING = Path(__file__).with_name("page.js")
SMALL_KBPS = 600
"""Enough for 640x360; more would only cost time to encode."""
START_MS, STEP_MS = 60_000, 30_000
WIDE, PHONE = ViewportSize(width=1440, height=900), ViewportSize(width=390, height=844)
FLAGS = (
    *QUIET,
    "--use-fake-device-for-media-stream",
    "--allow-loopback-in-peer-connection",  # the server offers 127.0.0.1 and nothing else
)


def never_asks(executable: Path) -> bool:
    """Whether this browser cannot ask a person for the camera: the portable one has no screens at all.

    There every page gets the devices at once or, without the flag for it, a NotSupportedError.
    """
    return executable == portable_chromium.LAUNCHER


@contextmanager
def chromium(executable: Path, camera: Path) -> Iterator[Browser]:
    """A Chromium process with this MJPEG file in front of its camera."""
    assert camera.stat().st_size > 0  # without it a peer would connect and never send a frame
    flags = [*FLAGS, f"--use-file-for-fake-video-capture={camera}"]
    if never_asks(executable):
        flags.append("--use-fake-ui-for-media-stream")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.fspath(executable),
            args=flags,
            timeout=START_MS,
        )
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Crowd:
    """Everybody at the screens, and what went wrong in the scripts of their pages."""

    browser: Browser
    never_asks: bool = False
    max_kbps: int = SMALL_KBPS
    problems: list[str] = field(default_factory=list)

    def context(self, viewport: ViewportSize = WIDE, *, camera: bool = True) -> BrowserContext:
        """A browser profile of somebody new; without `camera` they refuse it."""
        context = self.browser.new_context(
            viewport=viewport,
            reduced_motion="reduce",
            permissions=["camera", "microphone"] if camera else [],
        )
        context.set_default_timeout(STEP_MS)
        context.add_init_script(f"window.mostKbps = {self.max_kbps}")
        context.add_init_script(path=LOOKING)
        context.on("page", self._listen)
        if not camera and self.never_asks:
            context.route("**/*", _without_camera)
        return context

    def enter(self, viewport: ViewportSize = WIDE, *, camera: bool = True) -> Page:
        """A page of somebody new."""
        return self.context(viewport, camera=camera).new_page()

    def relent(self, page: Page) -> None:
        """Let somebody who refused the camera think better of it, and try again."""
        if self.never_asks:
            page.context.unroute("**/*", _without_camera)
            page.reload()
            return
        page.context.grant_permissions(["camera", "microphone"])
        page.get_by_role("button", name="Try again").click()

    def leave(self) -> None:
        """Close all pages, which ends what they sent."""
        for context in self.browser.contexts:
            context.close()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"{page.url}: {error}"))
        page.on("console", self._said)

    def _said(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.problems.append(message.text)


def _without_camera(route: Route) -> None:
    """Forbid the camera to a page by its headers: the only refusal of a browser that never asks."""
    if route.request.resource_type != "document":
        route.fallback()
        return
    response = route.fetch()
    route.fulfill(response=response, headers={**response.headers, "permissions-policy": "camera=()"})
