"""A watching socket closes once whoever opened it may no longer watch, and not before."""

import asyncio
from typing import Any

import aiohttp

from server.accounts.standing import ACCESS_ENDED_CODE
from server.keys import BUS
from tests.server.world import PASSWORD, Person, World


async def _closed(socket: Any) -> int:
    message = await asyncio.wait_for(socket.receive(), 5)
    assert message.type is aiohttp.WSMsgType.CLOSE, message
    return int(message.data)


async def _still_hears(world: World, socket: Any, topic: str) -> None:
    await world.app[BUS].publish(topic, {"type": "session", "status": "x"})
    assert (await asyncio.wait_for(socket.receive_json(), 5))["status"] == "x"


async def _at_another_device(world: World, person: Person) -> Person:
    other = await world.somebody()
    signed_in = await other.post("/auth/sign-in", {"email": person.email, "password": PASSWORD})
    assert signed_in.status == 200, signed_in
    return other


async def test_signing_out_everywhere_closes_every_socket_of_mine(world: World) -> None:
    sitting = await world.sitting()
    recruiter, admin = sitting.team.recruiter, sitting.team.admin
    other = await _at_another_device(world, recruiter)
    path = f"{sitting.path}/live"
    async with (
        recruiter.watch(path) as first,
        other.watch("/dashboard/live") as second,
        admin.watch(path) as admins,
    ):
        assert (await other.post("/auth/sign-out-everywhere")).status == 204
        assert await _closed(first) == await _closed(second) == ACCESS_ENDED_CODE
        await _still_hears(world, admins, f"session:{sitting.id}")


async def test_one_ended_sign_in_leaves_the_others_their_sockets(world: World) -> None:
    """Although the access tokens the sockets were opened with have run out."""
    sitting = await world.sitting()
    recruiter = sitting.team.recruiter
    other = await _at_another_device(world, recruiter)
    path = f"{sitting.path}/live"
    async with recruiter.watch(path) as stays, other.watch(path) as goes:
        world.clock.advance(minutes=20)
        assert (await other.post("/auth/sign-out")).status == 204
        assert await _closed(goes) == ACCESS_ENDED_CODE
        await _still_hears(world, stays, f"session:{sitting.id}")


async def test_who_leaves_the_company_sees_its_sessions_no_longer(world: World) -> None:
    sitting = await world.sitting()
    team = sitting.team
    members = (await team.admin.get("/members")).json["items"]
    member = next(one for one in members if one["user_id"] == team.recruiter.id)
    async with team.recruiter.watch(f"{sitting.path}/live") as socket:
        changed = await team.admin.patch(f"/members/{member['id']}", {"is_active": False})
        assert changed.status == 200, changed
        assert await _closed(socket) == ACCESS_ENDED_CODE


async def test_a_revoked_token_closes_what_it_opened(world: World) -> None:
    sitting = await world.sitting()
    recruiter = sitting.team.recruiter
    made = await recruiter.post("/me/api-tokens", {"name": "watch", "scope": "write"})
    assert made.status == 201, made
    program = await world.somebody()
    bearer = {"Authorization": f"Bearer {made.json['token']}"}
    async with program.watch(f"{sitting.path}/live", headers=bearer) as socket:
        gone = await recruiter.delete(f"/me/api-tokens/{made.json['id']}")
        assert gone.status == 204, gone
        assert await _closed(socket) == ACCESS_ENDED_CODE
