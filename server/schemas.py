"""Bases of everything the API takes and gives."""

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, StringConstraints

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
"""No control characters: PostgreSQL cannot keep the first of them, and nobody can see the others."""
LINES = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$"
"""The same with tabs and line ends."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d[Tt ]")


def _written(value: object) -> object:
    """Numbers are no times, though pydantic would count them from 1970."""
    if (isinstance(value, str) and not _DATE.match(value)) or isinstance(value, int | float):
        raise ValueError("Write a time as 2030-01-31T09:00:00Z.")
    return value


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:  # the first and last hours there are
        raise ValueError("There is no such time in UTC.") from error


Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_in_utc)]
"""A moment with its offset, as RFC 3339 writes it; kept in UTC."""
Cursor = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
"""The `next_cursor` of the page before."""


def _a_number(value: object) -> object:
    """False is no 0 and "1" is no 1, though pydantic would take them."""
    if isinstance(value, bool | str):
        raise ValueError("Write a whole number.")  # noqa: TRY004 - the error pydantic understands
    return value


WRITTEN_AS_NUMBER = BeforeValidator(_a_number)
"""Behind the bounds of a whole number: refuses what could only be read as one."""


class Input(BaseModel):
    """Base of request bodies: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Output(BaseModel):
    """Base of answers: every field is always there, so the document calls it required."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)


class Versioned(Output):
    """Base of answers about one thing that changes; its version is the ETag that If-Match asks for."""

    version: int
