"""What the candidate's browser notices becomes an event of the timeline; what it may not say is refused."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from tests.server.media.peers import Publisher
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_sessions import video_when

pytestmark = pytest.mark.parametrize("house_settings", [{"proctoring": True}], indirect=True)
BROWSER = {
    "tab_switch",
    "window_blur",
    "fullscreen_exit",
    "copy",
    "paste",
    "multiple_displays",
    "screen_share_stopped",
    "device_changed",
    "virtual_camera",
}
IMPOSSIBLE: tuple[dict[str, Any], ...] = (
    {"event_type": "no_face", "step": "began"},
    {"event_type": "connection_lost", "step": "began"},
    {"event_type": "flying"},
    {"step": "began"},
    {"event_type": "tab_switch", "step": "happened"},
    {"details": {"text": "what was copied"}},
    {"details": {"label": "Camera"}},
    {"details": {"length": -1}},
    {"details": {"length": "7"}},
    {"event_type": "virtual_camera", "step": "began", "details": {"label": "x" * 201}},
    {"event_type": "device_changed", "details": {"kind": "keyboard"}},
    {"id": "1"},
    {"at_ms": None},
    {"participant_id": str(uuid4())},
)
"""What differs from a good notice."""


class Clock:
    """The browser's clock: it counts from somewhere else than the server's."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()

    def now_ms(self) -> float:
        return self._loop.time() * 1000 + 1_700_000_000_000


async def ping(candidate: Participant, clock: Clock) -> None:
    """Let the server see the clock."""
    await candidate.say("ping", sent_at_ms=clock.now_ms())
    await candidate.hear("pong")


async def notice(candidate: Participant, event_type: str, step: str, at_ms: float, **fields: Any) -> bool:
    """Say what was noticed; whether it is kept."""
    notice_id = fields.pop("id", str(uuid4()))
    await candidate.say(
        "noticed", ref="n", id=notice_id, event_type=event_type, step=step, at_ms=at_ms, **fields
    )
    noted = await candidate.hear("noted", ref="n", id=notice_id)
    return bool(noted["kept"])


async def refusal(person: Participant) -> str:
    """The code with which a well-formed notice is refused."""
    await person.say("noticed", id=str(uuid4()), event_type="copy", step="happened", at_ms=0)
    error: str = (await person.hear("error"))["error"]
    return error


async def answer(candidate: Participant, session: dict[str, Any], publisher: Publisher) -> tuple[str, str]:
    """Enter and begin to answer; the video's id and the seat's token."""
    await candidate.consent(session["id"])
    welcome = await candidate.enter(session["id"])
    await candidate.publish(publisher)
    await candidate.say("start_answer", question_id=session["questions"][0]["id"])
    recording = await candidate.hear("recording", state="recording")
    return recording["video_id"], welcome["resume_token"]


async def events_of(house: House, session_id: str) -> list[dict[str, Any]]:
    """The session's events as a recruiter sees them, without what the test picture itself raises."""
    async with house.person("recruiter@northwind.example") as recruiter:
        review = await recruiter.call("GET", f"/sessions/{session_id}/review")
    return [event for event in review["events"] if event["event_type"] in BROWSER]


@pytest.fixture
async def publisher() -> AsyncIterator[Publisher]:
    publisher = Publisher()
    yield publisher
    await publisher.close()


async def test_notices_become_events_of_the_recording_at_their_time(
    house: House, candidate: Participant, one_way: dict[str, Any], publisher: Publisher
) -> None:
    clock = Clock()
    video_id, token = await answer(candidate, one_way, publisher)
    began_ms = clock.now_ms()
    await ping(candidate, clock)
    await asyncio.sleep(3)
    now_ms = clock.now_ms()
    copy_id = str(uuid4())
    assert await notice(candidate, "tab_switch", "began", now_ms - 2000)
    assert await notice(candidate, "tab_switch", "ended", now_ms - 500)
    assert await notice(candidate, "copy", "happened", now_ms - 1000, id=copy_id, details={"length": 7})
    assert await notice(candidate, "copy", "happened", now_ms - 1000, id=copy_id, details={"length": 7})
    assert await notice(candidate, "paste", "happened", now_ms + 60_000)  # a clock that runs ahead
    assert not await notice(candidate, "virtual_camera", "began", now_ms, details={"label": "HD Webcam"})
    await notice(candidate, "virtual_camera", "ended", now_ms)
    details = {"label": "OBS Virtual Camera"}
    assert await notice(candidate, "virtual_camera", "began", now_ms, details=details)
    await notice(candidate, "multiple_displays", "began", clock.now_ms())
    await asyncio.sleep(1)
    # A socket that is lost and resumed changes nothing of what lasts.
    await candidate.hang_up()
    await candidate.connect(one_way["id"])
    await candidate.say("hello", resume_token=token)
    await candidate.hear("welcome", resumed=True)
    await candidate.say("finish_answer", video_id=video_id)
    await video_when(candidate, one_way["id"], "ready")

    events = {event["event_type"]: event for event in await events_of(house, one_way["id"])}
    assert {event["video_id"] for event in events.values()} == {video_id}
    expected = {"tab_switch", "copy", "paste", "virtual_camera", "multiple_displays"}
    assert set(events) == expected
    elapsed_ms = now_ms - began_ms
    assert abs(events["tab_switch"]["offset_ms"] - (elapsed_ms - 2000)) < 500
    assert abs(events["tab_switch"]["duration_seconds"] - 1.5) < 0.1
    assert events["copy"]["measured"]["times"] == 1
    assert events["copy"]["measured"]["details"] == {"length": 7}
    assert elapsed_ms - 500 < events["paste"]["offset_ms"] < elapsed_ms + 1000
    assert events["virtual_camera"]["measured"]["details"]["label"] == "OBS Virtual Camera"
    assert not any(event["is_open"] for event in events.values())


