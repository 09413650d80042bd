"""What the mail API gives."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from server.mail.models import MailStatus
from server.schemas import ONE_LINE, Output
from server.storage.paging import DEFAULT_LIMIT, MAX_LIMIT


class MailsQuery(BaseModel):
    limit: int = Field(DEFAULT_LIMIT, ge=1, le=MAX_LIMIT)
    cursor: str | None = Field(None, pattern=r"^(?:~|~?[A-Za-z0-9_-]{22})$")
    status: MailStatus | None = None
    kind: str | None = Field(None, max_length=40, pattern=ONE_LINE)
    to: str | None = Field(
        None, min_length=1, max_length=254, pattern=ONE_LINE, description="A part of the address."
    )
    failed_first: bool = False


class Mail(Output):
    """A mail without its letter. `last_error` are the mail server's words."""

    id: UUID
    kind: str
    to: str
    subject: str
    status: MailStatus
    attempts: int
    next_attempt_at: datetime | None
    last_error: str | None
    created_at: datetime
    sent_at: datetime | None


class Mails(Output):
    """`readable`: letters can be opened, since mails go to a folder and not to a mail server."""

    items: list[Mail]
    readable: bool
    next_cursor: str | None = None


class MailWithLetter(Mail):
    """A mail with its letter, which is null where a mail server takes the mails."""

    html: str | None
    text: str | None
