"""What belongs to a person: password, sign-ins, API tokens."""

import pytest
from aiohttp import WSServerHandshakeError
from sqlalchemy import select

from server.accounts.models import ApiToken, Membership
from server.storage.db import Database
from tests.server.world import PASSWORD, Answer, Json, Person, VirtualClock, World

NEW = "another fine password"


async def _sign_in(world: World, person: Person, password: str = PASSWORD) -> tuple[Person, Answer]:
    browser = await world.somebody()
    answer = await browser.post("/auth/sign-in", {"email": person.email, "password": password})
    return browser, answer


async def _with_token(world: World, token: str, method: str, path: str, body: Json = None) -> Answer:
    """A program's request: no cookie, no Origin."""
    program = await world.somebody()
    headers = {"Authorization": f"Bearer {token}"}
    async with program.client.request(
        method, "/api/v1" + path, json=body, headers=headers, skip_auto_headers=["Origin"]
    ) as response:
        raw = await response.read()
        is_json = response.content_type == "application/json" and raw
        return Answer(response.status, response.headers, raw, await response.json() if is_json else None)


async def _token(person: Person, scope: str = "write", **changes: Json) -> Json:
    answer = await person.post("/me/api-tokens", {"name": "CI", "scope": scope} | changes)
    assert answer.status == 201, answer
    return answer.json


async def test_changing_the_password_ends_all_other_sign_ins(world: World) -> None:
    person = await world.person()
    phone, _ = await _sign_in(world, person)
    changed = await person.post("/me/password", {"current_password": PASSWORD, "new_password": NEW})
    assert changed.status == 204
    assert (await person.get("/me")).status == 200
    assert (await phone.get("/me")).refused == (401, "not_signed_in")
    assert (await phone.post("/auth/refresh")).refused == (401, "not_signed_in")
    assert (await _sign_in(world, person))[1].refused == (401, "wrong_credentials")
    assert (await _sign_in(world, person, NEW))[1].status == 200


async def test_a_borrowed_browser_guesses_no_password(world: World, clock: VirtualClock) -> None:
    person = await world.person()
    wrong = {"current_password": "guess", "new_password": NEW}
    for _ in range(5):
        assert (await person.post("/me/password", wrong)).refused == (403, "wrong_password")
    locked = await person.post("/me/password", wrong | {"current_password": PASSWORD})
    assert locked.refused == (429, "too_many_attempts")
    assert locked.headers["Retry-After"] == "900"
    clock.advance(minutes=15, seconds=1)
    await person.post("/auth/refresh")
    assert (await person.post("/me/password", wrong | {"current_password": PASSWORD})).status == 204


async def test_sign_ins_are_listed_and_one_can_be_ended(world: World) -> None:
    person, other = await world.person(), await world.person()
    phone = await world.somebody()
    await phone.post(
        "/auth/sign-in",
        {"email": person.email, "password": PASSWORD},
        headers={"User-Agent": "Phone/1.0 " + "x" * 400},
    )
    items = (await person.get("/me/sign-ins")).json["items"]
    assert [item["is_this_one"] for item in items] == [False, True]
    assert items[0]["user_agent"].startswith("Phone/1.0 x")
    assert items[0]["ip"] == "127.0.0.1"
    path = f"/me/sign-ins/{items[0]['id']}"
    assert (await other.delete(path)).refused == (404, "sign_in_not_found")
    assert (await person.delete(path)).status == 204
    assert (await phone.get("/me")).refused == (401, "not_signed_in")
    assert (await phone.post("/auth/refresh")).refused == (401, "not_signed_in")
    assert (await person.delete(path)).refused == (404, "sign_in_not_found")
    assert len((await person.get("/me/sign-ins")).json["items"]) == 1


async def test_a_sign_in_that_ran_out_is_not_listed(world: World, clock: VirtualClock) -> None:
    person = await world.person()
    await _sign_in(world, person)
    clock.advance(days=20)
    await person.post("/auth/refresh")
    clock.advance(days=20)
    await person.post("/auth/refresh")
    assert [item["is_this_one"] for item in (await person.get("/me/sign-ins")).json["items"]] == [True]


async def test_signing_out_everywhere_ends_this_sign_in_too(world: World) -> None:
    person = await world.person()
    phone, _ = await _sign_in(world, person)
    assert (await person.post("/auth/sign-out-everywhere")).status == 204
    for browser in (person, phone):
        assert (await browser.get("/me")).refused == (401, "not_signed_in")
        assert (await browser.post("/auth/refresh")).refused == (401, "not_signed_in")


async def test_a_reused_refresh_token_ends_its_access_token_too(world: World, clock: VirtualClock) -> None:
    person, thief = await world.person(), await world.somebody()
    url = person.client.make_url("/api/v1/auth/refresh")
    stolen = person.client.session.cookie_jar.filter_cookies(url)["viva_refresh"].value
    await person.post("/auth/refresh")
    clock.advance(minutes=1)
    await thief.post("/auth/refresh", headers={"Cookie": f"viva_refresh={stolen}"})
    assert (await person.get("/me")).refused == (401, "not_signed_in")


