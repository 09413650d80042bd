"""Sockets outlive the request that opened them: when somebody's access changes each is asked about again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from server.accounts.access import authenticate_again
from server.accounts.identity import SignedIn, access_topic
from server.errors import VivaError
from server.keys import BUS

log = structlog.get_logger()

ACCESS_ENDED_CODE = 4406
"""What a socket is closed with when whoever opened it may no longer be there."""
RETRY_SECONDS = 2.0

Check = Callable[[SignedIn], Awaitable[object]]
"""Asks whether this person may be here; raises VivaError when not."""


@asynccontextmanager
async def while_allowed(
    request: web.Request, who: SignedIn, check: Check, turn_out: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Inside the block `turn_out` is awaited once `who` is no longer signed in or `check` refuses them.

    It is asked at the start too: access may have ended while the door was being opened.
    """
    async with request.app[BUS].subscribe(access_topic(who.id)) as changes:

        async def watch() -> None:
            allowed = await _is_allowed(request, who, check)
            while allowed:
                await anext(changes)
                allowed = await _is_allowed(request, who, check)
            await turn_out()

        watching = asyncio.create_task(watch(), name=f"access {who.id}")
        try:
            yield
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)


async def _is_allowed(request: web.Request, who: SignedIn, check: Check) -> bool:
    """Asks until the database answers: an outage turns nobody out."""
    while True:
        try:
            await check(await authenticate_again(request, who))
        except VivaError as refusal:
            log.info("access_ended", user_id=str(who.id), code=refusal.code)
            return False
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            log.warning("access_unknown", user_id=str(who.id), error=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return True
