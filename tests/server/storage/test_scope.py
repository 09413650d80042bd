"""What a transaction sees: nothing of an organisation until it says on whose behalf it works."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from server.accounts.models import Membership, Organisation, Role, User
from server.questions.models import Tag
from server.storage.base import new_id
from server.storage.db import Database, UnitOfWork, make_engine
from server.storage.postgres import EmbeddedPostgres
from server.storage.scope import NOTHING, Scope, member, person, system

OURS, THEIRS = new_id(), new_id()
ME = new_id()


@pytest.fixture
async def tenants(database_url: str) -> AsyncIterator[Database]:
    """Two organisations with a tag each; I work for the first."""
    database = Database(make_engine(database_url))
    async with database.begin(system("tests")) as uow:
        uow.session.add_all(Organisation(id=one, name=str(one), slug=str(one)) for one in (OURS, THEIRS))
        uow.session.add(User(id=ME, email="me@example.com", full_name="Me"))
        await uow.session.flush()
        uow.session.add(Membership(organisation_id=OURS, user_id=ME, role=Role.RECRUITER))
        uow.session.add_all(Tag(organisation_id=one, name="t", folded="t") for one in (OURS, THEIRS))
    yield database
    await database.close()


async def _seen(uow: UnitOfWork) -> set[UUID]:
    """Whose tags a query without any filter finds."""
    return set(await uow.session.scalars(select(Tag.organisation_id)))


@pytest.mark.parametrize(
    ("scope", "seen"),
    [
        (NOTHING, set()),
        (member(ME, []), set()),
        (person(new_id()), set()),
        (person(ME), {OURS}),
        (member(ME, [OURS]), {OURS}),
        (member(ME, [THEIRS]), {THEIRS}),
        (member(ME, [OURS, THEIRS]), {OURS, THEIRS}),
        (system("tests"), {OURS, THEIRS}),
    ],
)
async def test_a_query_that_forgets_its_filter_sees_its_scope(
    tenants: Database, scope: Scope, seen: set[UUID]
) -> None:
    async with tenants.begin(scope) as uow:
        assert await _seen(uow) == seen


@pytest.mark.parametrize("change", ["is_active = false", "role = 'candidate'"])
async def test_who_works_there_no_more_sees_nothing_of_it(tenants: Database, change: str) -> None:
    async with tenants.begin(system("tests")) as uow:
        await uow.session.execute(text(f"UPDATE memberships SET {change}"))
    async with tenants.begin(person(ME)) as uow:
        assert await _seen(uow) == set()


async def test_a_scope_is_entered_before_and_after_the_first_query(tenants: Database) -> None:
    async with tenants.begin() as uow:
        await uow.enter(person(ME))
        assert await _seen(uow) == {OURS}
        await uow.enter(member(ME, [THEIRS]))
        assert await _seen(uow) == {THEIRS}
        await uow.enter(NOTHING)
        assert await _seen(uow) == set()


async def test_acting_for_an_organisation_adds_it(tenants: Database) -> None:
    async with tenants.begin(person(ME)) as uow:
        await uow.act_for(THEIRS)
        assert await _seen(uow) == {OURS, THEIRS}


async def test_a_wider_scope_ends_with_its_block(tenants: Database) -> None:
    async with tenants.begin(person(ME)) as uow:
        async with uow.widened(system("tests")):
            assert await _seen(uow) == {OURS, THEIRS}
            uow.session.add(Tag(organisation_id=THEIRS, name="u", folded="u"))  # written before it ends
        assert await _seen(uow) == {OURS}
        async with uow.session.begin_nested():
            assert await _seen(uow) == {OURS}
    async with tenants.begin(system("tests")) as uow:
        assert await uow.session.scalar(select(func.count()).select_from(Tag)) == 3


async def test_a_block_in_a_system_scope_changes_nothing(tenants: Database) -> None:
    async with tenants.begin(system("tests")) as uow:
        async with uow.widened(person(ME)):
            assert await _seen(uow) == {OURS, THEIRS}
        assert await _seen(uow) == {OURS, THEIRS}


@pytest.mark.parametrize("scope", [NOTHING, person(ME), member(ME, [OURS])])
async def test_nobody_makes_rows_for_others(tenants: Database, scope: Scope) -> None:
    with pytest.raises(DBAPIError, match="row-level security"):
        async with tenants.begin(scope) as uow:
            uow.session.add(Tag(organisation_id=THEIRS, name="u", folded="u"))


@pytest.mark.parametrize("as_superuser", [False, True])
@pytest.mark.parametrize("scope", [system("tests"), person(ME), member(ME, [THEIRS])])
@pytest.mark.parametrize("fails", [False, True])
async def test_a_scope_ends_with_its_transaction(
    tenants: Database,
    postgres: EmbeddedPostgres,
    database_url: str,
    scope: Scope,
    *,
    as_superuser: bool,
    fails: bool,
) -> None:
    name = make_url(database_url).database
    assert name is not None
    url = postgres.url(name, superuser=as_superuser)
    database = Database(make_engine(url))
    with suppress(ZeroDivisionError):
        async with database.begin(scope) as uow:
            assert await uow.session.scalar(text("SELECT current_user")) == "viva_app"
            assert await _seen(uow)
            assert not fails or 1 / 0
    async with database.engine.connect() as connection:  # the same: the pool has no other
        left = "SELECT current_setting('viva.%s', true)"
        names = ("system", "user", "organisations")
        assert [await connection.scalar(text(left % name)) for name in names] == ["", "", ""]
        assert await connection.scalar(text("SELECT current_user = session_user"))
    async with database.begin() as uow:
        assert await _seen(uow) == set()
        assert database.engine.pool.checkedout() == 1  # type: ignore[attr-defined]
    await database.close()


async def test_transactions_at_the_same_moment_keep_their_scopes(tenants: Database) -> None:
    """Each goes through several turns, all in step, on connections others have just given back."""
    in_step = asyncio.Barrier(6)
    wanted: list[tuple[Scope, set[UUID]]] = [
        (person(ME), {OURS}),
        (member(ME, [THEIRS]), {THEIRS}),
        (NOTHING, set()),
    ] * 2

    async def turns(first: int) -> None:
        for turn in range(8):
            scope, seen = wanted[(first + turn) % len(wanted)]
            async with tenants.begin(scope) as uow:
                for _ in range(2):
                    await in_step.wait()
                    assert await _seen(uow) == seen

    async with asyncio.TaskGroup() as group:
        for first in range(6):
            group.create_task(turns(first))
