"""Peers with IPv6 only, and peers that share no kind of address with the server."""

from collections.abc import AsyncIterator
from pathlib import Path

import aioice.ice
import av
import pytest

from server.media import ice as server_ice
from server.media import publication
from server.media.errors import UnknownStream
from server.media.ice import IceOptions
from server.media.room import Room
from tests.server.media.peers import Publisher, candidates_of, until
from tests.server.media.test_room import Listener, publish, record


@pytest.fixture
async def listener() -> Listener:
    """Notes what the room says."""
    return Listener()


@pytest.fixture
async def room(listener: Listener) -> AsyncIterator[Room]:
    """A room on ports of its own."""
    ice = IceOptions()
    made = Room(listener, ice=ice, max_bitrate_bps=2_000_000)
    yield made
    await made.close()
    ice.ports.close()


def addresses(monkeypatch: pytest.MonkeyPatch, *, server: str, peer: str) -> None:
    """Give either side one address."""
    monkeypatch.setattr(aioice.ice, "get_host_addresses", lambda **_: [peer])
    monkeypatch.setattr(server_ice, "local_addresses", lambda _: [server])


async def test_a_peer_with_ipv6_only_is_recorded(
    room: Room, listener: Listener, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses(monkeypatch, server="::1", peer="::1")
    publisher = Publisher()
    offer = await publisher.offer()
    answer = await room.publish("ann", "camera-1", "camera", offer)
    for sdp in (offer, answer):
        assert {line.split()[4] for line in candidates_of(sdp)} == {"::1"}
    await publisher.accept(answer)
    await until(lambda: listener.started, 30)
    await record(listener.started[0], tmp_path / "segment-000.mkv", 500)
    with av.open(str(tmp_path / "segment-000.mkv")) as container:
        assert sum(1 for _ in container.decode(video=0)) > 5
    await publisher.close()


async def test_without_a_common_kind_of_address_the_try_ends(
    room: Room, listener: Listener, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses(monkeypatch, server="127.0.0.1", peer="::1")
    monkeypatch.setattr(publication, "_CONNECT_TIMEOUT_MS", 500.0)
    publisher = Publisher()
    await publish(room, publisher)
    await until(lambda: not room._publications, 30)
    with pytest.raises(UnknownStream):
        room.source("camera-1")
    assert (listener.started, listener.ended) == ([], [])  # nobody was ever told of it
    await publisher.close()
