"""Asks every list in every way, over HTTP, and takes the time the application needed for each answer."""

import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, CookieJar, web
from aiohttp.typedefs import Handler
from sqlalchemy import event

from bench.api.fill import PASSWORD, ids_of
from bench.api.lists import WAYS, Way, lists, pages
from server.app import create_app
from server.keys import DATABASE
from server.settings import Settings
from server.storage.paging import MAX_LIMIT
from server.web import API
from server.web.operations import Operation

WARM_UP = 3
TIMING, STATEMENTS = "Server-Timing", "X-Statements"
ADDRESSES = {
    "admin": "admin0@example.com",
    "recruiter": "recruiter0@example.com",
    "interviewer": "interviewer0@example.com",
    "reviewer": "reviewer0@example.com",
    "candidate": "candidate2@example.com",
    "busy_candidate": "candidate1@example.com",
    "other_admin": "admin1@example.com",
}
_statements: ContextVar[list[str] | None] = ContextVar("asked", default=None)
"""The statements of the request that is being answered."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One page of one list, asked many times."""

    route: str
    who: str
    page: str  # first, largest, middle, last, or the filters
    rows: int
    queries: int
    p50_ms: float
    p95_ms: float


@web.middleware
async def _timed(request: web.Request, handler: Handler) -> web.StreamResponse:
    asked: list[str] = []
    _statements.set(asked)  # a request has a task, and so a context, of its own
    began = time.perf_counter()
    response = await handler(request)
    response.headers[TIMING] = f"app;dur={(time.perf_counter() - began) * 1000:.3f}"
    response.headers[STATEMENTS] = str(len(asked))
    return response


def _note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
    asked = _statements.get()
    if asked is not None:
        asked.append(statement)


@dataclass(frozen=True, slots=True)
class Answered:
    """How long the application took for an answer, how often it asked the database, and what there is in it.

    Not the answer: thousands of them would keep the garbage collector busy in the process that is measured.
    """

    took_ms: float
    queries: int
    rows: int
    next_cursor: str | None


@dataclass(slots=True)
class House:
    """The server with people who are signed in."""

    people: Mapping[str, ClientSession]
    words: Mapping[str, object]  # what stands in braces in paths and filters

    async def ask(self, who: str, operation: Operation, query: str) -> Answered:
        """Ask once."""
        address = API + operation.path.format_map(self.words)
        async with self.people[who].get(f"{address}?{query}" if query else address) as response:
            answer = await response.json()
            if response.status != 200:
                raise RuntimeError(f"{operation.name}?{query} as {who}: {answer}")
            return Answered(
                took_ms=float(response.headers[TIMING].partition("dur=")[2]),
                queries=int(response.headers[STATEMENTS]),
                rows=len(answer.get("items", answer.get("presets", ()))),
                next_cursor=answer.get("next_cursor"),
            )

    def query_of(self, way: Way) -> str:
        """The filters with their ids."""
        return way.filters.format_map(self.words)


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[House]:
    """Serve the API from this process and sign everybody in."""
    app = create_app(settings, rooms=False)
    app.middlewares.insert(0, _timed)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        event.listen(app[DATABASE].engine.sync_engine, "before_cursor_execute", _note)
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
        people = {}
        for who, email in ADDRESSES.items():
            http = ClientSession(origin, cookie_jar=CookieJar(unsafe=True), headers={"Origin": origin})
            people[who] = await stack.enter_async_context(http)
            body = {"email": email, "password": PASSWORD}
            async with http.post(f"{API}/auth/sign-in", json=body) as response:
                response.raise_for_status()
        now = datetime.now(UTC)
        times = {
            "long_ago": f"{now - timedelta(days=90):%Y-%m-%dT%H:%M:%SZ}",
            "month_ago": f"{now - timedelta(days=30):%Y-%m-%dT%H:%M:%SZ}",
        }
        yield House(people, {**await ids_of(app[DATABASE]), **times})


@dataclass(frozen=True, slots=True)
class Page:
    """One page of one list, as one of the people asks for it."""

    operation: Operation
    who: str
    name: str  # first, largest, middle, last, or the filters
    query: str


async def pages_of(house: House, name: str) -> list[Page]:
    """Every way to ask for one list, and its pages."""
    operation = lists()[name]
    found = []
    for way in WAYS[name]:
        query = house.query_of(way)
        named = {"first": query} if not way.filters else {way.filters: query}
        if pages(operation) and not way.filters:
            named |= await _places(house, operation, way.who)
        found += [Page(operation, way.who, page, wanted) for page, wanted in named.items()]
    return found


async def _places(house: House, operation: Operation, who: str) -> dict[str, str]:
    """Queries for the largest page, one in the middle and the last one, found by walking the whole list."""
    cursors: list[str] = []
    query = f"limit={MAX_LIMIT}"
    while (cursor := (await house.ask(who, operation, query)).next_cursor) is not None:
        cursors.append(cursor)
        query = f"limit={MAX_LIMIT}&cursor={cursor}"
    places = {"largest": f"limit={MAX_LIMIT}"}
    if cursors:
        places |= {"middle": f"cursor={cursors[len(cursors) // 2]}", "last": f"cursor={cursors[-1]}"}
    return places


async def measure(house: House, asked: list[Page], requests: int) -> list[Measured]:
    """Ask for all pages in turn, again and again.

    In turn, because a machine that stops for a second would otherwise stop under one page's requests only,
    and that page's p95 would be the machine's; and because that is how a server is asked.
    """
    answers: list[list[Answered]] = [[] for _ in asked]
    for turn in range(WARM_UP + requests):
        for page, got in zip(asked, answers, strict=True):
            answer = await house.ask(page.who, page.operation, page.query)
            if turn >= WARM_UP:
                got.append(answer)
    return [_measured(page, got) for page, got in zip(asked, answers, strict=True)]


def _measured(page: Page, answers: list[Answered]) -> Measured:
    taken = [answer.took_ms for answer in answers]
    one = answers[0]
    p95 = statistics.quantiles(taken, n=20, method="inclusive")[-1]
    p50 = statistics.median(taken)
    path = page.operation.path
    return Measured(path, page.who, page.name, one.rows, one.queries, round(p50, 1), round(p95, 1))