async def test_what_is_noticed_between_answers_belongs_to_the_session(
    house: House, candidate: Participant, one_way: dict[str, Any], publisher: Publisher
) -> None:
    clock = Clock()
    await candidate.consent(one_way["id"])
    await candidate.enter(one_way["id"])
    await ping(candidate, clock)
    before = datetime.now().astimezone()
    assert await notice(candidate, "paste", "happened", clock.now_ms())
    assert await notice(candidate, "window_blur", "began", clock.now_ms() - 3_600_000)  # before the sitting
    await asyncio.sleep(0.1)
    await candidate.publish(publisher)
    await candidate.say("start_answer", question_id=one_way["questions"][0]["id"])
    video_id = (await candidate.hear("recording", state="recording"))["video_id"]
    await asyncio.sleep(3)
    await candidate.say("finish_answer", video_id=video_id)
    await video_when(candidate, one_way["id"], "ready")

    events = await events_of(house, one_way["id"])
    paste = next(event for event in events if event["event_type"] == "paste")
    (blur,) = [event for event in events if event is not paste]
    assert (paste["event_type"], paste["video_id"], paste["offset_ms"]) == ("paste", None, 0)
    assert abs((datetime.fromisoformat(paste["detected_at"]) - before).total_seconds()) < 2
    assert not paste["is_open"]
    # It lasted into the answer and is shown there, from its beginning to its end.
    assert (blur["event_type"], blur["video_id"], blur["offset_ms"]) == ("window_blur", video_id, 0)
    assert blur["duration_seconds"] > 2.5
    assert not blur["is_open"]


async def test_only_the_candidate_is_listened_to_and_only_after_consent(
    house: House,
    candidate: Participant,
    interviewer: Participant,
    live: dict[str, Any],
) -> None:
    await candidate.hello(live["id"])
    assert await refusal(candidate) == "not_allowed"  # still at the device check
    await candidate.say("enter")
    await candidate.hear("waiting")
    assert await refusal(candidate) == "consent_required"
    await interviewer.enter(live["id"])
    assert await refusal(interviewer) == "not_allowed"
    assert await events_of(house, live["id"]) == []


async def test_what_no_browser_can_notice_is_a_bad_message(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    await candidate.consent(one_way["id"])
    await candidate.enter(one_way["id"])
    for place, fields in enumerate(IMPOSSIBLE):
        if place == 7:  # ten bad messages would be enough for one socket
            await candidate.hang_up()
            await candidate.enter(one_way["id"])
        message = {"id": str(uuid4()), "event_type": "copy", "step": "happened", "at_ms": 0.0} | fields
        await candidate.say("noticed", **message)
        assert (await candidate.hear("error"))["error"] == "bad_message", fields
    assert await events_of(house, one_way["id"]) == []


async def test_a_flood_is_slowed_down_and_the_call_goes_on(
    house: House, candidate: Participant, one_way: dict[str, Any]
) -> None:
    clock = Clock()
    await candidate.consent(one_way["id"])
    await candidate.enter(one_way["id"])
    for _ in range(70):
        fields = {"event_type": "copy", "step": "happened", "at_ms": clock.now_ms()}
        await candidate.say("noticed", id=str(uuid4()), **fields)
        await asyncio.sleep(0.01)
    error = await candidate.hear("error")
    assert (error["error"], error["fatal"]) == ("rate_limited", False)
    await asyncio.sleep(1)
    assert await notice(candidate, "paste", "happened", clock.now_ms())
