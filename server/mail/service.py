"""The outbox: putting mails in, looking at them, trying one again."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import defer

from server.errors import MailGone, MailNotFailed, MailNotFound
from server.mail.letters import PRODUCT, paper_of, write
from server.mail.models import Mail, MailStatus
from server.storage.base import new_id
from server.storage.db import UnitOfWork
from server.storage.paging import Page, after

REST = "~"
TOPIC = "mail"
"""Where the deliverers of all processes are told that there is something to do."""


class Company(Protocol):
    """An organisation, as far as letters need to know it."""

    @property
    def id(self) -> UUID: ...

    @property
    def name(self) -> str: ...

    @property
    def settings(self) -> dict[str, Any]: ...


async def enqueue(
    uow: UnitOfWork,
    *,
    kind: str,
    to: str,
    context: Mapping[str, Any],
    organisation: Company | None = None,
    invite_id: UUID | None = None,
    reply_to: str | None = None,
) -> Mail:
    """Write a letter and queue it in this transaction; it leaves after the commit, and only then.

    `kind` names a pair of templates, `context` what they mention (`to` is there already). Without an
    organisation it is a mail of an account: it goes first, on plain paper, and no organisation sees it.
    Raises jinja2's errors when kind and context do not fit.
    """
    paper = paper_of(organisation.name, organisation.settings) if organisation else paper_of(PRODUCT, {})
    # In a thread, since a thousand letters at once would hold up everybody else.
    letter = await asyncio.to_thread(write, kind, {**context, "to": to}, paper)
    mail = Mail(
        id=new_id(),
        organisation_id=organisation.id if organisation else None,
        invite_id=invite_id,
        kind=kind,
        to_email=to,
        sender_name=paper.name,
        reply_to=reply_to,
        subject=letter.subject,
        html=letter.html,
        text=letter.text,
        priority=1 if organisation else 0,
        next_attempt_at=uow.now,
        created_at=uow.now,
    )
    uow.session.add(mail)
    _wake(uow)
    return mail


def _wake(uow: UnitOfWork) -> None:
    """Tell the deliverers after the commit, once however many mails a transaction queues."""
    if not uow.session.info.get(TOPIC):
        uow.session.info[TOPIC] = True
        uow.publish(TOPIC, {"type": "queued"})


async def cancel_mails_of(uow: UnitOfWork, invite_id: UUID) -> None:
    """Take back what has not been sent of an invite whose code and link are void."""
    await uow.session.execute(
        update(Mail)
        .where(Mail.invite_id == invite_id, Mail.status.in_([MailStatus.QUEUED, MailStatus.FAILED]))
        .values(status=MailStatus.CANCELLED, html=None, text=None)
    )


async def latest_mails(uow: UnitOfWork, invite_ids: Sequence[UUID]) -> dict[UUID, Mail]:
    """The newest mail of each invite that has one."""
    if not invite_ids:
        return {}
    newest = (
        select(Mail)
        .where(Mail.invite_id.in_(invite_ids))
        .ext(distinct_on(Mail.invite_id))
        .order_by(Mail.invite_id, Mail.id.desc())
    )
    return {mail.invite_id: mail for mail in await uow.session.scalars(newest) if mail.invite_id is not None}


@dataclass(frozen=True, slots=True)
class MailFilter:
    """Which mails, and whether those that failed come first."""

    status: MailStatus | None = None
    kind: str | None = None
    to: str | None = None  # a part of the address
    failed_first: bool = False


async def list_mails(
    uow: UnitOfWork, organisations: Sequence[UUID], wanted: MailFilter, *, limit: int, cursor: str | None
) -> Page[Mail]:
    """The organisations' mails without their letters, newest first; BadRequest for a strange cursor."""
    query = (
        select(Mail)
        .options(defer(Mail.html), defer(Mail.text))
        .where(Mail.organisation_id.in_(organisations))
    )
    if wanted.status is not None:
        query = query.where(Mail.status == wanted.status)
    if wanted.kind is not None:
        query = query.where(Mail.kind == wanted.kind)
    if wanted.to is not None:
        # In a query of its own an index holds all it reads, and no letter is touched.
        fitting = select(Mail.id).where(
            Mail.organisation_id.in_(organisations),
            Mail.to_email.contains(wanted.to.casefold(), autoescape=True),
        )
        query = query.where(Mail.id.in_(fitting))
    if not wanted.failed_first:
        return await after(uow, query, Mail.id, limit=limit, cursor=cursor)
    return await _failed_first(uow, query, limit=limit, cursor=cursor)


async def _failed_first(
    uow: UnitOfWork, query: Select[Mail], *, limit: int, cursor: str | None
) -> Page[Mail]:
    """Two lists, one behind the other: a cursor of the second has a mark in front."""
    failed = query.where(Mail.status == MailStatus.FAILED)
    others = query.where(Mail.status != MailStatus.FAILED)
    items: list[Mail] = []
    if cursor is None or not cursor.startswith(REST):
        page = await after(uow, failed, Mail.id, limit=limit, cursor=cursor)
        if page.next_cursor is not None:
            return page
        items, cursor = list(page.items), REST
    place = cursor.removeprefix(REST) or None
    if len(items) == limit:
        return Page(items, REST)
    page = await after(uow, others, Mail.id, limit=limit - len(items), cursor=place)
    return Page([*items, *page.items], page.next_cursor and REST + page.next_cursor)


async def find_mail(uow: UnitOfWork, mail_id: UUID, organisations: Sequence[UUID]) -> Mail:
    """A mail of one of the organisations; raises MailNotFound for all others."""
    mail = await uow.session.scalar(
        select(Mail).where(Mail.id == mail_id, Mail.organisation_id.in_(organisations)).with_for_update()
    )
    if mail is None:
        raise MailNotFound
    return mail


def retry(uow: UnitOfWork, mail: Mail) -> None:
    """Queue a failed mail again, with all its attempts; raises MailNotFailed, MailGone without its letter."""
    if mail.status is not MailStatus.FAILED:
        raise MailNotFailed
    if mail.text is None:
        raise MailGone
    mail.status = MailStatus.QUEUED
    mail.attempts = 0
    mail.next_attempt_at = uow.now
    _wake(uow)


async def forget_letters(uow: UnitOfWork, before: datetime) -> None:
    """Drop the letters of mails that failed and that nobody tried again."""
    await uow.session.execute(
        update(Mail)
        .where(Mail.status == MailStatus.FAILED, Mail.created_at < before, Mail.text.is_not(None))
        .values(html=None, text=None)
    )
