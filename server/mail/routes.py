"""The outbox, for those who administer an organisation."""

from dataclasses import dataclass
from uuid import UUID

from aiohttp import web

from server.accounts.access import PROVIDERS
from server.accounts.identity import ADMINS, SignedIn
from server.accounts.service import audit
from server.errors import BadRequest, MailGone, MailNotFailed, MailNotFound, NotAllowed
from server.mail import models, schemas, service
from server.mail.delivery import DELIVERER
from server.storage.db import UnitOfWork
from server.web.guards import client_address
from server.web.routing import Answer, Routes

routes = Routes("mail", PROVIDERS)

LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""Mail programs read styles that stand in the letter only, so the page of the app cannot show it itself."""


@dataclass(frozen=True, slots=True)
class Letter(Answer):
    """A letter to be shown in a frame of ours."""

    html: str

    async def respond(self, _request: web.Request) -> web.StreamResponse:
        """Send it with headers of its own."""
        headers = {
            "Content-Security-Policy": LETTER_POLICY,
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "no-store",
        }
        return web.Response(text=self.html, content_type="text/html", headers=headers)


@routes.get("/mails", refusals=[NotAllowed, BadRequest])
async def list_mails(
    request: web.Request, who: SignedIn, uow: UnitOfWork, query: schemas.MailsQuery
) -> schemas.Mails:
    """The organisation's mails, newest first, or those that failed before all others."""
    wanted = service.MailFilter(query.status, query.kind, query.to, query.failed_first)
    page = await service.list_mails(uow, who.require(ADMINS), wanted, limit=query.limit, cursor=query.cursor)
    return schemas.Mails(
        items=[schemas.Mail.model_validate(_facts(mail)) for mail in page.items],
        readable=request.app[DELIVERER].keeps_letters,
        next_cursor=page.next_cursor,
    )


@routes.get("/mails/{mail_id}", refusals=[NotAllowed, MailNotFound])
async def get_mail(
    request: web.Request, who: SignedIn, uow: UnitOfWork, mail_id: UUID
) -> schemas.MailWithLetter:
    """One mail; with its letter only where no mail server is set: letters carry other people's codes."""
    mail = await service.find_mail(uow, mail_id, who.require(ADMINS))
    readable = request.app[DELIVERER].keeps_letters
    letter = {"html": mail.html, "text": mail.text} if readable else {"html": None, "text": None}
    return schemas.MailWithLetter.model_validate(_facts(mail) | letter)


@routes.get("/mails/{mail_id}/letter", refusals=[NotAllowed, MailNotFound, MailGone], media_type="text/html")
async def get_letter(request: web.Request, who: SignedIn, uow: UnitOfWork, mail_id: UUID) -> Letter:
    """The letter of one mail as its reader sees it, under a policy that lets it run and load nothing."""
    mail = await service.find_mail(uow, mail_id, who.require(ADMINS))
    if not request.app[DELIVERER].keeps_letters:
        raise NotAllowed  # it carries somebody else's code
    if mail.html is None:
        raise MailGone
    return Letter(mail.html)


@routes.post("/mails/{mail_id}/retry", refusals=[NotAllowed, MailNotFound, MailNotFailed, MailGone])
async def retry_mail(request: web.Request, who: SignedIn, uow: UnitOfWork, mail_id: UUID) -> schemas.Mail:
    """Queue a mail that failed once more."""
    mail = await service.find_mail(uow, mail_id, who.require(ADMINS))
    service.retry(uow, mail)
    audit(
        uow,
        action="mail.retried",
        entity=("mail", mail.id),
        organisation_id=mail.organisation_id,
        actor_id=who.id,
        address=client_address(request),
    )
    return schemas.Mail.model_validate(_facts(mail))


def _facts(mail: models.Mail) -> dict[str, object]:
    queued = mail.status is models.MailStatus.QUEUED
    return {
        "id": mail.id,
        "kind": mail.kind,
        "to": mail.to_email,
        "subject": mail.subject,
        "status": mail.status,
        "attempts": mail.attempts,
        "next_attempt_at": mail.next_attempt_at if queued else None,
        "last_error": mail.last_error,
        "created_at": mail.created_at,
        "sent_at": mail.sent_at,
    }
