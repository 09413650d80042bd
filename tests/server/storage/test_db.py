"""The unit of work: one transaction, and what follows its commit."""

import asyncio
from collections import Counter

import pytest
from sqlalchemy import func, select

from server.accounts.models import Organisation
from server.errors import InviteUnknownCode, NotAllowed, VivaError
from server.storage.base import new_id
from server.storage.db import Database, UnitOfWork, asyncpg_url, make_engine


async def _count(database: Database) -> int:
    async with database.begin() as uow:
        return int(await uow.session.scalar(select(func.count()).select_from(Organisation)) or 0)


def _note(uow: UnitOfWork, notes: list[str], name: str) -> None:
    """A row, and a note once it is committed."""

    async def hook() -> None:
        notes.append(name)

    uow.session.add(Organisation(name=name, slug=name))
    uow.after_commit(hook)


async def test_hooks_run_after_the_commit_in_order(database: Database) -> None:
    counts: list[int] = []

    async def count() -> None:
        counts.append(await _count(database))

    async with database.begin() as uow:
        uow.session.add(Organisation(name="a", slug="a"))
        uow.after_commit(count)
        uow.after_commit(count)
        assert counts == []
    assert counts == [1, 1]


@pytest.mark.parametrize("error", [NotAllowed(), ZeroDivisionError(), asyncio.CancelledError()])
async def test_an_exception_rolls_back_and_silences_hooks(database: Database, error: BaseException) -> None:
    notes: list[str] = []
    with pytest.raises(type(error)):
        await _fail(database, notes, error)
    assert (await _count(database), notes) == (0, [])


async def test_a_refusal_that_keeps_its_changes_commits_them(database: Database) -> None:
    notes: list[str] = []
    with pytest.raises(InviteUnknownCode):
        await _fail(database, notes, InviteUnknownCode())
    assert (await _count(database), notes) == (1, ["a"])


async def _fail(database: Database, notes: list[str], error: BaseException) -> None:
    async with database.begin() as uow:
        _note(uow, notes, "a")
        raise error


async def test_a_failing_hook_stops_no_other(database: Database) -> None:
    notes: list[str] = []

    async def fail() -> None:
        raise ZeroDivisionError

    async with database.begin() as uow:
        uow.after_commit(fail)
        _note(uow, notes, "a")
    assert (await _count(database), notes) == (1, ["a"])


async def test_a_failing_commit_announces_nothing(database: Database) -> None:
    notes: list[str] = []

    async def twice() -> None:
        async with database.begin() as uow:
            _note(uow, notes, "a")
            uow.session.add(Organisation(name="a", slug="a"))

    with pytest.raises(Exception, match="uq_organisations_slug"):
        await twice()
    assert (await _count(database), notes) == (0, [])


async def test_a_unit_that_asks_nothing_takes_no_connection(database_url: str) -> None:
    database = Database(make_engine(database_url))
    async with database.begin() as uow:
        pool = database.engine.pool
        assert pool.checkedout() == 0  # type: ignore[attr-defined]
        await uow.session.execute(select(1))
        assert pool.checkedout() == 1  # type: ignore[attr-defined]
    await database.close()


@pytest.mark.parametrize(
    "url", ["postgres://u:p@h/d", "postgresql://u:p@h/d", "postgresql+asyncpg://u:p@h/d"]
)
def test_every_spelling_of_postgresql_is_understood(url: str) -> None:
    assert asyncpg_url(url) == "postgresql+asyncpg://u:p@h/d"


def test_ids_grow() -> None:
    ids = [new_id() for _ in range(10_000)]
    assert sorted(set(ids)) == ids
    assert {(made.version, made.variant) for made in ids} == {(7, "specified in RFC 4122")}


def _all_refusals(base: type[VivaError] = VivaError) -> list[type[VivaError]]:
    return [found for made in base.__subclasses__() for found in (made, *_all_refusals(made))]


def test_each_refusal_has_its_own_code() -> None:
    ours = {each for each in _all_refusals() if each.__module__.startswith("server.")}
    refusals = [each for each in ours if "code" in vars(each)]  # others are told as their base is
    assert all(400 <= refusal.status < 600 for refusal in refusals)
    counted = Counter(refusal.code for refusal in refusals)
    assert [code for code, times in counted.items() if times > 1] == []
    assert len(counted) > 60
