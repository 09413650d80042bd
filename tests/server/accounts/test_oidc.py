"""Signing in with a real provider process; and ID tokens no provider should make."""

import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, urlopen

import aiohttp
import pytest
from sqlalchemy import func, select

from server.accounts.models import ExternalIdentity, User
from server.accounts.oidc_routes import own_path
from server.settings import Settings
from server.storage.db import Database
from tests.server.mail.post_office import PostOffice
from tests.server.world import PASSWORD, Person, World
from tests.services import free_port

CLIENT = "viva-client"
SECRET = "a secret of client and provider"
Json = Any


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """The issuer of a provider process."""
    port = free_port()
    issuer = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            _wait_for(f"{issuer}/.well-known/openid-configuration", process)
            yield issuer
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    give_up_at = time.monotonic() + 30
    while True:
        try:
            with urlopen(url, timeout=5) as answer:
                answer.read()
                return
        except OSError:
            if process.poll() is not None or time.monotonic() > give_up_at:
                raise
            time.sleep(0.05)


@pytest.fixture
def settings(database_url: str, tmp_path: Path, provider: str, post_office: PostOffice) -> Settings:
    """A configuration with this provider."""
    return Settings(
        database_url=database_url,
        data_dir=tmp_path / "data",
        web_dir=tmp_path / "web",
        redis_url=None,
        smtp_host="127.0.0.1",
        smtp_port=post_office.port,
        smtp_tls="none",
        oidc_issuer=provider,
        oidc_client_id=CLIENT,
        oidc_client_secret=SECRET,
        oidc_name="Northwind",
        oidc_domains=("example.com",),
        oidc_organisation="northwind",
        oidc_role="recruiter",
    )


def _known(provider: str, subject: str, **claims: Json) -> None:
    """Somebody the provider knows."""
    body = json.dumps(claims).encode()
    request = Request(f"{provider}/users/{subject}", body, {"Content-Type": "application/json"}, method="PUT")
    with urlopen(request, timeout=10) as answer:
        assert answer.status == 204


async def _authorize(person: Person, subject: str, path: str = "/staff") -> str:
    """Go to the provider and agree there; where it sends the browser back to, without its host."""
    url = f"/api/v1/auth/oidc/start?next={path}"
    async with person.client.get(url, allow_redirects=False) as started:
        assert started.status == 302
        location = started.headers["Location"]
    asked = parse_qs(urlsplit(location).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://localhost:8080/api/v1/auth/oidc/callback"]
    async with (
        aiohttp.ClientSession() as browser,
        browser.post(location, data={"sub": subject}, allow_redirects=False) as agreed,
    ):
        assert agreed.status == 302, await agreed.text()
        back = urlsplit(agreed.headers["Location"])
    return f"{back.path}?{back.query}"


async def _come_back(person: Person, path: str) -> str:
    """Where Viva sends the browser after the callback."""
    async with person.client.get(path, allow_redirects=False) as finished:
        assert finished.status == 302
        return finished.headers["Location"]


async def test_somebody_new_gets_an_account_and_joins_the_organisation(
    world: World, provider: str, database: Database
) -> None:
    await world.team()
    _known(provider, "new", email="Nia@Example.com", email_verified=True, name="Nia New")
    person = await world.somebody()
    assert (await person.get("/auth/ways")).json == {"oidc_name": "Northwind"}
    assert await _come_back(person, await _authorize(person, "new")) == "/staff"
    me = (await person.get("/me")).json
    assert (me["user"]["email"], me["user"]["full_name"]) == ("nia@example.com", "Nia New")
    assert (me["user"]["is_verified"], me["user"]["has_password"]) == (True, False)
    assert [one["role"] for one in me["memberships"]] == ["recruiter"]
    assert (await person.get("/me/sign-ins")).json["items"][0]["auth_provider"] == "oidc"
    again = await world.somebody()
    await _come_back(again, await _authorize(again, "new"))
    assert (await again.get("/me")).json == me
    async with database.begin() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(ExternalIdentity)) == 1


