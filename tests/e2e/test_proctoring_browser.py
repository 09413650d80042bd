"""What a candidate does with their browser and microphone, from the page to the row a reviewer reads."""

import asyncio
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from server.demo import LIVE
from tests.chromium import chromium_with_tabs
from tests.e2e.house import Place
from tests.e2e.people import (
    admit,
    api,
    by_id,
    consent,
    join_as_interviewer,
    new_page,
    open_interview,
    pass_check,
    wait_for,
)

CAMERA = "OBS Virtual Camera"
# Chromium's test devices are never unplugged and have names of their own.
DEVICES = f"""
const label = Object.getOwnPropertyDescriptor(MediaStreamTrack.prototype, 'label').get;
Object.defineProperty(MediaStreamTrack.prototype, 'label', {{
  get() {{ return this.kind === 'video' ? '{CAMERA}' : label.call(this); }},
}});
const list = MediaDevices.prototype.enumerateDevices;
MediaDevices.prototype.enumerateDevices = async function () {{
  const devices = await list.call(this);
  return window.unplugged ? devices.filter(device => !device.label.endsWith('Input 2')) : devices;
}};
"""


class Deeds:
    """What the candidate does, and when (seconds since the epoch)."""

    def __init__(self, page: Page, elsewhere: Page) -> None:
        self.page = page
        self.elsewhere = elsewhere
        self.began: dict[str, float] = {}
        self.ended: dict[str, float] = {}

    async def noted(self, event_type: str) -> None:
        """The candidate reads that it is noted."""
        line = self.page.locator(f"[data-testid=noted][data-event-type={event_type}]")
        await expect(line).to_be_visible(timeout=8_000)

    def begin(self, event_type: str) -> None:
        self.began[event_type] = time.time()

    def end(self, event_type: str) -> None:
        self.ended[event_type] = time.time()

    async def go_to_another_tab(self) -> None:
        self.begin("tab_switch")
        await self.elsewhere.bring_to_front()
        await asyncio.sleep(3)
        self.end("tab_switch")
        await self.page.bring_to_front()
        await self.noted("tab_switch")

    async def go_to_another_window(self) -> None:
        """A window beside the page: the page stays visible and loses its focus."""
        visible = await self.page.context.new_cdp_session(self.page)
        unfocused = await self.page.context.new_cdp_session(self.page)
        await visible.send("Emulation.setFocusEmulationEnabled", {"enabled": True})
        await unfocused.send("Emulation.setFocusEmulationEnabled", {"enabled": False})
        self.begin("window_blur")
        await self.elsewhere.bring_to_front()
        await asyncio.sleep(4)
        self.end("window_blur")
        await self.page.bring_to_front()
        await self.noted("window_blur")
        await visible.detach()
        await unfocused.detach()

    async def leave_the_full_screen(self) -> None:
        await by_id(self.page, "full-screen").click()
        await expect(by_id(self.page, "full-screen")).to_have_count(0)
        self.begin("fullscreen_exit")
        await self.page.evaluate("document.exitFullscreen()")
        await self.noted("fullscreen_exit")
        await asyncio.sleep(2)
        await by_id(self.page, "full-screen").click()
        self.end("fullscreen_exit")

    async def copy_and_paste(self) -> None:
        await by_id(self.page, "toggle-chat").click()
        await by_id(self.page, "chat-input").fill("a secret")
        await by_id(self.page, "chat-input").press("Control+a")
        self.begin("copy")
        await by_id(self.page, "chat-input").press("Control+c")
        await self.noted("copy")
        self.begin("paste")
        await by_id(self.page, "chat-input").press("Control+v")
        await self.noted("paste")
        await by_id(self.page, "chat-close").click()

    async def plug_in_a_display(self) -> None:
        screen = {"left": 800, "top": 0, "width": 800, "height": 600}
        session = await self.page.context.new_cdp_session(self.page)
        self.begin("multiple_displays")
        await session.send("Emulation.addScreen", screen)
        await self.noted("multiple_displays")

    async def share_a_tab_and_close_it(self) -> None:
        await by_id(self.page, "toggle-screen").click()
        await expect(by_id(self.page, "sharing-screen")).to_be_visible()
        self.begin("screen_share_stopped")
        await self.elsewhere.close()
        await self.noted("screen_share_stopped")

    async def unplug_a_microphone(self) -> None:
        self.begin("device_changed")
        await self.page.evaluate(
            "window.unplugged = true; navigator.mediaDevices.dispatchEvent(new Event('devicechange'))"
        )
        await self.noted("device_changed")

    async def mute_the_microphone(self) -> None:
        self.begin("microphone_muted")
        await by_id(self.page, "toggle-microphone").click()

    async def unmute_the_microphone(self) -> None:
        await asyncio.sleep(max(0.0, self.began["microphone_muted"] + 13 - time.time()))
        self.end("microphone_muted")
        await by_id(self.page, "toggle-microphone").click()


