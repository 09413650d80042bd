"""One participant's WebSocket: handshake, reading, writing, limits, and an error for every refusal."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import structlog
from aiohttp import WSMessage, WSMsgType, web
from pydantic import ValidationError

from server.accounts.standing import ACCESS_ENDED_CODE
from server.errors import AccessEnded, VivaError
from server.media.errors import MediaError
from server.protocol.from_client import (
    MAX_MESSAGE_BYTES,
    Candidate,
    Channel,
    Hello,
    Publish,
    Subscribe,
    client_message,
)
from server.protocol.from_server import ErrorMessage, IceServer, ServerMessage, Welcome
from server.protocol.words import Role
from server.signalling.dispatch import Context, dispatch
from server.sittings.budget import Budget
from server.sittings.facts import SittingFacts
from server.sittings.hub import Hub
from server.sittings.seat import Outbox, Seat

logger = structlog.get_logger(__name__)

HELLO_SECONDS = 10.0
SILENCE_SECONDS = 30.0
CLOSE_SECONDS = 5.0
HARD_LIMIT_BYTES = 2 * 1024 * 1024
MAX_BAD_MESSAGES = 10
HUB = web.AppKey("hub", Hub)
CLOSE_CODES = {
    "already_connected": 4409,
    "session_ended": 4411,
    "room_full": 4429,
    "removed": 4403,
    AccessEnded.code: ACCESS_ENDED_CODE,
}


@dataclass(frozen=True, slots=True)
class Admission:
    """Who may sit where; made by whoever checked sign-in and access.

    `ice_servers` makes fresh credentials.
    """

    facts: SittingFacts
    user_id: str
    full_name: str
    role: Role
    ice_servers: Callable[[], list[IceServer]]
    refusal: VivaError | None = None


class _Ended(Exception):
    """The conversation is over; the outbox carries the last words and the close code."""


class Conversation:
    """Runs one socket from `hello` to its close."""

    def __init__(self, socket: web.WebSocketResponse, hub: Hub, admission: Admission) -> None:
        self._socket = socket
        self._hub = hub
        self._admission = admission
        self._outbox = Outbox()
        self._loop = asyncio.get_running_loop()
        # ICE candidates count a quarter; each offer makes a connection, so offers have a budget of their own.
        self._messages = Budget(100, 50, self._loop.time())
        self._offers = Budget(40, 2, self._loop.time())
        self._bad_messages = 0
        self._context: Context | None = None
        self._leaving: asyncio.Task[None] | None = None

    async def run(self) -> web.WebSocketResponse:
        """Talk until either side closes; the seat then stays warm, unless its holder was turned out."""
        writer = self._loop.create_task(self._write_forever())
        reader = self._loop.create_task(self._read())
        try:
            await asyncio.wait({writer, reader}, return_when=asyncio.FIRST_COMPLETED)
            if reader.done() and not writer.done():
                self._outbox.close(self._outbox.close_code)
                await asyncio.wait({writer}, timeout=CLOSE_SECONDS)
        finally:
            await self._put_away(reader, writer)
        return self._socket

    async def _put_away(self, *tasks: asyncio.Task[None]) -> None:
        """End the tasks and give the socket's seat free, also when our own handler is cancelled meanwhile."""
        for task in tasks:
            task.cancel()
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
            if self._leaving is not None:
                await asyncio.gather(self._leaving, return_exceptions=True)
        finally:
            if self._leaving is None and self._context is not None:
                self._context.sitting.socket_lost(self._context.seat, self._outbox)
            self._hub.close_if_empty(self._admission.facts.session_id)

    async def turn_out(self) -> None:
        """Whoever sits here may no longer: the seat is given up, or its pictures would outlive the socket."""
        self._refuse(AccessEnded.code, AccessEnded.sentence, close_code=CLOSE_CODES[AccessEnded.code])
        if self._context is not None and self._leaving is None:
            context = self._context
            self._leaving = self._loop.create_task(context.sitting.leave(context.seat), name="turned out")

    async def _read(self) -> None:
        try:
            await self._hello()
            while True:
                await self._handle(await self._next(SILENCE_SECONDS))
        except (_Ended, TimeoutError):
            pass
        except Exception:
            logger.exception("socket_failed", session_id=self._admission.facts.session_id)
            self._refuse("internal", "Something went wrong on our side.", close_code=1011)

    async def _next(self, timeout_seconds: float) -> Any:
        """The next valid message; bad ones are answered and skipped."""
        while True:
            received = await self._socket.receive(timeout=timeout_seconds)
            text = self._text_of(received)
            try:
                request = client_message.validate_json(text)
            except ValidationError as error:
                self._bad_message(error)
                continue
            self._spend(request)
            return request

    def _spend(self, request: Any) -> None:
        now = self._loop.time()
        if not self._messages.spend(0.25 if isinstance(request, Candidate) else 1.0, now):
            self._end("rate_limited", "Too many messages.", 4429)
        if isinstance(request, Publish | Subscribe | Channel) and not self._offers.spend(1.0, now):
            self._end("rate_limited", "Too many offers.", 4429)

    def _text_of(self, received: WSMessage) -> str:
        if received.type is WSMsgType.ERROR or received.type in (
            WSMsgType.CLOSE,
            WSMsgType.CLOSING,
            WSMsgType.CLOSED,
        ):
            raise _Ended
        if received.type is not WSMsgType.TEXT:
            self._end("bad_message", "Messages are JSON text.", 4400)
        text: str = received.data
        if len(text) > MAX_MESSAGE_BYTES:
            self._end("message_too_large", f"A message may have {MAX_MESSAGE_BYTES} bytes.", 1009)
        return text

    def _bad_message(self, error: ValidationError) -> None:
        self._bad_messages += 1
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        detail = f"{where}: {first['msg']}" if where else first["msg"]
        if self._bad_messages >= MAX_BAD_MESSAGES:
            self._end("bad_message", detail, 4400)
        self._refuse("bad_message", detail)

    async def _hello(self) -> None:
        try:
            async with asyncio.timeout(HELLO_SECONDS):
                while self._context is None:
                    request = await self._next(HELLO_SECONDS)
                    if not isinstance(request, Hello):
                        self._end("hello_expected", "Say hello first.", 4401)
                    self._sit_down(request)
        except TimeoutError:
            self._end("hello_expected", "No hello in time.", 4401)

    def _sit_down(self, hello: Hello) -> None:
        admission = self._admission
        try:
            if admission.refusal is not None:
                raise admission.refusal
            sitting = self._hub.open(admission.facts)
            seat, resumed = sitting.take_seat(
                admission.user_id,
                admission.full_name,
                admission.role,
                self._outbox,
                resume_token=hello.resume_token,
                take_over=hello.take_over,
            )
        except VivaError as error:
            self._refuse_error(error.code, str(error.detail), hello.ref)
            return
        seat.ice_servers = admission.ice_servers
        self._context = Context(self._hub, sitting, seat)
        seat.send(self._welcome(seat, resumed, hello.ref))

    def _welcome(self, seat: Seat, resumed: bool, ref: str | None) -> Welcome:
        assert self._context is not None
        return Welcome(
            ref=ref,
            participant_id=seat.participant_id,
            resume_token=seat.resume_token,
            resumed=resumed,
            role=seat.role,
            ice_servers=seat.ice_servers(),
            room=self._context.sitting.state_for(seat),
        )

    async def _handle(self, request: Any) -> None:
        assert self._context is not None
        try:
            if not await dispatch(self._context, request):
                self._refuse("bad_message", "hello was said already", request.ref)
        except VivaError as error:
            self._refuse_error(error.code, str(error.detail), request.ref)
        except MediaError as error:
            self._refuse(error.code, error.detail, request.ref)
        except TimeoutError:
            self._refuse("internal", "That took too long.", request.ref)
        except Exception:
            logger.exception("request_failed", type=request.type)
            self._refuse("internal", "Something went wrong on our side.", request.ref)

    def _refuse_error(self, code: str, detail: str, ref: str | None) -> None:
        close_code = CLOSE_CODES.get(code)
        self._refuse(code, detail, ref, close_code=close_code)
        if close_code is not None:
            raise _Ended

    def _end(self, code: str, detail: str, close_code: int) -> NoReturn:
        self._refuse(code, detail, close_code=close_code)
        raise _Ended

    def _refuse(
        self, code: str, detail: str, ref: str | None = None, *, close_code: int | None = None
    ) -> None:
        self._outbox.put(ErrorMessage(ref=ref, error=code, detail=detail, fatal=close_code is not None))
        if close_code is not None:
            self._outbox.close(close_code)

    async def _write_forever(self) -> None:
        """Send until the outbox is closed, then what is left, then close the socket."""
        closed = self._loop.create_task(self._outbox.closed.wait())
        waiting: asyncio.Task[ServerMessage] | None = None
        try:
            while not self._outbox.closed.is_set():
                waiting = self._loop.create_task(self._outbox.queue.get())
                await asyncio.wait({waiting, closed}, return_when=asyncio.FIRST_COMPLETED)
                if not waiting.done():
                    break
                await self._send(waiting.result())
            while not self._outbox.queue.empty():
                await self._send(self._outbox.queue.get_nowait())
        except (ConnectionError, RuntimeError, TimeoutError):
            return
        finally:
            closed.cancel()
            if waiting is not None:  # also when we are cancelled: it would wait for ever for what nobody says
                waiting.cancel()
        await self._socket.close(code=self._outbox.close_code)

    async def _send(self, message: ServerMessage) -> None:
        async with asyncio.timeout(10):
            await self._socket.send_str(message.model_dump_json(exclude_none=False))


async def open_socket(request: web.Request, hub: Hub, admission: Admission) -> Conversation:
    """Upgrade the request of somebody who was let in; the conversation is yet to be run."""
    socket = web.WebSocketResponse(max_msg_size=HARD_LIMIT_BYTES, heartbeat=20, compress=False)
    await socket.prepare(request)
    return Conversation(socket, hub, admission)
