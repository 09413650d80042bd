"""People of an organisation, as its administrators see and change them; what the audit log says of it."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import select

from server.accounts.models import Membership, Role
from server.accounts.service import add_member
from server.storage.db import Database
from tests.server.world import Json, Person, Team, VirtualClock, World


async def _members(admin: Person) -> dict[str, Json]:
    """The members by e-mail."""
    return {item["email"]: item for item in (await admin.get("/members")).json["items"]}


async def _path(team: Team, person: Person) -> str:
    return f"/members/{(await _members(team.admin))[person.email]['id']}"


async def test_administrators_see_everybody_page_by_page(world: World) -> None:
    team, _ = await world.team(), await world.team("Other")
    assert set(await _members(team.admin)) == {person.email for person in team.everybody.values()}
    first = (await team.admin.get("/members?limit=3")).json
    rest = (await team.admin.get(f"/members?limit=3&cursor={first['next_cursor']}")).json
    assert (len(first["items"]), len(rest["items"]), rest["next_cursor"]) == (3, 1, None)
    assert len({item["id"] for item in first["items"] + rest["items"]}) == 4
    [found] = (await team.admin.get("/members?search=REVIEWER")).json["items"]
    assert found["email"] == team.reviewer.email
    assert (await team.admin.get("/members?search=%25")).json["items"] == []


async def test_a_new_role_holds_at_once_and_is_in_the_log(world: World) -> None:
    team = await world.team()
    path = await _path(team, team.reviewer)
    assert (await team.reviewer.get("/interviews")).status == 403
    changed = await team.admin.patch(path, {"role": "recruiter"})
    assert changed.json["role"] == "recruiter"
    assert (await team.reviewer.get("/interviews")).status == 200
    [entry] = (await team.admin.get("/audit?action=member.")).json["items"]
    assert entry["actor"]["id"] == team.admin.id
    assert entry["entity_id"] == team.reviewer.id
    assert entry["before"] == {"role": "reviewer", "is_active": True}
    assert entry["after"] == {"role": "recruiter", "is_active": True}
    assert entry["ip"] == "127.0.0.1"
    await team.admin.patch(path, {"role": "recruiter"})
    assert len((await team.admin.get("/audit?action=member.")).json["items"]) == 1


@pytest.mark.parametrize("role", ["super_admin", "candidate", "owner"])
async def test_some_roles_nobody_gives(world: World, role: str) -> None:
    team = await world.team()
    answer = await team.admin.patch(await _path(team, team.reviewer), {"role": role})
    assert answer.refused == (422, "bad_request")


async def test_a_platform_administrator_is_out_of_reach(world: World, database: Database) -> None:
    team, above = await world.team(), await world.person()
    async with database.begin() as uow:
        add_member(uow, team.id, UUID(above.id), Role.SUPER_ADMIN)
    path = await _path(team, above)
    assert (await team.admin.patch(path, {"is_active": False})).refused == (403, "not_allowed")
    assert (await above.patch(await _path(team, team.admin), {"role": "reviewer"})).status == 200


async def test_who_is_deactivated_loses_the_organisation_and_nothing_else(world: World) -> None:
    team = await world.team()
    token = (await team.recruiter.post("/me/api-tokens", {"name": "N", "scope": "read"})).json["token"]
    path = await _path(team, team.recruiter)
    assert (await team.admin.patch(path, {"is_active": False})).json["is_active"] is False
    assert (await team.recruiter.get("/interviews")).refused == (403, "not_allowed")
    assert (await team.recruiter.get("/me")).json["memberships"] == []
    assert team.recruiter.id not in {
        person["id"] for person in (await team.admin.get("/people")).json["items"]
    }
    live = {
        "title": "T",
        "kind": "live",
        "questions": [{"text": "Q"}],
        "interviewer_ids": [team.recruiter.id],
    }
    assert (await team.admin.post("/interviews", live)).refused == (422, "bad_request")
    assert (await team.admin.patch(path, {"is_active": True})).json["is_active"] is True
    assert (await team.recruiter.get("/interviews")).status == 200
    program = await world.somebody()
    with_token = await program.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert with_token.refused == (401, "not_signed_in")


@pytest.mark.parametrize("change", [{"role": "reviewer"}, {"is_active": False}])
async def test_the_last_administrator_stays(world: World, change: Json) -> None:
    team = await world.team()
    path = await _path(team, team.admin)
    assert (await team.admin.patch(path, change)).refused == (409, "last_admin")
    assert (await _members(team.admin))[team.admin.email]["role"] == "admin"
    await team.admin.patch(await _path(team, team.recruiter), {"role": "admin"})
    assert (await team.admin.patch(path, change)).status == 200


async def test_two_administrators_who_demote_each_other_leave_one(world: World, database: Database) -> None:
    team = await world.team()
    await team.admin.patch(await _path(team, team.recruiter), {"role": "admin"})
    paths = [await _path(team, team.recruiter), await _path(team, team.admin)]
    answers = await asyncio.gather(
        team.admin.patch(paths[0], {"role": "reviewer"}), team.recruiter.patch(paths[1], {"role": "reviewer"})
    )
    async with database.begin() as uow:
        roles = await uow.session.scalars(select(Membership.role).where(Membership.role == Role.ADMIN))
        assert len(roles.all()) == 1
    done, refused = sorted(answers, key=lambda answer: answer.status)
    assert done.status == 200
    assert refused.refused in {(403, "not_allowed"), (409, "last_admin")}


async def test_another_organisations_people_are_not_there(world: World) -> None:
    team, other = await world.team(), await world.team("Other")
    path = await _path(team, team.reviewer)
    assert (await other.admin.patch(path, {"role": "admin"})).refused == (404, "member_not_found")


async def test_the_log_is_searched_by_who_what_and_when(world: World, clock: VirtualClock) -> None:
    team, other = await world.team(), await world.team("Other")
    first = await world.interview(team)
    middle = clock()
    clock.advance(minutes=5)
    second = await world.interview(team)
    await world.code(team, second, "a@example.com")
    await world.interview(other)

    async def found(query: str) -> list[str]:
        items = (await team.admin.get(f"/audit?{query}")).json["items"]
        return [f"{item['action']} {item['entity_id']}" for item in items]

    created = [f"interview.created {one['id']}" for one in (second, first)]
    invited = f"interview.invited {second['id']}"
    assert await found("") == [invited, *created]
    assert await found("action=interview.created") == created
    assert await found("action=interview_created") == []
    assert await found(f"entity_type=interview&entity_id={first['id']}") == created[1:]
    assert await found(f"actor_id={team.recruiter.id}") == [invited, *created]
    assert await found(f"actor_id={team.admin.id}") == []
    day = middle.isoformat().replace("+", "%2B")
    later = clock().isoformat().replace("+", "%2B")
    assert await found(f"until={later}") == created[1:]
    assert await found(f"since={later}") == [invited, created[0]]
    assert await found(f"since={day}&action=interview.created") == created
    page = (await team.admin.get("/audit?limit=2")).json
    rest = (await team.admin.get(f"/audit?limit=2&cursor={page['next_cursor']}")).json
    assert [item["action"] for item in rest["items"]] == ["interview.created"]
    assert rest["next_cursor"] is None
    for wrong in ("since=yesterday", "cursor=!", "actor_id=me", "since=2026-01-01T00:00:00"):
        assert (await team.admin.get(f"/audit?{wrong}")).refused == (422, "bad_request")
