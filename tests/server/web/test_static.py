"""The web app and its pages."""

import re
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from server.settings import Settings
from tests.server.world import Person

Client = TestClient[Any, Any]


@pytest.fixture
async def built(settings: Settings, stranger: Person) -> Client:
    """A web app of two files, and a secret beside it."""
    assets = settings.web_dir / "assets"
    assets.mkdir(parents=True)
    (settings.web_dir / "index.html").write_text('<title>Viva</title><meta nonce="VIVA_STYLE_NONCE">')
    (settings.web_dir / "favicon.svg").write_text("<svg/>")
    (assets / "index-B7x_29aQ.js").write_text("1")
    (settings.web_dir.parent / "secret").write_text("secret")
    return stranger.client


@pytest.mark.parametrize("path", ["/", "/sign-in", "/sessions/1/review", "/candidates/dashboard?code=123456"])
async def test_every_page_is_the_app(built: Client, path: str) -> None:
    answer = await built.get(path)
    assert (answer.status, answer.content_type) == (200, "text/html")
    assert (await answer.text()).startswith("<title>Viva</title>")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


async def test_every_page_has_a_nonce_of_its_own_and_its_policy_asks_for_it(built: Client) -> None:
    found = set()
    for _ in range(2):
        answer = await built.get("/")
        [nonce] = re.findall(r'nonce="([\w-]{20,})"', await answer.text())
        policy = answer.headers["Content-Security-Policy"]
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy
        found.add(nonce)
    assert len(found) == 2


async def test_files_are_kept_by_browsers_as_long_as_they_may(built: Client) -> None:
    script = await built.get("/assets/index-B7x_29aQ.js")
    assert "javascript" in script.headers["Content-Type"]
    assert "immutable" in script.headers["Cache-Control"]
    assert (await built.get("/favicon.svg")).headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/assets/gone-12345678.js", "/..%2fsecret", "/%2e%2e/secret.txt", "/api", "/api/", "/api/v2/me"]
)
async def test_what_is_missing_is_not_the_app(built: Client, path: str) -> None:
    answer = await built.get(path)
    assert "secret" not in (text := await answer.text())
    assert answer.status == 404 or text.startswith("<title>Viva</title>")
    if path.startswith(("/api", "/assets")):
        assert (answer.status, (await answer.json())["error"]) == (404, "not_found")


async def test_without_a_build_it_says_so(stranger: Person, settings: Settings) -> None:
    assert not Path(settings.web_dir).exists()
    answer = await stranger.client.get("/")
    assert answer.status == 404
    assert "make build" in (await answer.json())["detail"]
