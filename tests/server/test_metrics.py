"""The page that Prometheus reads: who gets it, and in which form."""

from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import BaseTestServer, TestServer
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from pydantic import SecretStr, ValidationError

from server.app import create_app
from server.settings import Settings
from tests.server.world import Person

TOKEN = "correct-horse-bättery"


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """With a token, unless the test says otherwise."""
    token: str | None = getattr(request, "param", TOKEN)
    return settings.model_copy(update={"metrics_token": token and SecretStr(token)})


async def ask(person: Person, header: str | None) -> tuple[int, str, str, str]:
    """Status, type, challenge and text of the page."""
    headers = {} if header is None else {"Authorization": header}
    async with person.client.get("/metrics", headers=headers) as response:
        challenge = response.headers.get("WWW-Authenticate", "")
        return response.status, response.headers["Content-Type"], challenge, await response.text()


async def test_the_figures_are_there_for_whoever_knows_the_token(stranger: Person) -> None:
    status, kind, _, text = await ask(stranger, f"Bearer {TOKEN}")
    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = {family.name: family for family in text_string_to_metric_families(text)}
    assert families["process_resident_memory_bytes"].samples[0].value > 10_000_000
    assert (await ask(stranger, f"bearer  {TOKEN} "))[0] == 200


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[:-1]}",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer ü",
    ],
)
async def test_nobody_else_gets_them(stranger: Person, header: str | None) -> None:
    status, _, challenge, text = await ask(stranger, header)
    assert (status, challenge) == (401, 'Bearer realm="metrics"')
    assert "process_" not in text


@pytest.mark.parametrize("settings", [None], indirect=True)
@pytest.mark.parametrize("header", [None, "Bearer ", "Bearer None", f"Bearer {TOKEN}"])
async def test_without_a_token_there_is_no_such_page(stranger: Person, header: str | None) -> None:
    assert (await ask(stranger, header))[0] == 404


def test_a_short_token_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ValidationError):
        Settings(metrics_token=SecretStr("fifteen letters"))
    monkeypatch.setenv("VIVA_METRICS_TOKEN", "")
    assert Settings().metrics_token is None


@pytest.fixture
async def second(settings: Settings) -> AsyncIterator[BaseTestServer]:
    """Another application in this process."""
    async with TestServer(create_app(settings, rooms=False)) as server:
        yield server


async def test_applications_share_no_registry(stranger: Person, second: BaseTestServer) -> None:
    assert (await ask(stranger, f"Bearer {TOKEN}"))[0] == 200
    assert not [family.name for family in REGISTRY.collect() if family.name.startswith("viva_")]
