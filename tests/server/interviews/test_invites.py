"""Codes: making them, redeeming them, guessing them."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from server.interviews.inviting import LIFETIME
from server.interviews.models import Invite, InviteStatus, Participant
from server.signing import keyed_hash
from server.storage.db import Database
from tests.server.world import Person, Team, VirtualClock, World


async def redeem_code(person: Person, code: str) -> tuple[int, str | None]:
    answer = await person.post("/candidate/interviews", {"code": code})
    return answer.status, answer.json.get("error")


async def wrong_code(database: Database, key: bytes) -> str:
    """Six digits that are nobody's code."""
    async with database.begin() as uow:
        taken = set(await uow.session.scalars(select(Invite.code_hash)))
    return next(f"{n:06d}" for n in range(1_000_000) if keyed_hash(key, f"{n:06d}") not in taken)


async def test_each_line_has_a_result_of_its_own(world: World) -> None:
    team = await world.team()
    interview = await world.interview(team)
    path = f"/interviews/{interview['id']}/invites"
    await team.recruiter.post(path, {"emails": ["known@example.com"]})
    lines = ["New@Example.com ", "nonsense", "new@example.com", "known@example.com", "other@example.com"]
    items = (await team.recruiter.post(path, {"emails": lines})).json["items"]
    assert [item["error"] for item in items] == [None, "bad_email", "duplicate", "already_invited", None]
    assert items[0]["email"] == "new@example.com"
    assert len({item["code"] for item in items if item["code"]}) == 2
    assert all(len(item["code"]) == 6 and item["code"].isdigit() for item in items if item["code"])
    listed = (await team.recruiter.get(path)).json["items"]
    assert [item["email"] for item in listed] == ["other@example.com", "new@example.com", "known@example.com"]
    assert {item["code"] for item in listed} == {None}


async def test_a_table_of_invites_gives_no_codes_away(world: World, database: Database) -> None:
    team = await world.team()
    code = await world.code(team, await world.interview(team), "a@example.com")
    async with database.begin() as uow:
        invite = (await uow.session.scalars(select(Invite))).one()
    assert code.encode() not in invite.code_hash + invite.token_hash
    assert len(invite.code_hash) == 32


async def test_a_code_opens_the_interview_to_whom_it_was_sent(world: World) -> None:
    team, candidate = await world.team(), await world.person()
    interview = await world.interview(team)
    code = await world.code(team, interview, candidate.email.upper())
    answer = await candidate.post("/candidate/interviews", {"code": f"{code[:3]} {code[3:]}"})
    assert answer.status == 201
    assert answer.json["interview"]["title"] == "Engineer"
    assert answer.json["interview"]["organisation_name"] == "Northwind"
    assert answer.json["interview"]["question_count"] == 2
    assert answer.json["status"] == "active"
    assert answer.json["session"] is None
    assert (await candidate.get("/candidate/interviews")).json["items"] == [answer.json]
    [invite] = (await team.recruiter.get(f"/interviews/{interview['id']}/invites")).json["items"]
    assert invite["status"] == "accepted"


async def test_a_live_interview_has_its_session_at_once(world: World) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team, "live"), candidate.email)
    joined = (await candidate.post("/candidate/interviews", {"code": code})).json
    assert joined["session"]["status"] == "confirmed"
    session = (await team.interviewer.get(f"/sessions/{joined['session']['id']}")).json
    roles = {person["id"]: person["panel_role"] for person in session["interviewers"]}
    assert roles == {team.interviewer.id: "lead", team.recruiter.id: "member"}


async def test_refusals_are_named(world: World, database: Database, clock: VirtualClock) -> None:
    team, candidate, other = await world.team(), await world.person(), await world.person()
    code = await world.code(team, await world.interview(team), candidate.email)
    assert await redeem_code(other, code) == (403, "invite_other_email")
    assert await redeem_code(candidate, code) == (201, None)
    assert await redeem_code(candidate, code) == (409, "invite_already_added")

    revoked = await world.code(team, await world.interview(team), candidate.email)
    async with database.begin() as uow:
        await uow.session.execute(
            update(Invite).where(Invite.status == InviteStatus.PENDING).values(status=InviteStatus.REVOKED)
        )
    assert await redeem_code(candidate, revoked) == (410, "invite_revoked")

    expired = await world.code(team, await world.interview(team), candidate.email)
    clock.advance(days=14, seconds=1)
    await candidate.post("/auth/refresh")
    assert await redeem_code(candidate, expired) == (410, "invite_expired")
    assert (await candidate.post("/candidate/interviews", {"code": "12345"})).refused == (422, "bad_request")
    assert (await candidate.post("/candidate/interviews", {"code": "١٢٣٤٥٦"})).refused == (422, "bad_request")


async def test_an_invite_ends_with_the_deadline_and_can_then_be_sent_again(
    world: World, clock: VirtualClock
) -> None:
    team = await world.team()
    soon = clock() + timedelta(days=2)
    interview = await world.interview(team, deadline=soon.isoformat())
    path = f"/interviews/{interview['id']}/invites"
    [near] = (await team.recruiter.post(path, {"emails": ["a@example.com"]})).json["items"]
    assert near["expires_at"] == interview["deadline"]

    open_ended = await world.interview(team)
    await world.code(team, open_ended, "a@example.com")
    clock.advance(seconds=LIFETIME.total_seconds() + 1)
    await team.recruiter.post("/auth/refresh")
    path = f"/interviews/{open_ended['id']}/invites"
    assert (await team.recruiter.get(path)).json["items"][0]["status"] == "expired"
    assert await world.code(team, open_ended, "a@example.com")


@pytest.mark.parametrize("kind", ["one_way", "live"])
async def test_of_two_redemptions_at_once_one_wins(world: World, database: Database, kind: str) -> None:
    team, candidate = await world.team(), await world.person()
    code = await world.code(team, await world.interview(team, kind), candidate.email)
    results = await asyncio.gather(*(redeem_code(candidate, code) for _ in range(4)))
    assert sorted(results, key=str) == [(201, None)] + [(409, "invite_already_added")] * 3
    async with database.begin() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Participant)) == 1


async def test_two_people_inviting_at_once_draw_different_codes(world: World, database: Database) -> None:
    team: Team = await world.team()
    interview = await world.interview(team)
    path = f"/interviews/{interview['id']}/invites"
    lists = [[f"p{place}-{number}@example.com" for number in range(20)] for place in range(4)]
    answers = await asyncio.gather(*(team.recruiter.post(path, {"emails": emails}) for emails in lists))
    codes = [item["code"] for answer in answers for item in answer.json["items"]]
    assert len(set(codes)) == 80
