"""Keeps what is kept no longer than it may be: a task of the server, in every process that serves.

Any number of them may run at once: sessions are claimed, and every step may be done twice.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import select

from server.live.bus import LiveBus
from server.retention import expiry
from server.retention.deleting import Deleter
from server.retention.models import ErasureRequest
from server.retention.service import TOPIC, forget_person
from server.retention.strays import sweep_strays
from server.storage.db import Database, UnitOfWork
from server.storage.files import Files
from server.storage.scope import system

log = structlog.get_logger(__name__)

POLL_SECONDS = 30.0
LOOK_AROUND_EVERY = timedelta(hours=1)


class Chore(Protocol):
    """Deletes some of what is too old; how many, BATCH meaning there may be more."""

    async def __call__(self, uow: UnitOfWork, /, *, organisation_id: UUID, before: datetime) -> int: ...


CHORES: tuple[Chore, ...] = (
    expiry.mark_sessions,
    expiry.delete_people_without_sessions,
    expiry.delete_invites,
    expiry.delete_mails,
)


class Keeper:
    """Looks for what is past its retention once an hour; deletes what is due when told, and now and then."""

    def __init__(self, database: Database, files: Files, bus: LiveBus, data_dir: Path) -> None:
        self._database = database = database.within(system("retention"))
        self._bus = bus
        self._data_dir = data_dir
        self._deleter = Deleter(database, files, data_dir)
        self._busy = asyncio.Lock()
        self._looked_at: datetime | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; `close` ends it."""
        self._task = asyncio.create_task(self._run(), name="retention-keeper")

    async def close(self) -> None:
        """Stop at once: what is left undone is found again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except Exception:  # database or bus are away: what is due waits in its table
                log.exception("retention_interrupted")
                await asyncio.sleep(POLL_SECONDS)

    async def _listen(self) -> None:
        async with self._bus.subscribe(TOPIC) as wakes:
            while True:  # a server that starts has other things to do first
                with suppress(TimeoutError):
                    async with asyncio.timeout(POLL_SECONDS):
                        await anext(wakes)
                await self._logged(self._look_around_in_time)
                await self._logged(self.delete_due)

    async def _logged(self, step: Callable[[], Awaitable[None]]) -> None:
        """What fails is tried again at the next turn, and stops nothing else."""
        try:
            await step()
        except Exception:
            log.exception("retention_step_failed")

    async def _look_around_in_time(self) -> None:
        if self._looked_at is None or self._database.clock() - self._looked_at >= LOOK_AROUND_EVERY:
            await self.look_around()

    async def look_around(self) -> None:
        """Mark or delete everything that is past its retention, some of it at a time."""
        async with self._database.begin() as uow:
            organisations = await expiry.organisations(uow)
        for organisation_id, before in organisations:
            for chore in CHORES:
                await self._until_done(partial(chore, organisation_id=organisation_id, before=before))
        before = self._database.clock() - expiry.LETTERS_KEPT
        await self._until_done(partial(expiry.delete_mails, organisation_id=None, before=before))
        await sweep_strays(self._database, self._data_dir)
        self._looked_at = self._database.clock()

    async def _until_done(self, chore: Callable[[UnitOfWork], Awaitable[int]]) -> None:
        done = expiry.BATCH
        while done == expiry.BATCH:
            async with self._database.begin() as uow:
                done = await chore(uow)

    async def delete_due(self) -> None:
        """Delete the sessions that are on their way out, then finish the erasures that waited for them."""
        async with self._busy:
            await self._deleter.delete_due()
            for request_id in await self._open_erasures():
                await self._logged(partial(self._finish, request_id))

    async def _open_erasures(self) -> list[UUID]:
        async with self._database.begin() as uow:
            open_ones = select(ErasureRequest.id).where(ErasureRequest.done_at.is_(None))
            return list(await uow.session.scalars(open_ones.order_by(ErasureRequest.id)))

    async def _finish(self, request_id: UUID) -> None:
        async with self._database.begin() as uow:
            request = await uow.session.get_one(ErasureRequest, request_id, with_for_update=True)
            if request.done_at is not None or await forget_person(uow, request):
                return
            if uow.now > request.due_at:
                log.error("erasure_overdue", erasure=str(request.id), due_at=request.due_at.isoformat())
