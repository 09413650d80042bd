"""What all tables share: naming of constraints, ids that sort by age, times with a zone."""

import os
import threading
import time
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKey, LargeBinary, MetaData, Text, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import UUID as PG_UUID
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class _Ids:
    """UUIDs of version 7 (RFC 9562 section 5.7), each greater than the one before in this process.

    48 bits of milliseconds since 1970, 12 bits of a counter within the millisecond, 62 random bits.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last = 0  # milliseconds and counter as one number

    def next(self) -> UUID:
        with self._lock:
            self._last = max(self._last + 1, time.time_ns() // 1_000_000 << 12)
            ticks = self._last
        random = int.from_bytes(os.urandom(8), "big") >> 2
        return UUID(int=ticks >> 12 << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | random)


_ids = _Ids()


def new_id() -> UUID:
    """An id that sorts by age."""
    return _ids.next()


def first_id_at(moment: datetime) -> UUID:
    """The least id there can be of that moment: what was made before it has a lower one."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


class Base(DeclarativeBase):
    """Declarative base of every model."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        UUID: PG_UUID(as_uuid=True),
        str: Text(),
        bytes: LargeBinary(),
        dict[str, Any]: JSONB(),
    }


def choice(values: type[StrEnum], name: str) -> Enum:
    """A text column that holds one of `values`, kept by a check constraint called `name`."""
    return Enum(
        values,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Identified:
    """Primary key."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)


class Created:
    """When the row was made."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Edited:
    """When the row, or what belongs to it in other tables, was last changed."""

    updated_at: Mapped[datetime] = mapped_column(server_default=func.now())


class OrganisationOwned:
    """Belongs to one organisation and goes with it."""

    organisation_id: Mapped[UUID] = mapped_column(
        ForeignKey("organisations.id", ondelete="CASCADE"), index=True
    )
