"""Credentials of a TURN server: fresh whenever somebody comes in, however long their page was open."""

from dataclasses import dataclass
from typing import Any

import pytest

from server.signalling import ice
from tests.server.signalling.client import Participant

LIFE_SECONDS = 10
RELAY = {"turn_urls": "turn:turn.example:3478", "turn_secret": "a secret that the relay knows too"}


@dataclass
class Clock:
    """The server's calendar, which moves when it is told to."""

    now: float = 1_900_000_000.0

    def time(self) -> float:
        """Seconds since 1970."""
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Credentials live ten seconds by this clock."""
    clock = Clock()
    monkeypatch.setattr(ice, "time", clock)
    monkeypatch.setattr(ice, "CREDENTIAL_SECONDS", LIFE_SECONDS)
    return clock


def left_seconds(message: dict[str, Any], clock: Clock) -> float:
    """How long the credentials in a message are still taken by the relay."""
    [server] = [each for each in message["ice_servers"] if each["username"]]
    assert server["credential"]
    expires, _, user_id = server["username"].partition(":")
    assert user_id
    return int(expires) - clock.now


@pytest.mark.parametrize("house_settings", [RELAY], indirect=True)
async def test_who_comes_in_late_gets_fresh_credentials(
    candidate: Participant, one_way: dict[str, Any], clock: Clock
) -> None:
    welcome = await candidate.hello(one_way["id"])
    assert left_seconds(welcome, clock) == LIFE_SECONDS
    clock.now += 15  # the device check stays open
    assert left_seconds(welcome, clock) < 0
    await candidate.say("enter")
    assert left_seconds(await candidate.hear("entered"), clock) == LIFE_SECONDS


@pytest.mark.parametrize("house_settings", [RELAY], indirect=True)
async def test_who_waits_and_who_comes_back_too(
    candidate: Participant, interviewer: Participant, live: dict[str, Any], clock: Clock
) -> None:
    welcome = await candidate.hello(live["id"])
    clock.now += 15
    await candidate.say("enter")
    assert left_seconds(await candidate.hear("waiting"), clock) == LIFE_SECONDS
    await interviewer.enter(live["id"])
    clock.now += 15
    await interviewer.say("admit", participant_id=welcome["participant_id"])
    assert left_seconds(await candidate.hear("entered"), clock) == LIFE_SECONDS
    await candidate.hang_up()
    clock.now += 15
    again = await candidate.hello(live["id"], resume_token=welcome["resume_token"])
    assert left_seconds(again, clock) == LIFE_SECONDS
