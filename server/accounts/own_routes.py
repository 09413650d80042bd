"""What belongs to me: password, sign-ins, API tokens."""

from datetime import timedelta
from uuid import UUID

from aiohttp import web

from server.accounts import api_tokens, links, schemas, service, tokens
from server.accounts.access import PROVIDERS
from server.accounts.identity import STAFF, InPerson
from server.accounts.views import api_token_of
from server.errors import (
    ApiTokenNotFound,
    NotAllowed,
    SignInNotFound,
    TooManyApiTokens,
    TooManyAttempts,
    WrongPassword,
)
from server.keys import SETTINGS
from server.storage.db import UnitOfWork
from server.web.guards import client_address
from server.web.routing import Routes

routes = Routes("accounts", PROVIDERS)


@routes.post("/me/password", refusals=[WrongPassword, TooManyAttempts])
async def change_password(
    request: web.Request, who: InPerson, uow: UnitOfWork, body: schemas.ChangePassword
) -> None:
    """Change my password; all my other sign-ins end."""
    await service.change_password(
        uow, who.user, current=body.current_password, new=body.new_password, address=client_address(request)
    )
    await tokens.revoke_all(uow, who.id, but=who.family_id)
    await links.mail_password_changed(uow, who.user, request.app[SETTINGS].public_url)


@routes.get("/me/sign-ins")
async def list_sign_ins(_request: web.Request, who: InPerson, uow: UnitOfWork) -> schemas.OwnSignIns:
    """Where I am signed in, the browser used last first."""
    return schemas.OwnSignIns(
        items=[
            schemas.OwnSignIn(
                id=one.id,
                auth_provider=one.auth_provider,
                created_at=one.created_at,
                last_used_at=one.last_used_at,
                user_agent=one.user_agent,
                ip=one.ip,
                is_this_one=one.id == who.family_id,
            )
            for one in await tokens.sign_ins(uow, who.id)
        ]
    )


@routes.delete("/me/sign-ins/{sign_in_id}", refusals=[SignInNotFound])
async def revoke_sign_in(_request: web.Request, who: InPerson, uow: UnitOfWork, sign_in_id: UUID) -> None:
    """End one of my sign-ins, at once."""
    await tokens.revoke_sign_in(uow, who.id, sign_in_id)


@routes.get("/me/api-tokens")
async def list_api_tokens(_request: web.Request, who: InPerson, uow: UnitOfWork) -> schemas.ApiTokens:
    """My API tokens that still work; their text is not told again."""
    organisations = {organisation.id: organisation for organisation, _ in who.memberships}
    return schemas.ApiTokens(
        items=[
            api_token_of(row, organisations[row.organisation_id])
            for row in await api_tokens.list_own(uow, who.id)
            if row.organisation_id in organisations
        ]
    )


@routes.post("/me/api-tokens", status=201, refusals=[NotAllowed, TooManyApiTokens])
async def create_api_token(
    request: web.Request, who: InPerson, uow: UnitOfWork, body: schemas.NewApiToken
) -> schemas.ApiTokenOut:
    """Make a bearer token for a program; its text is in this answer and nowhere else.

    It does what I may do in one organisation, or only read there, and nothing with my account.
    """
    mine = who.require(STAFF)
    organisation_id = body.organisation_id or mine[0]
    if organisation_id not in mine:
        raise NotAllowed
    made = await api_tokens.make(
        uow,
        user_id=who.id,
        organisation_id=organisation_id,
        name=body.name,
        scope=body.scope,
        lifetime=timedelta(days=body.lifetime_days),
    )
    service.audit(
        uow,
        action="api_token.created",
        entity=("api_token", made.row.id),
        organisation_id=organisation_id,
        actor_id=who.id,
        after={"name": body.name, "scope": body.scope.value, "expires_at": made.row.expires_at.isoformat()},
        address=client_address(request),
    )
    organisation = next(one for one, _ in who.memberships if one.id == organisation_id)
    return api_token_of(made.row, organisation, made.token)


@routes.delete("/me/api-tokens/{token_id}", refusals=[ApiTokenNotFound])
async def revoke_api_token(request: web.Request, who: InPerson, uow: UnitOfWork, token_id: UUID) -> None:
    """End one of my API tokens, at once."""
    row = await api_tokens.revoke(uow, who.id, token_id)
    service.audit(
        uow,
        action="api_token.revoked",
        entity=("api_token", row.id),
        organisation_id=row.organisation_id,
        actor_id=who.id,
        before={"name": row.name},
        address=client_address(request),
    )
