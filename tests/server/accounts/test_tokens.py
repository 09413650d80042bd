"""Access and refresh tokens."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import jwt
import pytest

from server.accounts.tokens import ACCESS_LIFETIME, AccessClaims, issue_access, read_access
from server.errors import NotSignedIn
from tests.server.world import Person, VirtualClock, World

KEY = b"k" * 32
NOW = datetime(2030, 1, 1, tzinfo=UTC)
CLAIMS = AccessClaims(uuid4(), uuid4())


def test_an_access_token_proves_who_signed_in() -> None:
    token = issue_access(KEY, CLAIMS, NOW)
    assert read_access(KEY, token, NOW + ACCESS_LIFETIME - timedelta(seconds=1)) == CLAIMS


@pytest.mark.parametrize(
    "token",
    [
        issue_access(b"another" * 8, CLAIMS, NOW),
        issue_access(KEY, CLAIMS, NOW - ACCESS_LIFETIME),
        jwt.encode(
            {"sub": str(uuid4()), "sid": str(uuid4()), "aud": "viva", "exp": NOW + ACCESS_LIFETIME},
            "",
            algorithm="none",
        ),
        jwt.encode(
            {"sub": str(uuid4()), "sid": str(uuid4()), "aud": "other", "exp": NOW + ACCESS_LIFETIME}, KEY
        ),
        jwt.encode({"sub": "root", "sid": str(uuid4()), "aud": "viva", "exp": NOW + ACCESS_LIFETIME}, KEY),
        jwt.encode({"sub": str(uuid4()), "sid": str(uuid4()), "aud": "viva"}, KEY),
        "nonsense",
        "",
    ],
    ids=["other key", "expired", "unsigned", "other audience", "no user", "no expiry", "nonsense", "empty"],
)
def test_anything_else_proves_nothing(token: str) -> None:
    with pytest.raises(NotSignedIn):
        read_access(KEY, token, NOW)


def _refresh_cookie(person: Person) -> str:
    url = person.client.make_url("/api/v1/auth/refresh")
    return person.client.session.cookie_jar.filter_cookies(url)["viva_refresh"].value


async def _refresh_with(person: Person, token: str) -> tuple[int, str | None]:
    answer = await person.post("/auth/refresh", headers={"Cookie": f"viva_refresh={token}"})
    return answer.status, answer.json.get("error")


async def test_a_sign_in_outlives_its_access_token(world: World, clock: VirtualClock) -> None:
    person = await world.person()
    clock.advance(minutes=16)
    assert (await person.get("/me")).refused == (401, "not_signed_in")
    assert (await person.post("/auth/refresh")).json == person.me
    assert (await person.get("/me")).status == 200


async def test_a_sign_in_ends_after_thirty_days_without_use(world: World, clock: VirtualClock) -> None:
    person = await world.person()
    clock.advance(days=30, seconds=1)
    assert (await person.post("/auth/refresh")).refused == (401, "not_signed_in")


async def test_reusing_a_refresh_token_ends_the_whole_sign_in(world: World, clock: VirtualClock) -> None:
    person, thief = await world.person(), await world.somebody()
    stolen = _refresh_cookie(person)
    assert (await person.post("/auth/refresh")).status == 200
    clock.advance(minutes=1)
    assert await _refresh_with(thief, stolen) == (401, "not_signed_in")
    assert (await person.post("/auth/refresh")).refused == (401, "not_signed_in")


async def test_two_tabs_may_refresh_at_the_same_moment(world: World, clock: VirtualClock) -> None:
    person, tab = await world.person(), await world.somebody()
    shared = _refresh_cookie(person)
    assert (await person.post("/auth/refresh")).status == 200
    clock.advance(seconds=2)
    assert (await _refresh_with(tab, shared))[0] == 200
    clock.advance(minutes=1)
    assert (await person.post("/auth/refresh")).status == 200


async def test_other_sign_ins_of_the_person_stay(world: World, clock: VirtualClock) -> None:
    person, phone = await world.person(), await world.somebody()
    await phone.post("/auth/sign-in", {"email": person.email, "password": "correct horse battery"})
    stolen = _refresh_cookie(person)
    await person.post("/auth/refresh")
    clock.advance(minutes=1)
    await _refresh_with(person, stolen)
    assert (await phone.post("/auth/refresh")).status == 200


async def test_a_refused_refresh_removes_the_cookies(stranger: Person) -> None:
    answer = await stranger.post("/auth/refresh")
    cookies = answer.headers.getall("Set-Cookie")  # type: ignore[attr-defined]
    assert {cookie.partition("=")[0] for cookie in cookies} == {"viva_access", "viva_refresh"}
    assert all("Max-Age=0" in cookie for cookie in cookies)
