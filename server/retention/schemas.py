"""What the retention API takes and gives."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

from server.accounts.schemas import Email
from server.schemas import LINES, ONE_LINE, Input, Output


class AskForErasure(Input):
    """The e-mail of the account, typed again: nobody is forgotten by a slip."""

    email: Email


class Erasure(Output):
    """A wish to be forgotten; it usually comes true within a minute, and by `due_at` at the latest."""

    requested_at: datetime
    due_at: datetime
    done_at: datetime | None


class ConsentVersion(Output):
    """A text and the days it promised; `created_by` is null for the one everybody starts with."""

    version: str
    text: str
    retention_days: int
    created_at: datetime
    created_by: str | None


class DataRules(Output):
    """What candidates are promised; `{organisation}` and `{retention_days}` are filled in for them."""

    retention_days: int
    consent_version: str
    consent_text: str
    versions: list[ConsentVersion]


class SetDataRules(Input):
    """The rules as they shall be; `consent_version` names the ones they were made from."""

    consent_version: str = Field(max_length=40, pattern=ONE_LINE)
    retention_days: int = Field(ge=1, le=3650)
    consent_text: Annotated[
        str, StringConstraints(strip_whitespace=True, min_length=50, max_length=20_000, pattern=LINES)
    ]


class DaysQuery(BaseModel):
    days: int = Field(ge=1, le=3650)


class ExpiredCount(Output):
    """How many sessions would be deleted."""

    sessions: int
