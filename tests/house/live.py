"""A live interview: a candidate who knocks, an interviewer who lets them in, watches and ends it."""

from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from server.accounts.models import Role
from server.demo import LIVE
from tests.house.browser import Crowd
from tests.house.camera import FPS, Film
from tests.house.look import pictures
from tests.house.people import (
    by_id,
    consent,
    left_out,
    note_frames,
    noted_frames,
    number_in,
    open_as,
    pass_check,
    recording,
    redeem,
    seen_number,
    stats,
    wait_for,
    wait_for_beginning,
)
from tests.house.visit import Visit

DWELL_SECONDS = {"no_face": 3.0, "multiple_faces": 2.0}
"""How long each has to last before it is an incident."""
BEFORE_FRAMES = 3 * FPS
"""What is recorded of the candidate alone at least; a click on the first incident leads back to it."""
MOST_MS = 100_000


@dataclass(slots=True)
class Heard:
    """What arrived at the interviewer in the time it took to look."""

    frames: int = 0
    counted_on: int = 0
    samples: float = 0
    energy: float = 0


@dataclass(slots=True)
class Live:
    """One live interview and what was seen of it. Times in seconds since 1970."""

    visit: Visit
    session_id: str
    candidate: Page
    interviewer: Page
    heard: Heard = field(default_factory=Heard)
    shown: list[tuple[int, float]] = field(default_factory=list)
    appeared: dict[str, float] = field(default_factory=dict)
    appeared_to_candidate: dict[str, float] = field(default_factory=dict)
    before: int = 0
    dropped: int = 0
    decoded: int = 0
    ciphers: list[list[str]] = field(default_factory=list)
    worker_back_s: float | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def remote(self) -> Locator:
        """The candidate's picture as the interviewer sees it."""
        return self.interviewer.locator("[data-testid=remote-video][data-participant-role=candidate]")


def meet(crowd: Crowd, visit: Visit) -> Live:
    """The candidate waits in the lobby and the interviewer sees them at the door."""
    candidate, interviewer = crowd.enter(), crowd.enter()
    open_as(interviewer, visit.house, Role.INTERVIEWER, "/sessions")
    session_id = redeem(candidate, visit, LIVE.title)
    interviewer.reload()
    row = interviewer.locator(f"[data-testid=session-row][data-session-id='{session_id}']")
    row.get_by_test_id("join").click()
    interviewer.wait_for_url("**/check")
    consent(candidate)  # both check their devices at once: it takes seconds
    pass_check(candidate)
    expect(by_id(candidate, "lobby")).to_be_visible()
    pass_check(interviewer)
    expect(by_id(interviewer, "knock-video")).to_be_visible()
    pictures(candidate, "state-waiting")
    pictures(interviewer, "state-lobby")
    return Live(visit, session_id, candidate, interviewer)


def begin(live: Live, film: Film) -> None:
    """Let them in while the film is in its last act, or its first for a while: what follows is seen whole."""
    wait_for_beginning(live.candidate, film, BEFORE_FRAMES)
    note_frames(live.candidate)
    live.before = left_out(live.candidate)
    by_id(live.interviewer, "admit").click()
    for page in (live.candidate, live.interviewer):
        recording(page)


def listen(live: Live, film: Film, frames: int = FPS) -> None:
    """Wait until the candidate's picture has moved on and a second of their sound has arrived."""
    before, number = stats(live.interviewer), seen_number(live.interviewer, live.remote)

    def arrived() -> bool:
        after, now = stats(live.interviewer), number_in(live.remote)
        heard = Heard(
            round(after["decoded"] - before["decoded"]),
            0 if now is None else film.ahead(now, number),
            after["samples"] - before["samples"],
            after["energy"] - before["energy"],
        )
        enough = heard.frames >= frames and heard.counted_on >= frames
        if enough and heard.samples >= 48_000 and heard.energy > 0:
            live.heard = heard
            return True
        return False

    wait_for(live.interviewer, arrived, "picture and sound at the interviewer's")


def see_incidents(live: Live, *kinds: str) -> None:
    """Wait until the interviewer's screen has shown an incident of each kind."""
    for kind in kinds:
        incident = live.interviewer.locator(f"[data-testid=live-incident][data-event-type={kind}]")
        expect(incident.first).to_be_visible(timeout=MOST_MS)


def end(live: Live) -> None:
    """End it for both, and keep what the pages have seen."""
    live.shown = noted_frames(live.candidate)
    live.dropped = left_out(live.candidate) - live.before
    live.decoded = round(stats(live.interviewer)["decoded"])
    live.ciphers = [live.candidate.evaluate("viva.ciphers()"), live.interviewer.evaluate("viva.ciphers()")]
    live.appeared = _appeared(live.interviewer)
    live.appeared_to_candidate = _appeared(live.candidate)
    by_id(live.interviewer, "end-session").click()
    by_id(live.interviewer, "end-session-confirm").click()
    live.interviewer.wait_for_url(lambda url: "/room" not in url)
    live.candidate.wait_for_url("**/done")


def _appeared(page: Page) -> dict[str, float]:
    found: dict[str, float] = page.evaluate("viva.incidents")
    return {kind: at / 1000 for kind, at in found.items()}