async def test_a_program_works_with_a_token_alone(world: World, database: Database) -> None:
    team = await world.team()
    made = await _token(team.recruiter)
    assert made["token"].startswith("viva_")
    assert made["last_used_at"] is None
    body = {"title": "By a program", "kind": "one_way", "questions": [{"text": "Q"}]}
    assert (await _with_token(world, made["token"], "POST", "/interviews", body)).status == 201
    [listed] = (await team.recruiter.get("/me/api-tokens")).json["items"]
    assert listed["token"] is None
    assert listed["last_used_at"] is not None
    async with database.begin() as uow:
        row = (await uow.session.scalars(select(ApiToken))).one()
    assert made["token"].encode() not in row.token_hash


async def test_a_token_that_may_only_read_changes_nothing(world: World) -> None:
    team = await world.team()
    token = (await _token(team.recruiter, "read"))["token"]
    body = {"title": "T", "kind": "one_way", "questions": [{"text": "Q"}]}
    assert (await _with_token(world, token, "GET", "/interviews")).status == 200
    refused = await _with_token(world, token, "POST", "/interviews", body)
    assert refused.refused == (403, "token_may_only_read")
    program, headers = await world.somebody(), {"Authorization": f"Bearer {token}"}
    with pytest.raises(WSServerHandshakeError) as socket:
        await program.watch(f"/sessions/{team.id}/live", headers=headers)
    assert socket.value.status == 403


async def test_a_token_does_nothing_with_the_account(world: World) -> None:
    team = await world.team()
    token = (await _token(team.admin))["token"]
    for method, path, body in (
        ("GET", "/me/sign-ins", None),
        ("GET", "/me/api-tokens", None),
        ("POST", "/me/api-tokens", {"name": "More", "scope": "write"}),
        ("POST", "/me/password", {"current_password": PASSWORD, "new_password": NEW}),
        ("POST", "/auth/sign-out-everywhere", None),
    ):
        assert (await _with_token(world, token, method, path, body)).refused == (403, "sign_in_required")


async def test_a_token_in_an_address_is_none(world: World) -> None:
    token = (await _token((await world.team()).admin))["token"]
    nobody = await world.somebody()
    for name in ("access_token", "token", "authorization", "viva_access"):
        assert (await nobody.get(f"/me?{name}={token}")).refused == (401, "not_signed_in")


async def test_a_token_ends_when_it_says_is_revoked_or_its_owner_leaves(
    world: World, database: Database, clock: VirtualClock
) -> None:
    team = await world.team()
    revoked, short, kept = [await _token(team.recruiter, lifetime_days=days) for days in (30, 1, 90)]
    assert (await team.admin.delete(f"/me/api-tokens/{revoked['id']}")).refused[0] == 404
    assert (await team.recruiter.delete(f"/me/api-tokens/{revoked['id']}")).status == 204
    assert (await _with_token(world, revoked["token"], "GET", "/me")).status == 401
    assert (await _with_token(world, short["token"], "GET", "/me")).status == 200
    clock.advance(days=1, seconds=1)
    assert (await _with_token(world, short["token"], "GET", "/me")).status == 401
    assert (await _with_token(world, kept["token"], "GET", "/me")).status == 200
    async with database.begin() as uow:
        for membership in await uow.session.scalars(select(Membership)):
            membership.is_active = False
    assert (await _with_token(world, kept["token"], "GET", "/me")).status == 401


async def test_a_token_is_good_in_one_organisation(world: World) -> None:
    team, other = await world.team(), await world.team("Other")
    refused = await team.admin.post(
        "/me/api-tokens", {"name": "N", "scope": "read", "organisation_id": str(other.id)}
    )
    assert refused.refused == (403, "not_allowed")
    made = await _token(team.admin, organisation_id=str(team.id))
    me = (await _with_token(world, made["token"], "GET", "/me")).json
    assert [one["organisation"]["id"] for one in me["memberships"]] == [str(team.id)]


async def test_nobody_hoards_tokens(world: World) -> None:
    person = (await world.team()).admin
    for _ in range(50):
        await _token(person)
    more = await person.post("/me/api-tokens", {"name": "N", "scope": "read"})
    assert more.refused == (409, "too_many_api_tokens")


@pytest.mark.slow
async def test_sign_ups_from_one_address_have_a_ceiling(world: World, clock: VirtualClock) -> None:
    taken = await world.person()
    body = {"email": taken.email, "password": PASSWORD, "full_name": "N"}
    nobody = await world.somebody()
    answers = [await nobody.post("/auth/sign-up", body) for _ in range(10)]
    assert [answer.refused for answer in answers[:-1]] == [(409, "email_taken")] * 9
    assert answers[-1].refused == (429, "too_many_attempts")
    assert answers[-1].headers["Retry-After"] == "3600"
    last = None
    for number in range(100):
        body = {"email": f"n{number}@example.com", "password": PASSWORD, "full_name": "N"}
        last = await (await world.somebody()).post("/auth/sign-up", body)
    assert last is not None
    assert last.refused == (429, "too_many_attempts")
    clock.advance(hours=1, seconds=1)
    assert (await nobody.post("/auth/sign-up", body)).status == 201