async def test_a_confirmed_account_is_linked_and_keeps_its_password(
    world: World, provider: str, post_office: PostOffice
) -> None:
    await world.team()
    person = await world.person()
    token = await post_office.link_to(person.email, "verify-email")
    await person.post("/auth/verification/confirm", {"token": token})
    _known(provider, "linked", email=person.email, email_verified=True)
    browser = await world.somebody()
    await _come_back(browser, await _authorize(browser, "linked"))
    assert (await browser.get("/me")).json["user"]["id"] == person.id
    assert (await person.get("/me")).status == 200
    again = await (await world.somebody()).post(
        "/auth/sign-in", {"email": person.email, "password": PASSWORD}
    )
    assert again.status == 200


async def test_who_claimed_the_address_without_proof_loses_the_account(world: World, provider: str) -> None:
    await world.team()
    squatter = await world.person()
    _known(provider, "owner", email=squatter.email, email_verified=True)
    owner = await world.somebody()
    await _come_back(owner, await _authorize(owner, "owner"))
    assert (await owner.get("/me")).json["user"]["id"] == squatter.id
    assert (await squatter.get("/me")).refused == (401, "not_signed_in")
    back = await squatter.post("/auth/sign-in", {"email": squatter.email, "password": PASSWORD})
    assert back.refused == (401, "wrong_credentials")


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "person2@example.com", "email_verified": False},
        {"email": "person2@example.com"},
        {"email": "person2@example.com", "email_verified": "true"},
        {"email": "somebody@elsewhere.example", "email_verified": True},
        {"email": "evil@example.com@elsewhere.example", "email_verified": True},
        {"email_verified": True},
    ],
    ids=["unverified", "says nothing", "a word", "other domain", "two domains", "no e-mail"],
)
async def test_others_do_not_get_in(world: World, provider: str, database: Database, claims: Json) -> None:
    await world.team()
    _known(provider, "other", **claims)
    person = await world.somebody()
    came = await _come_back(person, await _authorize(person, "other"))
    assert came == "/sign-in?problem=oidc_not_allowed"
    assert (await person.get("/me")).status == 401
    async with database.begin() as uow:
        assert await uow.session.scalar(select(func.count()).select_from(ExternalIdentity)) == 0


async def test_a_closed_account_stays_closed(world: World, provider: str, database: Database) -> None:
    await world.team()
    _known(provider, "closed", email="closed@example.com", email_verified=True)
    person = await world.somebody()
    await _come_back(person, await _authorize(person, "closed"))
    async with database.begin() as uow:
        user = (await uow.session.scalars(select(User).where(User.email == "closed@example.com"))).one()
        user.is_active = False
    came = await _come_back(person, await _authorize(person, "closed"))
    assert came == "/sign-in?problem=oidc_not_allowed"


async def test_an_answer_belongs_to_the_browser_that_asked(world: World, provider: str) -> None:
    await world.team()
    _known(provider, "victim", email="victim@example.com", email_verified=True)
    attacker, victim = await world.somebody(), await world.somebody()
    answer = await _authorize(attacker, "victim")
    refused = "/sign-in?problem=oidc_refused"
    assert await _come_back(victim, answer) == refused
    own = await _authorize(victim, "victim")
    assert await _come_back(victim, re.sub(r"state=[^&]+", "state=guess", own)) == refused
    assert await _come_back(victim, own) == refused  # the cookie is gone
    used = await _authorize(victim, "victim")
    assert await _come_back(victim, used) == "/staff"
    assert await _come_back(victim, used) == refused
    declined = "/api/v1/auth/oidc/callback?error=access_denied&state=x"
    assert await _come_back(victim, declined) == refused


@pytest.mark.parametrize(
    ("wanted", "path"),
    [
        ("/candidates/dashboard?code=123456", "/candidates/dashboard?code=123456"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/a\nb", "/"),
        ("javascript:alert(1)", "/"),
        ("", "/"),
    ],
)
def test_nobody_is_sent_to_another_site(wanted: str, path: str) -> None:
    assert own_path(wanted) == path


# --- a provider that makes tokens it should not
