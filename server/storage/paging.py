"""Lists that are read page by page: newest first, continued after the last row seen."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select
from sqlalchemy.orm import InstrumentedAttribute

from server.errors import BadRequest, FieldProblem
from server.storage.base import first_id_at
from server.storage.db import UnitOfWork

T = TypeVar("T")
DEFAULT_LIMIT = 50
MAX_LIMIT = 100
SLACK = timedelta(days=1)
FIRST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)  # of which there are ids


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows, and where to go on; None at the end."""

    items: Sequence[T]
    next_cursor: str | None


async def after(
    uow: UnitOfWork, query: Select[T], key: InstrumentedAttribute[UUID], *, limit: int, cursor: str | None
) -> Page[T]:
    """One page of entities by descending id (ids sort by age); BadRequest for a cursor we never gave."""
    if cursor is not None:
        query = query.where(key < decode_cursor(cursor))
    found: list[Any] = list(await uow.session.scalars(query.order_by(key.desc()).limit(limit + 1)))
    items = found[:limit]
    more = len(found) > limit
    return Page(items, encode_cursor(items[-1].id) if more else None)


def made_before(key: InstrumentedAttribute[UUID], moment: datetime) -> ColumnElement[bool]:
    """Where to begin reading backwards for what happened before a moment: no row is made long after that.

    Only saves looking at the newer ones; the condition on the time itself stays needed.
    """
    return key < first_id_at(max(FIRST, min(moment, LATEST)) + SLACK)


def encode_cursor(last: UUID) -> str:
    """The cursor that continues after the row with this id."""
    return base64.urlsafe_b64encode(last.bytes).decode().rstrip("=")


def decode_cursor(cursor: str) -> UUID:
    """The id a cursor continues after."""
    try:
        return UUID(bytes=base64.b64decode(cursor + "==", altchars=b"-_", validate=True))
    except (binascii.Error, ValueError) as error:
        raise BadRequest([FieldProblem(field="cursor", problem="This is no cursor of ours.")]) from error
