"""Peers that vanish in the middle of the handshake, one after the other: nothing of them stays."""

import asyncio
import gc
from typing import Any

import pytest

from server.media import publication
from server.media.connection import MediaConnection
from server.media.ice import IceConnection, IceOptions
from server.media.room import MAX_PUBLICATIONS, Room
from tests.server.media.peers import Publisher, candidates_of, until
from tests.server.media.test_room import Listener

PEERS = 16
assert PEERS < MAX_PUBLICATIONS


def connections() -> int:
    """Connections of the server that are still somewhere in memory."""
    gc.collect()
    return sum(isinstance(thing, MediaConnection | IceConnection) for thing in gc.get_objects())


def others() -> set["asyncio.Task[Any]"]:
    """Every task but this one."""
    return asyncio.all_tasks() - {asyncio.current_task()}


async def come_and_vanish(room: Room, number: int) -> Any:
    """Offer a stream; be gone so many turns of the loop after the answer, without a goodbye.

    Returns the peer's own side, which aioice does not put away when it is closed while it connects.
    """
    publisher, stream_id = Publisher(audio=False), f"camera-{number}"
    offer = await publisher.offer()
    answer = await room.publish(f"person {number}", stream_id, "camera", offer)
    await publisher.accept(answer)
    for line in candidates_of(offer):
        await room.add_candidate(f"person {number}", stream_id, "publish", line, None, 0)
    for _ in range(number):
        await asyncio.sleep(0.001)
    connection: Any = publisher.pc.getTransceivers()[0].sender.transport.transport._connection
    for protocol in connection._protocols:
        protocol.transport.abort()
    await publisher.close()
    return connection


async def test_peers_that_vanish_in_mid_handshake_leave_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publication, "_CONNECT_TIMEOUT_MS", 1_000.0)
    monkeypatch.setitem(publication._SILENT_TIMEOUT_MS, "camera", 1_000.0)
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    before, tasks, ice = connections(), others(), IceOptions()
    rooms = [Room(Listener(), ice=ice, max_bitrate_bps=1_000_000)]
    gone = [await come_and_vanish(rooms[0], number) for number in range(PEERS)]
    await until(lambda: not rooms[0]._publications, 45)  # noticed by the room itself: nobody told it
    await rooms[0].close()
    for task in filter(None, (each._query_consent_task for each in gone)):
        task.cancel()
    await until(lambda: others() <= tasks, 45)
    for port in ice.ports._all():
        assert (port.connections, port._routes, port._by_username, port._by_transaction) == (0, {}, {}, {})
    ice.ports.close()
    rooms.clear()
    await until(lambda: connections() == before, 45)
    gc.collect()
    assert unhandled == []
