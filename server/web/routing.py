"""Typed routes: a handler gets validated values in one transaction and returns a model."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar
from uuid import UUID

import structlog
from aiohttp import web
from pydantic import BaseModel, ValidationError

from server.errors import BadRequest, FieldProblem, NotFound, SocketWanted, UnsupportedMediaType, VivaError
from server.keys import DATABASE, UOW
from server.schemas import Versioned
from server.web import API
from server.web.idempotency import answer_once
from server.web.operations import Handler, Operation, Provider, Refusal, declare
from server.web.versions import etag, read_if_match

log = structlog.get_logger()

F = TypeVar("F", bound=Handler)

A_UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
ON_RESPONSE: web.RequestKey[list[Callable[[web.StreamResponse], None]]] = web.RequestKey("on_response")
OPERATIONS: web.AppKey[list[Operation]] = web.AppKey("operations")


class Answer:
    """An answer that is no JSON model: sent after the commit, so that no transaction waits for a reader."""

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Make the response, sending it already where it is streamed."""
        raise TypeError(f"{type(self).__name__} cannot respond")


class Routes:
    """The operations of one package."""

    def __init__(self, tag: str, providers: dict[type[Any], Provider] | None = None) -> None:
        self.operations: list[Operation] = []
        self._tag = tag
        self._providers = providers or {}

    def get(self, path: str, **declared: Any) -> Callable[[F], F]:
        """Declare a reading operation."""
        return self._declare("GET", path, **declared)

    def post(self, path: str, **declared: Any) -> Callable[[F], F]:
        """Declare an operation that creates or acts."""
        return self._declare("POST", path, **declared)

    def put(self, path: str, **declared: Any) -> Callable[[F], F]:
        """Declare an operation that replaces as a whole."""
        return self._declare("PUT", path, **declared)

    def patch(self, path: str, **declared: Any) -> Callable[[F], F]:
        """Declare an operation that changes fields."""
        return self._declare("PATCH", path, **declared)

    def delete(self, path: str, **declared: Any) -> Callable[[F], F]:
        """Declare an operation that removes."""
        return self._declare("DELETE", path, **declared)

    def socket(self, path: str, *, refusals: Sequence[Refusal] = ()) -> Callable[[F], F]:
        """Declare a WebSocket: the handler runs outside any transaction and opens its own."""
        return self._declare("GET", path, status=101, refusals=refusals, is_socket=True)

    def _declare(self, method: str, path: str, **declared: Any) -> Callable[[F], F]:
        def decorate(handler: F) -> F:
            self.operations.append(
                declare(method, path, handler, tag=self._tag, providers=self._providers, **declared)
            )
            return handler

        return decorate


def mount(app: web.Application, packages: Iterable[Routes]) -> None:
    """Add every operation to the application and keep the list for the document."""
    operations = app.setdefault(OPERATIONS, [])
    for operation in (operation for routes in packages for operation in routes.operations):
        operations.append(operation)
        app.router.add_route(operation.method, API + _pattern(operation), _runner(operation))


def _pattern(operation: Operation) -> str:
    """The path as the router matches it: `/questions/export` is no id, and has no methods of one."""
    path = operation.path
    for name, kind in operation.path_types.items():
        if kind is UUID:
            path = path.replace(f"{{{name}}}", f"{{{name}:{A_UUID}}}")
    return path


def on_response(request: web.Request, change: Callable[[web.StreamResponse], None]) -> None:
    """Apply `change` (a cookie, a header) to whatever this request is answered with."""
    request.setdefault(ON_RESPONSE, []).append(change)


def _runner(operation: Operation) -> Callable[[web.Request], Any]:
    async def run_socket(request: web.Request) -> web.StreamResponse:
        if not web.WebSocketResponse().can_prepare(request):
            raise SocketWanted(headers={"Upgrade": "websocket"})
        response: web.StreamResponse = await operation.handler(request, **_path_values(operation, request))
        return response

    async def run(request: web.Request) -> web.StreamResponse:
        # Everything slow that depends on the client comes before the transaction.
        values = _path_values(operation, request)
        raw = await _read_body(request) if operation.body else b""
        try:
            async with request.app[DATABASE].begin() as uow:
                request[UOW] = uow
                for name, provider in operation.provided.items():
                    values[name] = await provider.provide(request, uow)
                values |= dict.fromkeys(operation.wants_uow, uow)
                if operation.if_match:
                    values[operation.if_match] = read_if_match(request)
                values |= _inputs(operation, request, raw)
                if operation.once:
                    answer = await answer_once(request, uow, operation, values)
                else:
                    answer = await operation.handler(request, **values)
        except VivaError as refusal:
            if type(refusal) not in operation.refusals:
                log.warning("undeclared_refusal", operation=operation.name, code=refusal.code)
            raise
        return await _respond(operation, request, answer)

    return run_socket if operation.is_socket else run


def _path_values(operation: Operation, request: web.Request) -> dict[str, Any]:
    """Values from the path; a malformed id names nothing."""
    values: dict[str, Any] = {}
    for name, kind in operation.path_types.items():
        text = request.match_info[name]
        try:
            values[name] = UUID(text) if kind is UUID else text
        except ValueError as error:
            raise NotFound from error
    return values


async def _read_body(request: web.Request) -> bytes:
    if request.content_type != "application/json":
        raise UnsupportedMediaType
    return await request.read()


def _inputs(operation: Operation, request: web.Request, raw: bytes) -> dict[str, Any]:
    """The validated body and query; BadRequest names the fields that are wrong."""
    values: dict[str, Any] = {}
    try:
        if operation.query:
            name, model = operation.query
            values[name] = model.model_validate(dict(request.query))
        if operation.body:
            name, model = operation.body
            values[name] = model.model_validate_json(raw)
    except ValidationError as error:
        raise BadRequest(field_errors(error)) from error
    return values


def field_errors(error: ValidationError) -> list[FieldProblem]:
    """Which fields are wrong and why, without echoing what was sent (it may be a password)."""
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return [
        FieldProblem(field=".".join(map(str, problem["loc"])), problem=problem["msg"]) for problem in problems
    ]


async def _respond(operation: Operation, request: web.Request, answer: Any) -> web.StreamResponse:
    if isinstance(answer, Answer):
        return await answer.respond(request)
    if answer is None:
        return web.Response(status=operation.status)
    response = json_response(answer, status=operation.status)
    if isinstance(answer, Versioned):
        response.headers["ETag"] = etag(answer.version)
    return response


def json_response(model: BaseModel, *, status: int = 200) -> web.Response:
    """A model as JSON; never cached, since it belongs to one person at one moment."""
    return web.Response(
        body=model.__pydantic_serializer__.to_json(model),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
