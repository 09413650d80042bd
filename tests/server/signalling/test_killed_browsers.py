"""Browsers that are killed a tenth of a second after their offer, fifty times: nothing of them stays."""

import asyncio
import gc
import socket
from typing import Any
from uuid import uuid4

import psutil
import pytest
from structlog.testing import capture_logs

from server.media import publication
from server.signalling.socket import HUB
from server.sittings.figures import Figures
from tests.server.media.peers import Publisher, until
from tests.server.signalling.client import Participant
from tests.server.signalling.conftest import House
from tests.server.signalling.test_lobby import admitted

KILLED = 50
LIVED_SECONDS = 0.1


def held(house: House) -> tuple[int, int, Figures]:
    """Tasks, sockets for media, and who is in which room with what."""
    gc.collect()
    sockets = sum(each.type == socket.SOCK_DGRAM for each in psutil.Process().net_connections("inet"))
    return len(asyncio.all_tasks()), sockets, house.app[HUB].figures()


async def kill(candidate: Participant, publisher: Publisher) -> None:
    """Neither socket nor media say goodbye."""
    connection: Any = publisher.pc.getTransceivers()[0].sender.transport.transport._connection
    for protocol in connection._protocols:
        protocol.transport.abort()
    signalling: Any = candidate.socket
    signalling._conn.transport.abort()
    await publisher.close()
    if connection._query_consent_task is not None:  # aioice's own, on the peer's side
        connection._query_consent_task.cancel()
    await candidate.hang_up()


async def come_and_be_killed(candidate: Participant, session_id: str) -> None:
    """A page is opened over the one that was killed before, offers its camera, and is gone."""
    publisher = Publisher()
    await candidate.hello(session_id, take_over=True)
    await candidate.say("enter")
    offer = await publisher.offer()
    await candidate.say("publish", stream_id=str(uuid4()), source="camera", sdp=offer)
    await asyncio.sleep(LIVED_SECONDS)
    await kill(candidate, publisher)


async def test_nothing_is_left_of_browsers_that_were_killed(
    house: House,
    candidate: Participant,
    interviewer: Participant,
    live: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(publication, "_CONNECT_TIMEOUT_MS", 1_000.0)
    unhandled: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
    await candidate.consent(live["id"])
    await admitted(candidate, interviewer, live["id"])
    await come_and_be_killed(candidate, live["id"])  # what is made once and stays is made by now
    await until(lambda: not house.app[HUB].figures().published, 45)
    before = held(house)
    with capture_logs() as logged:
        for _ in range(KILLED):
            await come_and_be_killed(candidate, live["id"])
        await until(lambda: held(house) == before, 45)
    gc.collect()
    assert unhandled == []
    assert [line for line in logged if line["log_level"] in ("error", "critical")] == []
