"""Requests that may come twice: with the same Idempotency-Key they are done once and answered alike."""

import hashlib
import hmac
import os
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from aiohttp import web
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from server.errors import BadRequest, FieldProblem, IdempotencyKeyReused
from server.keys import SIGNING
from server.storage.answers import KeptAnswer
from server.storage.base import new_id
from server.storage.db import UnitOfWork
from server.web.operations import Operation

HEADER = "Idempotency-Key"
KEY = re.compile(r"[!-~]{1,255}")
KEPT = timedelta(hours=24)
TIDIED = 100
"""How many expired answers a request takes with it."""
NONCE_BYTES = 12


async def answer_once(
    request: web.Request, uow: UnitOfWork, operation: Operation, values: dict[str, Any]
) -> Any:
    """The handler's answer, or with a key that was seen the one it gave then; of two at once one waits.

    A refusal is not kept: the request may be sent again. Raises BadRequest for what is no key,
    IdempotencyKeyReused for a key that came with another request.
    """
    key = _read_key(request)
    if key is None:
        return await operation.handler(request, **values)
    secret = request.app[SIGNING].kept_answers
    user_id, asked = _person(operation, values), _fingerprint(operation, values)
    named = hmac.digest(secret, f"{operation.name} {key}".encode(), "sha256")
    sealer = AESGCM(hmac.digest(secret, f"seal {key}".encode(), "sha256"))
    mine = await _claim(uow, user_id, named, asked)
    if mine is None:
        return await _given(uow, operation, user_id, named, asked, sealer)
    answer: BaseModel = await operation.handler(request, **values)
    nonce = os.urandom(NONCE_BYTES)
    sealed = nonce + sealer.encrypt(nonce, answer.__pydantic_serializer__.to_json(answer), asked)
    await uow.session.execute(update(KeptAnswer).where(KeptAnswer.id == mine).values(sealed=sealed))
    return answer


def _read_key(request: web.Request) -> str | None:
    sent = request.headers.get(HEADER)
    if sent is not None and not KEY.fullmatch(sent):
        said = "1 to 255 visible ASCII characters, please."
        raise BadRequest([FieldProblem(field=HEADER, problem=said)])
    return sent


def _person(operation: Operation, values: dict[str, Any]) -> UUID:
    [person] = [
        provider.identify(values[name]) for name, provider in operation.provided.items() if provider.identify
    ]
    return person


def _fingerprint(operation: Operation, values: dict[str, Any]) -> bytes:
    """What was asked, whatever its spaces and the order of its fields."""
    told = [str(values[name]) for name in operation.path_types]
    if operation.body:
        body: BaseModel = values[operation.body[0]]
        told.append(body.model_dump_json())
    return hashlib.sha256("\n".join(told).encode()).digest()


async def _claim(uow: UnitOfWork, user_id: UUID, named: bytes, asked: bytes) -> UUID | None:
    """The id of a fresh row for this key; None when it is taken, once whoever took it has committed."""
    expired = (
        select(KeptAnswer.id)
        .where(KeptAnswer.expires_at <= uow.now)
        .limit(TIDIED)
        .with_for_update(skip_locked=True)
    )
    await uow.session.execute(delete(KeptAnswer).where(KeptAnswer.id.in_(expired)))
    own = (KeptAnswer.user_id == user_id, KeptAnswer.key_hash == named)
    await uow.session.execute(delete(KeptAnswer).where(*own, KeptAnswer.expires_at <= uow.now))
    fresh = insert(KeptAnswer).values(
        id=new_id(),
        user_id=user_id,
        key_hash=named,
        request_hash=asked,
        sealed=b"",
        expires_at=uow.now + KEPT,
    )
    claimed = fresh.on_conflict_do_nothing().returning(KeptAnswer.id)
    return (await uow.session.execute(claimed)).scalar_one_or_none()


async def _given(
    uow: UnitOfWork, operation: Operation, user_id: UUID, named: bytes, asked: bytes, sealer: AESGCM
) -> BaseModel:
    """The answer of the first time."""
    found = (
        await uow.session.execute(
            select(KeptAnswer.request_hash, KeptAnswer.sealed).where(
                KeptAnswer.user_id == user_id, KeptAnswer.key_hash == named
            )
        )
    ).one()
    if found.request_hash != asked:
        raise IdempotencyKeyReused
    opened = sealer.decrypt(found.sealed[:NONCE_BYTES], found.sealed[NONCE_BYTES:], asked)
    if operation.answer is None:
        raise TypeError(f"{operation.name} answers with no model")
    return operation.answer.model_validate_json(opened)
