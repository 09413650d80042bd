"""The sessions that run in this process, and what the live bus tells them."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

import structlog

from server.live.bus import LiveBus
from server.media.ice import IceOptions
from server.sittings.facts import SittingFacts, Timings
from server.sittings.figures import Figures
from server.sittings.finisher import Finisher
from server.sittings.lobby import Doorbook
from server.sittings.proctor import ProctorDesk
from server.sittings.reel import Reel, ReelStore
from server.sittings.sitting import Sitting

logger = structlog.get_logger(__name__)

_KEPT_BOOKS = 1000


class HubStore(ReelStore, Protocol):
    """What running sessions need of the domain."""

    async def ended_at(self, session_id: str) -> datetime | None:
        """When the session ended; None while it has not."""

    async def consent_stands(self, session_id: str) -> bool:
        """Whether the candidate's consent, to whichever text, was not withdrawn."""

    async def end_session(self, session_id: str, user_id: str) -> None:
        """End the session in this person's name; the live bus then says so."""


class Hub:
    """Opens a sitting when the first participant comes and closes it after the last one left."""

    def __init__(
        self,
        *,
        store: HubStore,
        bus: LiveBus,
        finisher: Finisher,
        desk: ProctorDesk | None,
        ice: IceOptions,
        max_bitrate_bps: int,
        timings: Timings | None = None,
    ) -> None:
        self._store = store
        self._bus = bus
        self._finisher = finisher
        self._desk = desk
        self._ice = ice
        self._max_bitrate_bps = max_bitrate_bps
        self._timings = timings or Timings()
        self._sittings: dict[str, Sitting] = {}
        self._books: dict[str, Doorbook] = {}
        self._listeners: dict[str, asyncio.Task[None]] = {}
        self._closing: set[asyncio.Task[None]] = set()
        self._leaving: set[Sitting] = set()
        self._past = Figures()

    async def end_session(self, session_id: str, user_id: str) -> None:
        """End a session in this person's name; everybody in it hears of it through the live bus.

        Raises what the domain refuses with.
        """
        await self._store.end_session(session_id, user_id)

    def occupied(self, session_id: str) -> bool:
        """Whether somebody is in this session's room now."""
        sitting = self._sittings.get(session_id)
        return sitting is not None and sitting.occupied

    def figures(self) -> Figures:
        """What runs in this process now, and the totals since it started."""
        figures = Figures(rooms=len(self._sittings))
        for sitting in (*self._sittings.values(), *self._leaving):
            sitting.count(figures)
        figures.remember(self._past)
        return figures

    def open(self, facts: SittingFacts) -> Sitting:
        """The running session, started when it is not running yet."""
        sitting = self._sittings.get(facts.session_id)
        if sitting is not None:
            return sitting
        reel = Reel(
            facts.session_id, facts.candidate_id, store=self._store, desk=self._desk, finisher=self._finisher
        )
        sitting = Sitting(
            facts,
            reel,
            self._book_of(facts),
            ice=self._ice,
            max_bitrate_bps=self._max_bitrate_bps,
            timings=self._timings,
            on_empty=self._emptied,
        )
        self._sittings[facts.session_id] = sitting
        self._listeners[facts.session_id] = asyncio.get_running_loop().create_task(self._listen(sitting))
        return sitting

    def _book_of(self, facts: SittingFacts) -> Doorbook:
        """Who was let in and put out before; a candidate who was recorded was let in."""
        book = self._books.pop(facts.session_id, None)
        if book is None:
            book = Doorbook({facts.candidate_id} if facts.status == "in_progress" else set())
        return book

    def _keep_book(self, sitting: Sitting) -> None:
        """Remember the last 1000 sessions that everybody left before their end."""
        if not sitting.ended and (sitting.book.admitted or sitting.book.removed):
            self._books[sitting.facts.session_id] = sitting.book
            while len(self._books) > _KEPT_BOOKS:
                del self._books[next(iter(self._books))]

    def close_if_empty(self, session_id: str) -> None:
        """Put a sitting away that nobody sat down in."""
        sitting = self._sittings.get(session_id)
        if sitting is not None and sitting.empty:
            self._emptied(sitting)

    async def close(self) -> None:
        """End all sittings in an orderly way: recordings finish, clients are told to come back."""
        sittings, self._sittings = list(self._sittings.values()), {}
        for listener in self._listeners.values():
            listener.cancel()
        if sittings:
            await asyncio.gather(*(sitting.close() for sitting in sittings), return_exceptions=True)
        if self._closing:
            await asyncio.wait(self._closing, timeout=10)

    def _emptied(self, sitting: Sitting) -> None:
        session_id = sitting.facts.session_id
        if self._sittings.get(session_id) is not sitting:
            return
        del self._sittings[session_id]
        self._leaving.add(sitting)
        self._keep_book(sitting)
        listener = self._listeners.pop(session_id)
        task = asyncio.get_running_loop().create_task(self._put_away(sitting, listener))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def _put_away(self, sitting: Sitting, listener: "asyncio.Task[None]") -> None:
        try:
            await sitting.close()
        finally:
            ended = Figures()
            sitting.count(ended)
            self._leaving.discard(sitting)
            self._past.remember(ended)
        if listener is not asyncio.current_task():
            listener.cancel()

    async def _listen(self, sitting: Sitting) -> None:
        async with self._bus.subscribe(f"session:{sitting.facts.session_id}") as messages:
            # What was said before anybody listened is in the database.
            await self._heard_logged(sitting, {"type": "resync"})
            async for message in messages:
                await self._heard_logged(sitting, message)

    async def _heard_logged(self, sitting: Sitting, message: Mapping[str, Any]) -> None:
        try:
            await self._heard(sitting, message)
        except Exception:
            logger.exception("live_message_failed", session_id=sitting.facts.session_id)

    async def _heard(self, sitting: Sitting, message: Mapping[str, Any]) -> None:
        kind = message.get("type")
        if kind == "incident":
            sitting.incident(message["event"], message["phase"])
        elif kind == "consent" and message.get("withdrawn"):
            await sitting.consent_withdrawn()
        elif kind in ("session", "resync"):
            ended_at = await self._store.ended_at(sitting.facts.session_id)
            if ended_at is not None:
                await sitting.end(ended_at, "ended")
            elif kind == "resync" and sitting.recording and not await self._agreed(sitting):
                await sitting.consent_withdrawn()

    async def _agreed(self, sitting: Sitting) -> bool:
        return await self._store.consent_stands(sitting.facts.session_id)
