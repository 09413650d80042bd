"""What people do in a room: wait at the door, talk, write, share a screen, mute and put out."""

from playwright.async_api import Browser, Locator, Page, expect

from server.demo import LIVE
from tests.e2e.house import Place
from tests.e2e.people import (
    admit,
    by_id,
    consent,
    join_as_interviewer,
    new_page,
    open_interview,
    pass_check,
    picture,
    received,
    wait_for,
)

CONTRAST = """
(video) => {
  if (!video.videoWidth) return 0;
  const canvas = document.createElement('canvas');
  canvas.width = 64; canvas.height = 36;
  const context = canvas.getContext('2d');
  context.drawImage(video, 0, 0, 64, 36);
  const values = [...context.getImageData(0, 0, 64, 36).data].filter((_, at) => at % 4 !== 3);
  return Math.max(...values) - Math.min(...values);
}
"""


async def say(page: Page, words: str) -> None:
    """Write into the open chat and press Enter."""
    await by_id(page, "chat-input").fill(words)
    await by_id(page, "chat-input").press("Enter")
    await expect(said(page, words)).to_be_visible(timeout=15_000)


def said(page: Page, words: str) -> Locator:
    """A message of the chat that has arrived at the server."""
    return by_id(page, "chat-message").filter(has_text=words)


async def wait_at_the_door(candidate: Page, interviewer: Page, house: Place) -> None:
    """The candidate waits: seen by the interviewer only, not heard and not recorded."""
    session_id = await open_interview(candidate, house, LIVE.title)
    await consent(candidate)
    await pass_check(candidate)
    await by_id(candidate, "room-enter").click()
    await expect(by_id(candidate, "lobby")).to_be_visible()
    await picture(candidate, "lobby")
    await join_as_interviewer(interviewer, house, session_id)
    await by_id(interviewer, "room-enter").click()
    await expect(by_id(interviewer, "knock-video")).to_be_visible(timeout=15_000)

    async def seen() -> bool:
        return (await received(interviewer))["frames"] > 2

    await wait_for(seen)
    await picture(interviewer, "knock")
    assert (await received(interviewer))["samples"] == 0
    assert await by_id(interviewer, "recording-indicator").count() == 0
    assert await by_id(candidate, "remote-video").count() == 0


async def chat(candidate: Page, interviewer: Page) -> None:
    """What the panel wrote before stays private; then both read each other."""
    await by_id(interviewer, "toggle-chat").click()
    await say(interviewer, "between us")
    await admit(interviewer)
    await expect(by_id(candidate, "lobby")).to_have_count(0)
    await expect(by_id(candidate, "recording-indicator")).to_be_visible(timeout=15_000)

    await say(interviewer, "Good morning")
    await expect(by_id(candidate, "chat-unread")).to_have_text("1", timeout=10_000)
    await by_id(candidate, "toggle-chat").click()
    await expect(said(candidate, "Good morning")).to_be_visible()
    await expect(by_id(candidate, "chat-unread")).to_have_count(0)
    await by_id(candidate, "chat-input").fill("one")
    await by_id(candidate, "chat-input").press("Shift+Enter")
    await by_id(candidate, "chat-input").press_sequentially("two")
    await by_id(candidate, "chat-input").press("Enter")
    await expect(said(interviewer, "one\ntwo")).to_be_visible()
    assert await said(candidate, "between us").count() == 0
    assert await by_id(interviewer, "chat-unread").count() == 0
    await picture(candidate, "chat-candidate")
    await picture(interviewer, "chat")


async def too_fast(candidate: Page) -> None:
    """What the server refuses stays beside its reason and can be sent again."""
    for word in ("a1", "a2", "a3", "a4", "a5", "a6", "a7"):
        await by_id(candidate, "chat-input").fill(word)
        await by_id(candidate, "chat-input").press("Enter")
    refused = candidate.locator("[data-testid=chat-draft][data-error=rate_limited]")
    await expect(refused.first).to_be_visible()
    await picture(candidate, "chat-refused")
    await candidate.wait_for_timeout(5_200)
    words = (await refused.first.locator("div").first.inner_text()).strip()
    await by_id(candidate, "chat-again").first.click()
    await expect(said(candidate, words)).to_be_visible()


async def reload(candidate: Page, interviewer: Page) -> None:
    """Who was admitted is back in the room after a reload, without knocking again."""
    await candidate.reload()
    await expect(by_id(candidate, "recording-indicator")).to_be_visible(timeout=15_000)
    assert await by_id(candidate, "lobby").count() == 0
    before = (await received(interviewer))["frames"]

    async def seen() -> bool:
        return (await received(interviewer))["frames"] > before + 2

    await wait_for(seen)
    assert await by_id(interviewer, "knock").count() == 0
    await by_id(candidate, "toggle-chat").click()
    await expect(said(candidate, "Good morning")).to_be_visible()


async def share_screen(candidate: Page, interviewer: Page) -> None:
    """The interviewer sees the candidate's screen until the browser's own bar ends it."""
    await by_id(candidate, "toggle-screen").click()
    await expect(by_id(candidate, "sharing-screen")).to_be_visible()
    screen = by_id(interviewer, "screen-video")
    await expect(screen).to_be_visible(timeout=15_000)

    async def shown() -> bool:
        contrast: int = await screen.evaluate(CONTRAST)
        return contrast > 30  # an empty picture is black all over

    await wait_for(shown)
    await picture(interviewer, "screen")
    await candidate.evaluate(
        """() => {
          const connection = window.connections.find(one => one.connectionState === 'connected'
            && one.getSenders().some(sender => sender.track?.getSettings().displaySurface));
          const track = connection.getSenders().map(sender => sender.track).find(Boolean);
          track.stop();
          track.dispatchEvent(new Event('ended'));  // what the browser's own bar causes
        }"""
    )
    await expect(by_id(candidate, "sharing-screen")).to_have_count(0)
    await expect(screen).to_have_count(0, timeout=10_000)


async def mute_and_remove(candidate: Page, interviewer: Page) -> None:
    """A request to mute mutes and says by whom; who is removed is told, and may knock again."""
    person = interviewer.locator("[data-testid=person][data-participant-role=candidate]")
    await person.get_by_test_id("ask-mute").click()
    await expect(by_id(candidate, "muted-by")).to_contain_text("Ivan Interviewer")
    await expect(by_id(candidate, "toggle-microphone")).to_have_attribute("aria-pressed", "true")
    await expect(person.get_by_test_id("ask-mute")).to_be_disabled()
    await picture(candidate, "muted")

    await person.get_by_test_id("remove").click()
    await picture(interviewer, "remove")
    await by_id(interviewer, "remove-confirm").click()
    await expect(candidate.locator("[data-error=removed]")).to_be_visible()
    await expect(person).to_have_count(0)
    await picture(candidate, "removed")
    await by_id(candidate, "knock-again").click()
    await candidate.wait_for_url("**/check")


async def test_a_room(house: Place, browser: Browser) -> None:
    problems: list[str] = []
    # Headless, Chromium's screen is a made-up one, and shared without a question.
    candidate = await new_page(await browser.new_context(), problems)
    wide = await browser.new_context(viewport={"width": 1440, "height": 900})
    interviewer = await new_page(wide, problems)
    await wait_at_the_door(candidate, interviewer, house)
    await chat(candidate, interviewer)
    await too_fast(candidate)
    await reload(candidate, interviewer)
    await share_screen(candidate, interviewer)
    await mute_and_remove(candidate, interviewer)
    assert problems == []
