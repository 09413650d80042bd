"""Connections that end while they begin leave nothing behind."""

import asyncio
import contextlib
import gc

import pytest
from aioice.ice import CandidatePair

from server.media.connection import MediaConnection
from server.media.dtls import MediaTransport
from server.media.errors import MediaError
from server.media.ice import IceConnection, IceOptions
from server.media.room import Room
from tests.server.media.peers import Publisher, Viewer
from tests.server.media.test_room import Listener


def connections() -> int:
    gc.collect()
    return sum(isinstance(thing, MediaConnection | IceConnection) for thing in gc.get_objects())


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8])
async def test_a_stream_may_end_while_somebody_subscribes(turns: int) -> None:
    before = connections()
    ice = IceOptions()
    room = Room(Listener(), ice=ice, max_bitrate_bps=1_000_000)
    publisher, viewer = Publisher(), Viewer()
    await room.publish("ann", "camera-1", "camera", await publisher.offer())
    subscribing = asyncio.create_task(room.subscribe("bob", "camera-1", await viewer.offer()))
    for _ in range(turns):
        await asyncio.sleep(0)
    room.unpublish("camera-1")
    with contextlib.suppress(MediaError):
        await subscribing
    await room.close()
    await publisher.close()
    await viewer.close()
    del room, subscribing
    await asyncio.sleep(0.1)
    assert connections() == before
    ports = ice.ports._all()
    assert [port.connections for port in ports] == [0] * len(ports)
    ice.ports.close()


@pytest.mark.parametrize("turns", range(8))
async def test_a_connection_may_close_at_the_moment_its_checks_succeed(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    closings: list[asyncio.Task[None]] = []
    checked = IceConnection.check_complete

    async def close(connection: IceConnection) -> None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await connection.close()

    def close_at_once(connection: IceConnection, pair: CandidatePair) -> None:
        checked(connection, pair)
        if connection._check_list_done and not closings:
            closings.append(asyncio.create_task(close(connection)))

    monkeypatch.setattr(IceConnection, "check_complete", close_at_once)
    before, ice, publisher = connections(), IceOptions(), Publisher()
    room = Room(Listener(), ice=ice, max_bitrate_bps=1_000_000)
    await publisher.accept(await room.publish("ann", "camera-1", "camera", await publisher.offer()))
    async with asyncio.timeout(10):
        while not closings:
            await asyncio.sleep(0.005)
        await asyncio.wait(closings)
    await room.close()
    await publisher.close()
    closings.clear()
    del room
    await asyncio.sleep(0.1)
    assert connections() == before
    ice.ports.close()


@pytest.mark.parametrize("turns", range(8))
async def test_a_room_may_close_while_the_last_handshake_ends(
    turns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, ice, publisher = connections(), IceOptions(), Publisher()
    rooms = [Room(Listener(), ice=ice, max_bitrate_bps=1_000_000)]
    closings: list[asyncio.Task[None]] = []
    handshake = MediaTransport._do_handshake

    async def close_at_the_end(transport: MediaTransport) -> None:
        await handshake(transport)
        if not closings:
            closings.append(asyncio.create_task(rooms[0].close()))
        for _ in range(turns):
            await asyncio.sleep(0)

    monkeypatch.setattr(MediaTransport, "_do_handshake", close_at_the_end)
    await publisher.accept(await rooms[0].publish("ann", "camera-1", "camera", await publisher.offer()))
    async with asyncio.timeout(10):
        while not closings:
            await asyncio.sleep(0.005)
        await asyncio.wait(closings)
    await publisher.close()
    await asyncio.sleep(0.1)
    closings.clear()
    rooms.clear()
    assert connections() == before
    ice.ports.close()
