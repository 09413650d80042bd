"""A network in which only a relay leads out: media goes through it, with credentials that live."""

from collections.abc import Iterator
from typing import Any

import aioice.ice
import pytest
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection

from server.media import ice as server_ice
from server.signalling import ice
from tests.server.media.peers import Publisher, candidates_of, until
from tests.server.signalling.client import Participant
from tests.server.signalling.test_turn import LIFE_SECONDS, Clock
from tests.turn import TurnServer, turn_server

SECRET = "a secret that the relay knows too"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """By this clock credentials are made, live ten seconds, and are looked at by the relay."""
    clock = Clock()
    monkeypatch.setattr(ice, "time", clock)
    monkeypatch.setattr(ice, "CREDENTIAL_SECONDS", LIFE_SECONDS)
    return clock


@pytest.fixture
def turn(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[TurnServer]:
    """The relay; peers have no other way out."""
    monkeypatch.setattr(server_ice, "local_addresses", lambda _: ["127.0.0.1"])
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda **_: [])
    with turn_server(SECRET, clock.time) as turn:
        yield turn


@pytest.fixture
def house_settings(turn: TurnServer) -> dict[str, Any]:
    """A house that hands the relay out."""
    return {"turn_urls": turn.url, "turn_secret": SECRET}


class Relayed(Publisher):
    """A publisher with the servers that a message of the server names."""

    def __init__(self, message: dict[str, Any]) -> None:
        super().__init__()
        [server] = [RTCIceServer(**each) for each in message["ice_servers"] if each["username"]]
        self.username = server.username
        tracks = [sender.track for sender in self.pc.getSenders()]
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=[server]))
        for track in tracks:
            self.pc.addTrack(track)


async def test_a_page_open_for_longer_than_its_credentials_sends_through_the_relay(
    candidate: Participant, one_way: dict[str, Any], turn: TurnServer, clock: Clock
) -> None:
    await candidate.consent(one_way["id"])
    welcome = await candidate.hello(one_way["id"])
    clock.now += LIFE_SECONDS + 5  # the device check stays open
    stale = Relayed(welcome)
    assert candidates_of(await stale.offer()) == []
    assert stale.username in turn.refused  # nothing but the clock speaks against it

    await candidate.say("enter")
    fresh = Relayed(await candidate.hear("entered"))
    await candidate.publish(fresh)
    assert turn.allowed == [fresh.username] * len(turn.allowed)
    before = turn.relayed
    await until(lambda: turn.relayed > before + 50, 30)  # and it goes on
    for publisher in (stale, fresh):
        await publisher.close()


async def test_what_was_allotted_lives_on_when_its_credentials_do_not(
    candidate: Participant, one_way: dict[str, Any], turn: TurnServer, clock: Clock
) -> None:
    """Whoever is connected stays so, and whoever comes back is given new ones."""
    await candidate.consent(one_way["id"])
    welcome = await candidate.hello(one_way["id"])
    await candidate.say("enter")
    first = Relayed(await candidate.hear("entered"))
    await candidate.publish(first)
    clock.now += LIFE_SECONDS + 5
    before = turn.relayed
    await until(lambda: turn.relayed > before + 50, 30)
    await first.close()
    await candidate.hang_up()
    again = Relayed(await candidate.hello(one_way["id"], resume_token=welcome["resume_token"]))
    assert again.username != first.username
    await candidate.publish(again)
    assert again.username in turn.allowed
    await again.close()
