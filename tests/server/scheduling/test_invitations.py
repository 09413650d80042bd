"""Invitations of one's own address on the dashboard: for those who have confirmed it, and for nobody else."""

import asyncio
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from server.accounts.models import User
from server.interviews.models import Participant
from server.storage.db import Database
from server.storage.scope import system
from tests.server.world import PASSWORD, Json, Person, Team, VirtualClock, World, unknown_id

PATH = "/candidate/invitations"


async def _confirm(database: Database, person: Person) -> None:
    async with database.begin(system("test")) as uow:
        await uow.session.execute(update(User).where(User.id == UUID(person.id)).values(is_verified=True))


async def _invited(world: World, person: Person, team: Team | None = None, **changes: Json) -> Json:
    """An interview the person's address is invited to."""
    team = team or await world.team()
    interview = await world.interview(team, **changes)
    await world.code(team, interview, person.email)
    return interview


async def _listed(person: Person) -> list[Json]:
    answer = await person.get(PATH)
    assert answer.status == 200, answer
    items: list[Json] = answer.json["items"]
    return items


async def test_a_confirmed_address_sees_its_own_and_begins(world: World, database: Database) -> None:
    casey, other = await world.person("Casey"), await world.person("Olga Other")
    await _confirm(database, casey)
    await _confirm(database, other)
    team = await world.team("Southwind")
    interview = await _invited(world, casey, team, title="Engineer")
    await _invited(world, other, team, title="Not for Casey")
    [mine] = await _listed(casey)
    assert (mine["title"], mine["organisation_name"]) == ("Engineer", "Southwind")
    assert (await other.post(f"{PATH}/{mine['id']}/accept")).refused == (404, "invite_not_found")
    assert (await casey.post(f"{PATH}/{unknown_id()}/accept")).refused == (404, "invite_not_found")
    begun = await casey.post(f"{PATH}/{mine['id']}/accept")
    assert (begun.status, begun.json["interview"]["id"]) == (201, interview["id"])
    assert await _listed(casey) == []
    assert (await casey.get("/candidate/interviews")).json["items"] == [begun.json]
    assert (await casey.post(f"{PATH}/{mine['id']}/accept")).refused == (409, "invite_already_added")
    [row] = (await team.recruiter.get(f"/interviews/{interview['id']}/invites")).json["items"]
    assert row["status"] == "accepted"


async def test_who_has_not_confirmed_the_address_sees_and_begins_nothing(
    world: World, database: Database
) -> None:
    casey = await world.person("Casey")
    await _invited(world, casey)
    assert await _listed(casey) == []
    await _confirm(database, casey)
    [mine] = await _listed(casey)
    async with database.begin(system("test")) as uow:
        await uow.session.execute(update(User).values(is_verified=False))
    assert (await casey.post(f"{PATH}/{mine['id']}/accept")).refused == (404, "invite_not_found")


async def test_what_cannot_be_begun_any_more_is_not_listed(
    world: World, database: Database, clock: VirtualClock
) -> None:
    casey, team = await world.person("Casey"), await world.team()
    await _confirm(database, casey)
    closed = await _invited(world, casey, team, title="Closed")
    await _invited(world, casey, team, title="Revoked")
    soon = clock() + timedelta(days=2)
    await _invited(world, casey, team, title="Soon over", deadline=soon.isoformat())
    await _invited(world, casey, team, title="Open")
    listed = {one["title"]: one for one in await _listed(casey)}
    assert list(listed) == ["Open", "Soon over", "Revoked", "Closed"]
    assert listed["Soon over"]["expires_at"] == soon.isoformat().replace("+00:00", "Z")
    revoked = listed["Revoked"]["id"]
    await team.recruiter.post(f"/interviews/{await _of(team, 'Revoked')}/invites/{revoked}/revoke")
    refused = await casey.post(f"{PATH}/{revoked}/accept")
    assert refused.refused == (410, "invite_revoked")
    assert (await team.recruiter.post(f"/interviews/{closed['id']}/close")).status == 200
    refused = await casey.post(f"{PATH}/{listed['Closed']['id']}/accept")
    assert refused.refused == (409, "interview_closed")
    assert [one["title"] for one in await _listed(casey)] == ["Open", "Soon over"]
    clock.advance(days=3)
    await _sign_in(casey)
    assert [one["title"] for one in await _listed(casey)] == ["Open"]
    clock.advance(days=30)
    await _sign_in(casey)
    assert await _listed(casey) == []
    refused = await casey.post(f"{PATH}/{listed['Open']['id']}/accept")
    assert refused.refused == (410, "invite_expired")


async def _sign_in(person: Person) -> None:
    """Again, since sign-ins end as the clock goes on."""
    assert (await person.post("/auth/sign-in", {"email": person.email, "password": PASSWORD})).status == 200


async def _of(team: Team, title: str) -> str:
    items = (await team.recruiter.get("/interviews")).json["items"]
    return str(next(one["id"] for one in items if one["title"] == title))


async def test_two_tabs_that_begin_together_take_part_once(world: World, database: Database) -> None:
    casey = await world.person("Casey")
    await _confirm(database, casey)
    await _invited(world, casey, kind="live")
    [mine] = await _listed(casey)
    answers = await asyncio.gather(*(casey.post(f"{PATH}/{mine['id']}/accept") for _ in range(3)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409]
    async with database.begin(system("test")) as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Participant)) == 1
    [item] = (await casey.get("/candidate/interviews")).json["items"]
    assert item["session"] is not None  # its panel can see it
