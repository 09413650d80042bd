"""What people do on the screens, step by step."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Literal

from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.e2e.house import Place

LOOKS = ((1440, 900), (390, 844))
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLLECT_CONNECTIONS = """
window.connections = [];
const Original = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Original {
  constructor(...given) { super(...given); window.connections.push(this); }
};
"""
READ_NUMBER = """
(video) => {
  const width = video.videoWidth, height = video.videoHeight;
  if (!width) return null;
  const canvas = window.numberCanvas ??= document.createElement('canvas');
  const strip = Math.round(height * 48 / 720);
  if (canvas.width !== width) { canvas.width = width; canvas.height = strip; }
  const context = canvas.getContext('2d', {willReadFrequently: true});
  context.drawImage(video, 0, height - strip, width, strip, 0, 0, width, strip);
  const pixels = context.getImageData(0, 0, width, strip).data;
  const luma = (x, y) => {
    const at = 4 * (Math.round(y) * width + Math.round(x));
    return (pixels[at] + pixels[at + 1] + pixels[at + 2]) / 3;
  };
  const block = width / 16, left = (width - 12 * block) / 2;
  let number = 0;
  for (let bit = 0; bit < 12; bit++) {
    const x = left + (bit + 0.5) * block;
    const upper = luma(x, strip / 4), lower = luma(x, strip * 3 / 4);
    if (Math.abs(upper - lower) < 60) return null;
    if (upper > lower) number |= 1 << bit;
  }
  return number;
}
"""


def by_id(page: Page, name: str) -> Locator:
    """The element with this test id."""
    return page.get_by_test_id(name)


async def new_page(context: BrowserContext, problems: list[str] | None = None) -> Page:
    """A page whose connections can be looked into and whose script errors are noted."""
    page = await context.new_page()
    await page.add_init_script(COLLECT_CONNECTIONS)
    if problems is not None:
        note_problems(page, problems)
    return page


def note_problems(page: Page, problems: list[str]) -> None:
    """Note what goes wrong in the page's scripts, and what its policy forbids."""

    def said(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            problems.append(message.text)

    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", said)


async def sign_in(page: Page, house: Place, email: str) -> None:
    """Sign in and land on the first page."""
    await page.goto(f"{house.url}/sign-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password", exact=True).fill(house.password)
    await page.get_by_role("button", name="Sign in").click()
    await expect(by_id(page, "user-menu")).to_be_visible()


async def enter_code(page: Page, code: str) -> None:
    """Type the six digits into the open dialog and send them."""
    for place, digit in enumerate(code):
        await by_id(page, f"code-{place + 1}").fill(digit)
    await by_id(page, "add-interview-submit").click()


async def open_interview(page: Page, house: Place, title: str) -> str:
    """Sign in as the candidate, add the interview by its code and open it; the session's id."""
    await sign_in(page, house, house.candidate)
    return await redeem(page, house.code(title), title)


async def redeem(page: Page, code: str, title: str) -> str:
    """Add an interview by its code and open it; the session's id."""
    await by_id(page, "add-interview").click()
    await enter_code(page, code)
    card = by_id(page, "interview-card").filter(has_text=title)
    await card.get_by_test_id("open-session").click()
    await page.wait_for_url("**/sessions/*/consent")
    return page.url.split("/sessions/")[1].split("/")[0]


async def consent(page: Page) -> None:
    """Agree, and go on to the device check."""
    await by_id(page, "consent-name").fill("Casey Candidate")
    await by_id(page, "consent-checkbox").check()
    await by_id(page, "consent-button").click()
    await page.wait_for_url("**/sessions/*/check")


async def pass_check(page: Page) -> None:
    """Wait until every line of the device check is green."""
    for line in ("camera", "microphone", "server"):
        await expect(by_id(page, f"check-{line}")).to_have_attribute("data-state", "ok", timeout=30_000)


async def join_as_interviewer(page: Page, house: Place, session_id: str) -> None:
    """Sign in, find the session in the list and get as far as the device check."""
    await sign_in(page, house, "interviewer@northwind.example")
    await page.goto(f"{house.url}/sessions")
    row = page.locator(f"[data-testid=session-row][data-session-id='{session_id}']")
    await row.get_by_test_id("join").click()
    await page.wait_for_url("**/check")
    await pass_check(page)


async def admit(interviewer: Page) -> None:
    """Let the waiting candidate in, once their picture is there."""
    await expect(by_id(interviewer, "knock-video")).to_be_visible(timeout=15_000)
    await by_id(interviewer, "admit").click()
    await expect(by_id(interviewer, "knock")).to_have_count(0, timeout=10_000)


async def frame_number(video: Locator) -> int | None:
    """The number of the camera film's frame that an element shows."""
    number: int | None = await video.evaluate(READ_NUMBER)
    return number


async def note_frames(page: Page) -> None:
    """From now on note five times a second which frame of the film was in front of the camera when.

    A busy page shows a frame late: the time is that of its capture.
    """
    await page.evaluate(
        f"""() => {{
          const read = {READ_NUMBER};
          window.notes = [];
          setInterval(() => {{
            const video = document.querySelector('[data-testid=self-video]');
            video?.requestVideoFrameCallback((now, {{captureTime}}) => {{
              const number = read(video);
              const at = performance.timeOrigin + (captureTime ?? now);
              if (number !== null) window.notes.push([at / 1000, number]);
            }});
          }}, 200);
        }}"""
    )


async def picture(page: Page, name: str) -> None:
    """Save what the page shows, where VIVA_PICTURES names a folder; the README's pictures are made so.

    With VIVA_PICTURES_OF=every each is also taken at desktop and phone width, light and dark, and a page that
    is wider than its window is named on the way.
    """
    folder = os.environ.get("VIVA_PICTURES")
    if not folder:
        return
    await page.screenshot(path=Path(folder) / f"{name}.png")
    if os.environ.get("VIVA_PICTURES_OF") != "every":
        return
    before = page.viewport_size
    for width, height in LOOKS:
        await page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await asyncio.sleep(0.4)  # layout and colours fade in
            await page.screenshot(path=Path(folder) / f"{name}-{width}-{scheme}.png")
        if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            print(f"{name} is wider than {width} px")
    await page.emulate_media(color_scheme="null")
    if before is not None:
        await page.set_viewport_size(before)


async def wait_for(condition: Callable[[], Awaitable[Any]], timeout_seconds: float = 20) -> Any:
    """Poll until `condition` gives something true."""
    async with asyncio.timeout(timeout_seconds):
        while not (found := await condition()):
            await asyncio.sleep(0.15)
    return found


async def wait_for_frame(video: Locator, first: int, last: int, timeout_seconds: float = 60) -> int:
    """Wait until the film is between two of its frames."""

    async def there() -> int | None:
        number = await frame_number(video)
        return number if number is not None and first <= number <= last else None

    number: int = await wait_for(there, timeout_seconds)
    return number


async def received(page: Page) -> dict[str, float]:
    """Decoded video frames, and audio samples and energy, over all connections of a page."""
    counted: dict[str, float] = await page.evaluate("""async () => {
      const sums = {frames: 0, samples: 0, energy: 0};
      for (const connection of window.connections) {
        for (const report of (await connection.getStats()).values()) {
          if (report.type !== 'inbound-rtp') continue;
          if (report.kind === 'video') sums.frames += report.framesDecoded ?? 0;
          else {
            sums.samples += report.totalSamplesReceived ?? 0;
            sums.energy += report.totalAudioEnergy ?? 0;
          }
        }
      }
      return sums;
    }""")
    return counted


async def api(page: Page, path: str) -> Any:
    """What the API answers to a signed-in page."""
    response = await page.request.get(f"{page.url.split('/', 3)[0]}//{page.url.split('/')[2]}/api/v1{path}")
    assert response.ok, await response.text()
    return await response.json()
