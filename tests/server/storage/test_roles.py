"""The role transactions work as: made where that is allowed, else asked for, never above the policies."""

import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.engine import make_url

from server.accounts.models import Organisation
from server.storage.base import new_id
from server.storage.db import Database, make_engine
from server.storage.migrate import MigrationError, upgrade
from server.storage.postgres import EmbeddedPostgres
from server.storage.scope import NOTHING, Scope, member, system
from tests.services import administrator


@pytest.fixture
async def hosted() -> AsyncIterator[EmbeddedPostgres]:
    """Somebody's PostgreSQL, where nobody has heard of Viva's roles."""
    with tempfile.TemporaryDirectory(prefix="viva-postgres-") as folder:
        postgres = EmbeddedPostgres(Path(folder), durable=False)
        await postgres.start()
        async with administrator(postgres) as admin:
            await admin.execute("DROP ROLE viva_app")
        yield postgres
        await postgres.stop()


async def _login(postgres: EmbeddedPostgres, name: str, rights: str = "") -> str:
    """The URL of a new role's new database."""
    async with administrator(postgres) as admin:
        await admin.execute(f"CREATE ROLE {name} LOGIN {rights}")
        await admin.execute(f"CREATE DATABASE {name} OWNER {name}")
    return make_url(postgres.url(name)).set(username=name).render_as_string()


async def _works(url: str) -> bool:
    """Whether a migrated database binds what is asked of it."""
    database = Database(make_engine(url))
    ours = new_id()

    async def seen(scope: Scope) -> int:
        async with database.begin(scope) as uow:
            return len((await uow.session.scalars(select(Organisation.id))).all())

    async with database.begin(system("tests")) as uow:
        uow.session.add(Organisation(id=ours, name="O", slug=str(ours)))
    found = [await seen(scope) for scope in (NOTHING, member(new_id(), [ours]), member(new_id(), [new_id()]))]
    await database.close()
    return found == [0, 1, 0]


async def test_who_may_not_make_roles_is_told_what_an_administrator_has_to_run(
    hosted: EmbeddedPostgres,
) -> None:
    url = await _login(hosted, "guest")
    with pytest.raises(MigrationError, match="The role viva_app is missing") as refused:
        await upgrade(url)
    said = re.search(r"run: (CREATE ROLE .*; GRANT .*;)", str(refused.value))
    assert said is not None
    async with administrator(hosted) as admin:
        await admin.execute(said[1])
    await upgrade(url)
    assert await _works(url)
    await _the_role_is_there_and_somebody_else_comes(hosted)


async def _the_role_is_there_and_somebody_else_comes(hosted: EmbeddedPostgres) -> None:
    url = await _login(hosted, "second")
    with pytest.raises(MigrationError, match="second may not act as viva_app") as refused:
        await upgrade(url)
    said = re.search(r"run: (GRANT .*;)", str(refused.value))
    assert said is not None
    async with administrator(hosted) as admin:
        await admin.execute(said[1])
    await upgrade(url)
    assert await _works(url)


async def test_who_may_make_roles_needs_nobody(hosted: EmbeddedPostgres) -> None:
    url = await _login(hosted, "owner", "CREATEROLE")
    await upgrade(url)
    assert await _works(url)
    await _a_superuser_is_bound_too(hosted)


async def _a_superuser_is_bound_too(hosted: EmbeddedPostgres) -> None:
    url = await _login(hosted, "root", "SUPERUSER")
    await upgrade(url)
    assert await _works(url)


async def test_a_role_above_the_policies_is_refused(hosted: EmbeddedPostgres) -> None:
    async with administrator(hosted) as admin:
        await admin.execute("CREATE ROLE viva_app NOLOGIN BYPASSRLS")
    url = await _login(hosted, "guest")
    with pytest.raises(MigrationError, match="No policy binds the role viva_app"):
        await upgrade(url)
