"""How long a sitting waits: for who lost their socket, and for a camera that is never offered."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from server.protocol.words import LeaveReason
from server.sittings.facts import Timings
from server.sittings.seat import Seat
from server.sittings.seats import Seats
from server.sittings.streams import StreamDesk

logger = structlog.get_logger(__name__)


class Patience:
    """Looks around twice a second until it is stopped; `leave` gives up a seat that stayed cold."""

    def __init__(
        self,
        session_id: str,
        seats: Seats,
        streams: StreamDesk,
        timings: Timings,
        leave: Callable[[Seat, LeaveReason], Awaitable[None]],
    ) -> None:
        self._session_id = session_id
        self._seats = seats
        self._streams = streams
        self._timings = timings
        self._leave = leave
        self._loop = asyncio.get_running_loop()
        self._task = self._loop.create_task(self._tick_forever())

    def stop(self) -> None:
        """Wait for nobody any more."""
        self._task.cancel()

    async def _tick_forever(self) -> None:
        while True:
            await asyncio.sleep(self._timings.tick_seconds)
            try:
                await self._tick()
            except Exception:
                logger.exception("sitting_tick_failed", session_id=self._session_id)

    async def _tick(self) -> None:
        for seat in self._seats.cold():
            await self._leave(seat, "timeout")
        for seat in self._seats:
            if seat.role == "candidate" and seat.connected:
                self._check_offer(seat)

    def _check_offer(self, seat: Seat) -> None:
        now = self._loop.time()
        if self._streams.camera_of(seat.participant_id) is not None:
            seat.streamless_since = now
        elif now - seat.streamless_since > self._timings.offer_seconds:
            seat.turn_out("offer_timeout", "no camera was offered in time; reload to try again", 4408)
