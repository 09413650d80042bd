"""One HTTP operation as its handler's signature declares it; the document reads the same declaration."""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import BaseModel

from server.errors import (
    BadRequest,
    BodyTooLarge,
    IdempotencyKeyReused,
    Internal,
    NotFound,
    NotSignedIn,
    OriginNotAllowed,
    SocketWanted,
    StaleVersion,
    UnsupportedMediaType,
    VivaError,
)
from server.schemas import Versioned
from server.storage.db import UnitOfWork
from server.web.versions import IfMatch

Handler = Callable[..., Awaitable[Any]]
Refusal = type[VivaError]

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True)
class Provider:
    """Makes the value of a parameter type, such as who is signed in, from the request."""

    provide: Callable[[web.Request, UnitOfWork], Awaitable[Any]]
    signed_in: bool = True
    refusals: tuple[Refusal, ...] = (NotSignedIn,)
    refusals_when_changing: tuple[Refusal, ...] = ()
    identify: Callable[[Any], UUID] | None = None  # whose id it is, where it is somebody

    def refusals_of(self, method: str) -> tuple[Refusal, ...]:
        """What it may refuse an operation of this method with."""
        return self.refusals + (() if method in SAFE_METHODS else self.refusals_when_changing)


@dataclass(frozen=True, slots=True)
class Operation:
    """Everything known about one method of one path."""

    method: str
    path: str
    handler: Handler
    tag: str
    status: HTTPStatus
    body: tuple[str, type[BaseModel]] | None
    query: tuple[str, type[BaseModel]] | None
    path_types: dict[str, type[Any]]
    wants_uow: tuple[str, ...]
    if_match: str | None  # the parameter that takes it
    provided: dict[str, Provider]
    answer: type[BaseModel] | None
    media_type: str | None  # of an answer that is not JSON
    refusals: tuple[Refusal, ...]
    is_socket: bool = False
    once: bool = False  # takes an Idempotency-Key

    @property
    def summary(self) -> str:
        """The first line of the handler's docstring."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[0].rstrip(".")

    @property
    def description(self) -> str:
        """The rest of the handler's docstring."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[2].strip()

    @property
    def name(self) -> str:
        """Identifier of the operation, unique in the document."""
        return self.handler.__name__

    @property
    def versioned(self) -> bool:
        """Whether the answer carries the version of what it describes as ETag."""
        return self.answer is not None and issubclass(self.answer, Versioned)

    @property
    def signed_in(self) -> bool:
        """Whether the caller must be signed in."""
        return any(provider.signed_in for provider in self.provided.values())


def declare(
    method: str,
    path: str,
    handler: Handler,
    *,
    tag: str,
    providers: dict[type[Any], Provider],
    status: int = 200,
    refusals: Sequence[Refusal] = (),
    media_type: str | None = None,
    is_socket: bool = False,
    once: bool = False,
) -> Operation:
    """Read the handler's signature: `body`, `query`, names in the path, UnitOfWork, IfMatch and provided types.

    `once`: it takes an Idempotency-Key. Anything else is a TypeError, when the module is imported.
    """
    signature = inspect.signature(handler, eval_str=True)
    names = set(re.findall(r"{(\w+)}", path))
    body = query = None
    if_match: str | None = None
    wants_uow: list[str] = []
    provided: dict[str, Provider] = {}
    path_types: dict[str, type[Any]] = {}
    for name, parameter in list(signature.parameters.items())[1:]:
        kind = parameter.annotation
        if name == "body":
            body = (name, kind)
        elif name == "query":
            query = (name, kind)
        elif name in names:
            path_types[name] = kind
        elif kind is UnitOfWork:
            wants_uow.append(name)
        elif kind is IfMatch:
            if_match = name
        elif kind in providers:
            provided[name] = providers[kind]
        else:
            raise TypeError(f"{handler.__name__}: nothing provides {name}: {kind}")
    if names != set(path_types):
        raise TypeError(f"{handler.__name__}: {path} has {names}, the handler takes {set(path_types)}")
    returned = signature.return_annotation
    answer = returned if isinstance(returned, type) and issubclass(returned, BaseModel) else None
    implied = _implied(
        method, has_body=body is not None, has_input=bool(body or query), path_types=path_types
    )
    if if_match:
        implied.append(StaleVersion)
    if is_socket:
        implied.append(SocketWanted)
    if once:
        implied += [BadRequest, IdempotencyKeyReused]
    given = [refusal for provider in provided.values() for refusal in provider.refusals_of(method)]
    return Operation(
        method=method,
        path=path,
        handler=handler,
        tag=tag,
        status=HTTPStatus(204 if returned is None and not is_socket else status),
        body=body,
        query=query,
        path_types=path_types,
        wants_uow=tuple(wants_uow),
        if_match=if_match,
        provided=provided,
        answer=answer,
        media_type=media_type,
        refusals=tuple(dict.fromkeys([*refusals, *given, *implied])),
        is_socket=is_socket,
        once=once,
    )


def _implied(
    method: str, *, has_body: bool, has_input: bool, path_types: dict[str, type[Any]]
) -> list[Refusal]:
    """Refusals that follow from the shape of the operation."""
    implied: list[Refusal] = [Internal]
    if has_input:
        implied.append(BadRequest)
    if has_body:
        implied += [UnsupportedMediaType, BodyTooLarge]
    if method not in SAFE_METHODS:
        implied.append(OriginNotAllowed)
    if UUID in path_types.values():
        implied.append(NotFound)
    return implied
