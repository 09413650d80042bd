"""The database: engine, and the unit of work that is one transaction per request or job."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from server.clock import Clock, utcnow
from server.errors import StaleVersion, VivaError
from server.storage.scope import BEGAN, NOTHING, SCOPE, Scope, apply, apply_at_begin

log = structlog.get_logger()

Hook = Callable[[], Awaitable[None]]
Publish = Callable[[str, Mapping[str, Any]], Awaitable[None]]

POOL_SIZE = 10
POOL_OVERFLOW = 10
POOL_TIMEOUT_SECONDS = 10
CONNECT_TIMEOUT_SECONDS = 10
COMMAND_TIMEOUT_SECONDS = 30


def asyncpg_url(url: str) -> str:
    """`url` as SQLAlchemy wants it for asyncpg, whatever PostgreSQL spelling it came in."""
    return make_url(url).set(drivername="postgresql+asyncpg").render_as_string(hide_password=False)


PLANNING = {"jit": "off", "plan_cache_mode": "force_custom_plan"}
"""Compiling a query takes longer than any of ours runs. One plan for every search and tenant fits the large
ones badly, which costs more than planning anew."""


def make_engine(url: str) -> AsyncEngine:
    """A connection pool; waiting for a connection, connecting and each statement have time limits."""
    return create_async_engine(
        asyncpg_url(url),
        pool_size=POOL_SIZE,
        max_overflow=POOL_OVERFLOW,
        pool_timeout=POOL_TIMEOUT_SECONDS,
        pool_pre_ping=True,
        connect_args={
            "timeout": CONNECT_TIMEOUT_SECONDS,
            "command_timeout": COMMAND_TIMEOUT_SECONDS,
            "server_settings": {"timezone": "UTC", "application_name": "viva", **PLANNING},
        },
    )


async def publish_nowhere(_topic: str, _message: Mapping[str, Any]) -> None:
    """Publisher of processes without listeners, such as the command line."""


class _ScopedSession(Session):
    """Every transaction of it begins in the scope that stands in its `info`."""


event.listen(_ScopedSession, "after_begin", apply_at_begin)


class UnitOfWork:
    """One transaction. Services change rows through `session` and never commit."""

    def __init__(self, session: AsyncSession, now: datetime, publish: Publish) -> None:
        self.session = session
        self.now = now  # one instant for everything that happens in this transaction
        self._publish = publish
        self._hooks: list[Hook] = []

    @property
    def scope(self) -> Scope:
        """Whose rows the transaction sees."""
        scope: Scope = self.session.info[SCOPE]
        return scope

    async def enter(self, scope: Scope) -> None:
        """See the rows of this scope from now on and no others; what waits to be written goes first."""
        if scope == self.scope:
            return
        await self.session.flush()
        self.session.info[SCOPE] = scope
        if self.session.info.get(BEGAN):  # otherwise it begins in this scope
            connection = await self.session.connection()
            await connection.run_sync(partial(apply, scope))

    async def act_for(self, organisation_id: UUID) -> None:
        """See an organisation's rows as well: only after the person was found to have business there."""
        await self.enter(self.scope.and_organisation(organisation_id))

    @asynccontextmanager
    async def widened(self, scope: Scope) -> AsyncIterator[None]:
        """See the rows of another scope inside the block; an exception leaves it so, and ends the unit."""
        before = self.scope
        if before.system:
            yield
            return
        await self.enter(scope)
        yield
        await self.enter(before)

    def after_commit(self, hook: Hook) -> None:
        """Run `hook` once the transaction is committed, and not at all if it is rolled back."""
        self._hooks.append(hook)

    def publish(self, topic: str, message: Mapping[str, Any]) -> None:
        """Announce `message` on the live bus after the commit."""

        async def hook() -> None:
            await self._publish(topic, message)

        self.after_commit(hook)

    async def commit(self) -> None:
        """Commit and run the hooks; a row changed meanwhile raises StaleVersion."""
        try:
            await self.session.commit()
        except StaleDataError as error:
            raise StaleVersion from error
        hooks, self._hooks = self._hooks, []
        for hook in hooks:  # in order; a failing one is logged and stops no other
            try:
                await hook()
            except Exception:
                log.exception("after_commit_hook_failed")


class Database:
    """Hands out units of work."""

    def __init__(
        self,
        engine: AsyncEngine,
        publish: Publish = publish_nowhere,
        clock: Clock = utcnow,
        scope: Scope = NOTHING,
    ) -> None:
        self.engine = engine
        self.clock = clock
        self._publish = publish
        self._scope = scope
        self._sessions = async_sessionmaker(
            engine, sync_session_class=_ScopedSession, expire_on_commit=False, autoflush=True
        )

    def within(self, scope: Scope) -> "Database":
        """The same database, where every unit of work begins in this scope."""
        return Database(self.engine, self._publish, self.clock, scope)

    @asynccontextmanager
    async def begin(self, scope: Scope | None = None) -> AsyncIterator[UnitOfWork]:
        """One transaction: committed at the end, rolled back by an exception.

        Without a scope it sees nothing that belongs to an organisation, until it enters one. A refusal with
        `keeps_changes` commits and goes on. No connection is taken before the first query: a unit that asks
        nothing costs nothing.
        """
        info = {SCOPE: self._scope if scope is None else scope}
        async with self._sessions(info=info) as session:  # closing it rolls back whatever was not committed
            uow = UnitOfWork(session, self.clock(), self._publish)
            try:
                yield uow
            except StaleDataError as error:  # a flush inside the unit already met the newer row
                raise StaleVersion from error
            except VivaError as refusal:
                if refusal.keeps_changes:
                    await uow.commit()
                raise
            else:
                await uow.commit()

    async def close(self) -> None:
        """Close all connections."""
        await self.engine.dispose()
