"""What an operator's machinery is told."""

import shutil

from sqlalchemy import make_url

from server.settings import Settings
from server.storage.postgres import EmbeddedPostgres
from tests.services import administrator
from tests.server.world import Person


async def ask(person: Person, path: str) -> tuple[int, dict[str, str]]:
    async with person.client.get(path) as response:
        assert response.headers["Cache-Control"] == "no-store"
        return response.status, await response.json()


async def test_a_started_server_is_alive_and_ready(stranger: Person) -> None:
    assert await ask(stranger, "/healthz") == (200, {"status": "ok"})
    ready = {"status": "ready", "database": "ok", "data_folder": "ok"}
    assert await ask(stranger, "/readyz") == (200, ready)


async def test_a_missing_data_folder_is_named(stranger: Person, settings: Settings) -> None:
    shutil.rmtree(settings.data_dir)
    refused = {"status": "not_ready", "database": "ok", "data_folder": "failed"}
    assert await ask(stranger, "/readyz") == (503, refused)
    assert (await ask(stranger, "/healthz"))[0] == 200


async def test_a_lost_database_is_named(
    stranger: Person, postgres: EmbeddedPostgres, database_url: str
) -> None:
    name = make_url(database_url).database
    async with administrator(postgres) as admin:
        await admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name)
    status, said = await ask(stranger, "/readyz")
    assert (status, said["database"]) == (503, "failed")
