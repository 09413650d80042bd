"""The WebSockets on which staff see sessions, and those invited, change."""

import asyncio
from contextlib import AsyncExitStack
from uuid import UUID
from weakref import WeakSet

from aiohttp import WSCloseCode, web

from server.accounts.access import authenticate
from server.accounts.identity import MANAGERS, SignedIn
from server.accounts.standing import ACCESS_ENDED_CODE, Check, while_allowed
from server.errors import NotAllowed, NotSignedIn, OriginNotAllowed, SessionNotFound
from server.interviews.service import people_topic
from server.keys import BUS, DATABASE
from server.live.bus import Subscription
from server.scheduling.service import access, topic
from server.web.routing import Routes

routes = Routes("live")

HEARTBEAT_SECONDS = 20.0
SEND_TIMEOUT_SECONDS = 10.0
WATCHERS = web.AppKey("watchers", WeakSet[web.WebSocketResponse])
TOLD = frozenset({"incident", "video", "session", "people", "resync"})


@routes.socket("/sessions/{session_id}/live", refusals=[NotSignedIn, OriginNotAllowed, SessionNotFound])
async def watch_session(request: web.Request, session_id: UUID) -> web.WebSocketResponse:
    """A session's incidents, videos and status as they change, for staff.

    Messages are {"type": "incident", "event", "phase"}, {"type": "video", "video"}, {"type": "session",
    "status", "ended_at"} and {"type": "resync"}: then, as after reconnecting, the client reads anew.
    """

    async def check(who: SignedIn) -> None:
        async with request.app[DATABASE].begin(who.scope) as uow:
            granted = await access(uow, session_id, who)
            if granted.is_candidate:
                raise SessionNotFound

    who = await authenticate(request)
    await check(who)
    return await _tell(request, who, check, topic(session_id))


@routes.socket("/dashboard/live", refusals=[NotSignedIn, OriginNotAllowed, NotAllowed])
async def watch_people(request: web.Request) -> web.WebSocketResponse:
    """Says that something about those invited has changed, for those who manage interviews.

    Messages are {"type": "people"} and {"type": "resync"}: the client reads anew.
    """
    who = await authenticate(request)
    managed = who.require(MANAGERS)

    async def check(who: SignedIn) -> None:
        if who.organisations(MANAGERS) != managed:
            raise NotAllowed

    return await _tell(request, who, check, *map(people_topic, managed))


async def _tell(request: web.Request, who: SignedIn, check: Check, *topics: str) -> web.WebSocketResponse:
    """Pass on what the topics say until the reader leaves, or may no longer read."""
    socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=1024)
    async with AsyncExitStack() as stack:
        heard = [await stack.enter_async_context(request.app[BUS].subscribe(each)) for each in topics]
        await socket.prepare(request)
        request.app[WATCHERS].add(socket)

        async def turn_out() -> None:
            await socket.close(code=ACCESS_ENDED_CODE)

        await stack.enter_async_context(while_allowed(request, who, check, turn_out))
        sending = [asyncio.create_task(_send(socket, each), name=f"live {topics[0]}") for each in heard]
        try:
            async for _ in socket:
                pass  # this socket only speaks; reading notices when it closes
        finally:
            for task in sending:
                task.cancel()
            await asyncio.gather(*sending, return_exceptions=True)
            await socket.close()
    return socket


async def close_watchers(app: web.Application) -> None:
    """Tell everybody who watches to come back later: the server stops."""
    watchers = app[WATCHERS]
    sockets = list(watchers)
    await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in sockets))


async def _send(socket: web.WebSocketResponse, messages: Subscription) -> None:
    """Pass messages on; a reader that takes too long is cut off and will reconnect."""
    async for message in messages:
        if message.get("type") not in TOLD:
            continue
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                await socket.send_json(message)
        except (TimeoutError, ConnectionError):
            await socket.close()
            return
