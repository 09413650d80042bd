"""What people do on the screens, step by step, and what can be read from them."""

from collections.abc import Callable
from typing import TypeVar

from playwright.sync_api import Locator, Page, expect

from server.accounts.models import Role
from tests.house.camera import Film, Scene
from tests.house.server import House
from tests.house.visit import Visit, let_in, staff

T = TypeVar("T")
LIMIT_SECONDS = 45
LOOK_MS = 100
expect.set_options(timeout=30_000)


def by_id(page: Page, name: str) -> Locator:
    """The element with this test id."""
    return page.get_by_test_id(name)


def wait_for(page: Page, look: Callable[[], T | None], what: str, seconds: float = LIMIT_SECONDS) -> T:
    """Look until there is something true; the page lives on meanwhile."""
    for _ in range(round(seconds * 1000 / LOOK_MS)):
        if found := look():
            return found
        page.wait_for_timeout(LOOK_MS)
    raise AssertionError(f"not within {seconds} s: {what}")


def sign_in(page: Page, house: House, email: str) -> None:
    """Sign in on the screen and land on the first page."""
    page.goto(f"{house.url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(house.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(by_id(page, "user-menu")).to_be_visible()


def open_as(page: Page, house: House, role: Role, path: str) -> None:
    """Be one of the demo's staff and open an address."""
    let_in(page.context, house, staff(role))
    page.goto(f"{house.url}{path}")


def enter_code(page: Page, code: str) -> None:
    """Type the six digits into the open dialog and send them."""
    for place, digit in enumerate(code):
        by_id(page, f"code-{place + 1}").fill(digit)
    by_id(page, "add-interview-submit").click()


def open_session(page: Page) -> str:
    """From the card of the only interview to its consent page; the session's id."""
    by_id(page, "interview-card").get_by_test_id("open-session").click()
    page.wait_for_url("**/sessions/*/consent")
    return page.url.split("/sessions/")[1].split("/")[0]


def redeem(page: Page, visit: Visit, title: str) -> str:
    """Add an interview by its code and open it; the session's id."""
    let_in(page.context, visit.house, visit.email)
    page.goto(f"{visit.house.url}/candidates/dashboard")
    by_id(page, "add-interview").click()
    enter_code(page, visit.codes[title])
    return open_session(page)


def consent(page: Page) -> None:
    """Agree, and go on to the device check."""
    by_id(page, "consent-name").fill("Casey Candidate")
    by_id(page, "consent-checkbox").check()
    by_id(page, "consent-button").click()
    page.wait_for_url("**/sessions/*/check")


def pass_check(page: Page) -> None:
    """Wait until every line of the device check is green, and go on."""
    for line in ("camera", "microphone", "server"):
        expect(by_id(page, f"check-{line}")).to_have_attribute("data-state", "ok")
    by_id(page, "room-enter").click()


def begin_interview(page: Page, visit: Visit, title: str) -> str:
    """Get as far as the first question of a one-way interview; the session's id."""
    session_id = redeem(page, visit, title)
    consent(page)
    pass_check(page)
    page.wait_for_url("**/interview")
    return session_id


def number_in(video: Locator) -> int | None:
    """The number of the film's frame that a video element shows."""
    number: int | None = video.evaluate("(video) => viva.read(video)")
    return number


def seen_number(page: Page, video: Locator) -> int:
    """The same, once there is one to be read."""
    found = wait_for(page, lambda: [n] if (n := number_in(video)) is not None else None, "a picture")
    return found[0]


def let_pass(page: Page, video: Locator, film: Film, frames: int) -> int:
    """Wait until a video element shows a frame so much later, less than half a film; its number."""
    begin = seen_number(page, video)

    def later() -> list[int] | None:
        number = number_in(video)
        return [number] if number is not None and film.ahead(number, begin) >= frames else None

    return wait_for(page, later, f"{frames} frames after {begin}")[0]


def wait_for_scene(page: Page, video: Locator, film: Film, scene: Scene) -> None:
    """Wait until a video element shows a scene of the film."""

    def there() -> bool:
        number = number_in(video)
        return number is not None and film.scene(number) == scene

    wait_for(page, there, scene)


def wait_for_beginning(page: Page, film: Film, spare: int) -> None:
    """Wait until the camera shows the film's last act, or its first with at least `spare` frames to come."""
    last_act, latest = film.frames - film.length(-1), film.length(0) - spare

    def early() -> bool:
        number = number_in(by_id(page, "self-video"))
        return number is not None and (number >= last_act or number <= latest)

    wait_for(page, early, "the beginning of the film")


def recording(page: Page) -> None:
    """Wait until this page says that it is recorded."""
    expect(by_id(page, "recording-indicator")).to_be_visible()


def answer(page: Page, film: Film, frames: int, *, press: bool = True) -> None:
    """Record an answer of about so many frames and wait until it is saved."""
    if press:
        by_id(page, "start-answer").click()
    recording(page)
    let_pass(page, by_id(page, "self-video"), film, frames)
    finish_answer(page)


def finish_answer(page: Page) -> None:
    """Finish the answer and wait until it is saved."""
    by_id(page, "finish-answer").click()
    expect(by_id(page, "answer-saved")).to_be_visible()


def note_frames(page: Page) -> None:
    """From now on keep the numbers of the frames in front of the camera."""
    page.evaluate("viva.note()")


def noted_frames(page: Page) -> list[tuple[int, float]]:
    """The numbers noted so far, and when, in seconds since 1970."""
    return [(number, at / 1000) for number, at in page.evaluate("viva.shown")]


def stats(page: Page) -> dict[str, float]:
    """Frames `captured`, `encoded` and `decoded`, sound `samples` and `energy`, over all connections."""
    counted: dict[str, float] = page.evaluate("viva.stats()")
    return counted


def left_out(page: Page) -> int:
    """How many frames of the camera the browser has not encoded so far.

    A frame that is just being encoded counts for nothing: of several looks the one with the fewest is right.
    """
    looks = []
    for _ in range(5):
        counted = stats(page)
        looks.append(round(counted["captured"] - counted["encoded"]))
        page.wait_for_timeout(LOOK_MS / 5)
    return min(looks)
