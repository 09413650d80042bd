"""Signing up, in and out over HTTP."""

import pytest
from sqlalchemy import func, select

from server.accounts.models import Membership, User
from server.storage.db import Database
from tests.server.world import PASSWORD, Person, VirtualClock, World


def _sign_up(**changes: str) -> dict[str, str]:
    return {"email": "Mira@Example.com", "password": PASSWORD, "full_name": " Mira Muster "} | changes


async def test_signing_up_signs_in(stranger: Person) -> None:
    answer = await stranger.post("/auth/sign-up", _sign_up())
    assert answer.status == 201
    assert answer.json["user"]["email"] == "mira@example.com"
    assert answer.json["user"]["full_name"] == "Mira Muster"
    assert answer.json["memberships"] == []
    assert answer.json["landing"] == "candidate"
    assert (await stranger.get("/me")).json == answer.json


async def test_signing_up_with_an_organisation_makes_an_admin(stranger: Person) -> None:
    answer = await stranger.post("/auth/sign-up", _sign_up(organisation_name="Crème & Söhne"))
    [membership] = answer.json["memberships"]
    assert membership["role"] == "admin"
    assert membership["organisation"]["slug"] == "creme-sohne"
    assert answer.json["landing"] == "staff"


async def test_two_organisations_may_share_a_name(world: World) -> None:
    one, other = await world.team("Same"), await world.team("Same")
    slugs = {team.admin.me["memberships"][0]["organisation"]["slug"] for team in (one, other)}
    assert len(slugs) == 2


async def test_an_email_has_one_account_however_it_is_spelled(stranger: Person, database: Database) -> None:
    assert (await stranger.post("/auth/sign-up", _sign_up())).status == 201
    again = await stranger.post("/auth/sign-up", _sign_up(email="MIRA@example.COM", organisation_name="Gone"))
    assert again.refused == (409, "email_taken")
    async with database.begin() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(User)) == 1
        assert await uow.session.scalar(select(func.count()).select_from(Membership)) == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "x" * 201}, "password"),
        ({"email": "nobody"}, "email"),
        ({"full_name": "  "}, "full_name"),
        ({"is_admin": "yes"}, "is_admin"),
    ],
)
async def test_bad_input_names_the_field_and_repeats_nothing(
    stranger: Person, change: dict[str, str], field: str
) -> None:
    answer = await stranger.post("/auth/sign-up", _sign_up(**change))
    assert answer.refused == (422, "bad_request")
    assert [problem["field"] for problem in answer.json["detail"]] == [field]
    assert PASSWORD.encode() not in answer.raw


async def test_signing_in_and_out(world: World) -> None:
    person = await world.person()
    other = await world.somebody()
    signed_in = await other.post("/auth/sign-in", {"email": person.email.upper(), "password": PASSWORD})
    assert signed_in.status == 200
    assert signed_in.json == person.me
    assert (await other.post("/auth/sign-out")).status == 204
    assert (await other.get("/me")).refused == (401, "not_signed_in")
    assert (await other.post("/auth/refresh")).refused == (401, "not_signed_in")
    assert (await person.get("/me")).status == 200


async def test_cookies_are_out_of_reach_of_scripts(stranger: Person) -> None:
    answer = await stranger.post("/auth/sign-up", _sign_up())
    access, refresh = answer.headers.getall("Set-Cookie")  # type: ignore[attr-defined]
    assert access.startswith("viva_access=")
    assert "HttpOnly" in access
    assert "SameSite=Lax" in access
    assert "Path=/;" in access
    assert refresh.startswith("viva_refresh=")
    assert "HttpOnly" in refresh
    assert "Path=/api/v1/auth" in refresh


async def test_wrong_password_and_unknown_email_look_the_same(world: World) -> None:
    person, other = await world.person(), await world.somebody()
    wrong = await other.post("/auth/sign-in", {"email": person.email, "password": "not the password"})
    unknown = await other.post("/auth/sign-in", {"email": "who@example.com", "password": PASSWORD})
    assert wrong.refused == unknown.refused == (401, "wrong_credentials")
    assert wrong.json == unknown.json


async def test_five_wrong_passwords_lock_for_a_while(world: World, clock: VirtualClock) -> None:
    person, other = await world.person(), await world.somebody()
    wrong = {"email": person.email, "password": "not the password"}
    right = wrong | {"password": PASSWORD}
    for _ in range(5):
        assert (await other.post("/auth/sign-in", wrong)).refused == (401, "wrong_credentials")
    locked = await other.post("/auth/sign-in", right)
    assert locked.refused == (429, "too_many_attempts")
    assert locked.headers["Retry-After"] == "900"
    clock.advance(minutes=15, seconds=1)
    assert (await other.post("/auth/sign-in", right)).status == 200


async def test_a_right_password_forgives_the_wrong_ones(world: World) -> None:
    person, other = await world.person(), await world.somebody()
    wrong = {"email": person.email, "password": "not the password"}
    for _ in range(2):
        for _ in range(4):
            assert (await other.post("/auth/sign-in", wrong)).status == 401
        assert (await other.post("/auth/sign-in", wrong | {"password": PASSWORD})).status == 200


async def test_a_closed_account_is_no_account(world: World, database: Database) -> None:
    person = await world.person()
    async with database.begin() as uow:
        user = (await uow.session.scalars(select(User).where(User.email == person.email))).one()
        user.is_active = False
    assert (await person.get("/me")).refused == (401, "not_signed_in")
    assert (await person.post("/auth/refresh")).refused == (401, "not_signed_in")
    again = await person.post("/auth/sign-in", {"email": person.email, "password": PASSWORD})
    assert again.refused == (401, "wrong_credentials")


async def test_a_bearer_token_needs_no_cookie(world: World) -> None:
    person, program = await world.person(), await world.somebody()
    token = person.client.session.cookie_jar.filter_cookies(person.client.make_url("/"))["viva_access"].value
    answer = await program.get("/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json == person.me
    assert (await program.get("/me", headers={"Authorization": "Bearer nonsense"})).status == 401


async def test_people_are_the_staff_of_my_organisation(world: World) -> None:
    team, _ = await world.team(), await world.team("Other")
    answer = await team.recruiter.get("/people")
    assert {person["id"] for person in answer.json["items"]} == {p.id for p in team.everybody.values()}
    candidate = await world.person()
    assert (await candidate.get("/people")).refused == (403, "not_allowed")
