"""The WebSocket on which staff watch a session."""

import asyncio
from typing import Any

import aiohttp
import pytest

from server.keys import BUS
from server.live.routes import close_watchers
from server.scheduling.service import topic
from tests.server.world import Person, World


async def _hear(socket: Any) -> Any:
    return await asyncio.wait_for(socket.receive_json(), 5)


async def _refused(person: Person, path: str, **options: Any) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        async with person.watch(path, **options):
            pass
    return refused.value.status


async def test_staff_see_a_session_change(world: World) -> None:
    sitting = await world.sitting(kind="live")
    async with sitting.team.interviewer.watch(f"{sitting.path}/live") as socket:
        video_id = await world.video(sitting, question=None)
        assert (await _hear(socket))["status"] == "in_progress"
        assert (await _hear(socket))["video"]["id"] == str(video_id)
        await sitting.candidate.delete(f"{sitting.path}/consent")  # not for this socket
        await sitting.team.recruiter.post(f"{sitting.path}/end")
        ended = await _hear(socket)
        assert (ended["type"], ended["status"]) == ("session", "completed")


async def test_what_a_watcher_says_is_ignored(world: World) -> None:
    sitting = await world.sitting()
    async with sitting.team.recruiter.watch(f"{sitting.path}/live") as socket:
        await socket.send_str("hello?")
        await world.app[BUS].publish(f"session:{sitting.id}", {"type": "session", "status": "x"})
        assert (await _hear(socket))["status"] == "x"


async def test_only_staff_of_the_session_watch(world: World) -> None:
    sitting = await world.sitting()
    path = f"{sitting.path}/live"
    other = await world.team("Other")
    for person in (sitting.candidate, other.admin, sitting.team.interviewer, await world.person()):
        assert await _refused(person, path) == 404
    assert await _refused(await world.somebody(), path) == 401


async def test_another_site_cannot_watch(world: World) -> None:
    sitting = await world.sitting()
    path = f"{sitting.path}/live"
    assert await _refused(sitting.team.admin, path, headers={"Origin": "https://evil.example"}) == 403
    sitting.team.admin.origin = ""
    assert await _refused(sitting.team.admin, path) == 403


async def test_a_watcher_who_leaves_leaves_nothing_behind(world: World) -> None:
    sitting = await world.sitting()
    topics = world.app[BUS]._topics  # type: ignore[attr-defined]
    async with sitting.team.recruiter.watch(f"{sitting.path}/live"):
        assert topic(sitting.id) in topics
    async with asyncio.timeout(2):
        while topic(sitting.id) in topics:
            await asyncio.sleep(0.02)


async def test_watchers_are_sent_away_when_the_server_stops(world: World) -> None:
    sitting = await world.sitting()
    async with sitting.team.recruiter.watch(f"{sitting.path}/live") as socket:
        await close_watchers(world.app)
        message = await asyncio.wait_for(socket.receive(), 5)
        assert (message.type, message.data) == (aiohttp.WSMsgType.CLOSE, aiohttp.WSCloseCode.GOING_AWAY)
