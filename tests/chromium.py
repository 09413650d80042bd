"""Real Chromium with a camera made of a file, driven by Playwright."""

import asyncio
import os
import re
import signal
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from playwright.async_api import Browser, BrowserContext, async_playwright

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-features=WebRtcHideLocalIpsWithMdns",
    "--autoplay-policy=no-user-gesture-required",
)


@asynccontextmanager
async def chromium(
    executable: Path,
    *,
    camera: Path | None = None,
    sound: Path | None = None,
    grant: bool = True,
    camera_fps: int = 20,
    more: Sequence[str] = (),
) -> AsyncIterator[Browser]:
    """A Chromium process of its own; `grant=False` refuses the camera as a person would.

    Without a `camera` file it shows Chromium's test picture at `camera_fps`; `more` arguments overrule ours.
    """
    arguments = [*QUIET, f"--use-fake-device-for-media-stream=fps={camera_fps}", *more]
    if grant:
        arguments.append("--use-fake-ui-for-media-stream")
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera}")
    if sound is not None:
        arguments.append(f"--use-file-for-fake-audio-capture={sound}")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(executable), headless=True, args=arguments, timeout=60_000
        )
        try:
            yield browser
        finally:
            await browser.close()


@asynccontextmanager
async def chromium_with_tabs(
    executable: Path, profile: Path, *, camera_fps: int = 20, arguments: Sequence[str] = ()
) -> AsyncIterator[BrowserContext]:
    """A Chromium whose tabs are hidden and lose their focus as people's do.

    In a browser that Playwright starts itself every page believes to be visible and focused.
    """
    process = await asyncio.create_subprocess_exec(
        str(executable),
        "--headless=new",
        "--window-size=1440,900",
        *QUIET,
        f"--use-fake-device-for-media-stream=fps={camera_fps}",
        *arguments,
        "--remote-debugging-port=0",
        f"--user-data-dir={profile}",
        "about:blank",
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        address = await asyncio.wait_for(_devtools_address(process), 60)
        async with async_playwright() as playwright:
            browser = await playwright.chromium.connect_over_cdp(address, no_defaults=True)
            context = browser.contexts[0]
            await context.grant_permissions(["camera", "microphone"])
            yield context
            await browser.close()
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        await process.wait()


async def _devtools_address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    async for line in process.stderr:
        if found := re.search(rb"DevTools listening on (ws://\S+)", line):
            _drains.add(drain := asyncio.ensure_future(process.stderr.read()))
            drain.add_done_callback(_drains.discard)
            return found[1].decode()
    raise AssertionError("Chromium did not start")


_drains: set[asyncio.Future[bytes]] = set()
