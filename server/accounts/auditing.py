"""Reading the audit log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from server.accounts.models import AuditEntry
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after, made_before

LAST = "\U0010ffff"
"""No character comes after it."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries: all conditions together; `action` is the beginning of one, such as `interview.`."""

    actor_id: UUID | None = None
    action: str | None = None
    entity_type: str | None = None
    entity_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


async def search(
    uow: UnitOfWork, organisation_id: UUID, wanted: Wanted, *, limit: int, cursor: str | None
) -> Page[AuditEntry]:
    """An organisation's entries, newest first; raises BadRequest for a cursor we never gave."""
    query = select(AuditEntry).where(AuditEntry.organisation_id == organisation_id)
    for column, value in (
        (AuditEntry.actor_id, wanted.actor_id),
        (AuditEntry.entity_type, wanted.entity_type),
        (AuditEntry.entity_id, wanted.entity_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.action:
        # As a range: row-level security lets no index be used for LIKE.
        begins = AuditEntry.action >= wanted.action
        query = query.where(begins, AuditEntry.action < wanted.action + LAST)
    if wanted.since is not None:
        query = query.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(AuditEntry.at < wanted.until, made_before(AuditEntry.id, wanted.until))
    return await after(uow, query, AuditEntry.id, limit=limit, cursor=cursor)
