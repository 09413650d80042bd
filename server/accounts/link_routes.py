"""Mailed links: confirming an address, a new password, joining an organisation."""

from aiohttp import web

from server.accounts import colleagues, links, schemas, tokens
from server.accounts.access import PROVIDERS
from server.accounts.cookies import device_of, remember
from server.errors import BadRequest, LinkInvalid, TooManyAttempts
from server.keys import SETTINGS
from server.storage.db import UnitOfWork
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("accounts", PROVIDERS)


@routes.post("/auth/verification", refusals=[TooManyAttempts])
async def request_verification(request: web.Request, uow: UnitOfWork, body: schemas.MailMe) -> None:
    """Ask for another mail to confirm an address; the answer is the same whether or not it has an account."""
    await links.request_verification(
        uow,
        email=body.email,
        address=client_address(request),
        public_url=request.app[SETTINGS].public_url,
    )


@routes.post("/auth/verification/confirm", refusals=[LinkInvalid, TooManyAttempts])
async def confirm_verification(request: web.Request, uow: UnitOfWork, body: schemas.LinkToken) -> None:
    """Confirm an address with the token of the mailed link; it works once."""
    await links.confirm_address(uow, token=body.token, address=client_address(request))


@routes.post("/auth/password-reset", refusals=[TooManyAttempts])
async def request_password_reset(request: web.Request, uow: UnitOfWork, body: schemas.MailMe) -> None:
    """Ask for a mail to choose a new password; the answer is the same whether or not there is an account."""
    await links.request_reset(
        uow,
        email=body.email,
        address=client_address(request),
        public_url=request.app[SETTINGS].public_url,
    )


@routes.post("/auth/password-reset/confirm", refusals=[LinkInvalid, TooManyAttempts])
async def confirm_password_reset(request: web.Request, uow: UnitOfWork, body: schemas.ResetPassword) -> None:
    """Choose a new password with the token of the mailed link; all sign-ins and API tokens end."""
    await links.reset_password(
        uow,
        token=body.token,
        password=body.password,
        address=client_address(request),
        public_url=request.app[SETTINGS].public_url,
    )


@routes.post("/auth/colleague-invite", refusals=[LinkInvalid, TooManyAttempts])
async def look_at_colleague_invite(
    request: web.Request, uow: UnitOfWork, body: schemas.LinkToken
) -> schemas.ColleagueInvitation:
    """What the mailed link of a colleague invites to."""
    invited = await colleagues.look(uow, token=body.token, address=client_address(request))
    return schemas.ColleagueInvitation(
        organisation_name=invited.organisation.name,
        email=invited.invite.email,
        role=invited.invite.role,
        needs_password=invited.needs_password,
    )


@routes.post("/auth/colleague-invite/accept", refusals=[LinkInvalid, TooManyAttempts, BadRequest])
async def accept_colleague_invite(
    request: web.Request, uow: UnitOfWork, body: schemas.AcceptColleagueInvite
) -> schemas.Joined:
    """Join an organisation; who needs a password chooses it here and is signed in."""
    user, is_new = await colleagues.accept(
        uow,
        token=body.token,
        full_name=body.full_name,
        password=body.password,
        address=client_address(request),
    )
    if is_new:
        remember(request, uow, await tokens.start_family(uow, user.id, device_of(request)))
    return schemas.Joined(signed_in=is_new)