async def be_in_the_room(
    context: BrowserContext, interviewer: Page, house: Place, problems: list[str]
) -> tuple[Page, str]:
    """Bring candidate and interviewer together; the candidate's page and the session."""
    await context.add_init_script(DEVICES)
    candidate = await new_page(context, problems)
    session_id = await open_interview(candidate, house, LIVE.title)
    await consent(candidate)
    await pass_check(candidate)
    await by_id(candidate, "room-enter").click()
    await expect(by_id(candidate, "lobby")).to_be_visible()
    await join_as_interviewer(interviewer, house, session_id)
    await by_id(interviewer, "room-enter").click()
    await interviewer.wait_for_url("**/room")
    await admit(interviewer)
    await expect(by_id(candidate, "recording-indicator")).to_be_visible(timeout=15_000)
    return candidate, session_id


async def test_every_event_of_browser_and_sound(
    house: Place, browser: Browser, chromium_path: Path, tmp_path: Path
) -> None:
    problems: list[str] = []
    tabs = chromium_with_tabs(
        chromium_path,
        tmp_path / "profile",
        arguments=["--auto-select-tab-capture-source-by-title=elsewhere"],
    )
    async with tabs as context:
        interviewer = await new_page(await browser.new_context(), problems)
        elsewhere = context.pages[0]
        await elsewhere.set_content("<title>elsewhere</title><h1>Notes</h1>")
        candidate, session_id = await be_in_the_room(context, interviewer, house, problems)

        deeds = Deeds(candidate, elsewhere)
        await deeds.noted("virtual_camera")
        await deeds.mute_the_microphone()
        await deeds.go_to_another_tab()
        await deeds.go_to_another_window()
        await deeds.leave_the_full_screen()
        await deeds.copy_and_paste()
        await deeds.unplug_a_microphone()
        await deeds.share_a_tab_and_close_it()
        await deeds.plug_in_a_display()
        await deeds.unmute_the_microphone()
        await asyncio.sleep(2.5)
        await by_id(interviewer, "end-session").click()
        await by_id(interviewer, "end-session-confirm").click()
        await candidate.wait_for_url("**/done")

        async def ready() -> Any:
            review = await api(interviewer, f"/sessions/{session_id}/review")
            cameras = [video for video in review["videos"] if video["source"] == "camera"]
            return review if [video["status"] for video in cameras] == ["ready"] else None

        check(await wait_for(ready, 40), deeds)
    assert problems == []


def check(review: dict[str, Any], deeds: Deeds) -> None:
    """Each deed is a row of the recording, at its time, with what was measured and never what was copied."""
    camera = next(video for video in review["videos"] if video["source"] == "camera")
    zero = datetime.fromisoformat(camera["segments"][0]["started_at"]).timestamp()
    rows = {event["event_type"]: event for event in review["events"] if event["video_id"] == camera["id"]}
    for event_type, began in deeds.began.items():
        row = rows[event_type]
        off = row["offset_ms"] / 1000 - (began - zero)
        print(f"{event_type}: begins {off:+.2f} s from the deed, lasts {row['duration_seconds']:.1f} s")
        late = 6.0 if event_type == "multiple_displays" else 1.5
        assert -0.5 < off < late, event_type
        assert not row["is_open"]
        if event_type in deeds.ended:
            lasted = deeds.ended[event_type] - began
            assert row["duration_seconds"] == pytest.approx(lasted, abs=1.5), event_type
    assert rows["virtual_camera"]["measured"]["details"]["label"] == CAMERA
    assert rows["copy"]["measured"]["details"] == {"length": len("a secret")}
    assert rows["paste"]["measured"]["details"] == {"length": len("a secret")}
    assert rows["screen_share_stopped"]["measured"]["details"] == {"by": "browser"}
    assert rows["device_changed"]["measured"]["details"]["change"] == "removed"
    assert rows["microphone_muted"]["measured"]["cause"] == "muted"
    assert "a secret" not in str(review["events"])
