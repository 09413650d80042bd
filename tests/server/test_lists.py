"""Every list of the API: the bench asks for it, and two hundred rows take as many queries as one."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench.api.fill import Size, fill
from bench.api.lists import WAYS, forgotten, lists, pages
from bench.api.measure import House, served
from server.settings import Settings
from server.storage.db import Database, make_engine
from server.storage.paging import MAX_LIMIT

# The first organisation has nine tenths of everything.
SIZE = Size(
    organisations=2,
    interviews=20,
    invites=600,
    videos=600,
    events=600,
    audit_entries=600,
    questions=100,
    members=20,
    participations=10,
)
MANY = f"limit={MAX_LIMIT}"
FEW = "limit=1"
MORE = {"failed_first=true": 1}
"""The failed mails ran out within the page, and the list of the others goes on behind them."""


@pytest.fixture
async def house(database_url: str, tmp_path: Path) -> AsyncIterator[House]:
    """A server with many rows."""
    database = Database(make_engine(database_url))
    await fill(database, SIZE)
    await database.close()
    settings = Settings(
        database_url=database_url, data_dir=tmp_path, web_dir=tmp_path / "web", redis_url=None
    )
    async with served(settings) as house:
        yield house


def test_the_bench_asks_for_every_list_with_every_filter() -> None:
    assert forgotten() == []
    assert len(lists()) >= len(WAYS) > 0


async def test_a_page_of_many_rows_takes_as_many_queries_as_one_row(house: House) -> None:
    for name, operation in lists().items():
        if not pages(operation):
            continue
        grew = False
        for way in WAYS[name]:
            query = house.query_of(way)
            few = await house.ask(way.who, operation, f"{query}&{FEW}")
            many = await house.ask(way.who, operation, f"{query}&{MANY}")
            assert (name, query, many.queries) == (name, query, few.queries + MORE.get(query, 0))
            grew = grew or many.rows > few.rows == 1
        assert grew, f"{name}: nothing had more than one row"


# Lists without pages: who has few entries, and who has many.
WHOLE = {
    "list_people": ("other_admin", "admin"),
    "list_sign_ins": ("other_admin", "admin"),
    "list_api_tokens": ("other_admin", "admin"),
    "list_candidate_interviews": ("candidate", "busy_candidate"),
    "list_candidate_invitations": ("candidate", "busy_candidate"),
}
ALWAYS_ALIKE = {"list_dashboard_weeks", "list_proctoring_presets"}


async def test_a_whole_list_takes_as_many_queries_however_long_it_is(house: House) -> None:
    found = lists()
    assert {name for name, operation in found.items() if not pages(operation)} == set(WHOLE) | ALWAYS_ALIKE
    for name, (one, another) in WHOLE.items():
        few = await house.ask(one, found[name], "")
        many = await house.ask(another, found[name], "")
        assert (name, many.queries) == (name, few.queries)
        assert many.rows > few.rows > 0, name
