"""Inviting colleagues by mail."""

import pytest

from tests.server.mail.post_office import PostOffice
from tests.server.world import PASSWORD, Answer, Json, Person, Team, VirtualClock, World

INVITED = "new@example.com"
OWN = {"full_name": "Nia New", "password": "a password of mine"}


async def _invite(team: Team, email: str = INVITED, role: str = "recruiter") -> Answer:
    return await team.admin.post("/members/invites", {"email": email, "role": role})


async def _accept(person: Person, token: str, **given: Json) -> Answer:
    return await person.post("/auth/colleague-invite/accept", {"token": token} | given)


async def test_somebody_new_joins_with_name_and_password(world: World, post_office: PostOffice) -> None:
    team, new = await world.team(), await world.somebody()
    assert (await _invite(team, INVITED.upper())).status == 201
    token = await post_office.link_to(INVITED, "join")
    seen = await new.post("/auth/colleague-invite", {"token": token})
    assert seen.json == {
        "organisation_name": "Northwind",
        "email": INVITED,
        "role": "recruiter",
        "needs_password": True,
    }
    assert (await _accept(new, token)).refused == (422, "bad_request")
    assert (await _accept(new, token, **OWN)).json == {"signed_in": True}
    me = (await new.get("/me")).json
    assert (me["user"]["email"], me["user"]["is_verified"]) == (INVITED, True)
    assert [one["role"] for one in me["memberships"]] == ["recruiter"]
    assert (await _accept(new, token, **OWN)).refused == (410, "link_invalid")
    assert (await team.admin.get("/members/invites")).json["items"] == []
    actions = [entry["action"] for entry in (await team.admin.get("/audit?action=colleague.")).json["items"]]
    assert actions == ["colleague.joined", "colleague.invited"]


async def test_who_has_a_confirmed_account_joins_with_it_and_signs_in_as_ever(
    world: World, post_office: PostOffice
) -> None:
    team, person = await world.team(), await world.person()
    await person.post(
        "/auth/verification/confirm", {"token": await post_office.link_to(person.email, "verify-email")}
    )
    await _invite(team, person.email, "reviewer")
    token = await post_office.link_to(person.email, "join")
    browser = await world.somebody()
    seen = await browser.post("/auth/colleague-invite", {"token": token})
    assert seen.json["needs_password"] is False
    assert (await _accept(browser, token)).json == {"signed_in": False}
    assert (await browser.get("/me")).status == 401
    assert [one["role"] for one in (await person.get("/me")).json["memberships"]] == ["reviewer"]
    assert (await _invite(team, person.email)).refused == (409, "already_member")


async def test_who_claimed_the_address_without_proof_does_not_get_in(
    world: World, post_office: PostOffice
) -> None:
    team, squatter, owner = await world.team(), await world.person(), await world.somebody()
    await _invite(team, squatter.email)
    token = await post_office.link_to(squatter.email, "join")
    assert (await _accept(owner, token, **OWN)).json == {"signed_in": True}
    assert (await squatter.get("/me")).refused == (401, "not_signed_in")
    back = await squatter.post("/auth/sign-in", {"email": squatter.email, "password": PASSWORD})
    assert back.refused == (401, "wrong_credentials")
    assert (await owner.get("/interviews")).status == 200


async def test_a_later_invitation_replaces_the_earlier_one(
    world: World, post_office: PostOffice, clock: VirtualClock
) -> None:
    team, new = await world.team(), await world.somebody()
    await _invite(team)
    made = (await _invite(team, role="interviewer")).json
    first = await post_office.link_to(INVITED, "join")
    second = await post_office.link_to(INVITED, "join", number=2)
    assert (await _accept(new, first, **OWN)).refused == (410, "link_invalid")
    [listed] = (await team.admin.get("/members/invites")).json["items"]
    assert (listed["id"], listed["role"], listed["is_expired"]) == (made["id"], "interviewer", False)
    clock.advance(days=7)
    assert (await _accept(new, second, **OWN)).refused == (410, "link_invalid")
    await team.admin.post("/auth/refresh")
    [listed] = (await team.admin.get("/members/invites")).json["items"]
    assert listed["is_expired"] is True


async def test_an_invitation_can_be_taken_back(world: World, post_office: PostOffice) -> None:
    team, other = await world.team(), await world.team("Other")
    path = f"/members/invites/{(await _invite(team)).json['id']}"
    assert (await other.admin.delete(path)).refused == (404, "colleague_invite_not_found")
    assert (await other.admin.get("/members/invites")).json["items"] == []
    assert (await team.admin.delete(path)).status == 204
    assert (await team.admin.delete(path)).refused == (404, "colleague_invite_not_found")
    token = await post_office.link_to(INVITED, "join")
    assert (await _accept(await world.somebody(), token, **OWN)).refused == (410, "link_invalid")


@pytest.mark.parametrize("role", ["super_admin", "candidate"])
async def test_nobody_is_invited_as_more_than_an_administrator(world: World, role: str) -> None:
    assert (await _invite(await world.team(), role=role)).refused == (422, "bad_request")


async def test_who_was_deactivated_comes_back_by_invitation(world: World, post_office: PostOffice) -> None:
    team = await world.team()
    member = (await team.admin.get("/members?search=reviewer")).json["items"][0]
    await team.admin.patch(f"/members/{member['id']}", {"is_active": False})
    await _invite(team, team.reviewer.email, "recruiter")
    token = await post_office.link_to(team.reviewer.email, "join")
    await _accept(await world.somebody(), token, **OWN)
    back = (await team.admin.get("/members?search=reviewer")).json["items"]
    assert back == []  # the name is the one they chose
    [member] = (await team.admin.get("/members?search=nia")).json["items"]
    assert (member["role"], member["is_active"]) == ("recruiter", True)
